import * as assert from "node:assert/strict";
import fc from "fast-check";
import type { Costs } from "../../../handlers/cost-report/costs";
import { MOST_HTML_BYTES, renderMail, toPage } from "../../../handlers/cost-report/mail/render";
import { makeReport } from "../../../handlers/cost-report/report";
import { costHistory } from "../../../local/stories/cost-report/history";
import { BANDS, someCosts } from "./support/costs";
import { dollars, Expected, label, readable } from "../../../local/stories/cost-report/expected";
import { linesOf } from "./support/files";
import { costsOf, SETTINGS } from "./support/made";

const DAY = "2026-11-12";
const history = costHistory({ first: "2026-10-01", last: DAY, services: 12 });
const expected = new Expected(history.rows(), { date: DAY });

const mailOf = (costs: Costs, settings = SETTINGS) => renderMail(makeReport(costs, settings), settings);

/** Where these lines stand one after the other. */
function position(lines: readonly string[], run: readonly string[]): number {
  return lines.findIndex((_, n) => run.every((text, m) => lines[n + m] === text));
}

function assertRun(lines: readonly string[], run: readonly string[]): void {
  assert.ok(position(lines, run) >= 0, `${JSON.stringify(run)} is not in\n${lines.join("\n")}`);
}

describe("the mail", () => {
  let costs: Costs;
  let html = "";
  let lines: string[] = [];

  before(async () => {
    costs = await costsOf(history, DAY);
    html = mailOf(costs).html;
    lines = readable(html);
  });

  it("has the day's figures, as worked out from the raw costs", () => {
    const [cost, previous] = [expected.day(0), expected.day(1)];
    assertRun(lines, ["AWS costs", "Thursday, 12 November 2026", dollars(cost)]);
    assertRun(lines, [`${label(cost, previous)} from ${dollars(previous)} on Wed 11 Nov`]);
    const alt = /alt="(Total, 7 days: [^"]+)"/.exec(html)?.[1];
    const days = ["Fri 6", "Sat 7", "Sun 8", "Mon 9", "Tue 10", "Wed 11", "Thu 12"];
    const figures = expected.trend().map((units, n) => `${days[n]} Nov ${dollars(units)}`);
    assert.equal(alt, `Total, 7 days: ${figures.join(", ")}`);
  });

  it("has the month's figures", () => {
    const { toDate, sameDays, lastMonth, forecast } = expected.month();
    const month = [
      "Month to date",
      "1–12 Nov, against the same days of October",
      dollars(toDate),
      label(toDate, sameDays),
    ];
    assertRun(lines, ["November so far", ...month]);
    assertRun(lines, ["Same days of October", "1–12 Oct", dollars(sameDays)]);
    const last = `straight line; all of October was ${dollars(lastMonth)}`;
    assertRun(lines, ["Forecast for November", last, dollars(forecast), label(forecast, lastMonth)]);
  });

  it("has the figures of each account, and a chart of its trend", () => {
    for (const { id, name, owner } of history.accounts) {
      const [cost, previous] = [expected.day(0, { account: id }), expected.day(1, { account: id })];
      assertRun(lines, [name, id, owner, dollars(cost), `from ${dollars(previous)}`, label(cost, previous)]);
      assert.ok(html.includes(`src="cid:${id}.${DAY}@cost-report"`));
      const trend = expected.trend({ account: id }).map(dollars);
      const alt = new RegExp(`alt="${name}, 7 days: ([^"]+)"`).exec(html)?.[1] ?? "";
      assert.deepEqual(
        alt.split(/, (?=[A-Z])/).map((text) => text.split(" ").at(-1)),
        trend,
      );
    }
  });

  it("has the services of each account, largest change first, the others together", () => {
    for (const { id, name } of history.accounts) {
      const sizes = expected.services(id).map((service) => {
        const [cost, previous] = [0, 1].map((back) => expected.day(back, { account: id, service })) as [bigint, bigint];
        return { service, cost, previous, change: cost > previous ? cost - previous : previous - cost };
      });
      sizes.sort((a, b) => (a.change === b.change ? 0 : a.change > b.change ? -1 : 1));
      const month = expected.month({ account: id });
      const shown = sizes.slice(0, 8);
      const others = sizes.slice(8);
      const total = (pick: (it: (typeof others)[number]) => bigint): bigint =>
        others.reduce((sum, it) => sum + pick(it), 0n);
      const folded = { cost: total(({ cost }) => cost), previous: total(({ previous }) => previous) };
      const signed = (units: bigint): string =>
        `${units > 0n && dollars(units) !== "$0.00" ? "+" : ""}${dollars(units)}`;
      const rows = [...shown, { service: `Others (${others.length} services)`, ...folded }].flatMap((it) => [
        ...[it.service, dollars(it.cost), `from ${dollars(it.previous)}`],
        ...[label(it.cost, it.previous), signed(it.cost - it.previous)],
      ]);
      const against = `${label(month.toDate, month.sameDays)} against ${dollars(month.sameDays)} on 1–12 Oct`;
      const sentence = `1–12 Nov: ${dollars(month.toDate)} (${against}), forecast ${dollars(month.forecast)}`;
      assertRun(lines, [name, dollars(expected.day(0, { account: id })), sentence, ...rows]);
    }
  });

  it("says the same in plain text, with lines that fit", () => {
    const { text } = mailOf(costs);
    const [cost, previous] = [expected.day(0), expected.day(1)];
    assert.ok(text.includes(`${dollars(cost)}  ${label(cost, previous)}\nfrom ${dollars(previous)} on Wed 11 Nov`));
    for (const { id, name } of history.accounts) {
      const [now, before] = [expected.day(0, { account: id }), expected.day(1, { account: id })];
      const figures = `${dollars(now).padStart(16)}   from ${dollars(before).padStart(16)}   ${label(now, before)}`;
      assert.ok(text.includes(`${name} (${id})\n${figures}`), name);
    }
    assert.ok(text.split("\n").every((line) => line.length <= 78));
  });

  it("names the total and its change in the subject", () => {
    const figures = `${dollars(expected.day(0))} (${label(expected.day(0), expected.day(1))})`;
    assert.equal(mailOf(costs).subject, `AWS costs Thu 12 Nov 2026: ${figures}`);
  });

  it("marks estimated days, and says which they are", async () => {
    assertRun(lines, ["* AWS still marks all of these days as estimated: figures may change."]);
    const partly = { ...costs, estimated: ["2026-11-11", DAY] };
    const text = readable(mailOf(partly).html).join("\n");
    assert.match(text, /\* AWS still marks Wed 11 Nov, Thu 12 Nov as estimated: figures may change\./);
    assert.equal(text.match(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\*$/gm)?.length, 2);
    assert.doesNotMatch(readable(mailOf({ ...costs, estimated: [] }).html).join("\n"), /estimated/);
  });

  it("is meant for light and dark screens of any width", () => {
    assert.match(html, /<meta name="color-scheme" content="light dark"\/>/);
    assert.match(html, /<meta name="viewport"/);
    const [, style = ""] = /<style>(.*?)<\/style>/.exec(html) ?? [];
    assert.ok(style.length < 8000, "Gmail drops larger style sheets");
    const [, dark = ""] = /@media \(prefers-color-scheme:dark\)\{(.*)\}/.exec(style) ?? [];
    for (const [element, name] of html.matchAll(/<[a-z]\w*[^>]* class="(\w+)"[^>]*>/g)) {
      if (/style="[^"]*(?:color|background):?/.test(element))
        assert.ok(dark.includes(`.${name}{`), `${name}: ${element}`);
    }
    assert.match(html, /<table[^>]* width="600"[^>]* style="max-width:600px;width:100%"/);
    assert.doesNotMatch(html, /<link|<script|javascript:|data-id/);
  });

  it("gives every image a text, and a page of its own holds its images", () => {
    for (const [image] of html.matchAll(/<img [^>]*>/g)) assert.match(image, /alt="[^"]{10,}"/);
    const page = toPage(mailOf(costs));
    assert.doesNotMatch(page, /cid:/);
    assert.equal(page.match(/src="data:image\/png;base64,/g)?.length, 1 + history.accounts.length);
  });

  it("says what is in the figures, what the colours mean, and where to look further", () => {
    const links = [{ label: "Dashboard", url: "https://example.com/?a=1&b=2" }];
    const settings = { ...SETTINGS, links, recordTypes: { exclude: ["Credit", "Tax"] } };
    const other = mailOf({ ...costs, metric: "NetAmortizedCost" }, settings).html;
    assert.match(other, /net amortized costs without Credit, Tax in USD, by days in UTC/);
    assert.match(other, /<a href="https:\/\/example\.com\/\?a=1&amp;b=2"/);
    assert.match(readable(other).join("\n"), /▲ ▼ ≤ 2%.*▲ ▼ > 15%/);
  });

  it("tells a recipient whose accounts have no costs just that", () => {
    const report = makeReport(costs, SETTINGS, ["999999999999"]);
    const { html: empty, subject, attachments } = renderMail(report, SETTINGS);
    assert.equal(subject, "AWS costs Thu 12 Nov 2026: $0.00 (= 0.0%)");
    assertRun(readable(empty), ["999999999999", "$0.00", "from $0.00", "= 0.0%"]);
    assertRun(readable(empty), ["No service had a cost on these two days."]);
    assert.deepEqual(attachments, []);
  });
});

