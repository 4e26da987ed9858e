/** The mail as SES takes it: the same for the same day, view and recipient, one thread for each day and view. */
import { composeMime } from "../../shared/mail/mime";
import { addDays, type Day } from "../../shared/days";
import type { FullSettings } from "../settings";
import type { RenderedMail } from "./render";

export interface Envelope {
  readonly settings: Pick<FullSettings, "reportId" | "sender" | "replyTo">;
  readonly date: Day;
  /** Name of the view; see views.ts. */
  readonly view: string;
  readonly recipient: string;
}

export function composeMail(mail: RenderedMail, { settings, date, view, recipient }: Envelope): Promise<Buffer> {
  const { reportId, sender, replyTo } = settings;
  const { subject, html, text } = mail;
  return composeMime({
    ...{ sender, recipient, subject, html, text },
    ...(replyTo !== undefined && { replyTo }),
    date: new Date(addDays(date, 1)),
    thread: [reportId, date, view],
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
  });
}
