import * as pulumi from "@pulumi/pulumi";
import type { RawConfiguration } from "./config";
import { settingOf, STACK_KEYS } from "./config-keys";

/** The stack's configuration as the engine hands it over: structured values as JSON, others as they are. */
export function readConfiguration(): RawConfiguration {
  const all: Readonly<Record<string, string>> = pulumi.runtime.allConfig();
  const [accounts, patterns, guardrails] = STACK_KEYS.map((key) => settingOf(all[key]));
  return { accounts, patterns, guardrails, keys: Object.keys(all), secret: STACK_KEYS.some(isSecret) };
}

/** The engine tells the program which configuration keys are secret. */
function isSecret(key: string): boolean {
  return (JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS || "[]") as string[]).includes(key);
}
