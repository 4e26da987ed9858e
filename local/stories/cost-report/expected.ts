/** The figures of a report, worked out again from the rows, by other means than the handler's. */
import type { CostRow, HistoryMetric } from "./history";

/** What the figures are worked out from. */
export type Cost = Pick<CostRow, "account" | "service" | "day" | "amounts">;

/** In ten-thousand-millionths of the currency's unit, as the rows have them. */
export type Units = bigint;

export interface Wanted<Row extends Cost = Cost> {
  readonly date: string;
  readonly metric?: HistoryMetric;
  readonly keep?: (row: Row) => boolean;
}

export function unitsOf(decimal: string): Units {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)\.?(\d*)$/.exec(decimal) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(10, "0")}`);
}

export class Expected<Row extends Cost = Cost> {
  private readonly rows: readonly Row[];
  readonly date: string;
  private readonly metric: HistoryMetric;

  constructor(rows: Iterable<Row>, { date, metric = "UnblendedCost", keep = () => true }: Wanted<Row>) {
    this.rows = [...rows].filter(keep);
    this.date = date;
    this.metric = metric;
  }

  sum(first: string, last: string, where: { account?: string; service?: string } = {}): Units {
    let total = 0n;
    for (const row of this.rows) {
      if (row.day < first || row.day > last) continue;
      if (where.account !== undefined && row.account !== where.account) continue;
      if (where.service !== undefined && row.service !== where.service) continue;
      total += unitsOf(row.amounts[this.metric] ?? "");
    }
    return total;
  }

  day(back: number, where: { account?: string; service?: string } = {}): Units {
    const day = shift(this.date, -back);
    return this.sum(day, day, where);
  }

  trend(where: { account?: string } = {}): Units[] {
    return [6, 5, 4, 3, 2, 1, 0].map((back) => this.day(back, where));
  }

  month(where: { account?: string } = {}) {
    const [year = 0, month = 0, dayNumber = 0] = this.date.split("-").map(Number);
    const iso = (y: number, m: number, d: number): string => new Date(Date.UTC(y, m - 1, d)).toISOString().slice(0, 10);
    const lastMonthLength = new Date(Date.UTC(year, month - 1, 0)).getUTCDate();
    const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const toDate = this.sum(iso(year, month, 1), this.date, where);
    const sameDays = this.sum(
      iso(year, month - 1, 1),
      iso(year, month - 1, Math.min(dayNumber, lastMonthLength)),
      where,
    );
    const lastMonth = this.sum(iso(year, month - 1, 1), iso(year, month - 1, lastMonthLength), where);
    return { toDate, sameDays, lastMonth, forecast: roundedDivision(toDate * BigInt(length), BigInt(dayNumber)) };
  }

  services(account: string): string[] {
    const [today, yesterday] = [this.date, shift(this.date, -1)];
    const rows = this.rows.filter((row) => row.account === account && (row.day === today || row.day === yesterday));
    return [...new Set(rows.map(({ service }) => service))];
  }

  accounts(): string[] {
    return [...new Set(this.rows.map(({ account }) => account))];
  }
}

function shift(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Halves away from zero. */
function roundedDivision(value: bigint, by: bigint): bigint {
  const doubled = (value < 0n ? -value : value) * 2n + by;
  const size = doubled / (2n * by);
  return value < 0n ? -size : size;
}

/** "$1,234.56". */
export function dollars(units: Units): string {
  const cents = roundedDivision(units, 100_000_000n);
  const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${cents < 0n ? "-" : ""}$${whole}.${digits.slice(-2)}`;
}

/** "▲ +4.2%" and its like. */
export function label(cost: Units, former: Units): string {
  const isNothing = (units: Units): boolean => dollars(units).replace("-", "") === "$0.00";
  if (isNothing(cost) && isNothing(former)) return "= 0.0%";
  if (isNothing(former)) return "● new";
  if (isNothing(cost)) return "○ gone";
  if (isNothing(cost - former)) return "= 0.0%";
  const tenths = roundedDivision((cost - former) * 1000n, former < 0n ? -former : former);
  const size = String(tenths < 0n ? -tenths : tenths).padStart(2, "0");
  const sign = tenths > 0n ? "+" : tenths < 0n ? "-" : "";
  const whole = size.slice(0, -1).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${cost > former ? "▲" : "▼"} ${sign}${whole}.${size.slice(-1)}%`;
}

/** What a reader of the HTML reads, apart from what stands above columns: each cell and paragraph a line. */
export function readable(html: string): string[] {
  return html
    .replace(/^[\s\S]*<body/, "<body")
    .replace(/<img [^>]*>|<caption.*?<\/caption>|<thead>.*?<\/thead>/g, "")
    .replace(/<\/(?:td|th|p|h\d|div)>|<br\/>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .replaceAll("\u00a0", " ")
    .replace(/&#x27;|&lt;|&gt;|&quot;|&amp;/g, (entity) => ENTITIES[entity] ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&#x27;": "'",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&amp;": "&",
};
