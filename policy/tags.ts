/** The tags that a resource will have. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Subject } from "./rule";
import { documentOf, isAbsent, isObject, UNKNOWN, type Value, type Values } from "./values";

/** Its tags are a list, and the provider's default tags do not reach it. */
export const AUTO_SCALING_GROUP = "aws:autoscaling/group:Group";

const known = new Map<string, boolean>();

/** Whether a type of AWS takes tags: the SDK's own class tells, so that there is no list to keep. */
export function isTaggable(type: string): boolean {
  const found = known.get(type) ?? takesTags(type);
  known.set(type, found);
  return found;
}

function takesTags(type: string): boolean {
  const [, module = "", file = ""] = /^aws:([\w-]+)\/([\w-]+):\w+$/.exec(type) ?? [];
  if (file === "") return false;
  const path = join(dirname(require.resolve("@pulumi/aws/package.json")), module, `${file}.js`);
  return existsSync(path) && /resourceInputs\["tags"\] = args/.test(readFileSync(path, "utf8"));
}

/** The provider's default tags. */
export function defaultTags({ provider }: Pick<Subject, "provider">): Values | typeof UNKNOWN {
  const defaults = provider?.defaultTags;
  // Providers get everything that is no text as JSON.
  const tags = defaults === UNKNOWN ? UNKNOWN : documentOf(defaults)?.tags;
  if (tags === UNKNOWN) return UNKNOWN;
  return isObject(tags) ? tags : {};
}

/** Tags by name, with those of the provider; unknown when they are not known. */
export function effectiveTags(subject: Subject): Values | typeof UNKNOWN {
  const own = ownTags(subject);
  const inherited = subject.type === AUTO_SCALING_GROUP ? {} : defaultTags(subject);
  return own === UNKNOWN || inherited === UNKNOWN ? UNKNOWN : { ...inherited, ...own };
}

function ownTags({ props: { tags } }: Subject): Values | typeof UNKNOWN {
  if (tags === UNKNOWN) return UNKNOWN;
  if (isAbsent(tags)) return {};
  return Array.isArray(tags) ? fromList(tags) : isObject(tags) ? tags : {};
}

function fromList(tags: readonly Value[]): Values | typeof UNKNOWN {
  const pairs = tags.map((tag) => (isObject(tag) ? ([tag.key, tag.value] as const) : ([UNKNOWN, UNKNOWN] as const)));
  if (pairs.some(([key]) => key === UNKNOWN)) return UNKNOWN;
  return Object.fromEntries(pairs.map(([key, value]) => [String(key), value]));
}
