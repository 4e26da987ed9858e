/**
 * GetCostAndUsage over a cost history: filters, groups, pages and the flag for estimated days, as AWS documents them.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
 */
import type {
  Expression,
  GetCostAndUsageCommandInput,
  GetCostAndUsageCommandOutput,
  Group,
  ResultByTime,
} from "@aws-sdk/client-cost-explorer";
import type { CostRow, HistoryAccount, HistoryMetric } from "../local/stories/cost-report/history";

export interface CostAnswerOptions {
  readonly rows: Iterable<CostRow>;
  readonly accounts: readonly HistoryAccount[];
  /** Groups on one page. Default: 5,000. */
  readonly pageSize?: number;
  /** Default: USD. */
  readonly currencyOf?: (row: CostRow) => string;
}

type Answer = Omit<GetCostAndUsageCommandOutput, "$metadata">;

/** Every page of the answer, in order. */
export function costPages(input: GetCostAndUsageCommandInput, options: CostAnswerOptions): Answer[] {
  const { Start = "", End = "" } = input.TimePeriod ?? {};
  const metric = (input.Metrics?.[0] ?? "") as HistoryMetric;
  const days = new Map<string, { groups: Map<string, Sum>; estimated: boolean }>();
  for (let time = Date.parse(Start); time < Date.parse(End); time += 86_400_000) {
    days.set(new Date(time).toISOString().slice(0, 10), { groups: new Map(), estimated: false });
  }
  for (const row of options.rows) {
    const day = days.get(row.day);
    if (day === undefined) continue;
    // Whether a day is estimated does not depend on the filter.
    if (row.estimated) day.estimated = true;
    if (!matches(row, input.Filter)) continue;
    const keys = (input.GroupBy ?? []).map(({ Key }) => dimension(row, Key ?? ""));
    const id = keys.join("\u0000");
    const sum = day.groups.get(id) ?? { keys, amount: 0n, unit: options.currencyOf?.(row) ?? "USD" };
    sum.amount += toUnits(row.amounts[metric] ?? "");
    day.groups.set(id, sum);
  }
  return paginate(days, metric, options);
}

interface Sum {
  readonly keys: string[];
  amount: bigint;
  readonly unit: string;
}

function paginate(
  days: ReadonlyMap<string, { groups: Map<string, Sum>; estimated: boolean }>,
  metric: string,
  { accounts, pageSize = 5000 }: CostAnswerOptions,
): Answer[] {
  const pages: { results: ResultByTime[]; size: number }[] = [{ results: [], size: 0 }];
  for (const [day, { groups, estimated }] of days) {
    const all = [...groups.values()].map((sum): Group => toGroup(sum, metric));
    // A day without groups is in the answer too; a day with many goes on on the next page.
    for (let from = 0; from === 0 || from < all.length;) {
      let page = pages.at(-1) ?? { results: [], size: 0 };
      if (page.size >= pageSize) pages.push((page = { results: [], size: 0 }));
      const Groups = all.slice(from, from + pageSize - page.size);
      const End = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
      page.results.push({ TimePeriod: { Start: day, End }, Total: {}, Groups, Estimated: estimated });
      page.size += Groups.length;
      from += Math.max(1, Groups.length);
    }
  }
  return pages.map(({ results }, n) => ({
    ResultsByTime: results,
    DimensionValueAttributes: accounts.map(({ id, name }) => ({ Value: id, Attributes: { description: name } })),
    ...(n + 1 < pages.length && { NextPageToken: `page-${n + 1}` }),
  }));
}

function toGroup({ keys, amount, unit }: Sum, metric: string): Group {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(11, "0");
  const text = `${amount < 0n ? "-" : ""}${digits.slice(0, -10)}.${digits.slice(-10)}`;
  return { Keys: keys, Metrics: { [metric]: { Amount: text.replace(/\.?0+$/, ""), Unit: unit } } };
}

/** Ten decimals, as the history has them. */
function toUnits(decimal: string): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(10, "0"));
}

function matches(row: CostRow, filter: Expression | undefined): boolean {
  if (filter === undefined) return true;
  const { And, Or, Not, Dimensions, ...others } = filter;
  if (Object.keys(others).length > 0) throw new Error(`Cannot filter by ${JSON.stringify(others)}`);
  if (And !== undefined) return And.every((it) => matches(row, it));
  if (Or !== undefined) return Or.some((it) => matches(row, it));
  if (Not !== undefined) return !matches(row, Not);
  return Dimensions?.Values?.includes(dimension(row, Dimensions.Key ?? "")) ?? true;
}

function dimension(row: CostRow, key: string): string {
  switch (key) {
    case "LINKED_ACCOUNT":
      return row.account;
    case "SERVICE":
      return row.service;
    case "RECORD_TYPE":
      return row.recordType;
    default:
      throw new Error(`Cannot group or filter by "${key}"`);
  }
}
