import type { Expression, GetCostAndUsageCommandInput, GroupDefinition } from "@aws-sdk/client-cost-explorer";
import { pages } from "../shared/pages";
import type { Call } from "../shared/retry";
import { absolute, type Amount, parseAmount, sum } from "./amounts";
import type { CostReader } from "./apis";
import { compare, type AccountCosts, type Costs } from "./costs";
import { type Period, periodOf } from "./days";
import { addDays, type Day } from "../shared/days";
import {
  CostDataChangedError,
  CostDataMalformedError,
  CostDataNotReadyError,
  CostExplorerNotEnabledError,
  NoCostDataError,
} from "./errors";
import { Ledger } from "./ledger";
import type { FullSettings } from "./settings";

/** What a reading needs of the settings. */
export type CostQuery = Pick<FullSettings, "metric" | "recordTypes" | "accounts" | "trendDays" | "monthQuery">;

const ACCOUNT: GroupDefinition = { Type: "DIMENSION", Key: "LINKED_ACCOUNT" };
const SERVICE: GroupDefinition = { Type: "DIMENSION", Key: "SERVICE" };

/** The costs, and what else the answer says. */
export interface CostAnswer extends Costs {
  readonly names: ReadonlyMap<string, string>;
  /** The earlier days of the reading with costs. */
  readonly daysWithCosts: ReadonlySet<Day>;
  /** The first day that Cost Explorer has figures of, where that is not the first one asked for. */
  readonly begins?: Day;
}

/** Two queries may round differently, but not by as much as this. */
const ROUNDING: Amount = parseAmount("0.01") ?? 0n;

/**
 * Reads the costs of every account around a day: the day, the day before and the trend, this month so far and last
 * month. The number of calls is the number of pages, whatever the number of accounts. A page that cannot be read makes
 * the whole reading fail.
 *
 * @param onPage called for each page that was read, and has to be paid
 */
export async function readCosts(
  api: CostReader,
  call: Call,
  day: Day,
  query: CostQuery,
  onPage: () => void,
): Promise<CostAnswer> {
  const period = periodOf(day, query.trendDays);
  const { month, byService } = await readLedgers(period, query, (reading) =>
    readLedger(api, call, { ...reading, day, query }, onPage),
  );
  const { currency } = month.finish();
  if (month !== byService) ensureSame(byService, month);
  if (currency === undefined) throw new NoCostDataError(period.sameDays.first, day);
  const { begins = day } = month;
  return {
    date: day,
    metric: query.metric,
    currency,
    days: period.trend,
    estimated: period.trend.filter((it) => month.estimated.has(it)),
    accounts: [...month.accounts.keys()].sort(compare).map((id) => accountCosts(id, period, month, byService)),
    names: new Map([...month.names, ...byService.names]),
    daysWithCosts: new Set(month.days.filter((it) => month.hasCosts(it))),
    ...(begins > period.sameDays.first && { begins }),
  };
}

/** The answers that a report is made of; one and the same where one query answers everything. */
interface Ledgers {
  readonly month: Ledger;
  readonly byService: Ledger;
}

interface Reading {
  readonly first: Day;
  readonly groups: GroupDefinition[];
  /** Reading stops after so many pages. Default: it goes on to the last one. */
  readonly mostPages?: number;
}

interface Answer {
  readonly ledger: Ledger;
  /** Whether the last page was read. */
  readonly isWhole: boolean;
}

/**
 * One query for everything has a row for every account, service and day of up to two months. Where these do not fit a
 * page, two queries have far fewer: the two days that are compared by service, and all days by account.
 */
async function readLedgers(
  { day, sameDays: { first } }: Period,
  { monthQuery }: CostQuery,
  read: (reading: Reading) => Promise<Answer>,
): Promise<Ledgers> {
  if (monthQuery !== "separate") {
    const limit = monthQuery === "auto" ? { mostPages: 1 } : {};
    const { ledger, isWhole } = await read({ first, groups: [ACCOUNT, SERVICE], ...limit });
    if (isWhole) return { month: ledger, byService: ledger };
  }
  const byService = await read({ first: addDays(day, -1), groups: [ACCOUNT, SERVICE] });
  byService.ledger.finish();
  const month = await read({ first, groups: [ACCOUNT] });
  return { month: month.ledger, byService: byService.ledger };
}

