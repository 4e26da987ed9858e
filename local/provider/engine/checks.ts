/** What an entry says of its inputs, checked at preview. Values that are not known yet pass. */
import { fileOf } from "../lifecycle";
import { containsUnknown, isObject, SIGNATURE, type Value, type Values } from "../property-values";
import type { CheckFailure } from "../resource-type";
import { checkNested } from "./convert";
import type { Call, Entry } from "./entry";
import { schemaAt } from "./names";
import { callOf, memberOf } from "./requests";

/** The values at a path, with where they are; lists on the way have any number of them. */
function valuesAt(value: Value | undefined, names: readonly string[], path = ""): { path: string; value: Value }[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => valuesAt(item, names, `${path}[${i}]`));
  const [first, ...rest] = names;
  if (first === undefined) return [{ path, value }];
  return isObject(value) ? valuesAt(value[first], rest, path === "" ? first : `${path}.${first}`) : [];
}

const received = (value: Value): string => `received ${JSON.stringify(value)}`;

function checkAllowed(entry: Entry, inputs: Values): CheckFailure[] {
  return Object.entries(entry.allowed ?? {}).flatMap(([name, allowed]) =>
    valuesAt(inputs, name.split(".")).flatMap(({ path, value }) => {
      const values = typeof allowed === "string" ? entry.service.values(allowed) : allowed;
      if (value === "" || containsUnknown(value) || values.some((one) => String(one) === String(value))) return [];
      return [{ property: path, reason: `${received(value)}; expected one of ${values.join(", ")}` }];
    }),
  );
}

function checkRanges(entry: Entry, inputs: Values): CheckFailure[] {
  return Object.entries(entry.ranges ?? {}).flatMap(([name, [least, most]]) =>
    valuesAt(inputs, name.split(".")).flatMap(({ path, value }) => {
      const number = Number(value);
      if (containsUnknown(value) || (Number.isInteger(number) && number >= least && number <= most)) return [];
      return [{ property: path, reason: `${received(value)}; expected a whole number from ${least} to ${most}` }];
    }),
  );
}

/** Nested names that no structure has are refused: nothing is dropped silently. */
function checkNames(entry: Entry, inputs: Values): CheckFailure[] {
  const calls: readonly Call[] = [entry.create, ...(entry.updates ?? [])].map(callOf);
  return Object.entries(inputs).flatMap(([name, value]) => {
    if (typeof value !== "object" || value === null || SIGNATURE in value || isTags(name)) return [];
    for (const { call } of calls) {
      const { input } = entry.service.schema(call);
      const members = memberOf(entry, input, name);
      const schema = members === undefined ? undefined : schemaAt(input, members);
      if (schema === undefined) continue;
      return checkNested(schema, value, { path: name, renames: entry.names ?? {} }, fileOf(entry));
    }
    return [];
  });
}

const isTags = (name: string): boolean => name === "tags" || name === "tagsAll" || name.startsWith("__");

export function checkEntry(entry: Entry, inputs: Values): CheckFailure[] {
  return [
    ...checkAllowed(entry, inputs),
    ...checkRanges(entry, inputs),
    ...checkNames(entry, inputs),
    ...(entry.check?.(inputs) ?? []),
  ];
}
