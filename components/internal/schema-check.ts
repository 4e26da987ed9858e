/** What is wrong with arguments by their declaration alone: types, names, bounds and forms. */
import { Output } from "@pulumi/pulumi";
import type { Fault, Path } from "./faults";
import { pathText } from "./faults";
import { nearest } from "./nearest-name";
import { type Declaration, type Format, hasFormat, type Schema } from "./schema";

/** What an argument is, where it cannot be worked with when it is something else. */
interface Wanted {
  readonly allowed: string;
  readonly fix: string;
}

export interface SchemaFaults {
  readonly faults: readonly Fault[];
  /** Paths of values of the wrong type, and of those that are missing: nothing can be said of what depends on them. */
  readonly unusable: ReadonlySet<string>;
}

type Properties = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isLater(value);
}

/** Whether a value is known later only. */
export function isLater(value: unknown): boolean {
  return Output.isInstance(value) || value instanceof Promise;
}

const TYPES = {
  string: "a text",
  number: "a number",
  integer: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
} as const;

/** How to turn what was received into the type that is wanted, where that is known. */
function typeFix(type: keyof typeof TYPES, received: unknown): string {
  if (received === null) return "Give it a value, or remove the key.";
  if (type === "string" && typeof received !== "object") return "Put it in quotation marks.";
  const text = typeof received === "string" ? received.trim() : "";
  const isNumber = type === "number" || type === "integer";
  if (isNumber && text !== "" && Number.isFinite(Number(text))) return "Remove the quotation marks.";
  if (type === "boolean" && /^(true|false)$/.test(text)) return "Remove the quotation marks.";
  if (type === "array" && typeof received !== "object") return "Write it as a list: [ ... ].";
  return `Give ${TYPES[type]}.`;
}

export function listed(names: readonly string[], word: "and" | "or" = "and"): string {
  return [names.slice(0, -1).join(", "), names.at(-1) ?? ""].filter((part) => part !== "").join(` ${word} `);
}

/** The values that there are; undefined where it may be anything. */
function valuesOf({ const: only, enum: values }: Schema): readonly (string | number)[] | undefined {
  return only === undefined ? values : [only];
}

/** The property that tells alternatives apart by its value: `kind`. */
function discriminantOf(alternatives: readonly Schema[]): string | undefined {
  const isDiscriminant = (key: string) => alternatives.every((each) => each.properties?.[key]?.const !== undefined);
  return Object.keys(alternatives[0]?.properties ?? {}).find(isDiscriminant);
}

function kindsOf(alternatives: readonly Schema[], discriminant: string): string[] {
  return alternatives.map(({ properties }) => String(properties?.[discriminant]?.const));
}

function wholeMap({ properties = {}, required = [] }: Schema): string {
  const optional = Object.keys(properties).filter((key) => !required.includes(key));
  if (required.length === 0) return `a map with any of ${optional.join(", ")}`;
  return `a map with ${listed(required)}${optional.length === 0 ? "" : `, and optionally ${optional.join(", ")}`}`;
}

/** What a value is not, when it has the wrong type or is missing. */
function wanted(schema: Schema, received: unknown, formats: Readonly<Record<string, Format>>): Wanted {
  const { anyOf, properties, type = "string" } = schema;
  if (isAny(schema)) return { allowed: "a value", fix: "" };
  const values = valuesOf(schema);
  if (values !== undefined) {
    const fix = typeof received === "string" ? nearest(received, values.map(String)) : "Choose one of these.";
    return { allowed: values.join(", "), fix };
  }
  if (anyOf !== undefined) {
    const discriminant = discriminantOf(anyOf);
    if (anyOf.some((each) => each.properties === undefined)) {
      return {
        allowed: listed(
          anyOf.map((each) => TYPES[each.type ?? "object"]),
          "or",
        ),
        fix: schema.fix ?? "Give one of these.",
      };
    }
    if (discriminant === undefined) {
      const forms = anyOf.map(({ required = [] }) => listed(required));
      const allowed = `a map with either ${forms.join(", or ")}`;
      return { allowed, fix: "Choose one of these forms, and give its keys." };
    }
    const kinds = kindsOf(anyOf, discriminant);
    const allowed = `a map with a ${discriminant}: ${listed(kinds, "or")}`;
    return { allowed, fix: `For example { ${discriminant}: ${kinds[0]} }.` };
  }
  if (properties !== undefined) {
    return { allowed: wholeMap(schema), fix: "Write one `key: value` pair for each of them." };
  }
  const format = schema.format === undefined ? undefined : formats[schema.format];
  if (format !== undefined) {
    const isNumber = typeof received === "number" && hasFormat(format, String(received));
    const advice = typeof format.fix === "string" ? format.fix : "Give it as a text.";
    return { allowed: format.allowed, fix: schema.fix ?? (isNumber ? "Put it in quotation marks." : advice) };
  }
  return { allowed: TYPES[type], fix: received === undefined ? "" : typeFix(type, received) };
}

