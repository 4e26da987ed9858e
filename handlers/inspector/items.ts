/**
 * The table. By `pk` and `sk`:
 *
 * - `finding`, ARN: each finding as its newest event has it;
 * - `group`, hour|resource: what happened to a resource in an hour, to be reported in one message; `closed` once the message
 *   is being made, so that nothing more joins it; `done` once everybody has it;
 * - `notice|hour|resource`, ARN|revision: one change of one finding;
 * - `delivery|…`, channel: whether a message went out; see deliveries.ts.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import * as z from "zod/mini";
import type { Known, NoticeKind } from "./plan";
import { SEVERITIES, STATUSES } from "./settings";

export type Item = Record<string, AttributeValue>;
type Plain = Readonly<Record<string, string | number | boolean>>;

export const HOUR_MS = 3_600_000;
const DAY_SECONDS = 86_400;
/** Nothing comes later: EventBridge delivers for a day, queue and dead letters keep for 14 days each. */
const CLOSED_KEPT_SECONDS = 90 * DAY_SECONDS;
export const SENT_KEPT_SECONDS = 30 * DAY_SECONDS;

export function toItem(record: Plain): Item {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]): [string, AttributeValue] => [
      name,
      typeof value === "string" ? { S: value } : typeof value === "number" ? { N: String(value) } : { BOOL: value },
    ]),
  );
}

function fromItem(item: Item): Plain {
  return Object.fromEntries(
    Object.entries(item).map(([name, { S, N, BOOL }]) => [name, S ?? (N === undefined ? (BOOL ?? "") : Number(N))]),
  );
}

const finding = {
  arn: z.string(),
  account: z.string(),
  region: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  status: z.enum(STATUSES),
  resourceId: z.string(),
  resourceType: z.string(),
  remedy: z.string(),
  firstObservedAt: z.number(),
  lastObservedAt: z.number(),
  updatedAt: z.number(),
};
const known = z.object({ ...finding, revision: z.number(), openedAt: z.number(), announced: z.boolean() });
const notice = z.object({ ...finding, kind: z.enum(["new", "more severe", "fixed", "reopened"]) });
const group = z.object({
  hour: z.string(),
  resourceId: z.string(),
  resourceType: z.string(),
  account: z.string(),
  region: z.string(),
});

export type Notice = z.infer<typeof notice>;
/** What is reported in one message: the changes of one resource in one hour. */
export type Group = z.infer<typeof group>;

/** "2026-11-28T13", in UTC. */
export function hourOf(now: number): string {
  return new Date(now).toISOString().slice(0, 13);
}

export function hourAfter(hour: string): string {
  return hourOf(Date.parse(`${hour}:00:00Z`) + HOUR_MS);
}

export const findingKey = (arn: string): Item => toItem({ pk: "finding", sk: arn });
export const groupName = ({ hour, resourceId }: Pick<Group, "hour" | "resourceId">): string => `${hour}|${resourceId}`;
export const groupKey = (of: Group): Item => toItem({ pk: "group", sk: groupName(of) });

export function findingItem(it: Known): Item {
  const expiresAt = Math.floor(it.updatedAt / 1000) + CLOSED_KEPT_SECONDS;
  return { ...findingKey(it.arn), ...toItem({ ...it }), ...(it.status === "CLOSED" && toItem({ expiresAt })) };
}

export function noticeItem(kind: NoticeKind, it: Known, hour: string, now: number): Item {
  const { revision, openedAt: _, announced: __, ...of } = it;
  return toItem({
    pk: `notice|${groupName({ ...it, hour })}`,
    sk: `${it.arn}|${revision}`,
    ...of,
    kind,
    expiresAt: Math.floor(now / 1000) + SENT_KEPT_SECONDS,
  });
}

export const readFinding = (item: Item): Known => known.parse(fromItem(item));
export const readNotice = (item: Item): Notice => notice.parse(fromItem(item));
export const readGroup = (item: Item): Group => group.parse(fromItem(item));
