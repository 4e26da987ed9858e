/**
 * Operators of event patterns as functions. What they answer is the JSON that AWS documents, so they go together with
 * what is written by hand.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
import type {
  AnythingBut,
  CidrBlock,
  EqualsIgnoreCase,
  EventPattern,
  Exists,
  LowerBound,
  Numeric,
  NumericTest,
  Prefix,
  Suffix,
  UpperBound,
  Wildcard,
} from "./types";

/** Texts that begin so: `{ region: [prefix("eu-")] }`. */
export function prefix(text: string): Prefix {
  return { prefix: text };
}

/** Texts that begin so in any case: `{ service: [prefixIgnoreCase("eventb")] }`. */
export function prefixIgnoreCase(text: string): Prefix {
  return { prefix: equalsIgnoreCase(text) };
}

/** Texts that end so: `{ file: [suffix(".png")] }`. */
export function suffix(text: string): Suffix {
  return { suffix: text };
}

/** Texts that end so in any case: `{ file: [suffixIgnoreCase(".png")] }`. */
export function suffixIgnoreCase(text: string): Suffix {
  return { suffix: equalsIgnoreCase(text) };
}

/** The text in any case: `{ name: [equalsIgnoreCase("alice")] }`. */
export function equalsIgnoreCase(text: string): EqualsIgnoreCase {
  return { "equals-ignore-case": text };
}

/** Texts of this form, where `*` is any number of characters: `{ key: [wildcard("in/*.csv")] }`. Not in Pipes. */
export function wildcard(text: string): Wildcard {
  return { wildcard: text };
}

/** Addresses of the block, of IPv4 or IPv6: `{ sourceIPAddress: [cidr("10.0.0.0/24")] }`. */
export function cidr(block: string): CidrBlock {
  return { cidr: block };
}

/** Whether the field has a value: `{ error: [exists(false)] }`. Arrays and objects with nothing inside have none. */
export function exists(isThere: boolean): Exists {
  return { exists: isThere };
}

/** Numbers of a range: `{ count: [numeric(">", 0, "<=", 5)] }`, `{ count: [numeric("=", 5)] }`. */
export function numeric(operator: "=" | LowerBound | UpperBound, value: number): Numeric;
export function numeric(lower: LowerBound, low: number, upper: UpperBound, high: number): Numeric;
export function numeric(...test: NumericTest): Numeric {
  return { numeric: test };
}

type OneOrMore<Value> = readonly [Value, ...Value[]];

/** As AWS's examples have it: one value by itself, several in a list. */
function oneOrList<Value>([first, ...others]: OneOrMore<Value>): Value | readonly Value[] {
  return others.length === 0 ? first : [first, ...others];
}

function anythingButValues<const Value extends string>(...values: OneOrMore<Value>): AnythingBut<Value>;
function anythingButValues<const Value extends number>(...values: OneOrMore<Value>): AnythingBut<Value>;
function anythingButValues(...values: OneOrMore<string | number>): AnythingBut {
  return { "anything-but": oneOrList(values) };
}

/**
 * Any value but these, which are all texts or all numbers: `{ state: [anythingBut("stopped", "terminated")] }`; by
 * what texts look like with `anythingBut.prefix("a")`, `.suffix`, `.equalsIgnoreCase` and `.wildcard`, which Pipes do
 * not have. A field without any value does not match.
 */
export const anythingBut = Object.assign(anythingButValues, {
  prefix: (...texts: OneOrMore<string>): AnythingBut<never> => ({ "anything-but": { prefix: oneOrList(texts) } }),
  suffix: (...texts: OneOrMore<string>): AnythingBut<never> => ({ "anything-but": { suffix: oneOrList(texts) } }),
  equalsIgnoreCase: (...texts: OneOrMore<string>): AnythingBut<never> => ({
    "anything-but": { "equals-ignore-case": oneOrList(texts) },
  }),
  wildcard: (...texts: OneOrMore<string>): AnythingBut<never> => ({ "anything-but": { wildcard: oneOrList(texts) } }),
});

/**
 * One of several patterns, besides the other fields: `{ source: ["a"], ...or({ b: [1] }, { c: [2] }) }`. It stands at
 * the level of the fields that it is about; with the type of them, `or<Detail>(…)`.
 */
export function or<Event = unknown>(
  first: NoInfer<EventPattern<Event>>,
  second: NoInfer<EventPattern<Event>>,
  ...others: readonly NoInfer<EventPattern<Event>>[]
): { readonly $or: readonly EventPattern<Event>[] } {
  return { $or: [first, second, ...others] };
}
