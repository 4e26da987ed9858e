import * as assert from "node:assert/strict";
import type { SendEmailCommandInput } from "@aws-sdk/client-sesv2";
import type { PublishCommandInput } from "@aws-sdk/client-sns";
import PostalMime from "postal-mime";
import { awsError } from "../../../fakes/wire";
import { parseTime } from "../../../handlers/inspector/events";
import { makeRecordHandler, makeReportHandler } from "../../../handlers/inspector/handler";
import { MOST_HTML_BYTES } from "../../../handlers/cost-report/mail/render";
import { ARN, batchOf, contextWith, DAY, eventOf, finding, HOUR, Recorder, SETTINGS, START } from "./support/made";
import { FakeTable, type Outside } from "./support/table";

const MAIL = { sender: "Scans <scan@example.com>", recipients: ["a@example.com"], configurationSetName: "scans" };

/** Everything outside of the functions; calls happen at once, unless a test says what else becomes of them. */
class Office {
  now = START;
  readonly table = new FakeTable();
  readonly telemetry = new Recorder();
  readonly published: (PublishCommandInput & { at: number })[] = [];
  readonly mails: (SendEmailCommandInput & { at: number })[] = [];
  /** What becomes of a call, before or after its effect. */
  before: (operation: string) => Error | "killed" | undefined = () => undefined;
  after: (operation: string) => Error | "killed" | undefined = () => undefined;

  private readonly outside: Outside = async (operation, effect) => {
    const result = (await this.fate(this.before(operation))) ?? effect();
    await this.fate(this.after(operation));
    return result;
  };

  private async fate(fate: Error | "killed" | undefined): Promise<undefined> {
    if (fate === "killed") await new Promise<never>(() => undefined);
    if (fate instanceof Error) throw fate;
    return undefined;
  }

  private deps() {
    return {
      now: () => this.now,
      random: () => 0,
      sleep: () => Promise.resolve(),
      telemetry: this.telemetry,
      table: this.table.for(this.outside),
      topic: {
        publish: (input: PublishCommandInput) =>
          this.outside("Publish", () => ({ MessageId: String(this.published.push({ ...input, at: this.now })) })),
      },
      mail: {
        sendEmail: (input: SendEmailCommandInput) =>
          this.outside("SendEmail", () => ({ MessageId: String(this.mails.push({ ...input, at: this.now })) })),
      },
    };
  }

  record = async (...findings: Parameters<typeof batchOf>[0]): Promise<string[]> => {
    const { batchItemFailures } = await makeRecordHandler(SETTINGS, this.deps())(batchOf(findings), contextWith());
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };

  report = (event: unknown, remaining?: number) =>
    makeReportHandler({ ...SETTINGS, mail: MAIL }, this.deps())(event, contextWith(remaining));

  notices = () => this.report({ report: "notices" });

  async mailsRead() {
    return Promise.all(this.mails.map(({ Content }) => PostalMime.parse(Buffer.from(Content?.Raw?.Data ?? []))));
  }
}

