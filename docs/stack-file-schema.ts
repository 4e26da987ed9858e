/** JSON Schema of stack files, for editors: it completes and checks `Pulumi.*.yaml`. */
import { type Declaration, type Format, type Schema } from "../components/internal/schema";
import { GUARDRAILS as GUARDRAILS_KEY, ACCOUNTS, PATTERNS } from "../stacks/config-keys";

type Json = Readonly<Record<string, unknown>>;

/** @throws Error for the name of a form that there is not, which would go unchecked */
function named(formats: Declaration["formats"], name: string): Format {
  const format = formats[name];
  if (format === undefined) throw new Error(`there is no format "${name}"`);
  return format;
}

/** A form as a pattern; what JSON Schema cannot say, or not in every editor, is left to the program. */
function patternOf(format: Format): Json {
  if (!(format.test instanceof RegExp) || format.test.flags !== "") return {};
  return { pattern: format.test.source, patternErrorMessage: `Allowed: ${format.allowed}.` };
}

/** A declaration as editors understand it. */
export function forEditors({ schema, formats }: Declaration): Json {
  const { title: _, format, fix: _fix, unit: _unit, input: _input, defaultText, ...own } = schema;
  const { properties, additionalProperties, propertyNames, items, anyOf, description } = own;
  const inner = (each: Schema): Json => forEditors({ schema: each, formats });
  const words = defaultText === undefined ? description : `${description ?? ""} Default: ${defaultText}.`.trim();
  return {
    ...own,
    ...(words !== undefined && { description: words }),
    ...(format !== undefined && patternOf(named(formats, format))),
    ...(properties && { properties: mapped(properties, inner) }),
    ...(typeof additionalProperties === "object" && { additionalProperties: inner(additionalProperties) }),
    ...(propertyNames && { propertyNames: patternOf(named(formats, propertyNames.format)) }),
    ...(items && { items: Array.isArray(items) ? items.map(inner) : inner(items as Schema) }),
    ...(anyOf && { anyOf: anyOf.map(inner) }),
  };
}

function mapped<From, To>(values: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

interface Parts {
  readonly account: Declaration;
  readonly entry: Declaration;
  readonly guardrails: Declaration;
  /** The arguments of each pattern. */
  readonly patterns: Readonly<Record<string, Declaration>>;
}

/** A map of the user's own names; or a secret, as the Pulumi CLI writes one. */
function mapOf(values: Json, description: string): Json {
  return { type: "object", description, properties: { secure: { type: "string" } }, additionalProperties: values };
}

export function stackFileSchema({ account, entry, guardrails, patterns }: Parts): Json {
  const { properties = {}, ...plain } = forEditors(entry);
  const names = Object.keys(patterns);
  const args = names.map((name) => ({
    if: { properties: { pattern: { const: name } } },
    then: { properties: { args: forEditors(patterns[name] ?? entry) } },
  }));
  const pattern = { description: "Name of the pattern.", enum: names };
  const entries = { ...plain, properties: { ...(properties as Json), pattern }, allOf: args };
  const text = { type: "string" };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack file of aws-patterns",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: {
          [ACCOUNTS]: mapOf(forEditors(account), "Accounts by name."),
          [PATTERNS]: mapOf(entries, "Patterns by the names of their instances."),
          [GUARDRAILS_KEY]: {
            ...forEditors(guardrails),
            description: "What holds in this stack beside the guardrails.",
          },
        },
      },
      environment: {},
      secretsprovider: text,
      encryptedkey: text,
      encryptionsalt: text,
    },
    additionalProperties: false,
  };
}
