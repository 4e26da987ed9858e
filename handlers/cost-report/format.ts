/// <reference lib="es2023.intl" />
/** Figures and days as people read them; the same in the mail, its text, its subject and the trend page. */
import { type Amount, isNegligible, roundToCents, toDecimal } from "./amounts";
import type { Change } from "./change";
import { type Day, dayOfMonth } from "../shared/days";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format is slow, and there are few. */
function formatOf(currency: string, compact: boolean): Intl.NumberFormat {
  const key = `${currency} ${compact}`;
  const digits: Intl.NumberFormatOptions = compact
    ? { notation: "compact", maximumFractionDigits: 1, maximumSignificantDigits: 3, roundingPriority: "lessPrecision" }
    : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const format = formats.get(key) ?? new Intl.NumberFormat("en-US", { style: "currency", currency, ...digits });
  formats.set(key, format);
  return format;
}

/** By way of the decimal text, since a number has 53 bits. What rounds to nothing has no sign. */
function formatted(amount: Amount, currency: string, compact: boolean): string {
  return formatOf(currency, compact).format(toDecimal(roundToCents(amount)) as Intl.StringNumericLiteral);
}

/** "$1,234.56": two decimals, halves away from zero; exact, however large. */
export function money(amount: Amount, currency: string): string {
  return formatted(amount, currency, false);
}

/** "+$1,234.56", "-$0.50", "$0.00". */
export function signedMoney(amount: Amount, currency: string): string {
  return `${amount > 0n && !isNegligible(amount) ? "+" : ""}${money(amount, currency)}`;
}

/** "$1.2K", where there is little room. */
export function shortMoney(amount: Amount, currency: string): string {
  return formatted(amount, currency, true);
}

/** "+4.2%" for 42 tenths. */
export function percent(tenths: bigint): string {
  const size = tenths < 0n ? -tenths : tenths;
  const sign = tenths > 0n ? "+" : tenths < 0n ? "-" : "";
  return `${sign}${(size / 10n).toLocaleString("en-US")}.${size % 10n}%`;
}

/** What a change is, with a sign that does not need its colour: "▲ +4.2%", "▼ -4.2%", "= 0.0%", "● new", "○ gone". */
export function changeLabel({ kind, tenths = 0n }: Change): string {
  switch (kind) {
    case "up":
      return `▲ ${percent(tenths)}`;
    case "down":
      return `▼ ${percent(tenths)}`;
    case "same":
      return `= ${percent(tenths)}`;
    case "new":
      return "● new";
    case "gone":
      return "○ gone";
  }
}

/** "Sunday". */
export function weekday(day: Day): string {
  return WEEKDAYS[new Date(day).getUTCDay()] ?? "";
}

/** "November". */
export function monthName(day: Day): string {
  return MONTHS[Number(day.slice(5, 7)) - 1] ?? "";
}

/** "Sunday, 1 November 2026". */
export function longDay(day: Day): string {
  return `${weekday(day)}, ${dayOfMonth(day)} ${monthName(day)} ${day.slice(0, 4)}`;
}

/** "Sun 1 Nov". */
export function shortDay(day: Day): string {
  return `${weekday(day).slice(0, 3)} ${dayOfMonth(day)} ${monthName(day).slice(0, 3)}`;
}

/** "1–28 Oct", within a month. */
export function dayRange(first: Day, last: Day): string {
  const month = monthName(last).slice(0, 3);
  return first === last ? `${dayOfMonth(last)} ${month}` : `${dayOfMonth(first)}–${dayOfMonth(last)} ${month}`;
}

/** "1 account", "2 accounts". */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}
