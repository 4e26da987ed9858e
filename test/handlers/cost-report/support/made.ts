/** A report made from a generated history the short way. */
import type { GetCostAndUsageCommandInput } from "@aws-sdk/client-cost-explorer";
import { readCosts } from "../../../../handlers/cost-report/cost-explorer";
import type { Costs } from "../../../../handlers/cost-report/costs";
import { type CostReportSettings, withDefaults } from "../../../../handlers/cost-report/settings";
import type { CostHistory } from "../../../../local/stories/cost-report/history";
import { pagesOf } from "./pages";

export const SETTINGS = withDefaults({
  reportId: "project/stack/costs",
  recipients: [{ address: "ann@example.com" }],
  sender: "AWS costs <costs@example.com>",
  bucketName: "archive",
  tableName: "deliveries",
});

/** The costs of a history on a day, with its own account names. */
export async function costsOf(
  history: CostHistory,
  day: string,
  settings: Partial<CostReportSettings> = {},
): Promise<Costs> {
  const api = {
    getCostAndUsage: async ({ NextPageToken, ...input }: GetCostAndUsageCommandInput) => {
      const pages = pagesOf(history, input, { pageSize: 1_000_000 });
      return pages[Number((NextPageToken ?? "page-0").slice(5))] ?? {};
    },
  };
  const call = <T>(_: string, operation: () => Promise<T>): Promise<T> => operation();
  const answer = await readCosts(api, call, day, { ...SETTINGS, ...settings }, () => undefined);
  const { names: _, daysWithCosts: __, begins: ___, ...costs } = answer;
  const known = new Map(history.accounts.map((account) => [account.id, account]));
  return { ...costs, accounts: costs.accounts.map((it) => ({ ...it, ...known.get(it.id) })) };
}
