/** JSON Schema of an interface, from its types, doc comments and tags. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import * as ts from "typescript";
import type { Schema } from "../components/internal/schema";

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration;
type Known = ReadonlyMap<string, Declaration>;

/** Tags of a property, and what each says. Those of values belong to the entries where the property is a list or a map. */
const TAGS: Readonly<Record<string, { of: "property" | "value"; read: (text: string) => Partial<Schema> }>> = {
  default: { of: "property", read: defaultOf },
  fix: { of: "property", read: (fix) => ({ fix }) },
  minItems: { of: "property", read: (text) => ({ minItems: Number(text) }) },
  maxItems: { of: "property", read: (text) => ({ maxItems: Number(text) }) },
  uniqueItems: { of: "property", read: () => ({ uniqueItems: true }) },
  propertyNames: { of: "property", read: (format) => ({ propertyNames: { format } }) },
  rule: { of: "property", read: () => ({}) },
  see: { of: "property", read: () => ({}) },
  enum: { of: "value", read: (text) => ({ enum: text.split(", ").map(Number) }) },
  integer: { of: "value", read: () => ({ type: "integer" }) },
  minimum: { of: "value", read: (text) => ({ minimum: Number(text) }) },
  exclusiveMinimum: { of: "value", read: (text) => ({ exclusiveMinimum: Number(text) }) },
  maximum: { of: "value", read: (text) => ({ maximum: Number(text) }) },
  minLength: { of: "value", read: (text) => ({ minLength: Number(text) }) },
  unit: { of: "value", read: (unit) => ({ unit }) },
  format: { of: "value", read: (format) => ({ format }) },
};

/** A number, a truth value, a quoted text, a list or a map is a value; anything else are words. */
function defaultOf(text: string): Partial<Schema> {
  const isValue = /^(-?[\d.]+|true|false|"[^"]*"|\[.*\]|\{.*\})$/.test(text);
  return isValue ? { default: load(text) } : { defaultText: text };
}

/** The interfaces, types and classes of a file and of those that it imports by a relative path, by name. */
function declarationsIn(file: string, found = new Map<string, Declaration>(), seen = new Set<string>()): Known {
  if (seen.has(file) || !existsSync(file)) return found;
  seen.add(file);
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  for (const statement of source.statements) {
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    if (isType || ts.isClassDeclaration(statement)) {
      const name = statement.name?.text ?? "";
      if (!found.has(name)) found.set(name, statement);
    } else if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const path = statement.moduleSpecifier.text;
      if (!path.startsWith(".")) continue;
      for (const end of [".ts", "/index.ts"]) declarationsIn(`${join(dirname(file), path)}${end}`, found, seen);
    }
  }
  return found;
}

