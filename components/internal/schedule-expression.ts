/**
 * EventBridge Scheduler's expressions: `rate(5 minutes)`, `cron(18 11 * * ? *)`, `at(2026-11-01T11:18:00)`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { nearestName } from "./nearest-name";

interface CronField {
  name: string;
  minimum: number;
  maximum: number;
  /** Names that stand for numbers, from `minimum` on. */
  names?: readonly string[];
  /** Further forms, such as `L` and `15W`. */
  special?: RegExp;
  /** One of the two fields that choose the day; the other is `?`. */
  either?: boolean;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: readonly CronField[] = [
  { name: "minutes", minimum: 0, maximum: 59 },
  { name: "hours", minimum: 0, maximum: 23 },
  { name: "day of month", minimum: 1, maximum: 31, special: /^(L|LW|([1-9]|[12]\d|3[01])W)$/, either: true },
  { name: "month", minimum: 1, maximum: 12, names: MONTHS },
  {
    name: "day of week",
    minimum: 1,
    maximum: 7,
    names: DAYS,
    special: /^(L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/,
    either: true,
  },
  { name: "year", minimum: 1970, maximum: 2199 },
];

function isValue(text: string, { minimum, maximum, names = [] }: CronField): boolean {
  if (names.includes(text.toUpperCase())) return true;
  return /^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum;
}

function isItem(text: string, field: CronField): boolean {
  if (field.special?.test(text.toUpperCase())) return true;
  const [range = "", step, ...rest] = text.split("/");
  if (rest.length > 0 || (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0))) return false;
  if (range === "*") return true;
  const bounds = range.split("-");
  return bounds.length <= 2 && bounds.every((bound) => isValue(bound, field));
}

function cronFault(body: string): string | undefined {
  const parts = body.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return `a cron expression has 6 fields (minutes, hours, day of month, month, day of week, year), this one ${parts.length}`;
  }
  for (const [i, field] of FIELDS.entries()) {
    const part = parts[i] ?? "";
    if (field.either === true && part === "?") continue;
    if (!part.split(",").every((item) => isItem(item, field))) return `"${part}" is no ${field.name} field`;
  }
  const [, , day, , weekday] = parts;
  if ((day === "?") === (weekday === "?")) return "exactly one of day of month and day of week must be ?";
  return undefined;
}

/** Whether a date and time exist: 30 February does not. */
function isMoment(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function rateFault(body: string): string | undefined {
  const [, amount, unit = ""] = /^(\d+) (minutes?|hours?|days?)$/.exec(body) ?? [];
  if (amount === undefined || Number(amount) === 0)
    return "a rate is a positive whole number and minutes, hours or days";
  if ((Number(amount) === 1) === unit.endsWith("s")) return `"${body}": singular for 1, plural for more`;
  return undefined;
}

/** What is wrong with an expression; undefined when nothing is. */
export function scheduleFault(expression: string): string | undefined {
  const [, kind, body = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  switch (kind) {
    case "rate":
      return rateFault(body);
    case "cron":
      return cronFault(body);
    case "at":
      return isMoment(body) ? undefined : "write at(yyyy-mm-ddThh:mm:ss), with a date that exists";
    default:
      return "it is none of rate(...), cron(...) and at(...)";
  }
}

/** What is wrong with an expression for something that happens again and again. */
export function recurringScheduleFault(expression: string): string | undefined {
  if (expression.startsWith("at(")) return "at(...) happens once; write rate(...) or cron(...)";
  return scheduleFault(expression);
}

export const ALLOWED_SCHEDULES = "an EventBridge Scheduler expression such as rate(5 minutes) or cron(18 11 * * ? *)";

/** What to do about a text that is no time zone. */
export function timeZoneFix(text: string): string {
  const near = nearestTimeZone(text);
  return (
    (near === undefined ? "" : `Did you mean "${near}"? `) +
    "Give the zone's name with its continent; offsets and abbreviations do not follow summer time."
  );
}

const TIME_ZONES = [...Intl.supportedValuesOf("timeZone"), "UTC", "GMT"];

/** Zones that are called by three letters, and are no abbreviations of half a zone's time. */
const LETTERS = new Set(["UTC", "GMT", "CET", "EET", "MET", "WET"]);

/** As Scheduler takes them: with capitals where the database has them, and no abbreviations that only browsers know. */
export function isTimeZone(name: string): boolean {
  if (TIME_ZONES.includes(name)) return true;
  if (!/^[A-Z]/.test(name) || /\/[a-z]/.test(name) || TIME_ZONES.some((zone) => isSame(zone, name))) return false;
  if (/^[A-Z]{3}$/.test(name)) return LETTERS.has(name);
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** By the city alone, too. */
function nearestTimeZone(name: string): string | undefined {
  const city = name.trim().replace(/\s+/g, "_");
  return TIME_ZONES.find((zone) => isSame(zone.split("/").at(-1) ?? "", city)) ?? nearestName(name, TIME_ZONES);
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
