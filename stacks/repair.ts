/** What can be said of a value of which parts have the wrong type: everything that does not depend on those parts. */
import type { z } from "zod";
import { type ConfigurationFault, hasRightTypes, plainIssues } from "./faults";

/** Values of each type that have nothing in common, so that what is said of one is not said of the other. */
const STAND_INS: readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>] = [
  { string: "stand-in-one", number: 1_234_567, int: 1_234_567, boolean: true, array: [], record: {} },
  { string: "Another (2)", number: -0.5, int: -7, boolean: false, array: [], record: {} },
];

function issuesOf(schema: z.ZodType, value: unknown): z.core.$ZodIssue[] {
  return plainIssues(schema.safeParse(value).error?.issues ?? [], value);
}

/** The value with another one at a path; undefined takes what is there away. */
function replaced(value: unknown, [key, ...rest]: readonly PropertyKey[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, i) => (i === Number(key) ? replaced(item, rest, by) : item));
  if (typeof value !== "object" || value === null) return value;
  const old = (value as Record<PropertyKey, unknown>)[key];
  const entries = Object.entries(value).filter(([name]) => name !== key);
  const changed = replaced(old, rest, by);
  return Object.fromEntries(changed === undefined ? entries : [...entries, [key, changed]]);
}

/** A copy of which the parts of the wrong type are replaced, or left out, since they may be optional. */
function repaired(issues: readonly z.core.$ZodIssue[], value: unknown, which: 0 | 1): unknown {
  const wrong = issues.filter(({ code }) => code !== "custom" && code !== "unrecognized_keys");
  return wrong.reduce((copy, issue) => replaced(copy, issue.path, standInFor(issue, which)), value);
}

function standInFor(issue: z.core.$ZodIssue, which: 0 | 1): unknown {
  if (issue.code === "invalid_value") return issue.values.at(-which);
  return issue.code === "invalid_type" ? STAND_INS[which][issue.expected] : undefined;
}

/**
 * The faults that `check` finds in a value whatever stands in place of its parts of the wrong type; none when too much
 * is wrong. What it says of those parts themselves differs with what stands there.
 *
 * @param check is called with values of the schema's types only; they may have unknown keys
 */
export function soundFaults(
  schema: z.ZodType,
  value: unknown,
  check: (value: unknown) => readonly ConfigurationFault[],
): readonly ConfigurationFault[] {
  const issues = issuesOf(schema, value);
  if (hasRightTypes(issues, value)) return check(value);
  const copies = [repaired(issues, value, 0), repaired(issues, value, 1)];
  if (!copies.every((copy) => hasRightTypes(issuesOf(schema, copy), copy))) return [];
  const [one = [], other = []] = copies.map((copy) => check(copy));
  const both = new Set(other.map((fault) => JSON.stringify(fault)));
  return one.filter((fault) => both.has(JSON.stringify(fault)));
}