describe("the mail's size", () => {
  it("stays below what Gmail shows for 1,000 accounts of 40 services, and the rest is attached", async () => {
    const many = costHistory({
      first: "2026-11-06",
      last: DAY,
      accounts: 1000,
      services: 40,
      metrics: ["UnblendedCost"],
    });
    const costs = await costsOf(many, DAY, { monthQuery: "shared" });
    const { html, attachments, images } = mailOf(costs);
    assert.ok(Buffer.byteLength(html) <= MOST_HTML_BYTES);
    const shown = images.length - 1;
    assert.ok(shown >= 8, `${shown} accounts are shown`);
    assertRun(readable(html), [`${1000 - shown} more accounts`, "in the attached accounts.csv"]);
    const rows = attachments.map((file) => [file.filename, linesOf(file).length - 1]);
    const services = costs.accounts.reduce((sum, account) => sum + account.services.length, 0);
    assert.deepEqual(rows, [
      ["accounts.csv", 1000],
      ["services.csv.zip", services],
    ]);
    assert.ok(services > 39_000);
  });

  it("is bounded whatever accounts and services are called", () => {
    const long = "<\"'&>".repeat(10);
    fc.assert(
      fc.property(someCosts, (costs) => {
        const accounts = costs.accounts.map((account) => ({
          ...account,
          name: long,
          owner: long,
          services: account.services.map((service) => ({ ...service, name: service.name + long + long })),
        }));
        const settings = { ...SETTINGS, accountsInline: 1000, servicesInline: 1000 };
        assert.ok(Buffer.byteLength(mailOf({ ...costs, accounts }, settings).html) <= MOST_HTML_BYTES);
      }),
      { numRuns: 25 },
    );
  });

  it("escapes every name: the tags are the same whatever they are", () => {
    const hostile = [
      "<script>alert(1)</script>",
      '"><img src=x onerror=alert(1)>',
      "</td></table>",
      "&lt;b&gt;",
      "${x}",
    ];
    const tags = (html: string): string =>
      [...html.replace(/ (?:alt|src)="[^"]*"/g, "").matchAll(/<[^>]*>/g)].map(([tag]) => tag).join("");
    fc.assert(
      fc.property(someCosts, fc.infiniteStream(fc.constantFrom(...hostile)), (costs, names) => {
        const named = (next: () => string): Costs => ({
          ...costs,
          accounts: costs.accounts.map((account) => ({
            ...account,
            name: next(),
            owner: next(),
            services: account.services.map((service, n) => ({ ...service, name: `${next()} ${n}` })),
          })),
        });
        const settings = { ...SETTINGS, accountsInline: 4, servicesInline: 3, bands: BANDS };
        const bad = mailOf(
          named(() => names.next().value),
          settings,
        );
        let n = 0;
        assert.equal(
          tags(bad.html),
          tags(
            mailOf(
              named(() => `name ${(n += 1)}`),
              settings,
            ).html,
          ),
        );
      }),
      { numRuns: 30 },
    );
  });
});