describe("the recording handler of inspector", () => {
  it("reads the times that Inspector writes", () => {
    const at = Date.parse("2024-09-04T16:59:44.356Z");
    assert.equal(parseTime("Wed Sep 04 16:59:44.356 UTC 2024"), at);
    assert.equal(parseTime("2024-09-04T16:59:44.356Z"), at);
    for (const space of [" ", "\u202f"]) {
      assert.equal(parseTime(`Mar 20, 2023, 6:08:05${space}PM`), Date.parse("2023-03-20T18:08:05Z"));
    }
    for (const text of ["", "yesterday", "20.3.2023", "Wed Sep 04 16:59:44.356 CET 2024"]) {
      assert.equal(parseTime(text), undefined, text);
    }
  });

  it("keeps what the event says, once", async () => {
    const office = new Office();
    assert.deepEqual(await office.record(finding(), finding()), []);
    const [known] = office.table.findings();
    assert.deepEqual(known, { ...finding(), revision: 1, openedAt: START - DAY, announced: true });
    assert.deepEqual(office.table.notices(), [{ ...finding(), kind: "new" }]);
  });

  it("counts the days to fix, and forgets what is fixed after 90 days", async () => {
    const office = new Office();
    const fixed = finding({ status: "CLOSED", updatedAt: START + DAY });
    await office.record(finding(), fixed);
    assert.deepEqual(office.telemetry.metrics, [["DaysToFixHigh", 2]]);
    const item = office.table.items.get(`finding\n${ARN}`);
    assert.equal(item?.["expiresAt"]?.N, String((START + 91 * DAY) / 1000));
    await office.record(finding({ updatedAt: START + 2 * DAY }));
    assert.equal(office.table.items.get(`finding\n${ARN}`)?.["expiresAt"], undefined);
  });

  it("returns what it cannot read or write, and nothing else", async () => {
    const office = new Office();
    const { detail, ...rest } = eventOf(finding()) as { detail: object };
    const unread = ["{", "{}", JSON.stringify({ ...rest, detail: { ...detail, updatedAt: "soon" } })];
    assert.deepEqual(await office.record(...unread, finding()), ["message-0", "message-1", "message-2"]);
    assert.deepEqual(office.telemetry.metrics, [["MalformedEvents", 3]]);
    assert.match(String(office.telemetry.errors[2]), /detail\.updatedAt: is no time as Inspector writes it/);
    office.before = () => awsError("AccessDeniedException");
    assert.deepEqual(await office.record(finding({ arn: `${ARN}2` })), ["message-0"]);
  });

  it("tries again where transactions conflict, and gives up where others are always faster", async () => {
    const office = new Office();
    const cancelled = (...codes: string[]): Error =>
      Object.assign(awsError("TransactionCanceledException"), {
        CancellationReasons: codes.map((Code) => ({ Code })),
      });
    let left = 2;
    office.before = (operation) =>
      operation === "TransactWriteItems" && left-- > 0 ? cancelled("None", "TransactionConflict") : undefined;
    assert.deepEqual(await office.record(finding()), []);
    office.before = (operation) =>
      operation === "TransactWriteItems" ? cancelled("ConditionalCheckFailed") : undefined;
    assert.deepEqual(await office.record(finding({ updatedAt: START + 1 })), ["message-0"]);
    assert.match(String(office.telemetry.errors[0]), /ContentionError/);
  });
});

