import * as assert from "node:assert/strict";
import type { GetCostAndUsageCommandInput, GetCostAndUsageCommandOutput } from "@aws-sdk/client-cost-explorer";
import { toDecimal } from "../../../handlers/cost-report/amounts";
import { type CostQuery, filterOf, readCosts } from "../../../handlers/cost-report/cost-explorer";
import type { Call } from "../../../handlers/shared/retry";
import { type CostHistory, costHistory, type CostRow } from "../../../local/stories/cost-report/history";
import { awsError } from "../../../fakes/wire";
import { Expected, unitsOf } from "../../../local/stories/cost-report/expected";
import { SETTINGS } from "./support/made";
import { HISTORY, pagesOf } from "./support/pages";

type Answer = Omit<GetCostAndUsageCommandOutput, "$metadata">;

const DAY = "2026-11-12";
const QUERY: CostQuery = { metric: "UnblendedCost", trendDays: 7, monthQuery: "shared" };
const once: Call = (_, operation) => operation();

class Reader {
  readonly requests: GetCostAndUsageCommandInput[] = [];
  pages = 0;

  constructor(
    private readonly options: {
      history?: CostHistory;
      pageSize?: number;
      currencyOf?: (row: CostRow) => string;
      /** Changes an answer before it is given. */
      spoil?: (answer: Answer, request: number) => Answer;
    } = {},
  ) {}

  read(query: Partial<CostQuery> = {}, day = DAY) {
    const { history: asked = HISTORY, spoil = (answer) => answer, ...options } = this.options;
    const api = {
      getCostAndUsage: async ({ NextPageToken, ...input }: GetCostAndUsageCommandInput): Promise<Answer> => {
        this.requests.push({ ...input, ...(NextPageToken !== undefined && { NextPageToken }) });
        const pages = pagesOf(asked, input, options);
        const page = pages[Number((NextPageToken ?? "page-0").slice(5))];
        return spoil(page ?? assert.fail("no such page"), this.requests.length);
      },
    };
    return readCosts(api, once, day, { ...QUERY, ...query }, () => (this.pages += 1));
  }
}