function plainText(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function commentOf(node: ts.Node): Pick<Schema, "description"> {
  const comments = ts.getJSDocCommentsAndTags(node).filter((part) => ts.isJSDoc(part));
  const description = plainText(comments.map((part) => ts.getTextOfJSDocComment(part.comment) ?? "").join(" "));
  return description === "" ? {} : { description };
}

/** What the tags of a property say: of itself, and of its values. */
function tagsOf(node: ts.Node): Record<"property" | "value", Partial<Schema>> {
  const said = { property: {}, value: {} };
  for (const tag of ts.getJSDocTags(node)) {
    const name = tag.tagName.text;
    const known = TAGS[name];
    if (known === undefined) throw new Error(`@${name} says nothing of an argument: ${node.getText()}`);
    Object.assign(said[known.of], known.read(plainText(ts.getTextOfJSDocComment(tag.comment) ?? "")));
  }
  return said;
}

/** Puts what is said of values where the values are. */
function ofValues(schema: Schema, said: Partial<Schema>): Schema {
  const { items, additionalProperties } = schema;
  if (Object.keys(said).length === 0) return schema;
  if (Array.isArray(items)) return { ...schema, items: items.map((item: Schema) => ofValues(item, said)) };
  if (items !== undefined) return { ...schema, items: ofValues(items as Schema, said) };
  if (typeof additionalProperties === "object") {
    return { ...schema, additionalProperties: ofValues(additionalProperties, said) };
  }
  return { ...schema, ...said };
}

/** What is both: of alternatives, each with the other's properties. */
function both(one: Schema, two: Schema): Schema {
  if (one.anyOf !== undefined) return { anyOf: one.anyOf.map((each) => both(each, two)) };
  if (two.anyOf !== undefined) return both(two, one);
  if (one.type !== "object" || two.type !== "object") throw new Error("no schema for what is not objects throughout");
  const required = [...(one.required ?? []), ...(two.required ?? [])];
  return { ...one, properties: { ...one.properties, ...two.properties }, required };
}

/** The schema of an interface, and the default values that it and those within it declare, by interface and property. */
export function schemaOf(file: string, interfaceName: string): { schema: Schema; defaults: Record<string, object> } {
  const known = declarationsIn(file);
  const defaults: Record<string, Record<string, unknown>> = {};

  function typeSchema(node: ts.TypeNode): Schema {
    if (ts.isTypeOperatorNode(node) || ts.isParenthesizedTypeNode(node)) return typeSchema(node.type);
    if (ts.isArrayTypeNode(node)) return { type: "array", items: typeSchema(node.elementType) };
    if (ts.isTupleTypeNode(node)) {
      const items = node.elements.map(typeSchema);
      return { type: "array", items, minItems: items.length, maxItems: items.length };
    }
    if (ts.isUnionTypeNode(node)) {
      const members = node.types.map(typeSchema);
      const values = members.flatMap((member) => member.const ?? []);
      return values.length === members.length ? { enum: values } : { anyOf: members };
    }
    if (ts.isIntersectionTypeNode(node)) return node.types.map(typeSchema).reduce(both);
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return { const: node.literal.text };
    if (ts.isLiteralTypeNode(node) && ts.isNumericLiteral(node.literal)) return { const: Number(node.literal.text) };
    if (ts.isTypeLiteralNode(node)) return objectSchema(node.members);
    if (ts.isTypeReferenceNode(node)) return referenceSchema(node);
    const type = node.getText();
    if (type === "unknown") return {};
    if (type !== "string" && type !== "number" && type !== "boolean") throw new Error(`${file}: no schema for ${type}`);
    return { type };
  }

  function referenceSchema(node: ts.TypeReferenceNode): Schema {
    const name = node.typeName.getText();
    const [first, second] = node.typeArguments ?? [];
    if (name === "pulumi.Input" && first !== undefined) return { ...typeSchema(first), input: true };
    if (name === "Record" && second !== undefined) return { type: "object", additionalProperties: typeSchema(second) };
    // Resources and components are not looked into.
    if (name.startsWith("aws.")) return { title: name };
    return { ...declaredSchema(name), title: name };
  }

  function declaredSchema(name: string): Schema {
    const declaration = known.get(name);
    if (declaration === undefined) throw new Error(`${file} has no ${name}`);
    if (ts.isClassDeclaration(declaration)) return {};
    // Nor is a function that has a name for its type.
    if (ts.isTypeAliasDeclaration(declaration) && ts.isFunctionTypeNode(declaration.type))
      return commentOf(declaration);
    if (ts.isTypeAliasDeclaration(declaration)) return { ...commentOf(declaration), ...typeSchema(declaration.type) };
    const own = objectSchema(declaration.members, name);
    // What is inherited comes last.
    const parents = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
      types.map(({ expression }) => declaredSchema(expression.getText())),
    );
    const all = [own, ...parents];
    return {
      ...commentOf(declaration),
      ...own,
      properties: Object.assign({}, ...all.map(({ properties }) => properties)) as Record<string, Schema>,
      required: all.flatMap(({ required = [] }) => required),
    };
  }

  function objectSchema(members: ts.NodeArray<ts.TypeElement>, owner?: string): Schema {
    const properties = members.filter((member) => ts.isPropertySignature(member));
    const entries = properties.map((property) => {
      const name = ts.isStringLiteral(property.name) ? property.name.text : property.name.getText();
      const schema = propertySchema(property);
      if (owner !== undefined && "default" in schema) (defaults[owner] ??= {})[name] = schema.default;
      return [name, schema] as const;
    });
    const required = properties.filter(({ questionToken }) => questionToken === undefined);
    return {
      type: "object",
      properties: Object.fromEntries(entries),
      required: required.map(({ name }) => name.getText()),
      additionalProperties: false,
    };
  }

  function propertySchema(property: ts.PropertySignature): Schema {
    if (property.type === undefined) throw new Error(`${file}: ${property.getText()} has no type`);
    const said = tagsOf(property);
    const title = plainText(property.type.getText()).replaceAll("pulumi.", "");
    // What a rule of the component checks has no schema.
    const hasRule = ts.getJSDocTags(property).some(({ tagName }) => tagName.text === "rule");
    const schema = hasRule ? {} : ofValues(typeSchema(property.type), said.value);
    return { ...schema, title, ...commentOf(property), ...said.property };
  }

  return { schema: { ...declaredSchema(interfaceName), title: interfaceName }, defaults };
}
