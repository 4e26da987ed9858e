/** The mail's subject: a text with placeholders, such as "{title} {day}: {total} ({change})". */
import { changeLabel, counted, money, shortDay, signedMoney } from "./format";
import type { Report } from "./report";

const VALUES = {
  title: (_, title) => title,
  day: ({ date }) => `${shortDay(date)} ${date.slice(0, 4)}`,
  date: ({ date }) => date,
  total: ({ total, currency }) => money(total.cost, currency),
  previous: ({ total, currency }) => money(total.previous, currency),
  difference: ({ total, currency }) => signedMoney(total.change.difference, currency),
  change: ({ total }) => changeLabel(total.change),
  monthToDate: ({ total, currency }) => money(total.month.toDate, currency),
  forecast: ({ total, currency }) => money(total.month.forecast, currency),
  accounts: ({ accounts }) => counted(accounts.length, "account"),
} as const satisfies Record<string, (report: Report, title: string) => string>;

type Placeholder = keyof typeof VALUES;

export const PLACEHOLDERS = Object.keys(VALUES) as readonly Placeholder[];

const BRACED = /\{([^{}]*)\}/g;

/** What stands in braces, in order. */
export function placeholdersIn(template: string): string[] {
  return [...template.matchAll(BRACED)].map(([, name = ""]) => name);
}

/** Whether every brace belongs to a pair. */
export function hasPairedBraces(template: string): boolean {
  return !/[{}]/.test(template.replace(BRACED, ""));
}

/** What is put in is not looked at for placeholders; unknown ones stay as they are. */
export function subjectOf(report: Report, { subject, title }: { subject: string; title: string }): string {
  return subject.replace(BRACED, (whole, name: string) =>
    Object.hasOwn(VALUES, name) ? VALUES[name as Placeholder](report, title) : whole,
  );
}
