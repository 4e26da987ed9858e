import * as assert from "node:assert/strict";
import { PNG } from "pngjs";
import { composeMail, type Envelope } from "../../../handlers/cost-report/mail/compose";
import { fromHeader } from "../../../handlers/shared/mail/mime";
import { renderMail } from "../../../handlers/cost-report/mail/render";
import { makeReport } from "../../../handlers/cost-report/report";
import { costHistory } from "../../../local/stories/cost-report/history";
import { costsOf, SETTINGS } from "./support/made";
import { parseMessage } from "./support/mime";

const DAY = "2026-11-12";
const envelope: Envelope = { settings: SETTINGS, date: DAY, view: "all", recipient: "Ann Å <ann@example.com>" };

describe("composeMail", () => {
  const rendered = costsOf(costHistory({ first: "2026-10-01", last: DAY, services: 12 }), DAY).then((costs) =>
    renderMail(makeReport(costs, SETTINGS), SETTINGS),
  );
  const compose = async (more: Partial<Envelope> = {}) => composeMail(await rendered, { ...envelope, ...more });

  it("makes a valid message: text and HTML as alternatives, images beside the HTML, files attached", async () => {
    const { root } = parseMessage(await compose());
    const outline = (part: typeof root): unknown =>
      part.parts.length === 0 ? part.type : [part.type, ...part.parts.map(outline)];
    const images = Array.from({ length: 7 }, () => "image/png");
    assert.deepEqual(outline(root), [
      "multipart/mixed",
      ["multipart/alternative", "text/plain", ["multipart/related", "text/html", ...images]],
      "text/csv",
      "text/csv",
    ]);
  });

  it("carries everything unharmed", async () => {
    const mail = await rendered;
    const message = parseMessage(await compose());
    assert.equal(message.text("text/html"), mail.html);
    assert.equal(message.text("text/plain").trimEnd().replaceAll("\r\n", "\n"), mail.text.trimEnd());
    assert.equal(message.header("Subject"), mail.subject);
    const files = message.all().filter(({ type }) => type === "text/csv");
    assert.deepEqual(
      files.map(({ content }) => content),
      mail.attachments.map(({ content }) => content),
    );
    assert.deepEqual(
      files.map(({ headers }) => headers.get("content-disposition")),
      ["attachment; filename=accounts.csv", "attachment; filename=services.csv"],
    );
  });

  it("has an image for every Content-ID that the HTML refers to, and no other", async () => {
    const message = parseMessage(await compose());
    const wanted = [...message.text("text/html").matchAll(/src="cid:([^"]+)"/g)].map(([, cid]) => `<${cid}>`);
    const images = message.all().filter(({ type }) => type === "image/png");
    assert.deepEqual(
      images.map(({ headers }) => headers.get("content-id")),
      wanted,
    );
    for (const { headers, content } of images) {
      assert.match(headers.get("content-disposition") ?? "", /^inline/);
      assert.ok(PNG.sync.read(content).width > 0);
    }
  });

  it("is the same for the same day, view and recipient, and in the same thread for all", async () => {
    assert.deepEqual(await compose(), await compose());
    const ids = async (more: Partial<Envelope>) => {
      const message = parseMessage(await compose(more));
      return { id: message.header("Message-ID"), thread: message.header("References"), date: message.header("Date") };
    };
    const [first, other, later] = await Promise.all([
      ids({}),
      ids({ recipient: "bob@example.com" }),
      ids({ date: "2026-11-13" }),
    ]);
    assert.match(first.id, /^<[\w.-]+@example\.com>$/);
    assert.notEqual(first.id, other.id);
    assert.equal(first.thread, other.thread);
    assert.notEqual(first.thread, later.thread);
    assert.equal(first.date, "Fri, 13 Nov 2026 00:00:00 +0000");
  });

  it("addresses it, and says that a machine sent it", async () => {
    const settings = { ...SETTINGS, sender: "Kosten für AWS <costs@example.com>", replyTo: "finance@example.com" };
    const mime = await compose({ settings });
    const message = parseMessage(mime);
    assert.equal(message.header("From"), "Kosten für AWS <costs@example.com>");
    assert.equal(message.header("To"), "Ann Å <ann@example.com>");
    assert.equal(message.header("Reply-To"), "finance@example.com");
    assert.equal(message.header("Auto-Submitted"), "auto-generated");
    assert.match(fromHeader(mime), /^=\?UTF-8\?[^\s]+(?: =\?UTF-8\?[^\s]+)* <costs@example\.com>$/);
  });

  it("lets no name add a header or a recipient", async () => {
    const mail = { ...(await rendered), subject: "costs\r\nBcc: eve@example.com" };
    const message = parseMessage(await composeMail(mail, { ...envelope, recipient: "Ann\r\nCc: <ann@example.com>" }));
    assert.equal(message.header("Bcc") + message.header("Cc"), "");
  });
});
