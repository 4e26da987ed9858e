/**
 * Two-way mapping between Pulumi's nested properties and AWS's structures. A property that a shape does not have is a
 * check failure, never dropped.
 */
import { containsUnknown, isEqual, isObject, type Value, type Values } from "../property-values";
import type { CheckFailure } from "../resource-type";

type Kind =
  | "text"
  | "number"
  | "boolean"
  | "flag"
  | "time"
  | "texts"
  | "numbers"
  | "tags"
  | "dimensions"
  | "record"
  | "object"
  | "objects";

/** Properties whose keys are names of the user's own, so that a further key is drift. */
const USER_KEYED = new Set([
  "tags",
  "dimensions",
  "variables",
  "inputPaths",
  "headerParameters",
  "queryStringParameters",
]);

export interface Field {
  readonly kind: Kind;
  /** AWS's name; without it, the property's own with a capital first letter. */
  readonly aws?: string;
  readonly shape?: Shape;
}

export interface Shape {
  readonly [property: string]: Field;
}

export const text: Field = { kind: "text" };
export const number: Field = { kind: "number" };
export const boolean: Field = { kind: "boolean" };
/** A boolean that Pulumi carries as text, so that it can be left open. */
export const flag: Field = { kind: "flag" };
/** A point in time, as ISO 8601 text. */
export const time: Field = { kind: "time" };
export const texts: Field = { kind: "texts" };
export const numbers: Field = { kind: "numbers" };
/** A record of tags; a list of keys and values at AWS. */
export const tags: Field = { kind: "tags" };
/** A record of CloudWatch dimensions; a list of names and values at AWS. */
export const dimensions: Field = { kind: "dimensions" };
/** A record of texts, the same at AWS. */
export const record: Field = { kind: "record" };
export const nested = (shape: Shape): Field => ({ kind: "object", shape });
export const nestedList = (shape: Shape): Field => ({ kind: "objects", shape });
export const named = (aws: string, field: Field): Field => ({ ...field, aws });

function awsName(property: string, field: Field): string {
  return field.aws ?? property.charAt(0).toUpperCase() + property.slice(1);
}

function valueToAws(field: Field, value: Value): unknown {
  if (typeof value === "string" && containsUnknown(value)) return [];
  if (field.kind === "number") return Number(value);
  if (field.kind === "boolean" || field.kind === "flag") return value === true || value === "true";
  if (field.kind === "time") return new Date(String(value));
  if (field.kind === "texts") return (value as Value[]).map(String);
  if (field.kind === "numbers") return (value as Value[]).map(Number);
  if (field.kind === "tags") return Object.entries(value as Values).map(([Key, Value]) => ({ Key, Value }));
  if (field.kind === "dimensions") return Object.entries(value as Values).map(([Name, Value]) => ({ Name, Value }));
  if (field.kind === "record") {
    return Object.fromEntries(Object.entries(value as Values).map(([key, item]) => [key, String(item)]));
  }
  if (field.kind === "object") return toAws(field.shape ?? {}, value as Values);
  if (field.kind === "objects") return (value as Values[]).map((item) => toAws(field.shape ?? {}, item));
  return String(value);
}

/** The request structure for `values`; properties outside of the shape belong to somebody else. Empty text is unset. */
export function toAws<Structure = Record<string, unknown>>(shape: Shape, values: Values): Structure {
  const entries = Object.entries(shape).flatMap(([property, field]) => {
    const value = values[property];
    if (value === undefined || value === null || value === "") return [];
    return [[awsName(property, field), valueToAws(field, value)] as const];
  });
  return Object.fromEntries(entries) as Structure;
}

function valueFromAws(field: Field, answer: unknown): Value {
  if (field.kind === "flag") return String(answer);
  if (field.kind === "time") return answer instanceof Date ? answer.toISOString() : String(answer);
  if (field.kind === "object") return fromAws(field.shape ?? {}, answer as object);
  if (field.kind === "objects") return (answer as object[]).map((item) => fromAws(field.shape ?? {}, item));
  if (field.kind === "tags") {
    return Object.fromEntries((answer as { Key?: string; Value?: string }[]).map((t) => [t.Key ?? "", t.Value ?? ""]));
  }
  if (field.kind === "dimensions") {
    return Object.fromEntries(
      (answer as { Name?: string; Value?: string }[]).map((d) => [d.Name ?? "", d.Value ?? ""]),
    );
  }
  return answer as Value;
}

