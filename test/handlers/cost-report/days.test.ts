import * as assert from "node:assert/strict";
import fc from "fast-check";
import { lastDayOver, periodOf, reportedDay } from "../../../handlers/cost-report/days";
import { addDays, dayIn, daysBetween, isDay } from "../../../handlers/shared/days";

const at = (moment: string): number => Date.parse(moment);
const someDay = fc
  .integer({ min: Date.parse("2020-01-01") / 86_400_000, max: Date.parse("2036-12-31") / 86_400_000 })
  .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));

describe("reportedDay", () => {
  it("is yesterday, and further back where costs are given time to settle", () => {
    assert.equal(reportedDay(at("2026-11-13T11:18:00Z"), "UTC", 1), "2026-11-12");
    assert.equal(reportedDay(at("2026-11-13T11:18:00Z"), "UTC", 3), "2026-11-10");
  });

  it("crosses the month and the year", () => {
    assert.equal(reportedDay(at("2026-11-01T00:00:00Z"), "UTC", 1), "2026-10-31");
    assert.equal(reportedDay(at("2027-01-01T11:18:00Z"), "UTC", 1), "2026-12-31");
    assert.equal(reportedDay(at("2028-03-01T11:18:00Z"), "UTC", 1), "2028-02-29");
  });

  it("changes at midnight of the time zone, also on days with 23 and 25 hours", () => {
    // New York: UTC-5 until 2026-03-08 07:00 UTC, then UTC-4 until 2026-11-01 06:00 UTC.
    const day = (moment: string): string => reportedDay(at(moment), "America/New_York", 1);
    assert.deepEqual([day("2026-03-08T04:59:00Z"), day("2026-03-08T05:00:00Z")], ["2026-03-06", "2026-03-07"]);
    assert.deepEqual([day("2026-03-09T03:59:00Z"), day("2026-03-09T04:00:00Z")], ["2026-03-07", "2026-03-08"]);
    assert.deepEqual([day("2026-11-01T03:59:00Z"), day("2026-11-01T04:00:00Z")], ["2026-10-30", "2026-10-31"]);
    assert.deepEqual([day("2026-11-02T04:59:00Z"), day("2026-11-02T05:00:00Z")], ["2026-10-31", "2026-11-01"]);
  });

  it("is never a day that is not over in UTC, however far east it is asked", () => {
    assert.equal(dayIn("Pacific/Auckland", at("2026-11-12T11:18:00Z")), "2026-11-13");
    assert.equal(reportedDay(at("2026-11-12T11:18:00Z"), "Pacific/Auckland", 1), "2026-11-11");
    fc.assert(
      fc.property(
        fc.date({ min: new Date("2020-01-01"), max: new Date("2036-01-01"), noInvalidDate: true }),
        fc.constantFrom("UTC", "Pacific/Kiritimati", "Asia/Kolkata", "America/Los_Angeles", "Europe/Berlin"),
        fc.integer({ min: 1, max: 5 }),
        (now, zone, settling) => {
          const day = reportedDay(now.getTime(), zone, settling);
          assert.ok(Date.parse(addDays(day, 1)) <= now.getTime(), `${day} is not over at ${now.toISOString()}`);
          assert.ok(day <= lastDayOver(now.getTime()));
        },
      ),
    );
  });
});

describe("periodOf", () => {
  it("compares the same days of a shorter month as far as it goes", () => {
    assert.deepEqual(periodOf("2026-03-31", 7).sameDays, { first: "2026-02-01", last: "2026-02-28" });
    assert.deepEqual(periodOf("2026-11-12", 7).sameDays, { first: "2026-10-01", last: "2026-10-12" });
    assert.deepEqual(periodOf("2027-01-01", 7).sameDays, { first: "2026-12-01", last: "2026-12-01" });
  });

  it("begins with last month, which every trend of up to 28 days is within, and has at most 62 days", () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: 2, max: 28 }), (day, trendDays) => {
        const { trend, sameDays, monthStart, lastMonthEnd } = periodOf(day, trendDays);
        assert.equal(trend.length, trendDays);
        assert.equal(trend.at(-1), day);
        assert.ok(sameDays.first <= (trend[0] ?? ""));
        assert.ok(sameDays.last <= lastMonthEnd && addDays(lastMonthEnd, 1) === monthStart);
        assert.ok(daysBetween(sameDays.first, day).length <= 62);
      }),
    );
  });
});

describe("isDay", () => {
  it("knows the calendar", () => {
    assert.ok(isDay("2028-02-29"));
    for (const text of ["2027-02-29", "2026-13-01", "2026-11-31", "2026-1-1", "20261101", "", "2026-11-01T00:00:00Z"]) {
      assert.ok(!isDay(text), text);
    }
  });
});
