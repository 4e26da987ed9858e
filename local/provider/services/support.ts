/** What several services need to talk to AWS. */
import type { Values } from "../property-values";

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
