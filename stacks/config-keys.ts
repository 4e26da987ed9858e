/** The keys of a stack's configuration that are this project's. */
import { distance } from "fastest-levenshtein";

const NAMESPACE = "aws-patterns";

export const ACCOUNTS = `${NAMESPACE}:accounts`;
export const PATTERNS = `${NAMESPACE}:patterns`;
export const GUARDRAILS = `${NAMESPACE}:guardrails`;
export const STACK_KEYS = [ACCOUNTS, PATTERNS, GUARDRAILS] as const;

/** A key as the engine hands it over: with the project's namespace where it has none. */
export function configKey(key: string): string {
  return key.includes(":") ? key : `${NAMESPACE}:${key}`;
}

/** A value as the engine hands it over: structured ones as JSON. A text that is no JSON is left to the checks. */
export function settingOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** Typing errors in a namespace that are still taken for this project's. `aws-native` is further away. */
const NEAR = 3;

/** Keys that are meant for this project, to all appearance, but are none of its own; those of providers are not. */
export function strangeKeys(keys: readonly string[]): string[] {
  return keys.filter((key) => {
    if (STACK_KEYS.some((known) => known === key)) return false;
    const [namespace = "", ...rest] = key.split(":");
    const name = rest.join(":").toLowerCase();
    return (
      distance(namespace.toLowerCase(), NAMESPACE) <= NEAR || STACK_KEYS.some((known) => known.endsWith(`:${name}`))
    );
  });
}