describe("readCosts", () => {
  it("asks once, for all accounts, from the first of last month to the day reported", async () => {
    const reader = new Reader();
    await reader.read();
    assert.deepEqual(reader.requests, [
      {
        TimePeriod: { Start: "2026-10-01", End: "2026-11-13" },
        Granularity: "DAILY",
        Metrics: ["UnblendedCost"],
        GroupBy: [
          { Type: "DIMENSION", Key: "LINKED_ACCOUNT" },
          { Type: "DIMENSION", Key: "SERVICE" },
        ],
      },
    ]);
  });

  it("finds every figure, in every metric", async () => {
    for (const metric of ["UnblendedCost", "NetAmortizedCost"] as const) {
      const costs = await new Reader({ pageSize: 100 }).read({ metric });
      const expected = new Expected(HISTORY.rows(), { date: DAY, metric });
      assert.deepEqual(
        costs.accounts.map(({ id }) => id),
        [...expected.accounts()].sort(),
      );
      for (const { id, trend, monthToDate, sameDays, lastMonth, services } of costs.accounts) {
        const month = expected.month({ account: id });
        assert.deepEqual(trend.map(toDecimal).map(unitsOf), expected.trend({ account: id }));
        assert.deepEqual([monthToDate, sameDays, lastMonth].map(toDecimal).map(unitsOf), [
          month.toDate,
          month.sameDays,
          month.lastMonth,
        ]);
        assert.deepEqual(services.map(({ name }) => name).sort(), expected.services(id).sort());
        for (const { name, cost, previous } of services) {
          assert.equal(unitsOf(toDecimal(cost)), expected.day(0, { account: id, service: name }));
          assert.equal(unitsOf(toDecimal(previous)), expected.day(1, { account: id, service: name }));
        }
      }
      assert.equal(costs.currency, "USD");
      assert.deepEqual(
        costs.days,
        [6, 7, 8, 9, 10, 11, 12].map((n) => `2026-11-${String(n).padStart(2, "0")}`),
      );
    }
  });

  it("follows pages with the same filter on each, and counts them", async () => {
    const filter = { accounts: { exclude: ["111111111111"] }, recordTypes: { exclude: ["Credit", "Tax"] } };
    const reader = new Reader({ pageSize: 100 });
    await reader.read(filter);
    assert.ok(reader.requests.length > 5);
    assert.equal(reader.pages, reader.requests.length);
    const [first, ...others] = reader.requests;
    others.forEach(({ NextPageToken, ...request }, n) => {
      assert.equal(NextPageToken, `page-${n + 1}`);
      assert.deepEqual(request, first);
    });
    assert.deepEqual(first?.Filter, {
      And: [
        { Not: { Dimensions: { Key: "LINKED_ACCOUNT", Values: ["111111111111"] } } },
        { Not: { Dimensions: { Key: "RECORD_TYPE", Values: ["Credit", "Tax"] } } },
      ],
    });
  });

  it("takes as many calls as there are pages, whatever the number of accounts", async () => {
    for (const accounts of [1, 10, 100]) {
      const many = costHistory({ first: "2026-11-01", last: DAY, accounts, services: 2, metrics: ["UnblendedCost"] });
      const reader = new Reader({ history: many, pageSize: 100_000 });
      const { accounts: found } = await reader.read();
      assert.deepEqual([reader.requests.length, found.length], [1, accounts]);
    }
  });

  it("marks the days that are estimated", async () => {
    const partly = costHistory({ first: "2026-10-01", last: DAY, estimatedFrom: "2026-11-11" });
    assert.deepEqual((await new Reader({ history: partly }).read()).estimated, ["2026-11-11", "2026-11-12"]);
  });

  it("reads a trend across the turn of the year, and of a leap month", async () => {
    for (const [first, day] of [
      ["2026-12-01", "2027-01-01"],
      ["2028-02-01", "2028-03-01"],
    ] as const) {
      const turning = costHistory({ first, last: day });
      const costs = await new Reader({ history: turning }).read({}, day);
      const expected = new Expected(turning.rows(), { date: day });
      const total = costs.accounts.reduce((sum, { lastMonth }) => sum + lastMonth, 0n);
      assert.equal(unitsOf(toDecimal(total)), expected.month().lastMonth);
      assert.equal(costs.days.length, 7);
    }
  });

  it("may read the month by a query of its own, to the same result", async () => {
    const [shared, separate] = [new Reader({ pageSize: 200 }), new Reader({ pageSize: 200 })];
    assert.deepEqual(await separate.read({ monthQuery: "separate" }), await shared.read());
    assert.ok(separate.pages < shared.pages, `${separate.pages} < ${shared.pages}`);
    assert.deepEqual(
      [...new Set(separate.requests.map(({ TimePeriod }) => TimePeriod?.Start))],
      ["2026-11-11", "2026-10-01"],
    );
  });

  it("chooses by size: one query where its answer fits a page, else two after its first page", async () => {
    const [small, large] = [new Reader(), new Reader({ pageSize: 200 })];
    const expected = await new Reader().read();
    assert.deepEqual(await small.read({ monthQuery: "auto" }), expected);
    assert.deepEqual(await large.read({ monthQuery: "auto" }), expected);
    assert.equal(small.pages, 1);
    const separate = new Reader({ pageSize: 200 });
    await separate.read({ monthQuery: "separate" });
    assert.equal(large.pages, separate.pages + 1);
  });

  it("reads a large organization in few pages, by default", async () => {
    // As 1,000 accounts of 60 services with 5,000 rows a page.
    const many = costHistory({
      first: "2026-10-01",
      last: DAY,
      accounts: 20,
      services: 60,
      metrics: ["UnblendedCost"],
    });
    const reader = new Reader({ history: many, pageSize: 100 });
    await reader.read({ monthQuery: SETTINGS.monthQuery });
    assert.ok(reader.pages <= 40, `${reader.pages} pages`);
  });

  it("makes no report of two answers that disagree", async () => {
    const spoil = (answer: Answer, request: number): Answer => {
      const group = answer.ResultsByTime?.at(-1)?.Groups?.[0];
      if (request === 2 && group?.Metrics?.["UnblendedCost"]) group.Metrics["UnblendedCost"].Amount = "1";
      return answer;
    };
    await assert.rejects(new Reader({ spoil }).read({ monthQuery: "separate" }), { name: "CostDataChangedError" });
  });
});

