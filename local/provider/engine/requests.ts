/** Requests of an entry's operations, by the names that its properties have in them. */
import type { NormalizedSchema } from "@smithy/core/schema";
import type { Values } from "../property-values";
import { isAbsent, put, toAwsThrough } from "./convert";
import type { Call, CallName, Entry } from "./entry";
import { itemOf, memberPath, schemaAt } from "./names";
import type { Structure } from "./service";

export const callOf = (name: CallName): Call => (typeof name === "string" ? { call: name } : name);

export function readsOf({ read }: Entry): readonly Call[] {
  return (typeof read === "string" || "call" in read ? [read] : read).map(callOf);
}

/** What AWS calls the thing: `Queue` for `aws:sqs/queue:Queue`. */
export function nounOf({ noun, token }: Entry): string {
  return noun ?? token.slice(token.lastIndexOf(":") + 1);
}

/** Input properties that AWS knows. */
export function propertiesOf({ replace = [], update = [] }: Entry): readonly string[] {
  return [...replace, ...update];
}

/** Where a property is in a structure of AWS's: a member of it, or of a structure that the entry says it is inside of. */
export function memberOf(entry: Entry, schema: NormalizedSchema, property: string): string[] | undefined {
  const options = { noun: nounOf(entry), renames: entry.names ?? {} };
  const direct = memberPath(schema, property, options);
  if (direct !== undefined) return direct;
  for (const outer of entry.inside ?? []) {
    const inner = schemaAt(schema, [outer]);
    const item = inner === undefined ? undefined : itemOf(inner);
    const path = item?.isStructSchema() === true ? memberPath(item, property, options) : undefined;
    if (path !== undefined) return [outer, ...path];
  }
  return undefined;
}

/** Names of the properties that an id is made of. */
export function identityNames({ id }: Entry): readonly string[] {
  return typeof id === "string" ? [...id.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name) : id.names;
}

export function idOf({ id }: Entry, values: Values): string {
  if (typeof id !== "string") return id.of(values);
  return id.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (isAbsent(values[name])) throw new Error(`AWS answered no ${name}, which is part of the id ${id}`);
    return String(values[name]);
  });
}

/** The properties that an id tells: those of the state, and of an import what is in the id. */
export function identityOf(entry: Entry, id: string, state: Values): Values {
  const names = identityNames(entry);
  if (typeof entry.id !== "string") {
    const known = names.filter((name) => !isAbsent(state[name])).map((name) => [name, state[name] ?? null]);
    return known.length === names.length ? Object.fromEntries(known) : entry.id.parts(id, state);
  }
  const between = entry.id.split(/\{\w+\}/).slice(1, -1);
  let rest = id;
  const parts = between.map((separator) => {
    const end = rest.indexOf(separator);
    if (end < 0) throw new Error(`received the id "${id}" of ${entry.token}; it is ${String(entry.id)}`);
    const part = rest.slice(0, end);
    rest = rest.slice(end + separator.length);
    return part;
  });
  return Object.fromEntries([...parts, rest].map((part, i) => [names[i] ?? "id", part]));
}

/** The properties, of those that can be given, that a call takes. */
export function takenBy(entry: Entry, { call, only, switch: on }: Call, properties: readonly string[]): string[] {
  if (on !== undefined) return [on];
  const { input } = entry.service.schema(call);
  return properties.filter(
    (name) => (only === undefined || only.includes(name)) && memberOf(entry, input, name) !== undefined,
  );
}

/** A request with all `values` that the call takes. Empty text is no value, unless an update says so. */
export function requestOf(entry: Entry, call: Call, values: Values, { keepEmpty = false } = {}): Structure {
  const { input } = entry.service.schema(call.call);
  const request: Structure = structuredClone(call.with ?? {});
  const identity = identityNames(entry);
  for (const [name, value] of Object.entries(values)) {
    if (call.only !== undefined && !call.only.includes(name) && !identity.includes(name)) continue;
    const members = memberOf(entry, input, name);
    const schema = members === undefined ? undefined : schemaAt(input, members);
    if (members === undefined || schema === undefined) continue;
    if (isAbsent(value) && !(keepEmpty && value === "")) continue;
    if (entry.onlyTrue?.includes(name) === true && String(value) !== "true") continue;
    const place = { path: name, renames: entry.names ?? {} };
    put(request, input, members, toAwsThrough(input, members, schema, value, place));
  }
  return request;
}
