/** Checks of lists of texts and names. */
import type { ArgumentChecks } from "../internal/argument-errors";
import { nearest } from "../internal/nearest-name";

/** What is asked of every entry of a list. */
export interface EntryRule {
  readonly test: (entry: string) => boolean;
  readonly allowed: string;
  readonly fix: string | ((entry: string) => string);
}

/** What a closed set of names asks, also of those who write JavaScript. */
export function oneOf(names: readonly string[]): EntryRule {
  return { test: (name) => names.includes(name), allowed: names.join(", "), fix: (name) => nearest(name, names) };
}

/** A text that keeps a rule. */
export function checkOne(
  checks: ArgumentChecks,
  property: string,
  received: string,
  { test, allowed, fix }: EntryRule,
): boolean {
  if (test(received)) return true;
  return checks.require(false, { property, received, allowed, fix: typeof fix === "string" ? fix : fix(received) });
}

/** Entries that each keep a rule and come once. An empty list, where one must not be, is an error of its own. */
export function checkEntries(
  checks: ArgumentChecks,
  property: string,
  entries: readonly string[] | undefined,
  rule: EntryRule,
  minimum: 0 | 1 = 1,
): void {
  if (entries === undefined) return;
  checks.require(entries.length >= minimum, {
    property,
    received: entries,
    allowed: `at least one entry, each ${rule.allowed}`,
    fix: "Add one, or remove the setting.",
  });
  entries.forEach((entry, i) => {
    const at = `${property}[${i}]`;
    if (checkOne(checks, at, entry, rule)) {
      const allowed = "an entry that is not in the list before";
      checks.require(entries.indexOf(entry) === i, {
        property: at,
        received: entry,
        allowed,
        fix: "Remove one of the two.",
      });
    }
  });
}

/** Names that become parts of resource names. */
export function checkNames(checks: ArgumentChecks, property: string, names: readonly string[], longest: number): void {
  names.forEach((name, i) => {
    const isName = /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= longest;
    checks.require(isName && names.indexOf(name) === i, {
      property: `${property}[${i}].name`,
      received: name,
      allowed: `at most ${longest} lower-case letters, digits and hyphens, beginning with a letter, once`,
      fix: "Rename it; resource names are built from it.",
    });
  });
}
