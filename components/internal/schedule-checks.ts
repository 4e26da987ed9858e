/** Checks of arguments that are schedules. */
import type { ArgumentChecks } from "./argument-checks";
import { ALLOWED_SCHEDULES, isTimeZone, scheduleFault, timeZoneFix } from "./schedule-expression";

export function checkSchedule(
  checks: ArgumentChecks,
  path: string,
  expression: string | undefined,
  faultOf: (expression: string) => string | undefined = scheduleFault,
): void {
  const fault = expression === undefined ? undefined : faultOf(expression);
  checks.require(fault === undefined, {
    path,
    received: expression,
    allowed: ALLOWED_SCHEDULES,
    fix: `Correct the expression: ${fault}.`,
  });
}

export function checkTimeZone(checks: ArgumentChecks, timeZone: string | undefined, path = "timeZone"): void {
  checks.require(timeZone === undefined || isTimeZone(timeZone), {
    path,
    received: timeZone,
    allowed: "an IANA time zone such as Europe/Berlin",
    fix: timeZoneFix(timeZone ?? ""),
  });
}
