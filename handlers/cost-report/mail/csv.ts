/** What the mail folds, in full, for spreadsheets. */
import { divideRounded, toDecimal } from "../amounts";
import type { Change } from "../change";
import type { Report } from "../report";

const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * A cell that a spreadsheet takes for text or a number, never for a formula: what begins like one gets an apostrophe in
 * front. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function cell(value: string): string {
  const harmless = NUMBER.test(value) || !/^[\s]*[=+\-@\t\r]/.test(value) ? value : `'${value}`;
  return /[",\r\n;']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Row by row, since a large organization has some hundred thousand. */
function toCsv(header: readonly string[], rows: Iterable<readonly string[]>): string {
  // The mark makes Excel read UTF-8.
  let csv = `\uFEFF${header.join(",")}\r\n`;
  for (const row of rows) csv += `${row.map(cell).join(",")}\r\n`;
  return csv;
}

export function accountsCsv(report: Report): string {
  const { currency, days, accounts } = report;
  const header = [
    ...["account_id", "account_name", "owner", "currency", "cost", "day_before", "change", "change_percent", "note"],
    ...days.map((day) => `cost_${day}`),
    ...["month_to_date", "same_days_last_month", "last_month", "forecast"],
  ];
  const rows = accounts.map(({ id, name, owner = "", cost, previous, change, trend, month }) => [
    ...[id, name, owner, currency, toDecimal(cost), toDecimal(previous), ...changeCells(change)],
    ...trend.map(toDecimal),
    ...[month.toDate, month.sameDays, month.lastMonth, month.forecast].map(toDecimal),
  ]);
  return toCsv(header, rows);
}

export function servicesCsv(report: Report): string {
  const header = ["account_id", "account_name", "service", "currency", "cost", "day_before"];
  return toCsv([...header, "change", "change_percent", "note"], serviceRows(report));
}

function* serviceRows({ currency, accounts }: Report): Generator<readonly string[]> {
  for (const { id, name, allServices } of accounts) {
    for (const { name: service, cost, previous, change } of allServices) {
      yield [id, name, service, currency, toDecimal(cost), toDecimal(previous), ...changeCells(change)];
    }
  }
}

/** The difference, the percentage where there is one, and what kind of change it is. */
function changeCells({ difference, tenths, kind }: Change): string[] {
  const percent = tenths === undefined ? "" : toDecimal(divideRounded(tenths * 10n ** 12n, 10n));
  return [toDecimal(difference), percent, kind];
}
