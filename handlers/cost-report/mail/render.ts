/** From a report to everything that a mail is made of, no matter who gets it. */
import { createElement } from "react";
import { toHtml } from "../../shared/mail/page";
import type { Report } from "../report";
import type { FullSettings } from "../settings";
import { subjectOf } from "../subject";
import { type ArchivedFile, filesOf, type MailFile, type MailFiles, NO_FILES } from "./files";
import { drawImages, type Image } from "./images";
import { type MailLook, ReportMail } from "./report-mail";
import { plainText } from "./text";

/**
 * Gmail cuts mails off at 102 KB of HTML. Quoted-printable, in which it travels, is not what is measured.
 * https://github.com/hteumeuleu/email-bugs/issues/41
 */
export const MOST_HTML_BYTES = 100_000;

export interface RenderedMail {
  readonly subject: string;
  /** Refers to `images` by their Content-IDs. */
  readonly html: string;
  readonly text: string;
  readonly images: readonly Image[];
  /** Why charts could not be drawn, which the mail goes out without. */
  readonly faults: readonly unknown[];
  /** What the mail does not show in full; empty where it shows everything. */
  readonly attachments: readonly MailFile[];
  /** What is too large to be attached, and named in the mail as being in the archive. */
  readonly archived: readonly ArchivedFile[];
}

export type RenderSettings = MailLook["settings"] &
  Pick<FullSettings, "accountsInline" | "subject" | "bucketName" | "prefix">;

export interface RenderOptions {
  /** Name of the view; see views.ts. Default: "all". */
  readonly view?: string;
  /** Whether the archive takes what is too large for a mail. Default: true. */
  readonly hasArchive?: boolean;
}

/** With as many accounts as fit, the largest first. */
export function renderMail(
  report: Report,
  settings: RenderSettings,
  { view = "all", hasArchive = true }: RenderOptions = {},
): RenderedMail {
  const subject = subjectOf(report, settings);
  // They take a while for a large organization, and are the same however many accounts are shown.
  let made: MailFiles | undefined;
  let accountsShown = Math.min(settings.accountsInline, report.accounts.length);
  for (;;) {
    const files = isFolded(report, accountsShown) ? (made ??= filesOf(report, settings, view)) : NO_FILES;
    const images = drawImages(report, report.accounts.slice(0, accountsShown));
    const look: MailLook = { settings, accountsShown, files, hasArchive };
    const html = toHtml(createElement(ReportMail, { report, subject, images, ...look }));
    const bytes = Buffer.byteLength(html);
    if (bytes <= MOST_HTML_BYTES || accountsShown === 0) {
      return {
        subject,
        html,
        text: plainText(report, look),
        images: [...(images.total === undefined ? [] : [images.total]), ...images.accounts.values()],
        faults: images.faults,
        attachments: files.attached,
        archived: files.archived,
      };
    }
    // All accounts take about the same room, so this is nearly always the last attempt but one.
    accountsShown = Math.min(accountsShown - 1, Math.floor((accountsShown * MOST_HTML_BYTES) / bytes));
  }
}

function isFolded({ accounts }: Report, accountsShown: number): boolean {
  return accountsShown < accounts.length || accounts.some(({ others }) => others !== undefined);
}

/** The mail as a page of its own, with its images inside. */
export function toPage({ html, images }: Pick<RenderedMail, "html" | "images">): string {
  const sources = new Map(images.map(({ src, png }) => [src, `data:image/png;base64,${png.toString("base64")}`]));
  return html.replace(/src="(cid:[^"]+)"/g, (whole, src: string) => {
    const data = sources.get(src);
    return data === undefined ? whole : `src="${data}"`;
  });
}
