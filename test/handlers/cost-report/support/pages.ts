/** What Cost Explorer answers over a cost history; worked out once, since many tests ask the same of the same costs. */
import type { GetCostAndUsageCommandInput } from "@aws-sdk/client-cost-explorer";
import { type CostAnswerOptions, costPages } from "../../../../fakes/cost-and-usage";
import { type CostHistory, costHistory } from "../../../../local/stories/cost-report/history";

/** The costs of six accounts, up to the day that most tests report. */
export const HISTORY = costHistory({ first: "2026-10-01", last: "2026-11-12" });

type Pages = ReturnType<typeof costPages>;

const known = new WeakMap<CostHistory, Map<string, Pages>>();

/** Every page of the answer, in order. */
export function pagesOf(
  history: CostHistory,
  input: GetCostAndUsageCommandInput,
  options: Pick<CostAnswerOptions, "pageSize" | "currencyOf"> = {},
): Pages {
  const make = (): Pages => costPages(input, { rows: history.rows(), accounts: history.accounts, ...options });
  // Functions cannot be compared.
  if (options.currencyOf !== undefined) return make();
  const answers = known.get(history) ?? new Map<string, Pages>();
  known.set(history, answers);
  const key = JSON.stringify([input, options.pageSize]);
  const pages = answers.get(key) ?? make();
  answers.set(key, pages);
  return pages;
}
