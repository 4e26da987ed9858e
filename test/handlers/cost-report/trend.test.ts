import * as assert from "node:assert/strict";
import { parseAmount, sum } from "../../../handlers/cost-report/amounts";
import type { Summary } from "../../../handlers/cost-report/archive";
import { makeTrend } from "../../../handlers/cost-report/trend/trend";
import { trendPage } from "../../../handlers/cost-report/trend/trend-page";
import { BANDS } from "./support/costs";
import { readable } from "../../../local/stories/cost-report/expected";

const amount = (text: string): bigint => parseAmount(text) ?? assert.fail(text);

function summary(date: string, costs: Readonly<Record<string, string>>, more: Partial<Summary> = {}): Summary {
  const accounts = Object.entries(costs).map(([id, cost]) => ({ id, name: `name of ${id}`, cost: amount(cost) }));
  const total = sum(accounts.map(({ cost }) => cost));
  return { date, metric: "UnblendedCost", currency: "USD", estimated: false, total, accounts, ...more };
}

const month = [
  summary("2026-11-04", { a: "30", b: "-3" }, { estimated: true }),
  summary("2026-11-01", { a: "10", b: "1" }),
  summary("2026-11-02", { a: "20", b: "2" }),
];
const look = { title: "AWS costs", reportId: "project/stack/costs" };

describe("makeTrend", () => {
  it("has every day of the month so far, those that were not reported too", () => {
    const trend = makeTrend(month, [], BANDS);
    assert.deepEqual(
      trend?.days.map(({ date, total, estimated, change }) => [date.slice(8), total, estimated, change?.tenths]),
      [
        ["01", amount("11"), false, undefined],
        ["02", amount("22"), false, 1000n],
        ["03", undefined, false, undefined],
        ["04", amount("27"), true, undefined],
      ],
    );
    assert.equal(trend?.total, amount("60"));
  });

  it("has accounts by what they cost, day by day", () => {
    const trend = makeTrend(month, [], BANDS);
    assert.deepEqual(
      trend?.accounts.map(({ id, cost, daily }) => [id, cost, daily]),
      [
        ["a", amount("60"), ["10", "20", "0", "30"].map(amount)],
        ["b", 0n, ["1", "2", "0", "-3"].map(amount)],
      ],
    );
  });

  it("adds up one currency, and names the days that it leaves out", () => {
    const other = summary("2026-11-03", { a: "99" }, { currency: "CNY" });
    const trend = makeTrend([...month, other], ["2026-11-05"], BANDS);
    assert.deepEqual([trend?.total, trend?.leftOut], [amount("60"), ["2026-11-03", "2026-11-05"]]);
  });

  it("is nothing of nothing", () => {
    assert.equal(makeTrend([], ["2026-11-05"], BANDS), undefined);
  });
});

describe("trendPage", () => {
  const trend = makeTrend(month, ["2026-11-05"], BANDS) ?? assert.fail();
  const page = trendPage(trend, look);
  const lines = readable(page.replaceAll("</th>", "\n"));

  it("shows the month, each day and each account", () => {
    for (const text of ["November 2026", "$60.00", "Wed 4 Nov*", "$27.00", "▲ +100.0%", "name of a a"]) {
      assert.ok(lines.includes(text), `${text} is not in\n${lines.join("\n")}`);
    }
    assert.ok(lines.some((line) => line.includes("No report in the archive: Tue 3 Nov.")));
    assert.ok(lines.some((line) => line.includes("Left out, in another currency or form: Thu 5 Nov.")));
  });

  it("draws a bar for each day, and lines for accounts", () => {
    assert.equal(page.match(/<rect /g)?.length, 4);
    assert.equal(page.match(/<polyline /g)?.length, 2);
    assert.match(page, /<title>Wed 4 Nov: \$27\.00<\/title>/);
  });

  it("draws no day that was not reported as one that cost nothing", () => {
    const [, first = ""] = /<polyline points="([^"]+)"/.exec(page) ?? [];
    assert.deepEqual(
      first.split(" ").map((point) => point.split(",")[0]),
      ["0", "40", "120"],
    );
  });

  it("stays small however many accounts there are, and sums up the rest", () => {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [`account-${String(n).padStart(3, "0")}`, "1"]),
    );
    const large = trendPage(makeTrend([summary("2026-11-30", many)], [], BANDS) ?? assert.fail(), look);
    assert.ok(large.length < 100_000);
    assert.match(large, /950 more accounts/);
  });

  it("escapes names", () => {
    const hostile = summary("2026-11-01", {}, { accounts: [{ id: "a", name: "<script>x</script>", cost: 1n }] });
    assert.doesNotMatch(trendPage(makeTrend([hostile], [], BANDS) ?? assert.fail(), look), /<script/);
  });
});
