/** How long nothing is compared at most: what a schedule leaves between two runs. */
import type { Rule } from "../internal/argument-checks";
import type { WavelengthDnsArgs } from "./args";

/**
 * A held instance whose events were all lost waits for a scheduled run, then for two of the longest drains (900 s each)
 * and perhaps a third, and its hook ends it after an hour.
 */
export const LONGEST_REPAIR_PAUSE_SECONDS = 900;

const UNITS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** The values that one field of a cron expression stands for; undefined for forms such as `L`, which leave gaps. */
function valuesOf(field: string, first: number, last: number): Set<number> | undefined {
  const values = new Set<number>();
  for (const item of field.split(",")) {
    const [, all, from, to, step] = /^(?:([*?])|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item) ?? [];
    if (all === undefined && from === undefined) return undefined;
    const start = from === undefined ? first : Number(from);
    const end = to !== undefined ? Number(to) : from !== undefined && step === undefined ? start : last;
    for (let value = start; value <= end; value += Math.max(1, Number(step ?? 1))) values.add(value);
  }
  return values;
}

/** Fields of a cron expression after the minutes; of the two that choose the day, one is `?`. */
const BOUNDS = [
  [0, 23],
  [1, 31],
  [1, 12],
  [1, 7],
  [1970, 2199],
] as const;

/** Seconds between two runs of a schedule at most; Infinity where it leaves out whole hours, days or months. */
export function longestPauseSeconds(expression: string): number {
  const [, amount, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (amount !== undefined) return Number(amount) * (UNITS[unit] ?? Infinity);
  const [minutes = "", ...others] = (/^cron\((.*)\)$/.exec(expression)?.[1] ?? "").trim().split(/\s+/);
  const isAlways = BOUNDS.every(
    ([first, last], i) => valuesOf(others[i] ?? "", first, last)?.size === last - first + 1,
  );
  const runs = [...(valuesOf(minutes, 0, 59) ?? [])].sort((a, b) => a - b);
  if (!isAlways || runs.length === 0) return Infinity;
  return Math.max(...runs.map((run, i) => (runs[i + 1] ?? 60 + (runs[0] ?? 0)) - run)) * 60;
}

/** A schedule that comes often enough for what relies on it. */
export const checkRepairSchedule: Rule<WavelengthDnsArgs> = (checks, { repairSchedule }) => {
  if (repairSchedule === undefined || !checks.isRight("repairSchedule")) return;
  const minutes = LONGEST_REPAIR_PAUSE_SECONDS / 60;
  checks.require(longestPauseSeconds(repairSchedule) <= LONGEST_REPAIR_PAUSE_SECONDS, {
    path: "repairSchedule",
    received: repairSchedule,
    allowed: `a schedule that runs every ${minutes} minutes or more often, day and night`,
    fix: "For example rate(5 minutes): what events missed, and alarms, wait for the next run.",
  });
};
