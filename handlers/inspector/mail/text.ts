/** The mails for clients that show no HTML. */
import type { Digest } from "../digest";
import type { Group, Notice } from "../items";
import { counted, inDays, resourceName, typeName } from "./words";

export interface NoticeContent {
  readonly group: Group;
  readonly shown: readonly Notice[];
  /** How many are not shown. */
  readonly more: number;
  readonly scanId: string;
}

export interface DigestContent {
  readonly digest: Digest;
  /** "2026-11-28" */
  readonly date: string;
  readonly scanId: string;
}

/** Most overdue findings, and resources, that a digest shows. */
export const MOST_OVERDUE = 20;
export const MOST_RESOURCES = 10;

export function moreOf(count: number, noun: string): string[] {
  return count > 0 ? [`and ${counted(count, `more ${noun}`)}`] : [];
}

export function noticeText(subject: string, { group, shown, more, scanId }: NoticeContent): string {
  return [
    subject,
    "",
    `${typeName(group)} ${group.resourceId}`,
    `account ${group.account}, ${group.region}, ${group.hour.replace("T", " ")}:00 UTC`,
    "",
    ...shown.flatMap(({ kind, severity, title, remedy }) => [
      `${kind.padEnd(12)}${severity.padEnd(14)}${title}`,
      ...(remedy === "" || kind === "fixed" ? [] : [`${" ".repeat(12)}${remedy}`]),
    ]),
    ...moreOf(more, "change"),
    "",
    `Sent by ${scanId}`,
    "",
  ].join("\n");
}

export function digestText(subject: string, { digest, scanId }: DigestContent): string {
  const { lines, overdue, resources, suppressed } = digest;
  const cells = (...texts: (string | number)[]): string =>
    texts.map((text, i) => (i === 0 ? String(text).padEnd(14) : String(text).padStart(9))).join("");
  return [
    subject,
    "",
    cells("", "open", "opened", "fixed", "overdue"),
    ...lines.map((line) => cells(line.severity, line.open, line.opened, line.fixed, line.overdue)),
    `${counted(suppressed, "finding")} suppressed; opened and fixed in the last 24 hours`,
    ...(overdue.length > 0 ? ["", "Overdue", "======="] : []),
    ...overdue
      .slice(0, MOST_OVERDUE)
      .flatMap((it) => [
        `${it.severity} ${it.title}`,
        `  ${resourceName(it)}, account ${it.account}: open for ${inDays(it.ageDays)}`,
      ]),
    ...moreOf(overdue.length - MOST_OVERDUE, "overdue finding"),
    ...(resources.length > 0 ? ["", "Resources", "========="] : []),
    ...resources
      .slice(0, MOST_RESOURCES)
      .map(
        (it) => `${it.worst.padEnd(14)}${String(it.open).padStart(6)} open  ${resourceName(it)}, account ${it.account}`,
      ),
    ...moreOf(resources.length - MOST_RESOURCES, "resource"),
    "",
    `Sent by ${scanId}`,
    "",
  ].join("\n");
}
