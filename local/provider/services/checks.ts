/** Plan-time checks that several services need. Values that are not known yet pass. */
import { containsUnknown, isObject, type Value, type Values } from "../property-values";
import { type CheckFailure, list } from "../resource-type";

/** The failures of a list's items; items that are not known yet have none. */
export function checkEach(
  values: Values,
  property: string,
  check: (item: Values, path: string) => CheckFailure[],
): CheckFailure[] {
  return list(values, property).flatMap((item, i) => (isObject(item) ? check(item, `${property}[${i}]`) : []));
}

/** A failure when not exactly one of `names` is given. */
export function checkExactlyOne(values: Values, names: readonly string[], path = ""): CheckFailure[] {
  const given = names.filter((name) => values[name] !== undefined && values[name] !== null && values[name] !== "");
  if (given.length === 1) return [];
  const received = given.length === 0 ? "received none" : `received ${given.join(" and ")}`;
  return [
    { property: path || (given[1] ?? names[0] ?? ""), reason: `${received}; give exactly one of ${names.join(", ")}` },
  ];
}

export function checkOneOf(property: string, value: Value | undefined, allowed: readonly string[]): CheckFailure[] {
  if (typeof value !== "string" || value === "" || containsUnknown(value) || allowed.includes(value)) return [];
  return [{ property, reason: `received "${value}"; expected one of ${allowed.join(", ")}` }];
}

export function checkRange(property: string, value: Value | undefined, min: number, max: number): CheckFailure[] {
  if (value === undefined || value === null || containsUnknown(value)) return [];
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= max) return [];
  return [{ property, reason: `received ${JSON.stringify(value)}; expected a whole number from ${min} to ${max}` }];
}
