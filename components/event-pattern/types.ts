/**
 * Types of event patterns: what EventBridge rules and the filters of EventBridge Pipes choose events by.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

/** A value that a field of an event can have by itself. */
export type Scalar = string | number | boolean | null;

/** What a text begins with: `{ prefix: "eu-" }`; in any case with `{ prefix: { "equals-ignore-case": "eu-" } }`. */
export interface Prefix {
  readonly prefix: string | EqualsIgnoreCase;
}

/** What a text ends with: `{ suffix: ".png" }`; in any case with `{ suffix: { "equals-ignore-case": ".png" } }`. */
export interface Suffix {
  readonly suffix: string | EqualsIgnoreCase;
}

/** A text in any case: `{ "equals-ignore-case": "alice" }`. */
export interface EqualsIgnoreCase {
  readonly "equals-ignore-case": string;
}

/** A text where `*` is any number of characters: `{ wildcard: "dir/*.png" }`; `\*` is a star, `\\` a backslash. */
export interface Wildcard {
  readonly wildcard: string;
}

/** An address of a block: `{ cidr: "10.0.0.0/24" }`. */
export interface CidrBlock {
  readonly cidr: string;
}

/** Whether there is a value: `{ exists: false }`. */
export interface Exists {
  readonly exists: boolean;
}

export type LowerBound = ">" | ">=";
export type UpperBound = "<" | "<=";

/** What `numeric` holds: one comparison, or the two ends of a range, the lower one first. */
export type NumericTest =
  | readonly [operator: "=" | LowerBound | UpperBound, value: number]
  | readonly [operator: LowerBound, low: number, operator: UpperBound, high: number];

/** A number of a range: `{ numeric: [">", 0, "<=", 5] }`. */
export interface Numeric {
  readonly numeric: NumericTest;
}

/** What `anything-but` may have in place of values. */
export type TextExclusion =
  | { readonly prefix: string | readonly string[] }
  | { readonly suffix: string | readonly string[] }
  | { readonly "equals-ignore-case": string | readonly string[] }
  | { readonly wildcard: string | readonly string[] };

/** Any value but these: `{ "anything-but": ["a", "b"] }`, `{ "anything-but": { prefix: "a" } }`. */
export interface AnythingBut<Value extends string | number = string | number> {
  readonly "anything-but": Value | readonly Value[] | TextExclusion;
}

type TextMatch<Value> = [Extract<Value, string>] extends [never]
  ? never
  : Prefix | Suffix | EqualsIgnoreCase | Wildcard | CidrBlock | AnythingBut<Extract<Value, string>>;

type NumberMatch<Value> = [Extract<Value, number>] extends [never]
  ? never
  : Numeric | AnythingBut<Extract<Value, number>>;

/** One alternative of a field: a value, or an operator that fits the values of the field. */
export type Match<Value extends Scalar = Scalar> = Value | Exists | TextMatch<Value> | NumberMatch<Value>;

/** What is in an array, and in arrays of it: patterns look through arrays. */
type Element<Value> = Value extends readonly (infer Item)[] ? Element<Item> : Value;

/** A field of an event whose type is not known. */
export type AnyField = readonly Match[] | EventPattern | readonly EventPattern[];

type ScalarField<Value> = [Extract<Value, Scalar>] extends [never] ? never : readonly Match<Extract<Value, Scalar>>[];

type ObjectField<Value> = [Extract<Value, object>] extends [never] ? never : EventPattern<Extract<Value, object>>;

/** What a pattern says of a field with values of a type. */
export type FieldPattern<Value> = unknown extends Value
  ? AnyField
  : ScalarField<Element<Value>> | ObjectField<Element<Value>>;

interface AnyPattern {
  readonly [field: string]: AnyField;
}

type PatternOf<Event> = { readonly [Field in keyof Event]?: FieldPattern<NonNullableField<Event[Field]>> } & {
  /** Alternatives, at least two of them; one has to match, besides the other fields. */
  readonly $or?: readonly EventPattern<Event>[];
};

/** `null` is a value of events; what is left out is not. */
type NonNullableField<Value> = Exclude<Value, undefined>;

/**
 * An event pattern, as AWS writes it. With the type of an event its fields, and the values of them, are checked.
 *
 * ```ts
 * const pattern: EventPattern<{ source: string; detail: { state: "running" | "stopped"; cpu?: number } }> = {
 *   source: ["aws.ec2"],
 *   detail: { state: ["running"], cpu: [{ numeric: [">", 0.9] }] },
 * };
 * ```
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export type EventPattern<Event = unknown> = unknown extends Event ? AnyPattern : PatternOf<Event>;
