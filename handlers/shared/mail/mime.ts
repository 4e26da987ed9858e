/** A mail as SES takes it: MIME, the same bytes for the same mail. */
import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import { bareAddress } from "./addresses";

export interface Attachment {
  readonly filename: string;
  readonly content: string | Buffer;
  readonly contentType: string;
  /** Of an image that the HTML shows. */
  readonly cid?: string;
  readonly contentDisposition?: "attachment" | "inline";
  readonly contentTransferEncoding?: "base64" | "quoted-printable";
}

export interface MimeMail {
  readonly sender: string;
  readonly replyTo?: string;
  readonly recipient: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly date: Date;
  /** What mails of one thread share, and no others. */
  readonly thread: readonly string[];
  readonly attachments?: readonly Attachment[];
}

/**
 * SES writes a Message-ID and a Date of its own over these. What it leaves alone is the reference to a message that never
 * was: by it, mail clients put everything about one thing into one thread.
 */
export async function composeMime({ sender, recipient, thread: parts, ...mail }: MimeMail): Promise<Buffer> {
  const domain = bareAddress(sender).split("@").pop() ?? "localhost";
  const thread = digest(...parts);
  const composer = new MailComposer({
    from: sender,
    to: recipient,
    ...(mail.replyTo !== undefined && { replyTo: mail.replyTo }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: mail.date,
    messageId: `<${digest(thread, recipient)}@${domain}>`,
    references: [`<${thread}@${domain}>`],
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply" },
    attachments: (mail.attachments ?? []).map((file) => ({ ...file })),
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
