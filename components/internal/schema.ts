/**
 * What is declared of an argument, as JSON Schema has it. `docs/generate-args.ts` writes it from the interfaces of a
 * pattern's `args.ts`: their types, doc comments and tags.
 */
export interface Schema {
  /** The type as the interface writes it. */
  readonly title?: string;
  readonly description?: string;
  readonly type?: "string" | "number" | "integer" | "boolean" | "array" | "object";
  readonly const?: string | number;
  readonly enum?: readonly (string | number)[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Of a map with keys of the user's own: its values. An object with properties has no others. */
  readonly additionalProperties?: false | Schema;
  readonly propertyNames?: { readonly format: string };
  /** Of a list: its entries, or each of a fixed number. */
  readonly items?: Schema | readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  /** Name of a form that texts have; see formats.ts. */
  readonly format?: string;
  /** What holds where the argument is left out: a value, or words where it depends on something. */
  readonly default?: unknown;
  readonly defaultText?: string;
  /** What a number counts ("seconds"), or what it is ("a port number"). */
  readonly unit?: string;
  /** How to fix a value that is out of bounds, where there is more to say than that. */
  readonly fix?: string;
  /** Whether programs may give an Output. */
  readonly input?: true;
}

/** A form that texts have. */
export interface Format {
  readonly test: RegExp | ((text: string) => boolean);
  readonly allowed: string;
  /** It may depend on the text. */
  readonly fix: string | ((text: string) => string);
}

/** What is declared of a component's arguments. */
export interface Declaration {
  readonly schema: Schema;
  /** The formats that the schema names. */
  readonly formats: Readonly<Record<string, Format>>;
}

export function hasFormat({ test }: Format, text: string): boolean {
  return typeof test === "function" ? test(text) : test.test(text);
}
