import * as assert from "node:assert/strict";
import { scheduledMessage } from "../../../handlers/cost-report/scheduled-message";
import { costHistory } from "../../../local/stories/cost-report/history";
import { dollars, Expected, label, readable } from "../../../local/stories/cost-report/expected";
import { Office } from "./support/office";

const MORNING = "2026-11-13T11:18:00Z";
const scheduled = { ...scheduledMessage, time: MORNING };
const FIVE = ["ann", "bob", "cem", "dee", "eli"].map((name) => ({ address: `${name}@example.com` }));

describe("the cost report", () => {
  it("sends yesterday's report to every recipient, with the figures of the raw costs", async () => {
    const office = await new Office({ settings: { recipients: FIVE } }).open();
    const summary = await office.invoke(scheduled);
    assert.deepEqual(summary, {
      date: "2026-11-12",
      sent: FIVE.map(({ address }) => address),
      alreadySent: [],
      leftToAnother: [],
    });
    const expected = new Expected(office.history.rows(), { date: "2026-11-12" });
    const figures = `${dollars(expected.day(0))} (${label(expected.day(0), expected.day(1))})`;
    assert.deepEqual(
      office.mails.map(({ to }) => to),
      FIVE.map(({ address }) => address),
    );
    for (const mail of office.mails) {
      assert.equal(mail.header("Subject"), `AWS costs Thu 12 Nov 2026: ${figures}`);
      assert.equal(mail.header("To"), mail.to);
      assert.ok(readable(mail.text("text/html")).includes("production (organization)"));
      assert.equal(mail.input.FromEmailAddress, "AWS costs <costs@example.com>");
      assert.equal(mail.input.ConfigurationSetName, undefined);
    }
  });

  it("costs one call of Cost Explorer for all accounts and recipients, and counts it", async () => {
    const office = await new Office({ settings: { recipients: FIVE } }).open();
    await office.invoke();
    assert.equal(office.costRequests.length, 1);
    assert.deepEqual(
      ["CostExplorerPages", "ReportsSent", "RecipientsRefused", "DeliveriesInDoubt", "EstimatedDays"].map((name) =>
        office.telemetry.metrics.get(name as "ReportsSent"),
      ),
      [1, 5, 0, 0, 7],
    );
    assert.equal(office.telemetry.flushed, 1);
  });

  it("shows a recipient only the accounts that are theirs", async () => {
    const history = costHistory({ first: "2026-10-01", last: "2026-11-12" });
    const [first, second] = history.accounts.map(({ id }) => id);
    const recipients = [
      { address: "Boss <boss@example.com>" },
      { address: "one@example.com", accounts: [first ?? ""] },
      { address: "two@example.com", accounts: [second ?? "", first ?? ""] },
      { address: "none@example.com", accounts: ["999999999999"] },
    ];
    const office = await new Office({ history, settings: { recipients } }).open();
    await office.invoke();
    const expected = new Expected(office.history.rows(), { date: "2026-11-12" });
    const cost = (...accounts: (string | undefined)[]): string =>
      dollars(accounts.reduce((sum, account) => sum + expected.day(0, { account: account ?? "" }), 0n));
    const totals = office.mails.map((mail) => [mail.to, /: (-?\$[\d.,]+) \(/.exec(mail.header("Subject"))?.[1]]);
    assert.deepEqual(totals, [
      ["boss@example.com", dollars(expected.day(0))],
      ["one@example.com", cost(first)],
      ["two@example.com", cost(first, second)],
      ["none@example.com", "$0.00"],
    ]);
    const [, one, , none] = office.mails.map((mail) => mail.text("text/html"));
    for (const { id, name } of history.accounts.slice(1)) assert.ok(!one?.includes(id) && !one?.includes(name), name);
    assert.ok(readable(none ?? "").includes("No service had a cost on these two days."));
    assert.deepEqual(
      [...office.objects.keys()]
        .filter((key) => /12\/a.*html$/.test(key))
        .map((key) => key.split("/").at(-1))
        .sort(),
      [`account-${first}.html`, "account-999999999999.html", "all.html"]
        .concat(
          [...office.objects.keys()]
            .filter((key) => key.includes("accounts-"))
            .map((key) => key.split("/").at(-1) ?? ""),
        )
        .sort(),
    );
  });

  it("names accounts that cost nothing as well", async () => {
    const history = costHistory({ first: "2026-10-01", last: "2026-11-12" });
    const [first = "", second = ""] = history.accounts.map(({ id }) => id);
    const recipients = [{ address: "ann@example.com" }, { address: "two@example.com", accounts: [second] }];
    const office = await new Office({ history, settings: { recipients, accounts: { include: [first] } } }).open();
    await office.invoke();
    const [ann = [], two = []] = office.mails.map((mail) => readable(mail.text("text/html")));
    assert.ok(two.includes("staging (organization)") && two.includes("$0.00"));
    assert.ok(ann.includes("production (organization)") && !ann.includes("staging (organization)"));
  });

  it("keeps what it sent in the archive, and makes the month's trend page of it", async () => {
    const office = await new Office({ settings: { prefix: "finance/" } }).open();
    await office.invoke();
    assert.deepEqual([...office.objects.keys()].sort(), [
      "finance/reports/2026/11/12/all.html",
      "finance/reports/2026/11/12/costs.json",
      "finance/reports/2026/11/12/summary.json",
      "finance/trend/2026-11.html",
    ]);
    const total = dollars(new Expected(office.history.rows(), { date: "2026-11-12" }).day(0));
    assert.ok(readable(office.objects.get("finance/reports/2026/11/12/all.html") ?? "").includes(total));
    assert.ok(readable(office.objects.get("finance/trend/2026-11.html") ?? "").includes(total));
    const costs = JSON.parse(office.objects.get("finance/reports/2026/11/12/costs.json") ?? "") as object;
    assert.deepEqual(Object.keys(costs).sort(), [
      "accounts",
      "currency",
      "date",
      "days",
      "estimated",
      "metric",
      "schemaVersion",
    ]);
  });

  it("sends no day twice, however often it is triggered, and asks Cost Explorer no more", async () => {
    const office = await new Office({ settings: { recipients: FIVE } }).open();
    await office.invoke(scheduled);
    for (const event of [scheduled, {}, { date: "2026-11-12" }, scheduled]) {
      const summary = await office.invoke(event);
      assert.ok(summary !== undefined && "sent" in summary);
      assert.deepEqual([summary.sent.length, summary.alreadySent.length], [0, 5]);
    }
    assert.deepEqual([office.mails.length, office.costRequests.length], [5, 1]);
    assert.equal(office.wire.count("PutObject"), 4, "nothing is written again");
  });

  it("sends a day that was missed", async () => {
    const office = await new Office().open();
    await office.invoke({ date: "2026-11-01" });
    assert.match(office.mails[0]?.header("Subject") ?? "", /^AWS costs Sun 1 Nov 2026: /);
    await office.invoke(scheduled);
    assert.equal(office.mails.length, 2);
    assert.ok(office.objects.has("reports/2026/11/01/all.html"));
  });

  it("reports the day that the schedule meant, also when it comes late", async () => {
    const office = await new Office({ now: "2026-11-14T00:30:00Z" }).open();
    await office.invoke(scheduled);
    assert.match(office.mails[0]?.header("Subject") ?? "", /Thu 12 Nov 2026/);
  });

  it("reports the next day the day after, from the same warm container", async () => {
    const history = costHistory({ first: "2026-10-01", last: "2026-11-13" });
    const office = await new Office({ history }).open();
    await office.invoke();
    await office.until("2026-11-14T11:18:00Z");
    await office.invoke();
    assert.deepEqual(
      office.mails.map((mail) => /Nov|\d+ Nov/.exec(mail.header("Subject").replace(/.*?(\d+ Nov).*/, "$1"))?.[0]),
      ["12 Nov", "13 Nov"],
    );
    assert.deepEqual(
      office.costRequests.map(({ TimePeriod }) => TimePeriod?.End),
      ["2026-11-13", "2026-11-14"],
    );
  });

  it("goes by the metric, the filters and the time that it is given", async () => {
    const settings = {
      metric: "NetAmortizedCost",
      recordTypes: { exclude: ["Credit", "Refund", "Tax"] },
      settlingDays: 2,
      title: "Kosten",
      configurationSetName: "costs",
    } as const;
    const office = await new Office({ settings }).open();
    await office.invoke();
    const keep = ({ recordType }: { recordType: string }): boolean => recordType === "Usage";
    const expected = new Expected(office.history.rows(), { date: "2026-11-11", metric: "NetAmortizedCost", keep });
    assert.ok(office.mails[0]?.header("Subject").startsWith(`Kosten Wed 11 Nov 2026: ${dollars(expected.day(0))}`));
    const text = office.mails[0]?.text("text/plain") ?? "";
    assert.ok(text.includes(dollars(expected.month().toDate)));
    assert.match(text, /net amortized costs without Credit,\s+Refund, Tax/);
    assert.equal(office.mails[0]?.input.ConfigurationSetName, "costs");
  });

  it("works for a standalone account, which has no organization", async () => {
    const history = costHistory({ first: "2026-10-01", last: "2026-11-12", accounts: 1, events: false });
    const office = await new Office({ history }).open();
    office.organizationsError = Object.assign(new Error("no organization"), {
      name: "AWSOrganizationsNotInUseException",
    });
    await office.invoke();
    assert.ok(readable(office.mails[0]?.text("text/html") ?? "").includes("production"));
  });
});

describe("a dry run", () => {
  it("returns the mail as a page, and neither sends nor writes anything", async () => {
    const office = await new Office({ settings: { recipients: FIVE } }).open();
    const answer = await office.invoke({ dryRun: true });
    assert.ok(answer !== undefined && "html" in answer);
    const total = dollars(new Expected(office.history.rows(), { date: "2026-11-12" }).day(0));
    assert.ok(readable(answer.html).includes(total));
    assert.ok(answer.text.includes(total) && answer.subject.includes(total));
    assert.doesNotMatch(answer.html, /cid:/);
    assert.deepEqual([answer.date, answer.view, answer.recipients.length], ["2026-11-12", "all", 5]);
    assert.deepEqual(
      ["SendEmail", "PutObject", "UpdateItem"].map((operation) => office.wire.count(operation)),
      [0, 0, 0],
    );
    await office.invoke();
    assert.equal(office.mails.length, 5, "a dry run is no delivery");
  });

  it("shows another day, and what one recipient would see", async () => {
    const recipients = [{ address: "Ann <Ann@example.com>", accounts: ["111111111111"] }];
    const office = await new Office({ settings: { recipients } }).open();
    const answer = await office.invoke({ dryRun: true, date: "2026-11-02", recipient: "ann@example.com" });
    assert.ok(answer !== undefined && "html" in answer);
    const expected = new Expected(office.history.rows(), { date: "2026-11-02" });
    assert.ok(answer.subject.includes(dollars(expected.day(0, { account: "111111111111" }))));
    assert.deepEqual([answer.view, answer.recipients], ["account-111111111111", ["Ann <Ann@example.com>"]]);
    const error = await office.failure({ dryRun: true, recipient: "eve@example.com" });
    assert.match(error.message, /eve@example\.com gets no report. Allowed: Ann <Ann@example\.com>/);
  });
});