/** Whether nothing is declared of a value. */
function isAny(schema: Schema): boolean {
  return schema.type === undefined && schema.anyOf === undefined && valuesOf(schema) === undefined;
}

/** Whether an Output may be given. */
function takesLater({ input, anyOf = [] }: Schema): boolean {
  return input === true || anyOf.some(takesLater);
}

function isOfType(schema: Schema, value: unknown): boolean {
  switch (schema.type) {
    case "array":
      return Array.isArray(value);
    case "integer":
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return isMap(value);
    default:
      return schema.anyOf?.some((each) => isOfType(each, value)) ?? typeof value === "string";
  }
}

/**
 * How far a map is from an alternative, by its keys: one for each that is unknown, and for each that is missing.
 * Undefined where they have nothing in common.
 */
function misfit({ properties = {}, required = [] }: Schema, keys: readonly string[]): number | undefined {
  const unknown = keys.filter((key) => !Object.hasOwn(properties, key)).length;
  if (unknown === keys.length) return undefined;
  return unknown + required.filter((key) => !keys.includes(key)).length;
}

const givenKeys = (value: Properties): string[] => Object.keys(value).filter((key) => value[key] !== undefined);

/** Finds all that is wrong with a value. */
export function checkSchema({ schema: root, formats }: Declaration, value: unknown): SchemaFaults {
  const faults: Fault[] = [];
  const unusable = new Set<string>();

  function add(path: Path, received: unknown, { allowed, fix }: Wanted): void {
    faults.push({ path: pathText(path), received, allowed, fix });
  }

  function refuse(schema: Schema, path: Path, received: unknown): void {
    const { allowed, fix } = wanted(schema, received, formats);
    // What there is to choose from says so by itself.
    const isMissing = received === undefined && valuesOf(schema) === undefined;
    unusable.add(pathText(path));
    add(path, received, { allowed, fix: isMissing ? `Add it. ${fix}`.trim() : fix });
  }

  function visit(schema: Schema, path: Path, received: unknown): void {
    if (takesLater(schema) && isLater(received)) return;
    const values = valuesOf(schema);
    if (isAny(schema)) return received === undefined ? refuse(schema, path, received) : undefined;
    if (values !== undefined ? !values.some((value) => value === received) : !isOfType(schema, received)) {
      refuse(schema, path, received);
    } else if (schema.anyOf !== undefined) {
      visitAlternatives(schema, schema.anyOf, path, received);
    } else if (Array.isArray(received)) visitList(schema, path, received);
    else if (isMap(received)) visitMap(schema, path, received);
    else if (typeof received === "number") checkNumber(schema, path, received);
    else if (typeof received === "string") checkText(schema, path, received);
  }

  function visitAlternatives(schema: Schema, alternatives: readonly Schema[], path: Path, received: unknown): void {
    const { anyOf: _, ...bounds } = schema;
    const discriminant = discriminantOf(alternatives);
    const simple = alternatives.find((each) => each.properties === undefined && isOfType(each, received));
    if (simple !== undefined) return visit({ ...bounds, ...simple }, path, received);
    if (!isMap(received)) return;
    if (discriminant !== undefined) {
      const kind = received[discriminant];
      const chosen = alternatives.find(({ properties }) => properties?.[discriminant]?.const === kind);
      if (chosen !== undefined) return visitMap(chosen, path, received);
      return refuse({ enum: kindsOf(alternatives, discriminant) }, [...path, discriminant], kind);
    }
    const keys = givenKeys(received);
    const misfits = alternatives.map((each) => misfit(each, keys) ?? Infinity);
    const least = Math.min(...misfits);
    const [chosen, ...others] = alternatives.filter((_, i) => misfits[i] === least);
    if (chosen !== undefined && others.length === 0 && Number.isFinite(least)) visitMap(chosen, path, received);
    else refuse(schema, path, received);
  }

  function visitMap(schema: Schema, path: Path, received: Properties): void {
    const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
    for (const [key, property] of Object.entries(properties)) {
      const given = Object.hasOwn(received, key) ? received[key] : undefined;
      if (given !== undefined || required.includes(key)) visit(property, [...path, key], given);
    }
    const known = Object.keys(properties);
    for (const key of givenKeys(received).filter((name) => !known.includes(name))) {
      const at = [...path, key];
      if (typeof additionalProperties !== "object") {
        add(at, received[key], { allowed: known.join(", "), fix: nearest(key, known) });
        continue;
      }
      if (propertyNames !== undefined) checkText(propertyNames, at, key);
      visit(additionalProperties, at, received[key]);
    }
  }

  function visitList(schema: Schema, path: Path, received: readonly unknown[]): void {
    const { items = {}, minItems = 0, maxItems = Infinity, uniqueItems, fix } = schema;
    const entries = (count: number): string => `${count} ${count === 1 ? "entry" : "entries"}`;
    if (received.length < minItems) {
      add(path, received, { allowed: `at least ${entries(minItems)}`, fix: fix ?? "Give more." });
    }
    if (received.length > maxItems) {
      add(path, received, { allowed: `at most ${entries(maxItems)}`, fix: fix ?? "Give less." });
    }
    // Which place has which meaning is not known then.
    if (Array.isArray(items) && received.length !== items.length) unusable.add(pathText(path));
    for (const [i, item] of received.entries()) {
      const at = [...path, i];
      const before = faults.length;
      visit(Array.isArray(items) ? ((items as readonly Schema[])[i] ?? {}) : (items as Schema), at, item);
      if (uniqueItems === true && faults.length === before && received.indexOf(item) !== i) {
        add(at, item, { allowed: "an entry that is not in the list before", fix: "Remove one of the two." });
      }
    }
  }

  function checkNumber(schema: Schema, path: Path, received: number): void {
    const { type, minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity, unit, fix } = schema;
    const isWhole = type !== "integer" || Number.isInteger(received);
    if (isWhole && received >= minimum && received > exclusiveMinimum && received <= maximum) return;
    const counted = unit === undefined ? "" : ` of ${unit}`;
    const what = unit?.startsWith("a ") ? unit : `a ${type === "integer" ? "whole number" : "number"}${counted}`;
    const bounds =
      exclusiveMinimum === -Infinity
        ? `from ${minimum} to ${maximum}`
        : `above ${exclusiveMinimum}, at most ${maximum}`;
    add(path, received, { allowed: `${what} ${bounds}`, fix: fix ?? "Give a value in that range." });
  }

  function checkText({ minLength = 0, format: name }: Schema, path: Path, received: string): void {
    if (received.length < minLength) {
      return add(path, received, {
        allowed: `at least ${minLength} character${minLength === 1 ? "" : "s"}`,
        fix: "Give more.",
      });
    }
    const format = name === undefined ? undefined : formats[name];
    if (format === undefined || hasFormat(format, received)) return;
    const { allowed, fix } = format;
    add(path, received, { allowed, fix: typeof fix === "string" ? fix : fix(received) });
  }

  visit(root, [], value);
  return { faults, unusable };
}
