/** What the page of cost-report says is what the component and its function do. */
import * as assert from "node:assert/strict";
import { CostReport, type CostReportArgs } from "../../components/cost-report/cost-report";
import { configurationSetName } from "../../components/cost-report/mail";
import * as errors from "../../handlers/cost-report/errors";
import { parseEvent } from "../../handlers/cost-report/events";
import { METRIC_DIMENSION, METRIC_NAMESPACE, type MetricName } from "../../handlers/cost-report/settings";
import { PATTERNS } from "../../stacks/patterns";
import { deploy, ofType, type Registered } from "../support/mocks";
import type { Statement } from "../support/policies";
import { countsOf, countsTold, permissionsGiven, permissionsTold } from "./claims";
import { blocks, codes, read, rows, section } from "./markdown";

const page = read("docs/cost-report.md");

/** The page's minimal example; another test compiles it. */
const EXAMPLE: CostReportArgs = {
  sender: { address: "aws-costs@example.com", verification: { kind: "domain", hostedZone: { name: "example.com" } } },
  recipients: [{ address: "finance@example.com" }, { address: "web@example.com", accounts: ["222222222222"] }],
};

/** Every metric of the function; a missing one does not compile. */
const METRICS: Readonly<Record<MetricName, true>> = {
  ReportsSent: true,
  RecipientsRefused: true,
  DeliveriesInDoubt: true,
  EstimatedDays: true,
  DaysGivenUp: true,
  PartsMissing: true,
  CostExplorerPages: true,
};

/** What the page calls the resources that policies name. */
const RESOURCES: readonly [RegExp, string][] = [
  [/^\*$/, "`*`"],
  [/^arn:aws:s3:::costs-archive-bucket\/reports\/\*$/, "archived reports"],
  [/^arn:aws:s3:::costs-archive-bucket\/trend\/\*$/, "trend pages"],
  [/^arn:aws:s3:::costs-archive-bucket$/, "archive"],
  [/:table\/costs-deliveries$/, "table"],
  [/:identity\/example\.com$/, "sender's identity"],
  [/:configuration-set\/aws-patterns-test-costs-mail$/, "configuration set"],
  [/:costs-report-dead-letters-queue$/, "dead letters"],
  [/:function:costs-report-function$/, "function"],
  [/:costs-report-logs:log-stream:\*$/, "its log group"],
];

const CONDITIONS: Readonly<Record<string, string>> = {
  '{"StringLikeIfExists":{"s3:prefix":["reports/*"]}}': ", keys of reports",
  '{"StringEquals":{"ses:FromAddress":["aws-costs@example.com"]}}': ", from the sender's address",
};

function calledOnPage(arn: string, { Condition }: Statement): string {
  const name = RESOURCES.find(([pattern]) => pattern.test(arn))?.[1];
  assert.ok(name, `${arn} has no name on the page`);
  if (Condition === undefined) return name;
  const condition = CONDITIONS[JSON.stringify(Condition)];
  assert.ok(condition, `${JSON.stringify(Condition)} has no name on the page`);
  return `${name}${condition}`;
}

const number = (cell = ""): number => Number(cell.replaceAll(",", ""));

describe("the page of cost-report", () => {
  let resources: Registered[];
  before(async () => ({ resources } = await deploy(() => new CostReport("costs", EXAMPLE))));

  it("shows the example that is counted here", () => {
    const [example = ""] = blocks(section(page, "Minimal example"), "ts");
    const shown = example.replaceAll(/\s|,(?=\s*[}\])])/g, "").replaceAll(/(\w+):/g, '"$1":');
    assert.ok(shown.includes(`newCostReport("costs",${JSON.stringify(EXAMPLE)})`));
  });

  it("tells who may do what on which resource, and nothing else", () => {
    assert.deepEqual(permissionsTold(page), permissionsGiven(resources, /^costs-(\w+)-role$/, calledOnPage));
  });

  it("lists what the minimal example creates, and how many of each", () => {
    const table = rows(section(page, "What it creates")).filter(([type]) => type?.startsWith("`aws."));
    assert.deepEqual(countsTold(table), countsOf(resources));
  });

  it("says what to do for each alarm", () => {
    const reported = rows(section(page, "How to operate it")).map(([name = ""]) =>
      codes(name)[0]?.replace("…", "costs"),
    );
    const real = ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);
    assert.deepEqual(reported.sort(), real.sort());
    assert.ok(section(page, "Cost").includes(`| ${real.length} alarms at 0.10`));
  });

  it("names every error that the function throws, and every metric", () => {
    const named = codes(page);
    for (const name of [...Object.keys(errors), ...Object.keys(METRICS), METRIC_NAMESPACE, METRIC_DIMENSION]) {
      assert.ok(named.includes(name), name);
    }
  });

  it("invokes with what the function understands", () => {
    const commands = blocks(section(page, "How to operate it"), "sh").join("\n");
    const payloads = [...commands.matchAll(/--payload '(.*)'/g)].map(
      ([, payload = ""]) => JSON.parse(payload) as unknown,
    );
    assert.deepEqual(payloads.map(parseEvent), [
      { date: "2026-11-01", dryRun: false },
      { dryRun: true, recipient: "web@example.com" },
    ]);
  });

  it("names outputs of the stack that there are", async () => {
    const { result } = await deploy(() => PATTERNS["cost-report"]?.deploy("costs", EXAMPLE, {}));
    const operate = section(page, "How to operate it");
    const named = [...operate.matchAll(/'\.costs\.(\w+)'|<(\w+)>\/trend/g)].map(([, quoted, other]) => quoted ?? other);
    assert.deepEqual(named, ["functionName", "deadLetterQueueUrl", "bucketName"]);
    for (const name of named) assert.notEqual(result?.[name ?? ""], undefined, name);
  });

  it("reckons pages and their price as it says", () => {
    const text = section(page, "Cost");
    const [services, days, perPage, perMonth] = [60, 46, 5000, 0.01 * 30.4];
    assert.match(text.replaceAll(/\s+/g, " "), /at 5,000 rows, with 60 services an account and 46 days/);
    const tables = rows(text).filter((cells) => cells.length === 7);
    assert.equal(tables.length, 4);
    for (const [accounts, ...cells] of tables) {
      const count = number(accounts);
      const pages = (rowCount: number): number => Math.ceil(rowCount / perPage);
      const shared = pages(count * services * days);
      // The first page, then two days by service, and all of them by account.
      const byDefault = shared === 1 ? 1 : 1 + pages(count * services * 2) + pages(count * days);
      const dollars = (read_: number): number => Number((read_ * perMonth).toFixed(2));
      assert.deepEqual(cells.map(number), [
        count * services * days,
        byDefault,
        dollars(byDefault),
        shared,
        dollars(shared),
        count,
      ]);
    }
  });

  it("adds up what a month costs", () => {
    const monthly = rows(section(page, "Cost")).filter((cells) => cells.length === 3);
    const total = monthly.reduce((sum, [, usd]) => sum + number(usd), 0);
    assert.match(section(page, "Cost"), new RegExp(`about ${(Math.round(total * 10) / 10).toFixed(2)} USD`));
  });

  it("says how long the names of project, stack and component may be together", () => {
    const between = configurationSetName("").length - "aws-patterns".length - "test".length + "-mail".length;
    assert.ok(page.includes(`have at most ${64 - between} characters together`));
  });
});
