import type * as pulumi from "@pulumi/pulumi";
import type { RawConfiguration } from "./config";

/** The stack's configuration as the engine hands it over: structured values as JSON, others as they are. */
export function readConfiguration(config: pulumi.Config): RawConfiguration {
  return {
    accounts: valueOf(config, "accounts"),
    patterns: valueOf(config, "patterns"),
    secret: isSecret(`${config.name}:accounts`) || isSecret(`${config.name}:patterns`),
  };
}

/** A text that is no JSON is left to the checks, which say where it is and what is allowed. */
function valueOf(config: pulumi.Config, key: string): unknown {
  const text = config.get(key);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** The engine tells the program which configuration keys are secret. */
function isSecret(key: string): boolean {
  return (JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[]).includes(key);
}
