import * as assert from "node:assert/strict";
import type { Costs } from "../../../handlers/cost-report/costs";
import { renderMail, toPage } from "../../../handlers/cost-report/mail/render";
import { makeReport } from "../../../handlers/cost-report/report";
import { makeTrend } from "../../../handlers/cost-report/trend/trend";
import { trendPage } from "../../../handlers/cost-report/trend/trend-page";
import { summaryOf } from "../../../handlers/cost-report/archive";
import { costHistory } from "../../../local/stories/cost-report/history";
import { widthsOf } from "../../../local/stories/cost-report/pictures";
import { BANDS } from "./support/costs";
import { costsOf, SETTINGS } from "./support/made";

const DAY = "2026-11-12";
const history = costHistory({ first: "2026-10-01", last: DAY, services: 12 });
const mailOf = (costs: Costs, settings = SETTINGS) => renderMail(makeReport(costs, settings), settings);

/** Tables without tables in them, that have sums of money in their cells. */
function tablesOfFigures(html: string): string[] {
  const innermost = html.match(/<table(?:(?!<table).)*?<\/table>/g) ?? [];
  return innermost.filter((table) => /<td[^>]*>(?:<span[^>]*>)?[-+]?\$/.test(table));
}

/** A caption, and a header cell for each column and row. */
function assertTable(table: string): void {
  assert.doesNotMatch(table, /role="presentation"/);
  assert.match(table, /<table[^>]*><caption[^>]*>[^<]+<\/caption>/);
  const [head = "", ...others] = table.match(/<tr.*?<\/tr>/g) ?? [];
  const columns = head.match(/<th scope="col"[^>]*>[^<]+<\/th>/g)?.length ?? 0;
  assert.ok(columns > 1 && others.length > 0);
  assert.equal(head.match(/<t[hd][ >]/g)?.length, columns, head);
  for (const row of others) assert.equal(row.match(/<t[hd][ >]/g)?.length, columns, row);
  // Days stand side by side, with one row of sums.
  const isRow = others.length === 1 && columns >= 7;
  for (const row of isRow ? [] : others) assert.match(row, /^<tr[^>]*><th scope="row"[^>]*>[^<]+/);
}

describe("tables of figures", () => {
  let costs: Costs;
  let html = "";
  before(async () => {
    costs = await costsOf(history, DAY);
    html = mailOf(costs).html;
  });

  it("are tables in the mail: days, month and accounts, and the services of each account", () => {
    const tables = tablesOfFigures(html);
    assert.equal(tables.length, 3 + history.accounts.length);
    tables.forEach(assertTable);
  });

  it("are reported from the tables that the layout is made of", () => {
    const others = (html.match(/<table[^>]*>(?!<caption)/g) ?? []).filter((it) => !it.includes('role="presentation"'));
    assert.deepEqual(others, []);
    assert.equal(html.match(/<\/caption>/g)?.length, tablesOfFigures(html).length);
  });

  it("have their first and last day only where there are many", async () => {
    const { html: long } = mailOf(await costsOf(history, DAY, { trendDays: 28 }));
    const [days = ""] = tablesOfFigures(long);
    const heads = [...days.matchAll(/<th scope="col"[^>]*>([^<]+)</g)].map(([, text]) => text);
    assert.deepEqual(heads, ["Fri 16 Oct", "Thu 12 Nov*"]);
  });

  it("are tables on the trend page, too", () => {
    const trend = makeTrend([summaryOf(costs)], [], BANDS) ?? assert.fail("nothing to show");
    const page = trendPage(trend, { title: "AWS costs", reportId: "report" });
    const tables = page.match(/<table.*?<\/table>/g) ?? [];
    assert.equal(tables.length, 2);
    tables.forEach(assertTable);
  });

  it("do not make the mail overflow at 320 pixels, whatever is in them", async () => {
    const word = "a-very-long-word.without@any.space".repeat(3);
    const grown = (factor: bigint): Costs => ({
      ...costs,
      accounts: costs.accounts.map((account) => ({
        ...account,
        trend: account.trend.map((amount) => amount * factor),
        monthToDate: account.monthToDate * factor,
        services: account.services.map((it) => ({ ...it, cost: it.cost * factor, previous: it.previous * factor })),
      })),
    });
    const named: Costs = {
      ...costs,
      accounts: costs.accounts.map((account) => ({
        ...account,
        ...{ name: word, owner: word },
        services: account.services.map((it, n) => ({ ...it, name: `${word}${n}` })),
      })),
    };
    const settings = { ...SETTINGS, title: word.slice(0, 100), links: [{ label: word, url: "https://example.com" }] };
    const long = await costsOf(history, DAY, { trendDays: 28 });
    const mails = [costs, grown(1000n), grown(10n ** 12n), named, long].map((it) => toPage(mailOf(it, settings)));
    // Without a browser to look with, at least what lets everything break is there.
    for (const mail of mails) assert.match(mail, / style="[^"]*overflow-wrap:anywhere/);
    const widths = await widthsOf(mails, 320);
    if (widths === undefined) return;
    assert.deepEqual(
      widths,
      mails.map(() => 320),
    );
  });
});
