/** Checks of lists of texts and names. */
import type { ArgumentChecks } from "../argument-errors";

/** What is asked of every entry of a list. */
export interface EntryRule {
  readonly test: (entry: string) => boolean;
  readonly allowed: string;
  readonly fix: string | ((entry: string) => string);
}

/** Entries that each keep a rule and come once. An empty list, where one must not be, is an error of its own. */
export function checkEntries(
  checks: ArgumentChecks,
  property: string,
  entries: readonly string[] | undefined,
  { test, allowed, fix }: EntryRule,
  minimum: 0 | 1 = 1,
): void {
  if (entries === undefined) return;
  checks.require(entries.length >= minimum, {
    property,
    received: entries,
    allowed: `at least one entry, each ${allowed}`,
    fix: "Add one, or remove the setting.",
  });
  entries.forEach((entry, i) => {
    const at = { property: `${property}[${i}]`, received: entry };
    if (checks.require(test(entry), { ...at, allowed, fix: typeof fix === "string" ? fix : fix(entry) })) {
      const once = "an entry that is not in the list before";
      checks.require(entries.indexOf(entry) === i, { ...at, allowed: once, fix: "Remove one of the two." });
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
