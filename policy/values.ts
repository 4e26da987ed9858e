/** Property values as rules see them: plain data, in which what is not known yet is marked. */

/** A value that is known only after an update. Rules do not judge it. */
export const UNKNOWN: unique symbol = Symbol("unknown");

export type Known = undefined | null | boolean | number | string | Value[] | Values;
export type Value = Known | typeof UNKNOWN;
export interface Values {
  readonly [key: string]: Value;
}

/** A value, and where in the resource it lies: `ingress[0].cidrBlocks`. */
export interface Place {
  readonly path: string;
  readonly value: Value;
}

export interface KnownPlace extends Place {
  readonly value: Known;
}

export function isObject(value: Value): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Neither set nor about to be. */
export function isAbsent(value: Value): value is null | undefined {
  return value === undefined || value === null;
}

/** Some properties that are flags are texts. */
export function isTrue(value: Value): boolean {
  return value === true || value === "true";
}

export function isKnown(place: Place): place is KnownPlace {
  return place.value !== UNKNOWN;
}

/**
 * Every place that a path leads to; `[]` stands for each item of a list. What lies in something unknown is unknown, what
 * lies in something absent is absent.
 */
export function placesAt(root: Value, path: string): Place[] {
  return path
    .split(".")
    .reduce<Place[]>((places, step) => places.flatMap((place) => inner(place, step)), [{ path: "", value: root }]);
}

function inner({ path, value }: Place, step: string): Place[] {
  const key = step.replace(/\[\]$/, "");
  const at = path === "" ? key : `${path}.${key}`;
  const found = isObject(value) ? value[key] : undefined;
  if (value === UNKNOWN || found === UNKNOWN) return [{ path: at, value: UNKNOWN }];
  if (key === step) return [{ path: at, value: found }];
  return Array.isArray(found) ? found.map((item, i) => ({ path: `${at}[${i}]`, value: item })) : [];
}

/** The value at a path without lists. */
export function valueAt(root: Value, path: string): Value {
  return placesAt(root, path)[0]?.value;
}

/** One or several texts, as AWS's documents have them. */
export function texts(value: Value): string[] {
  return [value].flat().filter((item) => typeof item === "string");
}

/** A JSON document, given as text or as it is; undefined when it is not known, or no JSON. */
export function documentOf(value: Value): Values | undefined {
  if (isObject(value)) return value;
  if (typeof value !== "string") return undefined;
  try {
    const parsed = JSON.parse(value) as Value;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a pattern, in which `*` stands for any characters, describes a whole text. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
