/** What the organization has spent: made up, put into the local cloud's Cost Explorer, and asked for as anybody may. */
import { CostExplorerClient, GetCostAndUsageCommand, type ResultByTime } from "@aws-sdk/client-cost-explorer";
import type { StoryContext } from "../story";
import type { Cost } from "./expected";
import { costHistory } from "./history";

const MS_PER_DAY = 86_400_000;

export const isoDay = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** Yesterday in UTC, which the report is about. */
export const yesterday = (): string => isoDay(Date.now() - MS_PER_DAY);

/** Two months up to a day; what goes on on the last day is a spike, a new account, a vanished one and a credit. */
export function historyUntil(last: string) {
  const [year = 0, month = 0] = last.split("-").map(Number);
  return costHistory({ first: isoDay(Date.UTC(year, month - 2, 1)), last, services: 12 });
}

/** Puts a history into the bills of the organization's accounts, in place of whatever was there. */
export async function load({ endpoint }: StoryContext, last: string): Promise<void> {
  const { accounts, rows } = historyUntil(last);
  const url = `${endpoint}/_aws-patterns/costs`;
  await fetch(url, { method: "DELETE" });
  const body = {
    names: Object.fromEntries(accounts.map(({ id, name }) => [id, name])),
    // Small pages, so that one answer is several.
    pageSize: 500,
    rows: [...rows()].map(({ account, service, day, recordType, estimated, amounts }) => ({
      account,
      service,
      day,
      recordType,
      estimated,
      unblended: amounts.UnblendedCost,
    })),
  };
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the local cloud refused the costs: ${await answer.text()}`);
}

/** Cost Explorer's own answer, row by row. */
export async function rawAnswer({ client }: StoryContext, last: string): Promise<{ rows: Cost[]; pages: number }> {
  const explorer = new CostExplorerClient(client);
  const [year = 0, month = 0] = last.split("-").map(Number);
  const results: ResultByTime[] = [];
  let pages = 0;
  let NextPageToken: string | undefined;
  do {
    const answer = await explorer.send(
      new GetCostAndUsageCommand({
        TimePeriod: { Start: isoDay(Date.UTC(year, month - 2, 1)), End: isoDay(Date.parse(last) + MS_PER_DAY) },
        Granularity: "DAILY",
        Metrics: ["UnblendedCost"],
        GroupBy: ["LINKED_ACCOUNT", "SERVICE"].map((Key) => ({ Type: "DIMENSION", Key })),
        NextPageToken,
      }),
    );
    results.push(...(answer.ResultsByTime ?? []));
    pages += 1;
    ({ NextPageToken } = answer);
  } while (NextPageToken !== undefined);
  const rows = results.flatMap(({ TimePeriod, Groups = [] }) =>
    Groups.map(({ Keys = [], Metrics }): Cost => {
      const [account = "", service = ""] = Keys;
      const amounts = { UnblendedCost: Metrics?.UnblendedCost?.Amount ?? "0" };
      return { day: TimePeriod?.Start ?? "", account, service, amounts };
    }),
  );
  return { rows, pages };
}
