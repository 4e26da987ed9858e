/** Which member of an AWS structure a Pulumi property is. Pure. */
import type { NormalizedSchema } from "@smithy/core/schema";

/**
 * Real renames, by path of the property. The value is a path of members in the structure that has the property, or
 * several of them with `|` between: operations name things differently. A path may lead through a list of structures:
 * each value is one of them. A dot alone is the structure itself: some operations take, or answer, an object's parts.
 */
export type Renames = Readonly<Record<string, string>>;

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return word.endsWith("s") ? `${word}es` : `${word}s`;
}

/** A word's forms, the likeliest first. */
function forms(word: string): string[] {
  const singular = word.endsWith("ies") ? `${word.slice(0, -3)}y` : word.replace(/(?<=[sx])es$|s$/, "");
  return [...new Set([word, singular, plural(word)])];
}

/** Names that a property may have at AWS: `url` of a `Queue` is `QueueUrl`; `jobName` of a `Job` may be `Name`. */
function candidates(property: string, noun: string): string[] {
  const [name, prefix] = [property.toLowerCase(), noun.toLowerCase()];
  const without = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return [name, `${prefix}${name}`, without].filter((word) => word !== "").flatMap(forms);
}

/**
 * The members that lead to a property, from the structure that has it; undefined when there is none.
 * `path` is the property's path from the top, without positions in lists.
 */
export function memberPath(
  schema: NormalizedSchema,
  path: string,
  { noun = "", renames = {} }: { noun?: string; renames?: Renames } = {},
): string[] | undefined {
  const renamed = renames[path]?.split("|").map((members) => (members === "." ? [] : members.split(".")));
  if (renamed !== undefined) return renamed.find((members) => schemaAt(schema, members) !== undefined);
  const property = path.slice(path.lastIndexOf(".") + 1);
  const byName = new Map(memberNames(schema).map((name) => [name.toLowerCase(), name]));
  const found = candidates(property, noun).find((name) => byName.has(name));
  return found === undefined ? undefined : [byName.get(found) ?? found];
}

export function memberNames(schema: NormalizedSchema): string[] {
  return schema.isStructSchema() ? Object.keys(schema.getMemberSchemas()) : [];
}

/** The schema of what `members` lead to; maps have any member. */
export function schemaAt(schema: NormalizedSchema, members: readonly string[]): NormalizedSchema | undefined {
  const [first, ...rest] = members;
  if (first === undefined) return schema;
  if (schema.isListSchema()) return schemaAt(schema.getValueSchema(), members);
  if (schema.isMapSchema()) return schemaAt(schema.getValueSchema(), rest);
  const next = schema.isStructSchema() ? schema.getMemberSchemas()[first] : undefined;
  return next === undefined ? undefined : schemaAt(next, rest);
}

/** What a list is of; anything else is itself. */
export function itemOf(schema: NormalizedSchema): NormalizedSchema {
  return schema.isListSchema() ? schema.getValueSchema() : schema;
}

/** What Pulumi calls a member that no rename is about: `KMSKeyArn` is `kmsKeyArn`, and lists are plural. */
export function propertyName(member: string, schema: NormalizedSchema): string {
  const name = member.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (start) => start.toLowerCase());
  return schema.isListSchema() && !name.endsWith("s") ? plural(name) : name;
}
