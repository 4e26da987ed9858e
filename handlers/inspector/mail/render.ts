/** From notices and digests to mails. */
import { createElement } from "react";
import { toHtml } from "../../shared/mail/page";
import type { Digest } from "../digest";
import type { Group, Notice } from "../items";
import { SEVERITIES } from "../settings";
import { DigestMail } from "./digest-mail";
import { NoticeMail } from "./notice-mail";
import { digestText, noticeText } from "./text";
import { counted, resourceName } from "./words";

export interface RenderedMail {
  readonly subject: string;
  /** Made when it is needed. */
  readonly html: () => string;
  readonly text: string;
  /** What the mails of one thread share. Default: a thread of its own. */
  readonly thread?: string;
}

/** Most that a mail or a message shows of anything; it says how many more there are. */
export const MOST_SHOWN = 50;

/** Most severe first, what is fixed last. */
export function sorted(notices: readonly Notice[]): Notice[] {
  const rank = ({ severity, kind }: Notice): number =>
    SEVERITIES.indexOf(severity) - (kind === "fixed" ? SEVERITIES.length : 0);
  return [...notices].sort((a, b) => rank(b) - rank(a) || (a.arn < b.arn ? -1 : 1));
}

/** "2 new, 1 fixed" */
export function tally(notices: readonly Notice[]): string {
  const kinds = ["new", "reopened", "more severe", "fixed"] as const;
  const counts = kinds.map((kind) => [notices.filter((it) => it.kind === kind).length, kind] as const);
  return counts
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${kind}`)
    .join(", ");
}

export function renderNotices(group: Group, given: readonly Notice[], scanId: string): RenderedMail {
  const notices = sorted(given);
  const worst = notices.find(({ kind }) => kind !== "fixed")?.severity ?? "FIXED";
  const subject = `${worst}: ${tally(notices)} on ${resourceName(group)}`.slice(0, 200);
  const content = {
    group,
    shown: notices.slice(0, MOST_SHOWN),
    more: Math.max(0, notices.length - MOST_SHOWN),
    scanId,
  };
  return {
    subject,
    html: () => toHtml(createElement(NoticeMail, { subject, ...content })),
    text: noticeText(subject, content),
    thread: group.resourceId,
  };
}

export function renderDigest(digest: Digest, date: string, scanId: string): RenderedMail {
  const overdue = digest.overdue.length === 0 ? "" : `, ${digest.overdue.length} overdue`;
  const subject = `Vulnerabilities ${date}: ${counted(digest.open, "open finding")}${overdue}`;
  const content = { digest, date, scanId };
  return {
    subject,
    html: () => toHtml(createElement(DigestMail, { subject, ...content })),
    text: digestText(subject, content),
  };
}