describe("readCosts with a bad answer", () => {
  const rejects = (reader: Reader, name: string, message: RegExp): Promise<void> =>
    assert.rejects(reader.read(), (error: Error) => {
      assert.equal(error.name, name);
      assert.match(error.message, message);
      return true;
    });
  const without = (groups: (day: string) => boolean) => (answer: Answer) => ({
    ...answer,
    ResultsByTime: answer.ResultsByTime?.map((result) =>
      groups(result.TimePeriod?.Start ?? "") ? { ...result, Groups: [] } : result,
    ),
  });

  it("says that there is nothing at all, and what may be the cause", async () => {
    await rejects(new Reader({ spoil: without(() => true) }), "NoCostDataError", /2026-10-01 to 2026-11-12.*Enable it/);
    await rejects(new Reader({ spoil: () => ({}) }), "NoCostDataError", /Enable it/);
  });

  it("says which days have costs: the one that is asked for may have none", async () => {
    for (const monthQuery of ["shared", "separate"] as const) {
      for (const quiet of [[DAY], ["2026-11-11", DAY]]) {
        const reader = new Reader({ spoil: without((day) => quiet.includes(day)) });
        const { daysWithCosts, accounts, currency } = await reader.read({ monthQuery });
        assert.deepEqual([daysWithCosts.has(DAY), daysWithCosts.has("2026-11-10"), currency], [false, true, "USD"]);
        assert.ok(accounts.every(({ trend }) => trend.at(-1) === 0n));
      }
    }
  });

  it("reads what there is where Cost Explorer has figures of a part of the time only, and says from when on", async () => {
    const spoil = (answer: Answer): Answer => ({
      ...answer,
      ResultsByTime: answer.ResultsByTime?.filter(({ TimePeriod }) => (TimePeriod?.Start ?? "") >= "2026-11-09"),
    });
    const { begins, accounts } = await new Reader({ spoil }).read();
    assert.equal(begins, "2026-11-09");
    assert.ok(accounts.every(({ lastMonth }) => lastMonth === 0n));
    assert.equal((await new Reader().read()).begins, undefined);
  });

  it("does not take an answer that stops early for a whole one", async () => {
    const spoil = (answer: Answer): Answer => ({
      ...answer,
      ResultsByTime: answer.ResultsByTime?.filter(({ TimePeriod }) => TimePeriod?.Start !== "2026-10-20"),
    });
    await rejects(new Reader({ spoil }), "CostDataMalformedError", /2026-10-20/);
  });

  it("adds up one currency only", async () => {
    const currencyOf = ({ account }: CostRow): string => (account === "111111111111" ? "CNY" : "USD");
    await rejects(new Reader({ currencyOf }), "MixedCurrenciesError", /CNY, USD.*accounts to include/);
  });

  it("refuses what is no cost, and days that were not asked for", async () => {
    const first = (change: object) => (answer: Answer) => ({
      ...answer,
      ResultsByTime: [{ ...answer.ResultsByTime?.[0], ...change }, ...(answer.ResultsByTime?.slice(1) ?? [])],
    });
    const groups = [
      { Keys: ["1", "S"], Metrics: { BlendedCost: { Amount: "1", Unit: "USD" } } },
      { Keys: ["1", "S"], Metrics: { UnblendedCost: { Amount: "much", Unit: "USD" } } },
      { Keys: ["1", "S"], Metrics: { UnblendedCost: { Amount: "1", Unit: "N/A" } } },
      { Keys: [], Metrics: { UnblendedCost: { Amount: "1", Unit: "USD" } } },
    ];
    for (const group of groups) {
      await rejects(new Reader({ spoil: first({ Groups: [group] }) }), "CostDataMalformedError", /2026-10-01.*no cost/);
    }
    const spoil = first({ TimePeriod: { Start: "2026-09-30", End: "2026-10-01" } });
    await rejects(new Reader({ spoil }), "CostDataMalformedError", /2026-09-30/);
  });

  it("does not go round in circles, which would cost money for ever", async () => {
    const spoil = (answer: Answer): Answer => ({ ...answer, NextPageToken: "page-0" });
    await rejects(new Reader({ spoil }), "CostDataMalformedError", /again/);
  });

  it("knows Cost Explorer's own words for being throttled, and for data that is not there yet", async () => {
    const throwing = (name: string) => new Reader({ spoil: () => assert.fail(awsError(name, "as AWS says")) });
    await rejects(throwing("DataUnavailableException"), "CostDataNotReadyError", /as AWS says/);
    await rejects(throwing("BillExpirationException"), "CostDataNotReadyError", /as AWS says/);
    await rejects(throwing("LimitExceededException"), "ThrottlingException", /as AWS says/);
    await rejects(throwing("AccessDeniedException"), "AccessDeniedException", /as AWS says/);
  });
});

describe("readCosts where Cost Explorer is not enabled", () => {
  it("says who enables it, and where", async () => {
    const messages = ["User not enabled for cost explorer access", "Your Payer account needs to enable Cost Explorer"];
    for (const message of messages) {
      const spoil = () => assert.fail(awsError("AccessDeniedException", message));
      await assert.rejects(new Reader({ spoil }).read(), (error: Error) => {
        assert.equal(error.name, "CostExplorerNotEnabledError");
        assert.ok(error.message.includes(message));
        assert.match(error.message, /management account.*Billing and Cost Management > Cost Explorer.*24 hours/);
        return true;
      });
    }
  });

  it("leaves a missing permission what it is, whatever the role is called", async () => {
    const message =
      "User: arn:aws:sts::111111111111:assumed-role/not-enabled/x is not authorized to perform: ce:GetCostAndUsage";
    const spoil = () => assert.fail(awsError("AccessDeniedException", message));
    await assert.rejects(new Reader({ spoil }).read(), { name: "AccessDeniedException", message });
  });
});

describe("filterOf", () => {
  it("asks for everything where nothing is chosen", () => {
    assert.equal(filterOf({}), undefined);
    assert.equal(filterOf({ accounts: { exclude: [] } }), undefined);
  });

  it("asks for what is included", () => {
    assert.deepEqual(filterOf({ recordTypes: { include: ["Usage"] } }), {
      Dimensions: { Key: "RECORD_TYPE", Values: ["Usage"] },
    });
  });
});
