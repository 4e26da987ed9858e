/**
 * `rate(...)`, `cron(...)` and `at(...)` of EventBridge rules and of EventBridge Scheduler.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { containsUnknown, type Value } from "../property-values";
import type { CheckFailure } from "../resource-type";

interface CronField {
  name: string;
  from: number;
  to: number;
  names?: readonly string[];
  /** Signs beyond lists, ranges and steps, as a pattern of one item. */
  special?: RegExp;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: readonly CronField[] = [
  { name: "minutes", from: 0, to: 59 },
  { name: "hours", from: 0, to: 23 },
  { name: "day of month", from: 1, to: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: "month", from: 1, to: 12, names: MONTHS },
  {
    name: "day of week",
    from: 1,
    to: 7,
    names: DAYS,
    special: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/,
  },
  { name: "year", from: 1970, to: 2199 },
];

function isValue(field: CronField, text: string): boolean {
  if (field.names?.includes(text.toUpperCase())) return true;
  return /^\d+$/.test(text) && Number(text) >= field.from && Number(text) <= field.to;
}

function isItem(field: CronField, item: string): boolean {
  if (field.special?.test(item.toUpperCase())) return true;
  const [range = "", step, ...more] = item.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*") return true;
  const ends = range.split("-");
  return ends.length <= 2 && ends.every((end) => isValue(field, end));
}

function cronProblem(text: string): string | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return `a cron expression has 6 fields (minutes, hours, day of month, month, day of week, year), this one ${parts.length}`;
  }
  for (const [i, field] of FIELDS.entries()) {
    const part = parts[i] ?? "";
    if (!part.split(",").every((item) => isItem(field, item))) return `"${part}" is no ${field.name}`;
  }
  if ((parts[2] === "?") === (parts[4] === "?")) {
    return 'exactly one of day of month and day of week has to be "?"';
  }
  return undefined;
}

function rateProblem(text: string): string | undefined {
  const [, amount, unit] = /^\s*(\d+)\s+(minutes?|hours?|days?)\s*$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined || Number(amount) === 0) {
    return "a rate is a positive whole number and minutes, hours or days";
  }
  const singular = !unit.endsWith("s");
  if (singular !== (Number(amount) === 1)) return `"${amount} ${unit}": singular for 1, plural for more`;
  return undefined;
}

function atProblem(text: string): string | undefined {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}Z`));
  return isTime ? undefined : "a time is written yyyy-mm-ddThh:mm:ss";
}

const PROBLEMS = { rate: rateProblem, cron: cronProblem, at: atProblem };

export type ScheduleKind = keyof typeof PROBLEMS;

export function checkScheduleExpression(
  property: string,
  value: Value | undefined,
  kinds: readonly ScheduleKind[],
): CheckFailure[] {
  if (typeof value !== "string" || value === "" || containsUnknown(value)) return [];
  const [, name, body = ""] = /^([a-z]+)\((.*)\)$/.exec(value) ?? [];
  const kind = kinds.find((k) => k === name);
  const problem = kind === undefined ? `expected ${kinds.map((k) => `${k}(...)`).join(" or ")}` : PROBLEMS[kind](body);
  return problem === undefined ? [] : [{ property, reason: `received "${value}"; ${problem}` }];
}
