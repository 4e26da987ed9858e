/** From a month's summaries to the figures of its trend page: pure. */
import { type Amount, byLargest, sum } from "../amounts";
import type { Summary } from "../archive";
import { type Change, changeOf } from "../change";
import { compare } from "../costs";
import { type Day, daysBetween, firstOfMonth } from "../../shared/days";
import type { Bands } from "../settings";

export interface TrendDay {
  readonly date: Day;
  /** Undefined where no report is in the archive. */
  readonly total?: Amount;
  readonly estimated: boolean;
  /** Against the day before, where that was reported too. */
  readonly change?: Change;
}

export interface TrendAccount {
  readonly id: string;
  readonly name: string;
  /** Over all days reported. */
  readonly cost: Amount;
  /** A cost for each of `Trend.days`. */
  readonly daily: readonly Amount[];
}

export interface Trend {
  readonly currency: string;
  /** From the first of the month to the last day reported. */
  readonly days: readonly TrendDay[];
  readonly total: Amount;
  /** Most expensive first, then by id. */
  readonly accounts: readonly TrendAccount[];
  /** Days in another currency, or in a form that this version does not read. */
  readonly leftOut: readonly Day[];
}

/** Undefined where there is nothing to show. The month's currency is that of its last report. */
export function makeTrend(summaries: readonly Summary[], unreadable: readonly Day[], bands: Bands): Trend | undefined {
  const sorted = [...summaries].sort((a, b) => compare(a.date, b.date));
  const last = sorted.at(-1);
  if (last === undefined) return undefined;
  const { currency, date } = last;
  const used = new Map(sorted.filter((it) => it.currency === currency).map((it) => [it.date, it]));
  const dates = daysBetween(firstOfMonth(date), date);
  const days = dates.map((day, n): TrendDay => {
    const now = used.get(day);
    const before = used.get(dates[n - 1] ?? "");
    return {
      date: day,
      estimated: now?.estimated ?? false,
      ...(now !== undefined && { total: now.total }),
      ...(now !== undefined && before !== undefined && { change: changeOf(now.total, before.total, bands) }),
    };
  });
  return {
    currency,
    days,
    total: sum([...used.values()].map(({ total }) => total)),
    accounts: accountsOf(dates, used),
    leftOut: [...unreadable, ...sorted.filter((it) => it.currency !== currency).map((it) => it.date)].sort(compare),
  };
}

function accountsOf(dates: readonly Day[], used: ReadonlyMap<Day, Summary>): TrendAccount[] {
  const names = new Map<string, string>();
  const daily = new Map<string, Amount[]>();
  dates.forEach((day, n) => {
    for (const { id, name, cost } of used.get(day)?.accounts ?? []) {
      // The latest name is the one that people know.
      names.set(id, name);
      const costs = daily.get(id) ?? dates.map(() => 0n);
      costs[n] = cost;
      daily.set(id, costs);
    }
  });
  return [...daily]
    .map(([id, costs]) => ({ id, name: names.get(id) ?? id, daily: costs, cost: sum(costs) }))
    .sort((a, b) => byLargest(a.cost, b.cost) || compare(a.id, b.id));
}
