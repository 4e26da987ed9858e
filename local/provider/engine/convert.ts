/** Pulumi's values in AWS's structures and back, as the SDK's schemas say. Pure. */
import type { NormalizedSchema } from "@smithy/core/schema";
import { containsUnknown, isEqual, isObject, isSameDocument, type Value, type Values } from "../property-values";
import type { CheckFailure } from "../resource-type";
import { memberNames, memberPath, propertyName, type Renames, schemaAt } from "./names";
import type { Structure } from "./service";

/** Where in an entry a value is: the path of its property, and the renames that may be about it. */
interface Place {
  readonly path: string;
  readonly renames: Renames;
}

const within = ({ path, renames }: Place, name: string): Place => ({ path: `${path}.${name}`, renames });

export function isAbsent(value: Value | undefined): value is null | undefined | "" {
  return value === undefined || value === null || value === "";
}

/** Puts a value where `members` lead, beside what is already there; through a list, each of the values as one item. */
export function put(structure: Structure, schema: NormalizedSchema, members: readonly string[], value: unknown): void {
  const [first, ...rest] = members;
  if (first === undefined) {
    Object.assign(structure, value);
    return;
  }
  if (rest.length === 0) {
    const present = structure[first];
    structure[first] =
      isObject(present as Value) && isObject(value as Value)
        ? { ...(present as Structure), ...(value as Structure) }
        : value;
    return;
  }
  const inner = schemaAt(schema, [first]) ?? schema;
  if (!inner.isListSchema()) {
    put((structure[first] ??= {}) as Structure, inner, rest, value);
    return;
  }
  const items = (structure[first] ??= []) as Structure[];
  const values =
    Array.isArray(value) && schemaAt(inner, rest)?.isListSchema() !== true ? (value as unknown[]) : [value];
  values.forEach((one, i) => put((items[i] ??= {}), inner.getValueSchema(), rest, one));
}

/** What `members` lead to; through a list, what they lead to in each of its items. */
export function get(structure: unknown, members: readonly string[]): unknown {
  const [first, ...rest] = members;
  if (first === undefined || structure === undefined || structure === null) return structure;
  if (Array.isArray(structure)) return structure.map((item: unknown) => get(item, members));
  return get((structure as Structure)[first], rest);
}

/** Whether a path leads through a list, so that it has as many values as the list has items. */
function isThroughList(schema: NormalizedSchema, members: readonly string[]): boolean {
  return members.some((_, i) => i > 0 && schemaAt(schema, members.slice(0, i))?.isListSchema() === true);
}

/** The two members of `{ Key, Value }`, `{ Name, Value }`, `{ TagKey, TagValue }` and their like. */
export function pairMembers(item: NormalizedSchema): [string, string] | undefined {
  const names = memberNames(item);
  const key = names.find((name) => /(key|name)$/i.test(name));
  const value = names.find((name) => /value$/i.test(name));
  return key === undefined || value === undefined || names.length > 3 ? undefined : [key, value];
}

/** Whether a list of such items is a record to programs: names and texts, as of dimensions and tags. */
function isRecord(item: NormalizedSchema): boolean {
  const members = item.isStructSchema() ? Object.values(item.getMemberSchemas()) : [];
  return members.length === 2 && members.every((member) => member.isStringSchema()) && pairMembers(item) !== undefined;
}

/** `{ Value: true }`, as EC2 has it. */
function boxed(schema: NormalizedSchema): NormalizedSchema | undefined {
  const names = memberNames(schema);
  return names.length === 1 && names[0] === "Value" ? schema.getMemberSchemas().Value : undefined;
}

/** Whether an entry says what properties within a place are called. */
function hasRenames({ path, renames }: Place, to?: string): boolean {
  const plain = path.replaceAll(/\[\d+\]/g, "");
  return Object.entries(renames).some(([from, member]) => from.startsWith(`${plain}.`) && (to ?? member) === member);
}

/** The list in CloudFront's `{ Quantity, Items }`, which is a list to programs unless a rename has `Items` in it. */
function counted(schema: NormalizedSchema, place: Place): NormalizedSchema | undefined {
  const { Quantity, Items } = schema.isStructSchema() ? schema.getMemberSchemas() : {};
  return Quantity === undefined || hasRenames(place, "Items") ? undefined : Items;
}

