/** The arguments of a pattern as a table. */
import type { Schema } from "../components/internal/schema";

/** One argument; nested ones have the path of their object before their names. */
export interface Argument {
  name: string;
  /** Which alternative of a union it belongs to, e.g. `kind: "tag"`. */
  when?: string;
  type: string;
  /** "**required**", the default, or a dash where leaving it out means that there is none. */
  default: string;
  description: string;
}

/** The property that tells alternatives apart (`kind`). */
function tagOf({ properties = {} }: Schema): [name: string, tag: Schema] | undefined {
  return Object.entries(properties).find(([, property]) => property.const !== undefined);
}

/** That property as one argument with all its values. */
function discriminant(alternatives: readonly Schema[], prefix: string): Argument[] {
  const tags = alternatives.flatMap((alternative) => [tagOf(alternative) ?? []].filter((tag) => tag.length > 0));
  const [first] = tags;
  if (first?.[0] === undefined) return [];
  const description = tags.map(([, tag]) => `\`"${tag?.const}"\`: ${tag?.description}`).join(" ");
  const type = tags.map(([, tag]) => `"${tag?.const}"`).join(" | ");
  return [{ name: `${prefix}${first[0]}`, type, default: "**required**", description }];
}

/** What can be given in place of an alternative: the first property that each of the others requires. */
function insteadOf(alternative: Schema, alternatives: readonly Schema[], prefix: string): string[] {
  const others = alternatives.filter((other) => other !== alternative && tagOf(other) === undefined);
  return others.flatMap(({ required = [] }) => required.slice(0, 1)).map((name) => `\`${prefix}${name}\``);
}

function range({ minimum, exclusiveMinimum, maximum, unit = "" }: Schema): string {
  if (maximum === undefined) return "";
  const what = unit.startsWith("a ") ? "" : ` ${unit}`;
  const [low, high] = [minimum, maximum].map((bound) => bound?.toLocaleString("en"));
  return exclusiveMinimum === undefined
    ? `${low} to ${high}${what}.`
    : `Above ${exclusiveMinimum}, at most ${high}${what}.`;
}

/** What bounds there are, as a sentence. */
function bounds(schema: Schema): string {
  const { items, additionalProperties, minItems, maxItems } = schema;
  const inner =
    [items ?? []].flat()[0] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
  const own = inner === undefined ? range(schema) : range(inner);
  if (Array.isArray(items) || (minItems ?? maxItems) === undefined) return own;
  const least = minItems === undefined ? "At most" : maxItems === undefined ? "At least" : `${minItems} to`;
  const count = maxItems ?? minItems;
  return `${own} ${least} ${count} ${count === 1 ? "entry" : "entries"}.`.trim();
}

function defaultOf({ default: value, defaultText }: Schema): string {
  if (value === undefined) return defaultText ?? "–";
  if (typeof value === "string" && value !== "") return `\`${value}\``;
  return `\`${JSON.stringify(value)
    .replaceAll(/"(\w+)":/g, " $1: ")
    .replaceAll("}", " }")
    .replaceAll(",", ", ")}\``;
}

function argumentsIn(alternatives: readonly Schema[], prefix: string): Argument[] {
  const found = alternatives.flatMap((alternative) => {
    const [tagName, tag] = tagOf(alternative) ?? [];
    const required = ["**required**", ...insteadOf(alternative, alternatives, prefix)].join(", or ");
    const when = tag === undefined ? undefined : `${tagName}: "${tag.const}"`;
    return Object.entries(alternative.properties ?? {})
      .filter(([name]) => name !== tagName)
      .flatMap(([name, schema]) => {
        const isRequired = alternative.required?.includes(name) === true;
        return argumentAndNested(`${prefix}${name}`, schema, isRequired ? required : defaultOf(schema), when);
      });
  });
  return [...discriminant(alternatives, prefix), ...found];
}

function argumentAndNested(name: string, schema: Schema, fallback: string, when: string | undefined): Argument[] {
  const { title = "", description = "", items, additionalProperties } = schema;
  const inner = [items ?? []].flat()[0] ?? (typeof additionalProperties === "object" ? additionalProperties : schema);
  const place = items !== undefined ? `${name}[].` : inner === schema ? `${name}.` : `${name}.<key>.`;
  const meaning = `${description} ${bounds(schema)}`.trim();
  const type = schema.enum?.map((value) => JSON.stringify(value)).join(" | ") ?? title;
  const argument = { name, type, default: fallback, description: meaning, ...(when === undefined ? {} : { when }) };
  return [argument, ...argumentsIn(inner.anyOf ?? [inner], place)];
}

/** Every argument of a component. */
export function argumentsOf(schema: Schema): Argument[] {
  return argumentsIn([schema], "");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

export function argumentsTable(schema: Schema): string {
  const rows = argumentsOf(schema).map((argument) => {
    const name = `\`${argument.name}\`${argument.when === undefined ? "" : ` (\`${argument.when}\`)`}`;
    return `| ${name} | \`${cell(argument.type)}\` | ${cell(argument.default)} | ${cell(argument.description)} |`;
  });
  return ["| argument | type | default | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
