import * as assert from "node:assert/strict";
import fc from "fast-check";
import { absolute, isNegligible, sum } from "../../../handlers/cost-report/amounts";
import { type Costs, emptyAccount, hasCosts } from "../../../handlers/cost-report/costs";
import { daysInMonth } from "../../../handlers/shared/days";
import { type Line, makeReport, type Report, sumLines } from "../../../handlers/cost-report/report";
import { BANDS, shuffled, someCosts } from "./support/costs";

const settings = { bands: BANDS, servicesInline: 4 };

function property(check: (report: Report, costs: Costs) => void): void {
  fc.assert(fc.property(someCosts, (costs) => check(makeReport(costs, settings), costs)));
}

describe("makeReport", () => {
  it("has totals that are the sums of their parts", () => {
    property((report) => {
      const { total, accounts } = report;
      assert.equal(total.cost, sum(accounts.map(({ cost }) => cost)));
      assert.equal(total.previous, sum(accounts.map(({ previous }) => previous)));
      for (const name of ["toDate", "sameDays", "lastMonth"] as const) {
        assert.equal(total.month[name], sum(accounts.map(({ month }) => month[name])));
      }
      for (const { services, others, cost, previous } of accounts) {
        const lines: Line[] = others === undefined ? [...services] : [...services, others];
        assert.equal(cost, sum(lines.map((line) => line.cost)));
        assert.equal(previous, sum(lines.map((line) => line.previous)));
      }
    });
  });

  it("has trends that add up day by day, and end with the two days compared", () => {
    property(({ days, total, accounts }) => {
      days.forEach((_, n) => assert.equal(total.trend[n], sum(accounts.map(({ trend }) => trend[n] ?? 0n))));
      for (const { trend, cost, previous } of [total, ...accounts]) {
        assert.deepEqual(trend.slice(-2), [previous, cost]);
        assert.equal(trend.length, days.length);
      }
    });
  });

  it("puts the largest account first, and the service that changed most", () => {
    const size = ({ cost, previous }: Line): bigint =>
      absolute(cost) > absolute(previous) ? absolute(cost) : absolute(previous);
    property(({ accounts }) => {
      const falls = (values: bigint[]): boolean =>
        values.every((value, n) => n === 0 || value <= (values[n - 1] ?? 0n));
      assert.ok(falls(accounts.map(size)));
      for (const { services, allServices, others } of accounts) {
        assert.ok(falls(services.map(({ change }) => absolute(change.difference))));
        assert.ok(services.length <= settings.servicesInline);
        assert.equal(services.length + (others?.count ?? 0), allServices.length);
        assert.ok(services.every(({ cost, previous }) => !isNegligible(cost) || !isNegligible(previous)));
      }
    });
  });

  it("is the same whatever order the costs come in", () => {
    property((report, costs) => assert.deepEqual(makeReport(shuffled(costs), settings), report));
  });

  it("shows a recipient the accounts asked for, with figures of those alone", () => {
    fc.assert(
      fc.property(someCosts, fc.infiniteStream(fc.boolean()), (costs, coin) => {
        const visible = costs.accounts.map(({ id }) => id).filter(() => coin.next().value);
        const report = makeReport(costs, settings, visible);
        assert.deepEqual(report.accounts.map(({ id }) => id).sort(), visible);
        const own = costs.accounts.filter(({ id }) => visible.includes(id));
        assert.equal(report.total.cost, sum(own.map(({ trend }) => trend.at(-1) ?? 0n)));
        assert.equal(report.total.month.toDate, sum(own.map(({ monthToDate }) => monthToDate)));
      }),
    );
  });

  it("shows accounts that cost nothing to those who asked for them, and to nobody else", () => {
    property((_, costs) => {
      const more = { ...costs, accounts: [...costs.accounts, emptyAccount("000000000000", 7)] };
      const everything = makeReport(more, settings);
      assert.deepEqual(
        everything.accounts.map(({ id }) => id).sort(),
        costs.accounts.filter(hasCosts).map(({ id }) => id),
      );
      const report = makeReport(more, settings, ["000000000000", "999999999999"]);
      assert.deepEqual([report.accounts.length, report.total.cost, report.total.change.kind], [2, 0n, "same"]);
    });
  });

  it("forecasts in a straight line", () => {
    property(({ date, total: { month } }) => {
      const days = BigInt(date.slice(8));
      const exact = month.toDate * BigInt(daysInMonth(date));
      assert.ok(absolute(month.forecast * days - exact) * 2n <= days, "within half a unit of the exact quotient");
      if (Number(days) === daysInMonth(date)) assert.equal(month.forecast, month.toDate);
    });
  });

  it("compares a long month with all of a shorter one", () => {
    const account = { ...emptyAccount("1", 7), monthToDate: 3100n * 10n ** 12n, sameDays: 2800n * 10n ** 12n };
    const days = ["25", "26", "27", "28", "29", "30", "31"].map((day) => `2026-03-${day}`);
    const costs = { date: "2026-03-31", metric: "UnblendedCost", currency: "USD", days, estimated: [] } as const;
    const report = makeReport({ ...costs, accounts: [account] }, settings);
    assert.deepEqual(report.sameDays, { first: "2026-02-01", last: "2026-02-28" });
    assert.equal(report.total.month.change.tenths, 107n);
    assert.equal(report.total.month.forecast, account.monthToDate);
  });
});

describe("sumLines", () => {
  it("says of several accounts what a single one would say", () => {
    property(({ accounts, total }) => assert.deepEqual(sumLines(accounts, BANDS).cost, total.cost));
  });
});