function toAws(schema: NormalizedSchema, value: Value, place: Place): unknown {
  if (schema.isNumericSchema()) return Number(value);
  if (schema.isBooleanSchema()) return value === true || value === "true";
  if (schema.isTimestampSchema()) return new Date(String(value));
  if (schema.isBlobSchema()) return Buffer.from(String(value));
  if (schema.isDocumentSchema()) return value;
  if (schema.isListSchema()) return listToAws(schema.getValueSchema(), value, place);
  if (schema.isMapSchema()) {
    // Blocks of a name and values, as of filters, or of a key and more are a map to AWS.
    const blocks = Array.isArray(value)
      ? (value as Values[]).map(
          ({ name, key, values, ...rest }) => [String(name ?? key), key ? rest : (values ?? [])] as const,
        )
      : [];
    const given = Array.isArray(value) ? blocks : Object.entries(value as Values);
    const entries = given.filter(([, item]) => item !== null);
    return Object.fromEntries(entries.map(([key, item]) => [key, toAws(schema.getValueSchema(), item, place)]));
  }
  if (!schema.isStructSchema()) return typeof value === "object" ? JSON.stringify(value) : String(value);
  const inner = boxed(schema);
  if (inner !== undefined && !isObject(value)) return { Value: toAws(inner, value, place) };
  const items = counted(schema, place);
  if (items !== undefined) {
    const Items = toAws(items, value, place) as unknown[];
    return { Quantity: Items.length, Items };
  }
  // A single block may come as a list of one.
  return structureToAws(schema, (Array.isArray(value) ? value[0] : value) as Values, place);
}

function listToAws(item: NormalizedSchema, value: Value, place: Place): unknown[] {
  const pair = isObject(value) ? pairMembers(item) : undefined;
  if (pair === undefined) return (Array.isArray(value) ? value : [value]).map((one) => toAws(item, one, place));
  const [key, member] = pair;
  const isList = item.getMemberSchemas()[member]?.isListSchema() === true;
  return Object.entries(value as Values).map(([name, one]) => ({ [key]: name, [member]: isList ? one : String(one) }));
}

/** Values of a path through a list are converted one by one. */
export function toAwsThrough(
  schema: NormalizedSchema,
  members: readonly string[],
  inner: NormalizedSchema,
  value: Value,
  place: Place,
): unknown {
  const isMany = Array.isArray(value) && !inner.isListSchema() && isThroughList(schema, members);
  return isMany ? value.map((one) => toAws(inner, one, place)) : toAws(inner, value, place);
}

/** The answer at the end of a path, which leads to a list of values when it leads through a list. */
export function fromAwsThrough(
  schema: NormalizedSchema,
  members: readonly string[],
  inner: NormalizedSchema,
  answer: unknown,
  place: Place,
  given?: Value,
): Value {
  const value = get(answer, members);
  if (!Array.isArray(value) || inner.isListSchema() || !isThroughList(schema, members)) {
    return fromAws(inner, value, place, given);
  }
  if (value.length === 0) return isEmpty(given) ? (given ?? null) : null;
  // A program that gives one value means a list of one.
  if (given !== undefined && given !== null && !Array.isArray(given)) return fromAws(inner, value[0], place, given);
  return listFromAws(inner, value, place, given);
}

function structureToAws(schema: NormalizedSchema, values: Values, place: Place): Structure {
  const structure: Structure = {};
  for (const [name, value] of Object.entries(values)) {
    if (isAbsent(value)) continue;
    const at = within(place, name);
    const members = memberPath(schema, at.path, at);
    const inner = members === undefined ? undefined : schemaAt(schema, members);
    // `checkNested` has refused names that have no member.
    if (members !== undefined && inner !== undefined)
      put(structure, schema, members, toAwsThrough(schema, members, inner, value, at));
  }
  if (memberNames(schema).includes("Quantity"))
    structure.Quantity = (structure.Items as unknown[] | undefined)?.length ?? 0;
  return structure;
}