/** The properties that `answer` has. */
export function fromAws(shape: Shape, answer: object | undefined): Values {
  const answers = { ...answer } as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(shape).flatMap(([property, field]) => {
      const value = answers[awsName(property, field)];
      return value === undefined || value === null ? [] : [[property, valueFromAws(field, value)] as const];
    }),
  );
}

/** Failures of nested properties that a shape does not map, and of values of another kind. */
export function checkShape(shape: Shape, values: Values, file: string, path = ""): CheckFailure[] {
  return Object.entries(values).flatMap(([property, value]): CheckFailure[] => {
    const here = path === "" ? property : `${path}.${property}`;
    const field = shape[property];
    if (value === null || value === undefined) return [];
    if (field === undefined) {
      // The type's own table answers for the names at the top.
      if (path === "" || property.startsWith("__")) return [];
      return [{ property: here, reason: `the local provider does not map this property; add it in ${file}` }];
    }
    return checkValue(field, value, file, here);
  });
}

function checkValue(field: Field, value: Value, file: string, path: string): CheckFailure[] {
  const received = (expected: string): CheckFailure[] => [
    { property: path, reason: `received ${JSON.stringify(value)}; expected ${expected}` },
  ];
  if (typeof value === "string" && containsUnknown(value)) return [];
  if (field.kind === "number") return Number.isNaN(Number(value)) ? received("a number") : [];
  if (field.kind === "boolean" || field.kind === "flag") {
    return ["true", "false"].includes(String(value)) || value === "" ? [] : received("true or false");
  }
  if (field.kind === "time") return Number.isNaN(Date.parse(String(value))) ? received("a time in ISO 8601") : [];
  if (field.kind === "object") {
    return isObject(value) ? checkShape(field.shape ?? {}, value, file, path) : received("an object");
  }
  if (field.kind === "objects") {
    if (!Array.isArray(value)) return received("a list of objects");
    return value.flatMap((item, i) => checkValue({ ...field, kind: "object" }, item, file, `${path}[${i}]`));
  }
  if (field.kind === "texts" || field.kind === "numbers") return Array.isArray(value) ? [] : received("a list");
  if (field.kind === "tags") return isObject(value) ? [] : received("an object of tags");
  if (field.kind === "dimensions" || field.kind === "record")
    return isObject(value) ? [] : received("an object of texts");
  return ["string", "number", "boolean"].includes(typeof value) ? [] : received("text");
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === false || value === "" || isEqual(value, []);
}

/** Items that mean the same as given ones take their places; the others follow. */
function listLike(given: readonly Value[], actual: readonly Value[]): Value[] {
  const left = [...actual];
  const take = (index: number): Value | undefined => left.splice(index, 1)[0];
  const placed = given.map((item) => {
    const index = left.findIndex((candidate) => isEqual(like(item, candidate), item));
    return index < 0 ? undefined : take(index);
  });
  const filled = placed.map((item, i) => like(given[i], item ?? take(0)));
  return [...filled, ...left].filter((item): item is Value => item !== undefined);
}

/**
 * `actual` in the notation of `given`: without what AWS adds on its own, lists that AWS keeps as sets in the given
 * order, numbers and booleans as text where they were text. What is left of a difference is drift.
 */
export function like(given: Value | undefined, actual: Value | undefined): Value | undefined {
  if (given === undefined || given === null) return actual;
  if (Array.isArray(given) && Array.isArray(actual)) return listLike(given, actual);
  if (isObject(given) && isObject(actual)) {
    return Object.fromEntries(
      Object.keys(given).flatMap((key): [string, Value][] => {
        const value = USER_KEYED.has(key) ? actual[key] : like(given[key], actual[key]);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  }
  if (isEmpty(given) && isEmpty(actual)) return given;
  return String(given) === String(actual) ? given : actual;
}

/** Outputs in the notation that the state has. */
export function likeState(state: Values, outputs: Values): Values {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      USER_KEYED.has(name) ? value : (like(state[name], value) ?? value),
    ]),
  );
}

/** What AWS has of a shape's properties, in the state's notation; null for what the state has and AWS does not. */
export function presentState(shape: Shape, state: Values, answer: object | undefined): Values {
  const values = fromAws(shape, answer);
  const missing = Object.keys(shape).filter((name) => !(name in values) && !isEmpty(state[name]));
  return { ...likeState(state, values), ...Object.fromEntries(missing.map((name) => [name, null])) };
}
