/** Stack files, `Pulumi.<stack>.yaml`: read, and checked as far as that needs neither the Pulumi CLI nor a cloud. */
import { type Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { configKey, STACK_KEYS } from "./config-keys";
import { parseConfiguration, type StackConfiguration } from "./config";
import { ConfigurationError, nearest } from "./faults";
import { ROOT } from "./root";
import { decode, parseYaml, placeOf, YamlError } from "./yaml";

/** Values of the configuration by key, with their namespaces. */
export type Settings = Readonly<Record<string, unknown>>;

export interface StackFile {
  /** The stack's name. */
  readonly name: string;
  /** The file as it is written. */
  readonly text: string;
  readonly settings: Settings;
}

/** A stack file that cannot be read: one line with file, place and fix. */
export class StackFileError extends Error {
  override readonly name = "StackFileError";
}

/** Larger ones are no stack files: a pattern takes about a kilobyte. */
const MAXIMUM_BYTES = 1_048_576;

/** What the Pulumi CLI looks for in a stack file. It ignores all else without a word. */
const TOP_LEVEL = ["config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"];

export function stackFileName(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/** Names of the stacks that have a file in a folder. Default: this project's. */
export async function stackNames(folder = ROOT): Promise<string[]> {
  const files = await readdir(folder);
  return files.flatMap((file) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** @throws StackFileError for a stack that has no file, or one that cannot be read */
export async function readStackFile(name: string, folder = ROOT): Promise<StackFile> {
  const known = await stackNames(folder);
  if (!known.includes(name)) {
    throw new StackFileError(`There is no stack "${name}". Stacks: ${known.join(", ")}. ${nearest(name, known)}`);
  }
  return stackFileOf(name, await bytesOf(name, join(folder, stackFileName(name))));
}

async function bytesOf(name: string, path: string): Promise<Buffer> {
  const refuse = (happened: string): StackFileError => new StackFileError(`${stackFileName(name)}: ${happened}`);
  let found: Stats;
  try {
    found = await stat(path);
    if (!found.isFile())
      throw refuse("it is a folder or a device, not a file. Remove it, or write a file in its place.");
    if (found.size > MAXIMUM_BYTES) {
      const megabytes = (found.size / MAXIMUM_BYTES).toFixed(1);
      throw refuse(`it has ${megabytes} MiB, more than 1 MiB. Check that it is the right file.`);
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof StackFileError) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      EACCES: "you may not read it. Give yourself the right: chmod u+r.",
      ENOENT: "it is a link to a file that does not exist. Correct the link.",
      ELOOP: "it is a link that leads to itself. Correct the link.",
    };
    throw refuse(reasons[code] ?? `it cannot be read (${message}). Check the disk.`);
  }
}

/** @throws StackFileError */
export function stackFileOf(name: string, bytes: Buffer): StackFile {
  try {
    const text = decode(bytes);
    return { name, text, settings: settingsIn(parseYaml(text), text) };
  } catch (error) {
    if (error instanceof YamlError) throw new StackFileError(`${stackFileName(name)}:${error.message}`);
    throw error;
  }
}

const EXAMPLE =
  'Write "config:" with aws-patterns:accounts and aws-patterns:patterns, as under "As stacks" in README.md.';

function settingsIn(value: unknown, text: string): Settings {
  if (value === undefined || value === null) throw new YamlError(1, 1, "the file is empty", EXAMPLE);
  if (!isMap(value)) throw new YamlError(1, 1, `the file is no map, but ${typeName(value)}`, EXAMPLE);
  for (const key of Object.keys(value)) {
    if (TOP_LEVEL.includes(key)) continue;
    const place = placeOf(text, Math.max(0, text.indexOf(key)));
    const isSetting = key.includes(":");
    const fix = isSetting ? 'Indent it under "config:".' : nearest(key.trim(), TOP_LEVEL);
    throw new YamlError(
      ...place,
      `the Pulumi CLI ignores ${JSON.stringify(key)}, which is no key of a stack file`,
      fix,
    );
  }
  const { config } = value;
  const place = placeOf(text, Math.max(0, text.search(/^["']?config\b/m)));
  if (config === undefined || config === null) throw new YamlError(...place, "there is no configuration", EXAMPLE);
  if (!isMap(config)) throw new YamlError(...place, `"config" is no map, but ${typeName(config)}`, EXAMPLE);
  for (const key of Object.keys(config)) {
    if (/^[^:]*(:config)?(:[^:]*)?$/.test(key)) continue;
    const fix = `Write it as <namespace>:<name>, with ": " after it.`;
    throw new YamlError(...placeOf(text, Math.max(0, text.indexOf(key))), `${JSON.stringify(key)} is no key`, fix);
  }
  return Object.fromEntries(Object.entries(config).map(([key, setting]) => [configKey(key), setting]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? "a list" : `a ${typeof value === "string" ? "text" : typeof value}`;
}

/** @throws ConfigurationError with everything that is wrong */
export function configurationOf(name: string, settings: Settings): StackConfiguration {
  const [accounts, patterns, guardrails] = STACK_KEYS.map((key) => settings[key]);
  const { configuration, faults } = parseConfiguration(
    { accounts, patterns, guardrails, keys: Object.keys(settings) },
    name,
  );
  if (faults !== undefined) throw new ConfigurationError(name, faults);
  return configuration;
}
