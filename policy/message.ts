/** What is said of a violation: which resource, which property, which value, why, and what to do. */
import type { Finding, Rule, Subject } from "./rule";
import { type Known, UNKNOWN } from "./values";

const LONGEST_VALUE = 200;

/** As JSON, cut where it becomes long. */
export function shown(value: Known): string {
  if (value === undefined || value === null) return "not set";
  const text = JSON.stringify(value, (_, item: unknown) => (item === UNKNOWN ? "(unknown)" : item));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** Whether a property is secret, or lies in one that is, or has one inside. */
function isSecret(property: string, secrets: ReadonlySet<string>): boolean {
  const within = (inner: string, outer: string): boolean =>
    inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  return [...secrets].some((secret) => within(property, secret) || within(secret, property));
}

export function messageOf({ reason, remedy }: Pick<Rule, "reason" | "remedy">, subject: Subject, finding: Finding) {
  const { property, value } = finding;
  const text = isSecret(property, subject.secrets ?? new Set()) ? "(secret)" : shown(value);
  return `${subject.type} "${subject.name}": ${property} is ${text}. ${reason} Fix: ${remedy}`;
}
