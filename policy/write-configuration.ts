/**
 * `npm run guardrails -- STACK`: writes the policy pack's configuration, made from the stack's file, to
 * policy/configuration.json, where the Pulumi CLI and the workflows take it from.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Argument, Command } from "commander";
import { ConfigurationError } from "../stacks/faults";
import { configurationOf, readStackFile, StackFileError, stackNames } from "../stacks/stack-file";
import { packConfiguration } from "./settings";

export const CONFIGURATION_FILE = join(__dirname, "configuration.json");

async function write(stack: string): Promise<void> {
  const { guardrails } = configurationOf(stack, (await readStackFile(stack)).settings);
  const text = `${JSON.stringify(packConfiguration(guardrails), undefined, 2)}\n`;
  const before = await readFile(CONFIGURATION_FILE, "utf8").catch(() => undefined);
  if (before !== text) await writeFile(CONFIGURATION_FILE, text);
  console.log(`--policy-pack policy --policy-pack-config policy/configuration.json`);
}

async function main(): Promise<void> {
  await new Command("npm run guardrails --")
    .description("Writes what a stack's file says of the policy pack, for the Pulumi CLI.")
    .addArgument(new Argument("<stack>", `one of ${(await stackNames()).join(", ")}`))
    .action(write)
    .parseAsync();
}

function fail(error: unknown): void {
  const isPlain = error instanceof ConfigurationError || error instanceof StackFileError;
  console.error(isPlain ? error.message : error);
  process.exitCode = 1;
}

if (require.main === module) main().catch(fail);
