/** The costs that reports are made of: what was observed, for all accounts, before anybody's view of it. */
import type { Amount } from "./amounts";
import type { Day } from "../shared/days";
import type { Metric } from "./settings";

export interface ServiceCosts {
  readonly name: string;
  readonly cost: Amount;
  readonly previous: Amount;
}

export interface AccountCosts {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
  /** A cost for each of `Costs.days`. */
  readonly trend: readonly Amount[];
  readonly monthToDate: Amount;
  /** The days of last month that the month so far is compared with. */
  readonly sameDays: Amount;
  readonly lastMonth: Amount;
  readonly services: readonly ServiceCosts[];
}

export interface Costs {
  /** The day reported. */
  readonly date: Day;
  readonly metric: Metric;
  /** ISO 4217, as Cost Explorer returned it. */
  readonly currency: string;
  /** Days of the trend in order; the last is `date`. */
  readonly days: readonly Day[];
  /** Those of `days` that AWS still marks as estimated. */
  readonly estimated: readonly Day[];
  /** What is missing, in sentences for anyone who reads the report. Left out where nothing is. */
  readonly notes?: readonly string[];
  /** Sorted by id. */
  readonly accounts: readonly AccountCosts[];
}

/** By code unit, the same wherever it runs. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** An account that costs nothing. */
export function emptyAccount(id: string, days: number): AccountCosts {
  const trend = Array.from({ length: days }, () => 0n);
  return { id, name: id, trend, monthToDate: 0n, sameDays: 0n, lastMonth: 0n, services: [] };
}

export function hasCosts({ trend, monthToDate, lastMonth }: AccountCosts): boolean {
  return monthToDate !== 0n || lastMonth !== 0n || trend.some((amount) => amount !== 0n);
}
