import * as assert from "node:assert/strict";
import fc from "fast-check";
import { parseAmount } from "../../../handlers/cost-report/amounts";
import { money, shortMoney, signedMoney } from "../../../handlers/cost-report/format";
import { renderMail } from "../../../handlers/cost-report/mail/render";
import { makeReport } from "../../../handlers/cost-report/report";
import { hasPairedBraces, PLACEHOLDERS, placeholdersIn } from "../../../handlers/cost-report/subject";
import { dollars, Expected, label } from "../../../local/stories/cost-report/expected";
import { costHistory } from "../../../local/stories/cost-report/history";
import { linesOf } from "./support/files";
import { costsOf, SETTINGS } from "./support/made";

const DAY = "2026-11-12";
const history = costHistory({ first: "2026-10-01", last: DAY });
const read = (text: string): bigint => parseAmount(text) ?? assert.fail(text);

describe("sums of money", () => {
  it("are what integers say, of any size and sign", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (units) => {
        // The story's units have ten decimals, amounts have twelve.
        assert.equal(money(units * 100n, "USD"), dollars(units));
      }),
    );
    assert.equal(money(read("-0.004"), "USD"), "$0.00");
    assert.equal(signedMoney(read("90071992547409.93"), "USD"), "+$90,071,992,547,409.93");
  });

  it("are short where there is little room", () => {
    const shorts = { "999.4": "$999", "1234": "$1.2K", "12345": "$12.3K", "123456": "$123K", "-1234567": "-$1.2M" };
    for (const [amount, short] of Object.entries(shorts)) assert.equal(shortMoney(read(amount), "USD"), short);
  });

  it("are exact beyond what a number holds everywhere in a mail, sums included", async () => {
    const costs = await costsOf(history, DAY);
    const most = read("90071992547409.93");
    const accounts = costs.accounts.slice(0, 2).map((account) => ({
      ...account,
      trend: account.trend.map(() => most),
      monthToDate: most,
      services: [{ name: "Amazon S3", cost: most, previous: most }],
    }));
    const settings = { ...SETTINGS, accountsInline: 1 };
    const mail = renderMail(makeReport({ ...costs, accounts }, settings), settings);
    for (const written of [mail.html, mail.text]) {
      assert.ok(written.includes("$90,071,992,547,409.93"));
      assert.ok(written.includes("$180,143,985,094,819.86"));
    }
    assert.ok(mail.subject.includes("$180,143,985,094,819.86"));
    const [file = assert.fail("nothing is attached")] = mail.attachments;
    assert.ok(linesOf(file)[1]?.includes(",90071992547409.93,"));
  });
});

describe("the mail's subject", () => {
  it("has what its placeholders stand for", async () => {
    const costs = await costsOf(history, DAY);
    const subject = (template: string, title = "Costs of {total}"): string => {
      const settings = { ...SETTINGS, subject: template, title };
      const mail = renderMail(makeReport(costs, settings), settings);
      assert.ok(mail.html.includes(`<title>${mail.subject}</title>`));
      return mail.subject;
    };
    const expected = new Expected(history.rows(), { date: DAY });
    const [cost, previous] = [expected.day(0), expected.day(1)];
    const { toDate, forecast } = expected.month();
    const sign = cost > previous ? "+" : "";
    assert.equal(subject("{title}: {date}"), `Costs of {total}: ${DAY}`, "what is put in is left alone");
    assert.equal(subject("{day}, {total}, {previous}"), `Thu 12 Nov 2026, ${dollars(cost)}, ${dollars(previous)}`);
    assert.equal(subject("{difference} {change}"), `${sign}${dollars(cost - previous)} ${label(cost, previous)}`);
    assert.equal(subject("{monthToDate} {forecast}"), `${dollars(toDate)} ${dollars(forecast)}`);
    assert.equal(subject("{accounts}"), "6 accounts");
    assert.equal(subject("Costs"), "Costs");
    for (const name of PLACEHOLDERS) assert.match(subject(`{${name}}`, "Costs"), /^[^{}]+$/, name);
  });

  it("is looked through for braces", () => {
    assert.deepEqual(placeholdersIn("{title} of {} and {a b}"), ["title", "", "a b"]);
    for (const template of ["", "{title}", "{a}{b}"]) assert.ok(hasPairedBraces(template), template);
    for (const template of ["{", "}", "{a", "a}", "{{a}}", "}{"]) assert.ok(!hasPairedBraces(template), template);
  });
});