export function isEmpty(value: Value | undefined): boolean {
  return isAbsent(value) || value === false || value === 0 || isEqual(value, []) || isEqual(value, {});
}

/** IAM answers documents percent-encoded (RFC 3986). */
const decoded = (answer: Value): Value =>
  typeof answer === "string" && answer.startsWith("%7B") ? decodeURIComponent(answer) : answer;

/** The answer in the notation of `given`, if it means the same. */
function scalarFromAws(answered: Value, given: Value | undefined): Value {
  const answer = decoded(answered);
  if (given === undefined || given === null) return answer;
  if (isObject(given) && typeof answer === "string") {
    const document = parsedDocument(answer);
    return document === undefined || isEqual(document, given) ? given : document;
  }
  return String(given) === String(answer) || isSameDocument(given, answer) ? given : answer;
}

function parsedDocument(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/**
 * An answer in Pulumi's notation: that of `given`, if there is such a value, without what AWS adds to it on its own, and
 * with lists that AWS keeps as sets in the given order. What is left of a difference is drift.
 */
function fromAws(schema: NormalizedSchema, answer: unknown, place: Place, given?: Value): Value {
  if (answer === undefined || answer === null) return isEmpty(given) ? (given ?? null) : null;
  if (schema.isTimestampSchema()) return timeFromAws(answer, given);
  if (schema.isBlobSchema()) return Buffer.from(answer as Uint8Array).toString();
  if (schema.isListSchema()) return listFromAws(schema.getValueSchema(), answer as unknown[], place, given);
  if (schema.isMapSchema()) {
    const example = isObject(given) ? given : {};
    const entries = Object.entries(answer as Structure);
    const values = entries.map(([key, one]): [string, Value] => [
      key,
      fromAws(schema.getValueSchema(), one, place, example[key]),
    ]);
    if (!Array.isArray(given)) return Object.fromEntries(values);
    const order = (given as Values[]).map(({ name, key }) => String(name ?? key));
    const sorted = values.sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
    const hasKeys = (given as Values[]).some(({ key }) => key !== undefined);
    return sorted.map(([name, one]) => (hasKeys ? { key: name, ...(one as Values) } : { name, values: one }));
  }
  if (!schema.isStructSchema()) return scalarFromAws(answer as Value, given);
  const inner = boxed(schema);
  if (inner !== undefined) return fromAws(inner, (answer as Structure).Value, place, given);
  const items = counted(schema, place);
  if (items !== undefined) {
    const held = (answer as Structure).Items as unknown[] | undefined;
    return fromAws(items, held?.length === 0 ? undefined : held, place, given);
  }
  const structure = structureFromAws(schema, answer as Structure, place, Array.isArray(given) ? given[0] : given);
  return Array.isArray(given) ? [structure] : structure;
}

function listFromAws(item: NormalizedSchema, items: readonly unknown[], place: Place, given?: Value): Value {
  const pair =
    isObject(given) || (given === undefined && isRecord(item) && !hasRenames(place)) ? pairMembers(item) : undefined;
  if (pair !== undefined) {
    const [key, value] = pair;
    return Object.fromEntries((items as Structure[]).map((one) => [String(one[key]), one[value] as Value]));
  }
  if (!Array.isArray(given)) return items.map((one) => fromAws(item, one, place));
  const left = [...items];
  const take = (index: number): unknown => left.splice(index, 1)[0];
  // Items that mean the same as given ones take their places; what is left goes where nothing fits, and to the end.
  const placed = given.map((one) => {
    const index = left.findIndex((candidate) => isEqual(fromAws(item, candidate, place, one), one));
    return index < 0 ? undefined : take(index);
  });
  const filled = placed.map((one, i) => {
    const answer = one ?? take(0);
    return answer === undefined ? undefined : fromAws(item, answer, place, given[i]);
  });
  const others = left.map((one) => fromAws(item, one, place));
  return [...filled.filter((one): one is Value => one !== undefined), ...others];
}

/** The same moment in the program's notation. */
function timeFromAws(answer: unknown, given: Value | undefined): Value {
  const time = answer instanceof Date ? answer : new Date(String(answer));
  const isSame = typeof given === "string" && new Date(given).getTime() === time.getTime();
  return isSame ? given : time.toISOString();
}

function structureFromAws(schema: NormalizedSchema, answer: Structure, place: Place, given?: Value): Values {
  const example = isObject(given) ? given : undefined;
  const names = example === undefined ? allNames(schema, place) : namesOf(schema, Object.keys(example), place);
  // A choice without settings, as `{ allow: {} }`, of which AWS has another one.
  const isChoice = isEqual(Object.values(example ?? {}), [{}]);
  if (isChoice && [...names.values()].every((members) => get(answer, members) === undefined)) {
    return structureFromAws(schema, answer, place);
  }
  const entries = [...names].flatMap(([name, members]): [string, Value][] => {
    const inner = schemaAt(schema, members);
    if (inner === undefined) return [];
    const value = fromAwsThrough(schema, members, inner, answer, within(place, name), example?.[name]);
    // What AWS leaves out is drift only where the program gives something.
    return value === null ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

function namesOf(schema: NormalizedSchema, properties: readonly string[], place: Place): Map<string, string[]> {
  return new Map(
    properties.flatMap((name): [string, string[]][] => {
      const members = memberPath(schema, within(place, name).path, place);
      return members === undefined ? [] : [[name, members]];
    }),
  );
}

/** Pulumi's names of all members: where no program says what it calls them. */
function allNames(schema: NormalizedSchema, place: Place): Map<string, string[]> {
  const inside = Object.keys(place.renames).filter((path) => path.startsWith(`${place.path}.`));
  const renamed = inside.map((path) => path.slice(place.path.length + 1)).filter((name) => !name.includes("."));
  const names = namesOf(schema, renamed, place);
  const taken = new Set([...names.values()].map(([first]) => first));
  for (const [member, inner] of Object.entries(schema.getMemberSchemas())) {
    if (!taken.has(member)) names.set(propertyName(member, inner), [member]);
  }
  return names;
}

/** Failures of nested names that AWS's structure does not have, and of values of another kind. */
export function checkNested(schema: NormalizedSchema, value: Value, place: Place, file: string): CheckFailure[] {
  const failure = (expected: string): CheckFailure[] => [
    { property: place.path, reason: `received ${JSON.stringify(value)}; expected ${expected}` },
  ];
  if (isAbsent(value) || (typeof value === "string" && containsUnknown(value))) return [];
  if (schema.isNumericSchema()) return Number.isNaN(Number(value)) ? failure("a number") : [];
  if (schema.isBooleanSchema()) return ["true", "false"].includes(String(value)) ? [] : failure("true or false");
  if (schema.isTimestampSchema()) return Number.isNaN(Date.parse(String(value))) ? failure("a time in ISO 8601") : [];
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    if (isObject(value)) return pairMembers(item) === undefined ? checkNested(item, value, place, file) : [];
    if (!Array.isArray(value)) return item.isStructSchema() ? failure("a list") : [];
    return value.flatMap((one, i) => checkNested(item, one, { ...place, path: `${place.path}[${i}]` }, file));
  }
  if (schema.isMapSchema()) return typeof value === "object" ? [] : failure("an object");
  if (!schema.isStructSchema() || boxed(schema) !== undefined) return [];
  const items = counted(schema, place);
  if (items !== undefined) return checkNested(items, value, place, file);
  if (Array.isArray(value)) return value.flatMap((one) => checkNested(schema, one, place, file));
  if (!isObject(value)) return failure("an object");
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name.startsWith("__") || inner === null) return [];
    const at = within(place, name);
    const members = memberPath(schema, at.path.replaceAll(/\[\d+\]/g, ""), at);
    const found = members === undefined ? undefined : schemaAt(schema, members);
    if (found !== undefined && members !== undefined) {
      const isMany = Array.isArray(inner) && !found.isListSchema() && isThroughList(schema, members);
      return isMany ? [] : checkNested(found, inner, at, file);
    }
    const reason = `the local provider does not map this property; add it in ${file}`;
    return [{ property: at.path, reason, isUnmapped: true }];
  });
}
