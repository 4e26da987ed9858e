import * as pulumi from "@pulumi/pulumi";
import type { RawConfiguration } from "./config";

const NAMESPACE = "aws-patterns:";
const KEYS = [`${NAMESPACE}accounts`, `${NAMESPACE}patterns`, `${NAMESPACE}guardrails`] as const;

/** The stack's configuration as the engine hands it over: structured values as JSON, others as they are. */
export function readConfiguration(): RawConfiguration {
  const all: Readonly<Record<string, string>> = pulumi.runtime.allConfig();
  const [accounts, patterns, guardrails] = KEYS.map((key) => valueOf(all[key]));
  const own = Object.keys(all).filter((key) => key.startsWith(NAMESPACE));
  const others = own.filter((key) => !KEYS.some((known) => known === key));
  return { accounts, patterns, guardrails, others, secret: KEYS.some(isSecret) };
}

/** A text that is no JSON is left to the checks, which say where it is and what is allowed. */
function valueOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** The engine tells the program which configuration keys are secret. */
function isSecret(key: string): boolean {
  return (JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS || "[]") as string[]).includes(key);
}
