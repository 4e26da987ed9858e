/** Parts of object properties that AWS adds to what the program gives. Pure. */
import type { CheckFailure, ResourceType } from "./resource-type";
import { isObject, UNKNOWN, type Value, type Values } from "./property-values";

/** The given objects with the parts that AWS adds: as they are before an update, and unknown where only AWS can tell. */
export function withComputedParts(
  type: ResourceType,
  inputs: Values,
  isMoved: ReadonlySet<string>,
  state?: Values,
): Values {
  return Object.fromEntries(
    Object.entries(type.computedParts ?? {}).flatMap(([property, parts]): [string, Value][] => {
      const given = inputs[property];
      if (!isObject(given)) return [];
      const before = isMoved.has(property) ? undefined : state?.[property];
      const known = isObject(before) ? before : {};
      return [[property, { ...Object.fromEntries(parts.map((part) => [part, known[part] ?? UNKNOWN])), ...given }]];
    }),
  );
}

/** What of an answered property is the program's: its own parts, of an import all but those that AWS adds. */
export function withoutComputedParts(
  type: ResourceType,
  property: string,
  answered: Value | undefined,
  given: Value | undefined,
): Value {
  const parts = type.computedParts?.[property];
  if (parts === undefined || !isObject(answered)) return answered ?? null;
  const own = Object.entries(answered).filter(([name]) => !parts.includes(name) && (!isObject(given) || name in given));
  return own.length === 0 ? null : Object.fromEntries(own);
}

export function checkComputedParts(type: ResourceType, inputs: Values): CheckFailure[] {
  return Object.entries(type.computedParts ?? {}).flatMap(([property, parts]) => {
    const given = inputs[property];
    if (!isObject(given)) return [];
    return parts
      .filter((part) => (given[part] ?? null) !== null)
      .map((part) => ({ property: `${property}.${part}`, reason: "only an output; AWS says what it is" }));
  });
}
