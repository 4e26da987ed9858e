/** From costs to one recipient's report: pure, and the same for the same costs in any order. */
import { absolute, type Amount, byLargest, divideRounded, isNegligible, sum, sumEach } from "./amounts";
import { type Change, changeOf } from "./change";
import { type AccountCosts, compare, type Costs, emptyAccount, hasCosts, type ServiceCosts } from "./costs";
import { periodOf } from "./days";
import { addDays, type Day, dayOfMonth, daysInMonth } from "../shared/days";
import type { Bands, FullSettings } from "./settings";

/** A cost beside that of the day before. */
export interface Line {
  readonly cost: Amount;
  readonly previous: Amount;
  readonly change: Change;
}

export interface ServiceLine extends Line {
  readonly name: string;
}

/** The services that are not shown one by one. */
export interface OthersLine extends Line {
  readonly count: number;
}

export interface MonthFigures {
  readonly toDate: Amount;
  readonly sameDays: Amount;
  /** The month so far against the same days of last month. */
  readonly change: Change;
  /** Straight line: the month so far, divided by its days so far, times its days. */
  readonly forecast: Amount;
  readonly lastMonth: Amount;
  /** The forecast against all of last month. */
  readonly forecastChange: Change;
}

export interface AccountLine extends Line {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
  /** A cost for each of `Report.days`. */
  readonly trend: readonly Amount[];
  readonly month: MonthFigures;
  /** Largest absolute change first. */
  readonly services: readonly ServiceLine[];
  readonly others?: OthersLine;
  /** Every service, in the same order. */
  readonly allServices: readonly ServiceLine[];
}

export interface TotalLine extends Line {
  readonly trend: readonly Amount[];
  readonly month: MonthFigures;
}

export interface Report {
  readonly date: Day;
  readonly previousDate: Day;
  readonly currency: string;
  readonly metric: Costs["metric"];
  readonly days: readonly Day[];
  readonly estimated: readonly Day[];
  /** What is missing, in sentences. */
  readonly notes: readonly string[];
  readonly sameDays: { readonly first: Day; readonly last: Day };
  readonly total: TotalLine;
  /** Largest first: by the larger of the two days, whatever the sign; then by id. */
  readonly accounts: readonly AccountLine[];
}

type ReportSettings = Pick<FullSettings, "bands" | "servicesInline">;

/** @param visible ids of the accounts to show, whether they have costs or not; every account with costs where it is left out */
export function makeReport(costs: Costs, settings: ReportSettings, visible?: readonly string[]): Report {
  const shown = visible === undefined ? costs.accounts.filter(hasCosts) : pick(costs, visible);
  const { bands } = settings;
  const period = periodOf(costs.date, costs.days.length);
  const trend = sumEach(
    shown.map((account) => account.trend),
    costs.days.length,
  );
  return {
    date: costs.date,
    previousDate: addDays(costs.date, -1),
    currency: costs.currency,
    metric: costs.metric,
    days: costs.days,
    estimated: costs.estimated,
    notes: costs.notes ?? [],
    sameDays: period.sameDays,
    total: {
      ...lineOf(trend.at(-1) ?? 0n, trend.at(-2) ?? 0n, bands),
      trend,
      month: monthOf(costs.date, totalsOf(shown), bands),
    },
    accounts: shown.map((account) => accountLine(account, costs.date, settings)).sort(bySize),
  };
}

/** Those of the visible accounts that have no costs are there too, with nothing: anyone who asked for them sees that. */
function pick(costs: Costs, visible: readonly string[]): AccountCosts[] {
  const known = new Map(costs.accounts.map((account) => [account.id, account]));
  return [...new Set(visible)].sort(compare).map((id) => known.get(id) ?? emptyAccount(id, costs.days.length));
}

function accountLine(account: AccountCosts, date: Day, { bands, servicesInline }: ReportSettings): AccountLine {
  const { id, name, owner, trend } = account;
  const lines = account.services
    .filter(({ cost, previous }) => cost !== 0n || previous !== 0n)
    .map((service) => serviceLine(service, bands))
    .sort(byChange);
  // What rounds to nothing on both days says nothing in a line of its own.
  const worth = lines.filter(({ cost, previous }) => !isNegligible(cost) || !isNegligible(previous));
  const services = worth.slice(0, servicesInline);
  const folded = lines.filter((line) => !services.includes(line));
  return {
    id,
    name,
    ...(owner !== undefined && { owner }),
    ...lineOf(trend.at(-1) ?? 0n, trend.at(-2) ?? 0n, bands),
    trend,
    month: monthOf(date, account, bands),
    services,
    allServices: lines,
    ...(folded.length > 0 && { others: fold(folded, bands) }),
  };
}

function fold(lines: readonly ServiceLine[], bands: Bands): OthersLine {
  const cost = sum(lines.map((line) => line.cost));
  const previous = sum(lines.map((line) => line.previous));
  return { ...lineOf(cost, previous, bands), count: lines.length };
}

function serviceLine({ name, cost, previous }: ServiceCosts, bands: Bands): ServiceLine {
  return { name, ...lineOf(cost, previous, bands) };
}

function lineOf(cost: Amount, previous: Amount, bands: Bands): Line {
  return { cost, previous, change: changeOf(cost, previous, bands) };
}

type MonthSums = Pick<AccountCosts, "monthToDate" | "sameDays" | "lastMonth">;

function totalsOf(accounts: readonly AccountCosts[]): MonthSums {
  const total = (of: (account: AccountCosts) => Amount): Amount => sum(accounts.map(of));
  return {
    monthToDate: total(({ monthToDate }) => monthToDate),
    sameDays: total(({ sameDays }) => sameDays),
    lastMonth: total(({ lastMonth }) => lastMonth),
  };
}

function monthOf(date: Day, { monthToDate, sameDays, lastMonth }: MonthSums, bands: Bands): MonthFigures {
  const forecast = divideRounded(monthToDate * BigInt(daysInMonth(date)), BigInt(dayOfMonth(date)));
  return {
    toDate: monthToDate,
    sameDays,
    change: changeOf(monthToDate, sameDays, bands),
    forecast,
    lastMonth,
    forecastChange: changeOf(forecast, lastMonth, bands),
  };
}

/** Several lines in one: what the mail says of the accounts that it does not show. */
export function sumLines(lines: readonly Line[], bands: Bands): Line {
  return lineOf(sum(lines.map(({ cost }) => cost)), sum(lines.map(({ previous }) => previous)), bands);
}

function bySize(a: AccountLine, b: AccountLine): number {
  return byLargest(sizeOf(a), sizeOf(b)) || compare(a.id, b.id);
}

function byChange(a: ServiceLine, b: ServiceLine): number {
  return (
    byLargest(absolute(a.change.difference), absolute(b.change.difference)) ||
    byLargest(sizeOf(a), sizeOf(b)) ||
    compare(a.name, b.name)
  );
}

function sizeOf({ cost, previous }: Line): Amount {
  const [now, before] = [absolute(cost), absolute(previous)];
  return now > before ? now : before;
}
