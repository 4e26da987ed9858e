/** The provider's default tags, and a resource's own over them. Pure. */
import type { Account } from "./account";
import type { Change } from "./diff";
import type { ResourceType } from "./resource-type";
import { isObject, UNKNOWN, type Values } from "./property-values";

export type Tags = Readonly<Record<string, string>>;

function tagsOf(values: Values | undefined, property: "tags" | "tagsAll"): Tags {
  const tags = values?.[property];
  return isObject(tags) ? (tags as Tags) : {};
}

/** The tags that AWS is to have: the resource's own over the provider's. */
export function allTags(type: ResourceType, account: Account, inputs: Values): Tags {
  return type.taggable === true ? { ...account.defaultTags, ...tagsOf(inputs, "tags") } : {};
}

/**
 * `tagsAll` of types that have tags. It is among the checked inputs, too, since the engine takes a diff's new values
 * from there: a change of default tags could not be shown otherwise.
 */
export function withAllTags(type: ResourceType, account: Account | undefined, inputs: Values): Values {
  if (type.taggable !== true || account === undefined) return {};
  return { tagsAll: inputs.tags === UNKNOWN ? UNKNOWN : { ...allTags(type, account, inputs) } };
}

/**
 * A resource's own tags, of all that AWS has: without those that are there by default. `inputs` are those of its last
 * update; undefined when it is imported.
 */
export function withOwnTags(account: Account, inputs: Values | undefined, found: Values): Values {
  if (!isObject(found.tagsAll)) return {};
  const [given, before] = [tagsOf(inputs, "tags"), tagsOf(inputs, "tagsAll")];
  const isDefault = (key: string, value: string): boolean =>
    !(key in given) && (key in before || account.defaultTags[key] === value);
  const own = Object.entries(found.tagsAll as Tags).filter(([key, value]) => !isDefault(key, value));
  const isAbsent = own.length === 0 && !isObject(inputs?.tags);
  return { ...(isAbsent ? {} : { tags: Object.fromEntries(own) }), tagsAll: found.tagsAll };
}

/** Without changes of `tagsAll` that only repeat those of `tags`. */
export function withoutRepeatedTags(found: readonly Change[]): Change[] {
  const paths = new Set(found.map(({ path }) => path));
  const own = (path: string): string => path.replace(/^tagsAll/, "tags");
  return found.filter(({ path }) => !/^tagsAll\b/.test(path) || !(paths.has("tags") || paths.has(own(path))));
}
