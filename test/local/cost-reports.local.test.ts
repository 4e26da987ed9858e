import * as assert from "node:assert/strict";
import {
  CostExplorerClient,
  GetCostAndUsageCommand,
  type Expression,
  type GetCostAndUsageCommandInput,
  type GroupDefinition,
  type ResultByTime,
} from "@aws-sdk/client-cost-explorer";
import { bootstrapOrganization } from "../../local/organization";
import { startTestCloud, type TestCloud } from "../support/cloud";

const MANAGEMENT = "840000000001";
const MEMBER = "840000000002";
const OTHER = "840000000003";

/** A day of the month that began `months` ago, as Cost Explorer writes it. */
function day(months: number, ofMonth: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, ofMonth)).toISOString().slice(0, 10);
}

const LINKED: GroupDefinition = { Type: "DIMENSION", Key: "LINKED_ACCOUNT" };
const SERVICE: GroupDefinition = { Type: "DIMENSION", Key: "SERVICE" };
const dimension = (Key: "RECORD_TYPE" | "LINKED_ACCOUNT" | "SERVICE", ...Values: string[]): Expression => ({
  Dimensions: { Key, Values },
});

describe("the local cloud's cost reports", () => {
  let cloud: TestCloud;
  let client: CostExplorerClient;

  before(async () => {
    cloud = await startTestCloud();
    await bootstrapOrganization(cloud, MANAGEMENT, [MEMBER, OTHER]);
    client = new CostExplorerClient(cloud.as(MANAGEMENT));
  });
  after(() => cloud.stop());
  beforeEach(() => admin("DELETE", "costs"));

  const admin = async (method: string, path: string, body?: unknown): Promise<string> => {
    const url = `${cloud.endpoint}/_aws-patterns/${path}`;
    const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  };
  const row = (account: string, service: string, on: string, unblended: string, more: object = {}) => ({
    account,
    service,
    day: on,
    unblended,
    ...more,
  });
  const load = (...rows: object[]) => admin("POST", "costs", { rows });
  const ask = (more: Partial<GetCostAndUsageCommandInput> = {}, as = client) =>
    as.send(
      new GetCostAndUsageCommand({
        TimePeriod: { Start: day(1, 1), End: day(0, 1) },
        Granularity: "MONTHLY",
        Metrics: ["UnblendedCost"],
        ...more,
      }),
    );
  const total = (result: ResultByTime | undefined) => result?.Total?.["UnblendedCost"]?.Amount;
  const groups = (result: ResultByTime | undefined) =>
    result?.Groups?.map(({ Keys, Metrics }) => [...(Keys ?? []), Metrics?.["UnblendedCost"]?.Amount]);

  it("add decimals without an error, by month and by day", async () => {
    await load(
      row(MEMBER, "AWS Lambda", day(1, 2), "0.1"),
      row(MEMBER, "AWS Lambda", day(1, 2), "0.2"),
      row(OTHER, "Amazon SQS", day(1, 3), "-0.05", { recordType: "Credit" }),
      row(OTHER, "Amazon SQS", day(2, 28), "7"),
    );
    const { ResultsByTime, GroupDefinitions } = await ask();
    assert.deepEqual(ResultsByTime, [
      {
        TimePeriod: { Start: day(1, 1), End: day(0, 1) },
        Total: { UnblendedCost: { Amount: "0.25", Unit: "USD" } },
        Groups: [],
        Estimated: false,
      },
    ]);
    assert.equal(GroupDefinitions, undefined);
    const daily = await ask({ Granularity: "DAILY", TimePeriod: { Start: day(1, 1), End: day(1, 4) } });
    assert.deepEqual(daily.ResultsByTime?.map(total), ["0", "0.3", "-0.05"]);
    const months = await ask({ TimePeriod: { Start: day(2, 28), End: day(1, 3) } });
    assert.deepEqual(
      months.ResultsByTime?.map((result) => [result.TimePeriod, total(result)]),
      [
        [{ Start: day(2, 28), End: day(1, 1) }, "7"],
        [{ Start: day(1, 1), End: day(1, 3) }, "0.3"],
      ],
    );
  });

  it("group by account and service, and name the accounts", async () => {
    await admin("POST", "costs", {
      names: { [MEMBER]: "edge" },
      rows: [
        row(MEMBER, "AWS Lambda", day(1, 2), "1"),
        row(MEMBER, "Amazon SQS", day(1, 2), "2"),
        row(OTHER, "Amazon SQS", day(1, 2), "3", { tags: { owner: "core" } }),
      ],
    });
    const both = await ask({ GroupBy: [LINKED, SERVICE] });
    assert.deepEqual(groups(both.ResultsByTime?.[0]), [
      [MEMBER, "AWS Lambda", "1"],
      [MEMBER, "Amazon SQS", "2"],
      [OTHER, "Amazon SQS", "3"],
    ]);
    assert.deepEqual(both.GroupDefinitions, [LINKED, SERVICE]);
    assert.deepEqual(both.ResultsByTime?.[0]?.Total, {});
    assert.deepEqual(both.DimensionValueAttributes, [
      { Value: MEMBER, Attributes: { description: "edge" } },
      { Value: OTHER, Attributes: { description: `Account ${OTHER}` } },
    ]);
    const byTag = await ask({ GroupBy: [{ Type: "TAG", Key: "owner" }] });
    assert.deepEqual(groups(byTag.ResultsByTime?.[0]), [
      ["owner$", "3"],
      ["owner$core", "3"],
    ]);
    assert.deepEqual(byTag.DimensionValueAttributes, []);
  });

  it("filter by expressions, and know every metric", async () => {
    await load(
      row(MEMBER, "AWS Lambda", day(1, 2), "10", {
        blended: "9",
        amortized: "8",
        netUnblended: "7",
        netAmortized: "6",
        usage: "5",
      }),
      row(MEMBER, "AWS Lambda", day(1, 2), "-4", { recordType: "Credit" }),
      row(OTHER, "Tax", day(1, 2), "2", { recordType: "Tax" }),
    );
    const filtered = async (Filter: Expression) => total((await ask({ Filter })).ResultsByTime?.[0]);
    const credits = dimension("RECORD_TYPE", "Credit", "Refund");
    assert.equal(await filtered({ Not: credits }), "12");
    assert.equal(await filtered({ And: [{ Not: credits }, dimension("LINKED_ACCOUNT", MEMBER)] }), "10");
    assert.equal(await filtered({ Or: [credits, dimension("SERVICE", "Tax")] }), "-2");
    const metrics = ["BlendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost", "UsageQuantity"];
    const { ResultsByTime } = await ask({ Metrics: metrics, Filter: dimension("RECORD_TYPE", "Usage") });
    assert.deepEqual(
      metrics.map((metric) => ResultsByTime?.[0]?.Total?.[metric]?.Amount),
      ["9", "8", "7", "6", "5"],
    );
  });

  it("come page by page, a period's groups over several, with a token that belongs to its request", async () => {
    await admin("POST", "costs", {
      pageSize: 2,
      rows: ["a", "b", "c"].flatMap((name) => [row(MEMBER, name, day(1, 1), "1"), row(MEMBER, name, day(1, 2), "2")]),
    });
    const question = {
      GroupBy: [SERVICE],
      Granularity: "DAILY" as const,
      TimePeriod: { Start: day(1, 1), End: day(1, 3) },
    };
    const pages: (string | undefined)[][] = [];
    let NextPageToken: string | undefined;
    do {
      const answer = await ask({ ...question, NextPageToken });
      const keys = answer.ResultsByTime?.flatMap((result) =>
        (result.Groups ?? []).map(({ Keys }) => `${result.TimePeriod?.Start} ${Keys?.[0]}`),
      );
      pages.push(keys ?? []);
      NextPageToken = answer.NextPageToken;
    } while (NextPageToken !== undefined);
    const [first, second] = [day(1, 1), day(1, 2)];
    assert.deepEqual(pages, [
      [`${first} a`, `${first} b`],
      [`${first} c`, `${second} a`],
      [`${second} b`, `${second} c`],
    ]);
    const token = (await ask(question)).NextPageToken;
    await assert.rejects(ask({ ...question, Metrics: ["BlendedCost"], NextPageToken: token }), {
      name: "RequestChangedException",
    });
    await assert.rejects(ask({ ...question, NextPageToken: "x" }), { name: "InvalidNextTokenException" });
  });

  it("are estimated while the period lasts, or when its rows are", async () => {
    await load(row(MEMBER, "a", day(1, 1), "1"), row(MEMBER, "a", day(2, 1), "1", { estimated: true }));
    const { ResultsByTime } = await ask({ TimePeriod: { Start: day(3, 1), End: day(-1, 1) } });
    assert.deepEqual(
      ResultsByTime?.map(({ Estimated }) => Estimated),
      [false, true, false, true],
    );
  });

  it("show a member account its own costs only", async () => {
    await load(row(MEMBER, "a", day(1, 1), "1"), row(OTHER, "a", day(1, 1), "2"));
    const member = new CostExplorerClient(cloud.as(MEMBER));
    assert.equal(total((await ask({}, member)).ResultsByTime?.[0]), "1");
    assert.equal(total((await ask()).ResultsByTime?.[0]), "3");
    const stranger = new CostExplorerClient(cloud.as("840000000009"));
    await assert.rejects(ask({}, stranger), { name: "DataUnavailableException" });
  });

  it("are refused in AWS's words", async () => {
    await load(row(MEMBER, "a", day(1, 1), "1"));
    const refused = (more: Partial<GetCostAndUsageCommandInput>, message: RegExp) =>
      assert.rejects(ask(more), { name: "ValidationException", message }, String(message));
    const period = (Start: string, End: string) => ({ TimePeriod: { Start, End } });
    await refused(period(day(1, 1), day(1, 1)), /^Start date \(and hour\) should be before end date \(and hour\)$/);
    await refused(period(day(1, 1), day(-1, 2)), /^end date past the beginning of next month$/);
    await refused(period(day(15, 2), day(1, 1)), /start date needs to be the first day of the month/);
    await refused({ ...period(day(15, 1), day(1, 1)), Granularity: "DAILY" }, /MONTHLY granularity only/);
    await refused(period("yesterday", day(1, 1)), /regular expression pattern/);
    await refused({ Granularity: "HOURLY" }, /opt-in/);
    await refused({ Metrics: ["Cost"] }, /Metric Cost is invalid/);
    await refused({ Metrics: [] }, /cannot be empty/);
    await refused({ GroupBy: [LINKED, SERVICE, SERVICE] }, /at most 2 groups/);
    await refused({ GroupBy: [{ Type: "DIMENSION", Key: "AZ" }] }, /cannot be grouped by DIMENSION AZ/);
    await refused({ Filter: {} }, /exactly one root operator/);
    await refused({ Filter: { And: [dimension("SERVICE", "a")] } }, /at least 2 operands/);
    await refused({ Filter: { ...dimension("SERVICE", "a"), Not: dimension("SERVICE", "b") } }, /Not, Dimensions/);
    await refused({ Filter: { Dimensions: { Key: "AZ", Values: ["a"] } } }, /cannot be filtered by AZ/);
    await refused({ Filter: dimension("SERVICE") }, /cannot be empty/);
    await assert.rejects(ask(period(day(40, 1), day(39, 1))), { name: "BillExpirationException" });
  });

  it("fail on request, as often as requested", async () => {
    await load(row(MEMBER, "a", day(1, 1), "1"));
    await admin("POST", `cost-fault?error=LimitExceededException&count=2&account=${MANAGEMENT}`);
    for (let i = 0; i < 2; i++) await assert.rejects(ask(), { name: "LimitExceededException" });
    await ask();
    await admin("POST", "cost-fault?error=DataUnavailableException");
    await assert.rejects(ask(), { name: "DataUnavailableException" });
    await ask();
  });

  it("take no costs that are none, and then nothing of them", async () => {
    const good = row(MEMBER, "a", day(1, 1), "1");
    for (const [bad, message] of [
      [{ ...good, unblended: "much" }, /rows\[1\]\.unblended is 'much', which is no amount/],
      [{ ...good, account: "edge" }, /rows\[1\]\.account is 'edge'; it has 12 digits/],
      [{ ...good, day: "today" }, /rows\[1\]\.day is 'today'; it looks like 2026-07-31/],
      [{ ...good, recordType: "Gift" }, /rows\[1\]\.recordType is 'Gift'; it is one of Usage/],
      [{ ...good, cost: 1 }, /rows\[1\] has cost; a row has account/],
      [{ account: MEMBER }, /rows\[1\] lacks service/],
    ] as const) {
      await assert.rejects(load(good, bad), { message });
    }
    await assert.rejects(admin("POST", "costs", { pageSize: 0 }), /pageSize is 0; it is a whole number/);
    await assert.rejects(admin("POST", "cost-fault?error=Fire"), /error is 'Fire'; it is one of LimitExceeded/);
    await assert.rejects(admin("POST", "costs", []), /costs are an object/);
    await assert.rejects(ask(), { name: "DataUnavailableException" });
  });
});
