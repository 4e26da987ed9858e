/** `rate(...)`, `cron(...)` and `at(...)`: EventBridge rules take the first two, EventBridge Scheduler all three. */
import { scheduleFault } from "../../../components/internal/schedule-expression";
import { containsUnknown, type Value } from "../property-values";
import type { CheckFailure } from "../resource-type";

export type ScheduleKind = "rate" | "cron" | "at";

export function checkScheduleExpression(
  property: string,
  value: Value | undefined,
  kinds: readonly ScheduleKind[],
): CheckFailure[] {
  if (typeof value !== "string" || value === "" || containsUnknown(value)) return [];
  const kind = kinds.find((candidate) => value.startsWith(`${candidate}(`));
  const expected = `expected ${kinds.map((candidate) => `${candidate}(...)`).join(" or ")}`;
  const fault = kind === undefined ? expected : scheduleFault(value);
  return fault === undefined ? [] : [{ property, reason: `received "${value}"; ${fault}` }];
}
