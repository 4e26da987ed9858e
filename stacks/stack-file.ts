/** Stack files, `Pulumi.<stack>.yaml`: which there are, what is in them, and what is wrong with it. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { load } from "js-yaml";
import { parseConfiguration, type StackConfiguration } from "./config";
import { ConfigurationError, nearest } from "./faults";

const ROOT = join(__dirname, "..");

/** Values of the configuration by key, with their namespaces. */
export type Settings = Record<string, unknown>;

/** A stack file that cannot be read, in one line. */
export class StackFileError extends Error {
  override readonly name = "StackFileError";
}

/** Names of the stacks that have a file in this project. */
export async function stackNames(): Promise<string[]> {
  const files = await readdir(ROOT);
  return files.flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** @throws StackFileError for a stack that has no file */
export async function readStackFile(name: string): Promise<Settings> {
  const known = await stackNames();
  if (!known.includes(name)) {
    throw new StackFileError(`There is no stack "${name}". Stacks: ${known.join(", ")}. ${nearest(name, known)}`);
  }
  const file = load(await readFile(join(ROOT, `Pulumi.${name}.yaml`), "utf8")) as { config?: Settings };
  return file.config ?? {};
}

/** @throws ConfigurationError with everything that is wrong */
export function configurationOf(name: string, settings: Settings): StackConfiguration {
  const [accounts, patterns, guardrails] = ["accounts", "patterns", "guardrails"].map(
    (key) => settings[`aws-patterns:${key}`],
  );
  const { configuration, faults } = parseConfiguration({ accounts, patterns, guardrails }, name);
  if (faults !== undefined) throw new ConfigurationError(name, faults);
  return configuration;
}
