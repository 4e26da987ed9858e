/** SNS keeps settings as attributes that are texts. */
import type { Value, Values } from "../../property-values";
import { documentLike } from "../documents";
import { actual } from "../support";

export interface Attribute {
  /** SNS's name. */
  name: string;
  kind: "text" | "number" | "boolean" | "document";
}

export type Attributes = Readonly<Record<string, Attribute>>;

function attributeText(value: Value): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The attributes to send for what the program gives. */
export function attributesOf(table: Attributes, inputs: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([property, { name }]) => {
      const value = inputs[property];
      return value === undefined || value === null || value === "" ? [] : [[name, attributeText(value)]];
    }),
  );
}

/** What has to be set so that SNS has `news`; empty text takes an attribute away. */
export function changedAttributes(table: Attributes, olds: Values, news: Values): [name: string, value: string][] {
  const [before, after] = [attributesOf(table, olds), attributesOf(table, news)];
  const set = Object.entries(after).filter(([name, value]) => before[name] !== value);
  // What the program never gave is SNS's own affair.
  const removed = Object.keys(before).filter((name) => !(name in after) && REMOVABLE.has(name));
  return [...set, ...removed.map((name): [string, string] => [name, ""])];
}

const REMOVABLE = new Set([
  "ArchivePolicy",
  "DeliveryPolicy",
  "DisplayName",
  "FilterPolicy",
  "KmsMasterKeyId",
  "RedrivePolicy",
  "ReplayPolicy",
]);

function valueOf({ kind }: Attribute, given: Value | undefined, answered: string | undefined): Value | undefined {
  if (answered === undefined || answered === "") return undefined;
  if (kind === "document") return documentLike(given, answered);
  if (kind === "number") return typeof given === "string" ? answered : Number(answered);
  return kind === "boolean" ? answered === "true" : answered;
}

export function attributeState(table: Attributes, state: Values, answered: Readonly<Record<string, string>>): Values {
  const values = Object.entries(table).map(([property, attribute]): [string, Value | undefined] => [
    property,
    valueOf(attribute, state[property], answered[attribute.name]) ?? (state[property] === false ? false : undefined),
  ]);
  return actual(state, Object.fromEntries(values));
}
