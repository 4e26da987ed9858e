/** The mail for clients that show no HTML. */
import { isNegligible } from "../amounts";
import { changeLabel, counted, dayRange, longDay, money, monthName, shortDay } from "../format";
import { type AccountLine, type Line, type Report, sumLines } from "../report";
import { archivedNote, whereIs } from "./files";
import { fineprint, type MailLook } from "./report-mail";
import { estimatedNote } from "./summary";

const WIDTH = 72;

export function plainText(report: Report, { settings, accountsShown, files, hasArchive }: MailLook): string {
  const { total, currency, days, date, previousDate } = report;
  const shown = report.accounts.slice(0, accountsShown);
  const folded = report.accounts.slice(accountsShown);
  const line = (name: string, it: Line): string => entry(name, it, currency);
  return [
    `${settings.title}: ${longDay(date)}`,
    "",
    `${money(total.cost, currency)}  ${changeLabel(total.change)}`,
    `from ${money(total.previous, currency)} on ${shortDay(previousDate)}`,
    "",
    ...days.map((day, n) => `  ${shortDay(day).padEnd(12)}${money(total.trend[n] ?? 0n, currency).padStart(16)}`),
    ...(report.estimated.length > 0 ? [wrapped(estimatedNote(report))] : []),
    ...(report.notes.length > 0 ? [...heading("What this report lacks"), ...report.notes.map(wrapped)] : []),
    ...heading(`${monthName(date)} so far`),
    ...monthLines(report),
    ...heading("Accounts"),
    ...shown.map((account) =>
      line(account.name === account.id ? account.id : `${account.name} (${account.id})`, account),
    ),
    ...(folded.length > 0
      ? [
          line(
            `${counted(folded.length, "more account")} ${whereIs("accounts.csv", files)}`,
            sumLines(folded, settings.bands),
          ),
        ]
      : []),
    line("Total", total),
    ...shown.flatMap((account) => [...heading(account.name), ...serviceLines(account, line)]),
    "",
    "-".repeat(WIDTH),
    wrapped(fineprint(report, settings)),
    ...files.archived.map((file) => wrapped(archivedNote(file, hasArchive))),
    ...(settings.links ?? []).map(({ label, url }) => `${label}: ${url}`),
    `Sent by ${settings.reportId}`,
    "",
  ].join("\n");
}

function serviceLines({ services, others }: AccountLine, line: (name: string, it: Line) => string): string[] {
  const rows = services.map((service) => line(service.name, service));
  const worth = others !== undefined && !(isNegligible(others.cost) && isNegligible(others.previous));
  return worth ? [...rows, line(`Others (${counted(others.count, "service")})`, others)] : rows;
}

function monthLines({ total: { month }, currency, date, sameDays }: Report): string[] {
  const row = (label: string, amount: bigint, note = ""): string =>
    `${label.padEnd(34)}${money(amount, currency).padStart(16)}  ${note}`.trimEnd();
  return [
    row(`Month to date (${dayRange(`${date.slice(0, 8)}01`, date)})`, month.toDate),
    row(`Same days (${dayRange(sameDays.first, sameDays.last)})`, month.sameDays, changeLabel(month.change)),
    row(`Forecast for ${monthName(date)}`, month.forecast, changeLabel(month.forecastChange)),
    row(`All of ${monthName(sameDays.last)}`, month.lastMonth),
  ];
}

function heading(text: string): string[] {
  return ["", text, "=".repeat(Math.min(WIDTH, text.length))];
}

/** The name on a line of its own, so that long ones push no figures aside. */
function entry(name: string, { cost, previous, change }: Line, currency: string): string {
  const figures = `${money(cost, currency).padStart(16)}   from ${money(previous, currency).padStart(16)}   `;
  return `${name}\n${figures}${changeLabel(change)}`;
}

function wrapped(text: string): string {
  return text.replace(new RegExp(`(.{1,${WIDTH}})(?: |$)`, "g"), "$1\n").trimEnd();
}
