import * as assert from "node:assert/strict";
import fc from "fast-check";
import { sum } from "../../../handlers/cost-report/amounts";
import { Archive, parseCosts, parseSummary, serialize, summaryOf } from "../../../handlers/cost-report/archive";
import { makeReport } from "../../../handlers/cost-report/report";
import type { Call } from "../../../handlers/shared/retry";
import { BANDS, someCosts } from "./support/costs";
import { Office } from "./support/office";

const once: Call = (_, operation) => operation();

describe("the archive", () => {
  it("gives back exactly what was put in", () => {
    fc.assert(
      fc.property(someCosts, (costs) => {
        assert.deepEqual(parseCosts(serialize(costs)), costs);
        assert.deepEqual(parseSummary(serialize(summaryOf(costs))), summaryOf(costs));
      }),
    );
  });

  it("sums a day up as its report does", () => {
    fc.assert(
      fc.property(someCosts, (costs) => {
        const { total, accounts } = summaryOf(costs);
        assert.equal(total, makeReport(costs, { bands: BANDS, servicesInline: 4 }).total.cost);
        assert.equal(total, sum(accounts.map(({ cost }) => cost)));
      }),
    );
  });

  it("refuses another version of its form, and amounts that are none", () => {
    const costs = {
      date: "2026-11-12",
      metric: "UnblendedCost",
      currency: "USD",
      estimated: false,
      total: 0n,
      accounts: [],
    } as const;
    const text = serialize(costs);
    assert.throws(() => parseSummary(text.replace('"schemaVersion":1', '"schemaVersion":2')), /schemaVersion/);
    assert.throws(() => parseSummary(text.replace('"total":"0"', '"total":"much"')), /no decimal/);
  });

  it("lists a month page by page, without its neighbours, and names what it cannot read", async () => {
    const office = new Office();
    office.listPageSize = 3;
    const caller = { id: "test", killed: false };
    const archive = new Archive(office.depsFor(caller).bucket, once, { bucketName: "archive", prefix: "p/" });
    const day = (date: string) =>
      ({ date, metric: "UnblendedCost", currency: "USD", days: [date], estimated: [], accounts: [] }) as const;
    const write = async (...dates: string[]): Promise<void> => {
      for (const date of dates) await archive.writeCosts(day(date));
    };
    const dates = Array.from({ length: 12 }, (_, n) => `2026-11-${String(n + 1).padStart(2, "0")}`);
    await office.clock.finish(write("2026-10-31", ...dates, "2026-12-01"));
    office.objects.set("p/reports/2026/11/05/summary.json", "{");
    const { summaries, unreadable } = await office.clock.finish(archive.monthSummaries("2026-11-12"));
    assert.deepEqual(unreadable, ["2026-11-05"]);
    assert.deepEqual(
      summaries.map(({ date }) => date),
      dates.filter((date) => date !== "2026-11-05"),
    );
  });
});
