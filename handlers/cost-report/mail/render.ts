/** From a report to everything that a mail is made of, whoever gets it. */
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import type { Report } from "../report";
import type { FullSettings } from "../settings";
import { accountsCsv, servicesCsv } from "./csv";
import { drawImages, type Image } from "./images";
import { type MailLook, ReportMail, subjectOf } from "./report-mail";
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
  readonly attachments: readonly { readonly filename: string; readonly csv: string }[];
}

export type RenderSettings = MailLook["settings"] & Pick<FullSettings, "accountsInline">;

const DOCTYPE =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">';

/** With as many accounts as fit, the largest first. */
export function renderMail(report: Report, settings: RenderSettings): RenderedMail {
  let accountsShown = Math.min(settings.accountsInline, report.accounts.length);
  for (;;) {
    const images = drawImages(report, report.accounts.slice(0, accountsShown));
    const html = toHtml({ report, images, settings, accountsShown });
    const bytes = Buffer.byteLength(html);
    if (bytes <= MOST_HTML_BYTES || accountsShown === 0) {
      return {
        subject: subjectOf(report, settings.title),
        html,
        text: plainText(report, { settings, accountsShown }),
        images: [...(images.total === undefined ? [] : [images.total]), ...images.accounts.values()],
        faults: images.faults,
        attachments: attachmentsOf(report, accountsShown),
      };
    }
    // All accounts take about the same room, so this is nearly always the last attempt but one.
    accountsShown = Math.min(accountsShown - 1, Math.floor((accountsShown * MOST_HTML_BYTES) / bytes));
  }
}

/**
 * React asks browsers to load images early, by links that mail clients do not know; React Email marks its cells, and says
 * of rows that they are as wide as their tables, which they are. A quarter of the mail's size.
 */
const NEEDLESS = [
  /<link rel="preload" as="image"[^>]*>/g,
  / data-id="__react-email-column"/g,
  /(?<=<(?:tbody|tr)) style="width:100%"/g,
] as const;

function toHtml(props: Parameters<typeof ReportMail>[0]): string {
  const markup = renderToStaticMarkup(createElement(ReportMail, props));
  return DOCTYPE + NEEDLESS.reduce((html, pattern) => html.replaceAll(pattern, ""), markup);
}

function attachmentsOf(report: Report, accountsShown: number): RenderedMail["attachments"] {
  const isFolded = accountsShown < report.accounts.length || report.accounts.some(({ others }) => others !== undefined);
  if (!isFolded) return [];
  return [
    { filename: "accounts.csv", csv: accountsCsv(report) },
    { filename: "services.csv", csv: servicesCsv(report) },
  ];
}

/** The mail as a page of its own, with its images inside. */
export function toPage({ html, images }: Pick<RenderedMail, "html" | "images">): string {
  const sources = new Map(images.map(({ src, png }) => [src, `data:image/png;base64,${png.toString("base64")}`]));
  return html.replace(/src="(cid:[^"]+)"/g, (whole, src: string) => {
    const data = sources.get(src);
    return data === undefined ? whole : `src="${data}"`;
  });
}
