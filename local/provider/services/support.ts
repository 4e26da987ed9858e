/** What several services need to talk to AWS. */
import { partitionOf } from "../../../components/internal/partitions";
import type { Account } from "../account";
import { isEqual, type Value, type Values } from "../property-values";
import type { Operation, ResourceState, ResourceType } from "../resource-type";

type ErrorClass = new (...args: never[]) => Error;

/** The answer, or undefined when AWS says that the thing does not exist (by error class or error name). */
export async function ifMissing<T>(answer: Promise<T>, ...missing: (ErrorClass | string)[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const names = error instanceof Error ? [error.name, (error as { Code?: string }).Code] : [];
    const matches = missing.some((m) => (typeof m === "string" ? names.includes(m) : error instanceof m));
    if (matches) return undefined;
    throw error;
  }
}

/** What has to be set and removed so that AWS has exactly `tags`, given the state before. */
export function changedTags(
  olds: Values,
  tags: Readonly<Record<string, string>>,
): { set: Record<string, string>; removed: string[] } {
  const before = (olds.tagsAll ?? {}) as Record<string, string>;
  const set = Object.fromEntries(Object.entries(tags).filter(([key, value]) => before[key] !== value));
  return { set, removed: Object.keys(before).filter((key) => !(key in tags)) };
}

/** Tags as most services take them. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags as most services answer them. */
export function tagRecord(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Asks again until the answer is there; for what AWS makes or removes in its own time. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { timeoutSeconds = 120, intervalSeconds = 0.2 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutSeconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, intervalSeconds * 1000));
  }
}

/** The values that are there; AWS leaves out what it has nothing to say about. */
export function known(values: Readonly<Record<string, Value | undefined>>): Values {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined && entry[1] !== null),
  );
}

/** Whether an update has to set `property`. What the program does not say stays as AWS has it. */
export function isSet(olds: Values, news: Values, property: string): boolean {
  return news[property] !== undefined && news[property] !== null && !isEqual(olds[property], news[property]);
}

/** Repeats a call that AWS refuses for a while, e.g. since something that is going away still depends on the thing. */
export async function whileRefused<T>(
  call: () => Promise<T>,
  refusals: readonly string[],
  { timeoutSeconds = 300, intervalSeconds = 0.5 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (let seconds = intervalSeconds; ; seconds = Math.min(seconds * 1.5, 5)) {
    try {
      return await call();
    } catch (error) {
      const refused = error instanceof Error && refusals.some((r) => error.name === r || error.message.includes(r));
      if (!refused || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }
}

/** The state right after a change. AWS may take some time until a new thing can be read everywhere. */
export function settled(
  read: ResourceType["read"],
  operation: Operation,
  id: string,
  state: Values,
): Promise<ResourceState> {
  return until(`${id} to be readable`, () => read(operation, id, state));
}

export async function arn(account: Account, service: string, resource: string): Promise<string> {
  return `arn:${partitionOf(account.region)?.id ?? "aws"}:${service}:${account.region}:${await account.id()}:${resource}`;
}

/** What AWS has: the values that are there, and null for those that only the state has. */
export function actual(state: Values, values: Readonly<Record<string, Value | undefined>>): Values {
  const gone = Object.keys(values).filter((name) => (values[name] ?? null) === null && (state[name] ?? null) !== null);
  return { ...known(values), ...Object.fromEntries(gone.map((name) => [name, null])) };
}

/** AWS answers lists page by page, and a page may be empty. */
export async function allPages<Item>(
  ask: (token: string | undefined) => Promise<{ items: Item[] | undefined; token: string | undefined }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let next: string | undefined;
  do {
    const { items, token } = await ask(next);
    all.push(...(items ?? []));
    next = token;
  } while (next !== undefined);
  return all;
}
