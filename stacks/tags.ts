/** Tags of accounts and arguments, taken together: AWS gets the account's on every resource, beside the component's. */
import { DEFAULT_SETTINGS } from "../policy/rule";
import type { GuardrailsSettings } from "../policy/settings";
import type { Account } from "./account";
import { DEFAULTS } from "./defaults";
import { type Fault, pathText, shown } from "./faults";

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const MAXIMUM_TAGS = 50;

/** Names of tags at a place of the file. */
export interface TagNames {
  readonly path: readonly PropertyKey[];
  readonly names: readonly string[];
}

/** A place in a value: a key, and where the value lies that has it. A list of keys each would grow with the depth. */
interface Place {
  readonly key: PropertyKey;
  readonly holder: Place | undefined;
}

function keysTo(place: Place | undefined): PropertyKey[] {
  const keys: PropertyKey[] = [];
  for (let at = place; at !== undefined; at = at.holder) keys.unshift(at.key);
  return keys;
}

/** The maps under keys named `tags`, however deep. */
export function tagsIn(value: unknown, path: readonly PropertyKey[]): TagNames[] {
  const found: TagNames[] = [];
  const rest: [unknown, Place | undefined][] = [[value, undefined]];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const [container, holder] = next;
    for (const [name, inner] of isContainer(container) ? Object.entries(container) : []) {
      const place = { key: Array.isArray(container) ? Number(name) : name, holder };
      if (name === "tags" && isContainer(inner) && !Array.isArray(inner)) {
        found.push({ path: [...path, ...keysTo(place)], names: Object.keys(inner) });
      } else rest.push([inner, place]);
    }
  }
  return found;
}

function isContainer(value: unknown): value is Record<string, unknown> | unknown[] {
  return typeof value === "object" && value !== null;
}

/** Tags that every resource of a stack has, or has to have, whatever its account says. */
export function commonTags({ requiredTags, tags = {} }: GuardrailsSettings): string[] {
  const required = requiredTags ?? DEFAULT_SETTINGS.requiredTags;
  return [...Object.keys(DEFAULTS.tags), "environment", ...required, ...Object.keys(tags)];
}

/** Names that differ from each other, or from those that are there already, only in case: some services refuse both. */
export function caseFaults({ path, names }: TagNames, others: readonly string[]): Fault<string>[] {
  return names.flatMap((name, i) => {
    const known = [...others, ...names.slice(0, i)];
    const same = known.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
    if (same === undefined) return [];
    const fix = `Write it as "${same}", which there is already, or rename it.`;
    return [
      { path: pathText([...path, name]), received: shown(name), allowed: "names that differ in more than case", fix },
    ];
  });
}

/** More tags than a resource can have: its own, the account's and those that the guardrails add. */
export function countFault(
  { path, names }: TagNames,
  account: Account | undefined,
  others: readonly string[],
): Fault<string>[] {
  const all = new Set([...names, ...Object.keys(account?.tags ?? {}), ...others]);
  if (all.size <= MAXIMUM_TAGS) return [];
  const allowed = `at most ${MAXIMUM_TAGS} tags for a resource, those of the account and of the component included`;
  return [{ path: pathText(path), received: `${all.size} tags`, allowed, fix: `Remove ${all.size - MAXIMUM_TAGS}.` }];
}
