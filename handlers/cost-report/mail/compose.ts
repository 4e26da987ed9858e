/** The mail as SES takes it: MIME, the same for the same day, view and recipient. */
import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import { addDays, type Day } from "../../shared/days";
import type { FullSettings } from "../settings";
import { bareAddress } from "./addresses";
import type { RenderedMail } from "./render";

export interface Envelope {
  readonly settings: Pick<FullSettings, "reportId" | "sender" | "replyTo">;
  readonly date: Day;
  /** Name of the view; see views.ts. */
  readonly view: string;
  readonly recipient: string;
}

/**
 * SES writes a Message-ID and a Date of its own over these. What it leaves alone is the reference to a message that never
 * was: by it, mail clients put everything about one day's view into one thread.
 */
export async function composeMail(mail: RenderedMail, { settings, date, view, recipient }: Envelope): Promise<Buffer> {
  const domain = bareAddress(settings.sender).split("@").pop() ?? "localhost";
  const thread = digest(settings.reportId, date, view);
  const composer = new MailComposer({
    from: settings.sender,
    to: recipient,
    ...(settings.replyTo !== undefined && { replyTo: settings.replyTo }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: new Date(addDays(date, 1)),
    messageId: `<${digest(thread, recipient)}@${domain}>`,
    references: [`<${thread}@${domain}>`],
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply" },
    attachments: [
      ...mail.images.map(({ cid, png }, n) => ({
        filename: `trend-${n}.png`,
        cid,
        content: png,
        contentType: "image/png",
        contentDisposition: "inline" as const,
      })),
      ...mail.attachments.map((file) => ({ ...file, contentTransferEncoding: "base64" as const })),
    ],
    newline: "windows",
    // Nothing in a mail may name a file or an address to be read from here.
    disableFileAccess: true,
    disableUrlAccess: true,
    baseBoundary: digest(thread, recipient, "boundary"),
  });
  return composer.compile().build();
}

/** The sender as the mail's header has it, in ASCII whatever its name is. */
export function fromHeader(mime: Buffer): string {
  const head = mime.subarray(0, mime.indexOf("\r\n\r\n")).toString("latin1");
  return (
    /^From: ((?:.|\r\n[ \t])*)$/m
      .exec(head)?.[1]
      ?.replace(/\r\n[ \t]/g, " ")
      .trim() ?? ""
  );
}

function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
