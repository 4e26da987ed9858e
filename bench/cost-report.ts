/**
 * What a daily report costs in calls of Cost Explorer, a cent each, for 1 to 1,000 accounts with 60 services each: ours,
 * as it is by default, beside one query for each account, which is how the architecture's first description reads them;
 * and what it takes to render the mail for 1,000 accounts with 60 services each, in a process of its own. Cost Explorer is
 * simulated, with 5,000 groups a page.
 */
import { join } from "node:path";
import { execa } from "execa";
import { readCosts } from "../handlers/cost-report/cost-explorer";
import { type CostReportSettings, withDefaults } from "../handlers/cost-report/settings";
import { costHistory, type CostRow } from "../local/stories/cost-report/history";
import { costPages } from "../fakes/cost-and-usage";
import type { Rendering } from "./cost-report/render";
import { atMost, type BenchResult, type Figures, type Progress } from "./support/benchmark";
import { rounded } from "./support/statistics";

const SIZES = [1, 10, 100, 1000];
const SERVICES = 60;
const PAGE = 5000;
const FIRST = "2026-10-01";
/** Late in a month, when there is most to read. */
const DAY = "2026-11-23";
const DOLLARS_PER_CALL = 0.01;
const PEER = "one query per account";

const settings: CostReportSettings = {
  reportId: "bench",
  recipients: [{ address: "finance@example.com" }],
  sender: "costs@example.com",
  bucketName: "archive",
  tableName: "deliveries",
};

/** Rows that the answer to a query begins with; more than two pages of it are never read by default. */
function* beginning(rows: Iterable<CostRow>): Generator<CostRow> {
  let count = 0;
  for (const row of rows) {
    if (count > 2 * PAGE) return;
    count += 1;
    yield row;
  }
}

/** The number of calls. */
async function ours(accounts: number): Promise<number> {
  const history = costHistory({ first: FIRST, last: DAY, accounts, services: SERVICES, metrics: ["UnblendedCost"] });
  const answers = new Map<string, ReturnType<typeof costPages>>();
  let calls = 0;
  const api = {
    getCostAndUsage: ({ NextPageToken, ...input }: Parameters<typeof costPages>[0]) => {
      calls += 1;
      const key = JSON.stringify(input);
      const isWhole = input.GroupBy?.length === 2 && input.TimePeriod?.Start === FIRST;
      const rows = isWhole ? beginning(history.rows()) : history.rows();
      const pages = answers.get(key) ?? costPages(input, { rows, accounts: history.accounts, pageSize: PAGE });
      answers.set(key, pages);
      const index =
        NextPageToken === undefined ? 0 : pages.findIndex((page) => page.NextPageToken === NextPageToken) + 1;
      return Promise.resolve(pages[index] ?? {});
    },
  };
  const call = <T>(_: string, operation: () => Promise<T>): Promise<T> => operation();
  await readCosts(api, call, DAY, withDefaults(settings), () => undefined);
  return calls;
}

function figuresOf(callsFor: ReadonlyMap<number, number>): Figures {
  const entries = [...callsFor].flatMap(([accounts, calls]) => [
    [`callsFor${accounts}Accounts`, calls] as const,
    [`dollarsFor${accounts}Accounts`, rounded(calls * DOLLARS_PER_CALL)] as const,
  ]);
  return Object.fromEntries(entries);
}

async function rendering(): Promise<Rendering> {
  const script = join(__dirname, "cost-report", "render.ts");
  const { stdout } = await execa(process.execPath, ["-r", "./scripts/register.cjs", script], {
    cwd: join(__dirname, ".."),
  });
  return JSON.parse(stdout) as Rendering;
}

export async function run(progress: Progress): Promise<BenchResult> {
  const callsFor = new Map<number, number>();
  for (const accounts of SIZES) {
    progress(`reading the costs of ${accounts} accounts`);
    callsFor.set(accounts, await ours(accounts));
  }
  progress(`rendering the mail of ${SIZES.at(-1)} accounts`);
  const { seconds, megabytes, htmlKilobytes } = await rendering();
  const own = figuresOf(callsFor);
  // A query for each account fits a page.
  const peer = figuresOf(new Map(SIZES.map((accounts) => [accounts, accounts])));
  return {
    ours: { ...own, renderSeconds: rounded(seconds), renderMegabytes: rounded(megabytes), htmlKilobytes },
    peers: { [PEER]: peer },
    ratio: Object.fromEntries(
      SIZES.map((size) => [
        `calls for ${size} accounts`,
        rounded((own[`callsFor${size}Accounts`] ?? NaN) / (peer[`callsFor${size}Accounts`] ?? NaN)),
      ]),
    ),
    goals: [
      atMost("calls for 1 account", callsFor.get(1) ?? Infinity, 1),
      atMost("calls for 1,000 accounts", callsFor.get(1000) ?? Infinity, 40),
      atMost("seconds to render 1,000 accounts × 60 services", seconds, 3),
      atMost("megabytes of the process that renders them", megabytes, 256),
      atMost("kilobytes of HTML", htmlKilobytes, 100),
    ],
    notes: [
      "Every account has a cost for every service and day, which is the most that there can be to read.",
      "Where that does not fit the first page, the month is read by a query of its own (monthQuery: auto, the default).",
    ],
  };
}
