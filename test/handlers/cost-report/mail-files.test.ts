import * as assert from "node:assert/strict";
import { toDecimal } from "../../../handlers/cost-report/amounts";
import type { Costs } from "../../../handlers/cost-report/costs";
import { daysBetween } from "../../../handlers/shared/days";
import { composeMail } from "../../../handlers/cost-report/mail/compose";
import { MOST_ATTACHED_BYTES, MOST_PLAIN_BYTES } from "../../../handlers/cost-report/mail/files";
import { renderMail } from "../../../handlers/cost-report/mail/render";
import { makeReport } from "../../../handlers/cost-report/report";
import { readable } from "../../../local/stories/cost-report/expected";
import { chance, type CostHistory } from "../../../local/stories/cost-report/history";
import { awsError } from "../../../fakes/wire";
import { linesOf } from "./support/files";
import { SETTINGS } from "./support/made";
import { Office } from "./support/office";

const DAY = "2026-11-12";

/** Figures have all their digits, by chance, so that files are as large as they get; longer names make them larger. */
function organization(accounts: number, services: number, nameLength = 0): Costs {
  const random = chance(1);
  const name = (): string => {
    let text = "";
    while (text.length < nameLength) text += random().toString(36).slice(2);
    return text.slice(0, nameLength);
  };
  const amount = (): bigint => BigInt(Math.floor(random() * 1e13)) * 100n;
  const days = daysBetween("2026-11-06", DAY);
  return {
    ...{ date: DAY, metric: "UnblendedCost", currency: "USD", days, estimated: [] },
    accounts: Array.from({ length: accounts }, (_, n) => ({
      ...{ id: String(100_000_000_000 + n), name: `account-${n}`, trend: days.map(amount) },
      ...{ monthToDate: amount(), sameDays: amount(), lastMonth: amount() },
      services: Array.from({ length: services }, (_s, k) => ({
        name: `Amazon Service ${k}${name()}`,
        cost: amount(),
        previous: amount(),
      })),
    })),
  };
}

const mailOf = (costs: Costs) => renderMail(makeReport(costs, SETTINGS), SETTINGS);

describe("the mail's files", () => {
  const settings = { ...SETTINGS, bucketName: "bucket", prefix: "costs/" };
  const largest = organization(800, 50, 250);
  const report = makeReport(largest, settings);
  const mail = renderMail(report, settings, { view: "accounts-1" });

  it("are zipped where they are large, and left to the archive where a mail cannot carry them", async () => {
    assert.deepEqual(
      mail.attachments.map(({ filename, contentType }) => [filename, contentType]),
      [["accounts.csv", "text/csv; charset=utf-8"]],
    );
    const [archived = assert.fail("nothing is left to the archive"), ...others] = mail.archived;
    assert.deepEqual(others, []);
    assert.equal(archived.key, "costs/reports/2026/11/12/accounts-1-services.csv.zip");
    assert.equal(linesOf(archived).length, 1 + 800 * 50);
    const envelope = { settings, date: DAY, view: "accounts-1", recipient: "ann@example.com" };
    assert.ok((await composeMail(mail, envelope)).length < 10_000_000);
  });

  it("are named in the mail and in its text, with their place", () => {
    const place = "s3://bucket/costs/reports/2026/11/12/accounts-1-services.csv.zip";
    const note = new RegExp(`services\\.csv\\.zip is too large for a mail \\(\\d+\\.\\d MB\\): .*${place}`);
    assert.match(readable(mail.html).join("\n"), note);
    assert.match(mail.text.replaceAll("\n", " "), note);
    assert.ok(mail.text.includes("in the attached accounts.csv"));
  });

  it("are not said to be in an archive that does not take them", () => {
    const without = renderMail(report, settings, { hasArchive: false });
    assert.doesNotMatch(without.html + without.text, /s3:\/\//);
    assert.match(without.html, /services\.csv\.zip is too large for a mail \([^)]*\): the archive did not take it/);
  });

  it("never have more than a mail of 10 MB has room for, whatever their number", async () => {
    for (const [accounts, services, nameLength] of [
      [1, 40, 0],
      [300, 60, 0],
      [750, 50, 250],
    ] as const) {
      const made = mailOf(organization(accounts, services, nameLength));
      const { attachments, archived } = made;
      const bytes = attachments.reduce((sum, { content }) => sum + content.length, 0);
      assert.ok(bytes <= MOST_ATTACHED_BYTES, `${bytes} bytes`);
      for (const { filename, content } of attachments) {
        assert.ok(filename.endsWith(".zip") || content.length <= MOST_PLAIN_BYTES, filename);
      }
      assert.equal(attachments.length + archived.length, 2);
      const mime = await composeMail(made, { settings, date: DAY, view: "all", recipient: "ann@example.com" });
      assert.ok(mime.length < 10_000_000, `${mime.length} bytes`);
    }
  });

  it("are the same for the same day", () => {
    const made = () => mailOf(organization(300, 60)).attachments.map(({ content }) => content.toString("base64"));
    assert.deepEqual(made(), made());
  });

  /** Costs of which every file is too large for a mail. */
  const history: CostHistory = {
    accounts: [],
    *rows() {
      for (const { id, services } of largest.accounts) {
        for (const { name, cost, previous } of services) {
          const row = { account: id, service: name, recordType: "Usage", estimated: false } as const;
          yield { ...row, day: DAY, amounts: { UnblendedCost: toDecimal(cost) } };
          yield { ...row, day: "2026-11-11", amounts: { UnblendedCost: toDecimal(previous) } };
        }
      }
    },
  };
  const large = () => new Office({ settings: { accountsInline: 1 }, history, pageSize: 1_000_000 }).open();

  it("are in the archive, as the mail says, before it is sent", async () => {
    const office = await large();
    await office.invoke();
    const place = /s3:\/\/archive\/(\S+\.zip)/.exec(office.mails[0]?.text("text/plain") ?? "")?.[1] ?? "";
    assert.ok(office.objects.has(place), place);
    assert.ok((office.mails[0]?.raw.length ?? Infinity) < 10_000_000);
  });

  it("are said to be nowhere where the archive refuses them", async () => {
    const office = await large();
    office.wire.refuseNext("PutObject", awsError("AccessDenied", "Access Denied", 403), 1000);
    await office.invoke();
    const text = office.mails[0]?.text("text/plain").replaceAll(/\s+/g, " ") ?? "";
    assert.match(text, /services\.csv\.zip is too large for a mail \([^)]*\): the archive did not take it/);
    assert.doesNotMatch(text, /s3:\/\//);
  });
});