describe("the reporting handler of inspector", () => {
  async function withNotices(): Promise<Office> {
    const office = new Office();
    await office.record(
      finding(),
      finding({ arn: `${ARN}2`, severity: "CRITICAL", title: "<b>CVE</b>" }),
      finding({ arn: `${ARN}3`, resourceId: "i-1", resourceType: "AWS_EC2_INSTANCE" }),
    );
    return office;
  }

  it("tells of a resource's changes in one message once the hour is over, by topic and mail", async () => {
    const office = await withNotices();
    assert.deepEqual(await office.notices(), { reported: 0 });
    office.now = START + HOUR;
    assert.deepEqual(await office.notices(), { reported: 2 });
    assert.deepEqual(await office.notices(), { reported: 0 });
    const [first] = office.published;
    assert.equal(first?.Subject, "CRITICAL: 2 new on orders");
    assert.deepEqual(first?.MessageAttributes?.["severity"], { DataType: "String", StringValue: "CRITICAL" });
    const { sqs, default: text } = JSON.parse(first?.Message ?? "") as Record<string, string>;
    assert.match(text ?? "", /flask 2\.0\.0 → 2\.3\.2/);
    const { notices } = JSON.parse(sqs ?? "") as { notices: { arn: string }[] };
    assert.deepEqual(
      notices.map(({ arn }) => arn),
      [`${ARN}2`, ARN],
    );
    const [mail, other] = await office.mailsRead();
    assert.deepEqual([mail?.subject, other?.subject], ["CRITICAL: 2 new on orders", "HIGH: 1 new on i-1"]);
    assert.match(mail?.html ?? "", /&lt;b&gt;CVE&lt;\/b&gt;/);
    assert.deepEqual(office.mails[0]?.Destination, { ToAddresses: ["a@example.com"] });
  });

  it("sends the digest once a day, with metrics", async () => {
    const office = await withNotices();
    const event = { report: "digest", time: new Date(START + 20 * DAY).toISOString() };
    assert.deepEqual(await office.report(event), { reported: 1 });
    assert.deepEqual(await office.report(event), { reported: 1 });
    const [mail, ...others] = await office.mailsRead();
    assert.deepEqual([mail?.subject, others.length], ["Vulnerabilities 2026-12-18: 3 open findings, 1 overdue", 0]);
    assert.match(mail?.text ?? "", /CRITICAL +1 +0 +0 +1\n/);
    assert.deepEqual(office.telemetry.metrics.slice(0, 2), [
      ["OpenFindings", 3],
      ["OverdueFindings", 1],
    ]);
  });

  it("tries what was refused again at once, and does the rest", async () => {
    const office = await withNotices();
    office.now = START + HOUR;
    office.before = (operation) => (operation === "SendEmail" ? awsError("MessageRejected", "paused") : undefined);
    await assert.rejects(office.notices(), /NotSentError: Notices did not reach everybody[\s\S]*paused/);
    assert.deepEqual([office.published.length, office.mails.length], [2, 0]);
    office.before = () => undefined;
    assert.deepEqual(await office.notices(), { reported: 2 });
    assert.deepEqual([office.published.length, office.mails.length], [2, 2]);
  });

  it("sends what it is not sure of again, an hour later", async () => {
    const office = await withNotices();
    office.now = START + HOUR;
    office.after = (operation) => (operation === "Publish" ? awsError("InternalFailure", "?", 500) : undefined);
    await assert.rejects(office.notices(), /SNS's answer was lost/);
    office.after = () => undefined;
    assert.deepEqual(await office.notices(), { reported: 0 });
    office.now += HOUR + 70_000;
    assert.deepEqual(await office.notices(), { reported: 2 });
    assert.deepEqual([office.published.length, office.mails.length], [4, 2]);
    await assert.rejects(office.report({ report: "digest" }, 5_000), /OutOfTimeError/);
    await assert.rejects(office.report({ report: "else" }), /BadEventError: report:/);
  });

  it("says so when a digest may not have gone out", async () => {
    const office = await withNotices();
    office.after = (operation) => (operation === "SendEmail" ? "killed" : undefined);
    void office.report({ report: "digest" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    office.after = () => undefined;
    await assert.rejects(office.report({ report: "digest" }), /another run may have sent it; invoke this again after/);
  });

  it("tells everybody of everything, wherever it is killed, and of no group twice within an hour", async () => {
    let kills = 0;
    for (let at = 0; ; at += 1) {
      for (const when of ["before", "after"] as const) {
        const office = await withNotices();
        office.now = START + HOUR;
        let calls = 0;
        const killed = await new Promise<boolean>((resolve) => {
          office[when] = () => {
            if (calls++ !== at) return undefined;
            resolve(true);
            return "killed";
          };
          void office.notices().then(() => resolve(false));
        });
        if (!killed) {
          assert.ok(kills >= 30, `only ${kills} kills`);
          return;
        }
        kills += 1;
        office[when] = () => undefined;
        for (let run = 0; run < 8; run += 1, office.now += HOUR / 4) await office.notices();
        const mails = await office.mailsRead();
        const reported = {
          topic: office.published.map(({ Subject, at: sent }) => ({ subject: Subject, sent })),
          mail: office.mails.map(({ at: sent }, i) => ({ subject: mails[i]?.subject, sent })),
        };
        for (const messages of Object.values(reported)) {
          const about = messages.map(({ subject }) => subject);
          assert.equal(new Set(about).size, 2, `killed ${when} call ${at}`);
          messages.forEach(({ sent }, i) => {
            const again = messages.findIndex((_, j) => j > i && about[j] === about[i]);
            assert.ok(again < 0 || (messages[again]?.sent ?? 0) - sent >= HOUR, `killed ${when} call ${at}`);
          });
        }
      }
    }
  }).timeout(60_000);

  it("stays below what Gmail shows, however much there is", async () => {
    const office = new Office();
    const long = (i: number) =>
      finding({ arn: `${ARN}${i}`, title: "v".repeat(300), remedy: "p".repeat(290), resourceId: "i".repeat(300) });
    await office.record(...Array.from({ length: 120 }, (_, i) => long(i)));
    office.now = START + 40 * DAY;
    await office.notices();
    await office.report({ report: "digest" });
    const mails = await office.mailsRead();
    for (const { html = "" } of mails) assert.ok(Buffer.byteLength(html) <= MOST_HTML_BYTES, String(html.length));
    assert.match(mails[0]?.text ?? "", /and 70 more changes/);
    assert.match(mails[1]?.text ?? "", /and 100 more overdue findings/);
    assert.ok((office.published[0]?.Message ?? "").length < 256_000);
  });
});