async function readLedger(
  api: CostReader,
  call: Call,
  { first, day, groups, query, mostPages = Infinity }: Reading & { readonly day: Day; readonly query: CostQuery },
  onPage: () => void,
): Promise<Answer> {
  const ledger = new Ledger({ metric: query.metric, first, last: day });
  const filter = filterOf(query);
  const input: GetCostAndUsageCommandInput = {
    TimePeriod: { Start: first, End: addDays(day, 1) },
    Granularity: "DAILY",
    Metrics: [query.metric],
    GroupBy: groups,
    ...(filter !== undefined && { Filter: filter }),
  };
  const seen = new Set<string>();
  const ask = (NextPageToken: string | undefined) =>
    call("reading the costs", () =>
      translating(day, () => api.getCostAndUsage({ ...input, ...(NextPageToken !== undefined && { NextPageToken }) })),
    );
  let count = 0;
  for await (const page of pages(ask, ({ NextPageToken }) => NextPageToken)) {
    onPage();
    count += 1;
    ledger.addPage(page.ResultsByTime ?? [], page.DimensionValueAttributes ?? []);
    const { NextPageToken: next = "" } = page;
    if (next === "") break;
    if (count >= mostPages) return { ledger, isWhole: false };
    if (seen.has(next)) {
      throw new CostDataMalformedError("Cost Explorer named a page again that it had given before");
    }
    seen.add(next);
  }
  return { ledger, isWhole: true };
}

/** Which accounts and record types; undefined for all. */
export function filterOf({
  accounts,
  recordTypes,
}: Pick<CostQuery, "accounts" | "recordTypes">): Expression | undefined {
  const parts = [choose("LINKED_ACCOUNT", accounts), choose("RECORD_TYPE", recordTypes)].filter(
    (it) => it !== undefined,
  );
  return parts.length > 1 ? { And: parts } : parts[0];
}

function choose(Key: "LINKED_ACCOUNT" | "RECORD_TYPE", choice: CostQuery["accounts"]): Expression | undefined {
  if (choice === undefined) return undefined;
  const dimension = (values: readonly string[]): Expression => ({ Dimensions: { Key, Values: [...values] } });
  if ("include" in choice) return dimension(choice.include);
  return choice.exclude.length === 0 ? undefined : { Not: dimension(choice.exclude) };
}

/** Cost Explorer has names of its own for throttling and for data that is still being made. */
async function translating<T>(day: Day, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "AccessDeniedException" && /\benabled?\b(?!.*not authorized)/i.test(error.message)) {
      throw new CostExplorerNotEnabledError(error.message, { cause: error });
    }
    if (error.name === "LimitExceededException") {
      throw Object.assign(new Error(error.message, { cause: error }), { name: "ThrottlingException" });
    }
    if (error.name === "DataUnavailableException" || error.name === "BillExpirationException") {
      throw new CostDataNotReadyError(day, error.message, { cause: error });
    }
    throw error;
  }
}

function ensureSame(byService: Ledger, month: Ledger): void {
  const offset = month.days.length - byService.days.length;
  for (const [id, sums] of byService.accounts) {
    byService.days.forEach((day, n) => {
      const other = month.accounts.get(id)?.[n + offset] ?? 0n;
      if (absolute((sums[n] ?? 0n) - other) > ROUNDING) throw new CostDataChangedError(id, day);
    });
  }
}

function accountCosts(id: string, period: Period, month: Ledger, byService: Ledger): AccountCosts {
  const sums = month.accounts.get(id) ?? [];
  const between = (first: Day, last: Day): Amount =>
    sum(sums.filter((_, n) => (month.days[n] ?? "") >= first && (month.days[n] ?? "") <= last));
  // With two queries the services come from the first, and so do the two days that they are parts of.
  const compared = byService.accounts.get(id) ?? byService.days.map(() => 0n);
  return {
    id,
    name: id,
    trend: [...sums.slice(-period.trend.length, -2), ...compared.slice(-2)],
    monthToDate: between(period.monthStart, period.day),
    sameDays: between(period.sameDays.first, period.sameDays.last),
    lastMonth: between(period.sameDays.first, period.lastMonthEnd),
    services: [...(byService.services.get(id) ?? [])]
      .map(([name, [cost, previous]]) => ({ name, cost, previous }))
      .sort((a, b) => compare(a.name, b.name)),
  };
}
