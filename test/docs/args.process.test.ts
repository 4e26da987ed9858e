import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ts from "typescript";
import { argumentsOf } from "../../docs/arguments-table";
import { argumentsSchema, generated, INTERFACES, withTable } from "../../docs/generate-args";
import { schemaOf } from "../../docs/schema-of";
import { PATTERNS } from "../../stacks/patterns";

const ROOT = join(__dirname, "..", "..");

/** The names of all properties in a file's interfaces and types. */
function propertyNames(file: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node)) names.add(node.name.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true));
  return names;
}

describe("what is generated from the interfaces of arguments", () => {
  it("is up to date: schemas, tables of pages, and the schema of stack files", async () => {
    for (const [file, text] of Object.entries(await generated())) {
      assert.equal(readFileSync(join(ROOT, file), "utf8"), text, `${file}: run docs/generate-args.ts`);
    }
  });

  for (const pattern of Object.keys(PATTERNS)) {
    it(`${pattern}: has every property, so that none is missing from stack files`, () => {
      assert.ok(pattern in INTERFACES, `${pattern} has no entry in docs/generate-args.ts`);
      const names = argumentsOf(argumentsSchema(pattern)).map(({ name }) => name.split(".").at(-1));
      const declared = propertyNames(join(ROOT, "components", pattern, "args.ts"));
      assert.deepEqual(
        [...declared].filter((name) => !names.includes(name)),
        [],
      );
    });

    it(`${pattern}: gives each argument a meaning, and each name once in its alternative`, () => {
      const found = argumentsOf(argumentsSchema(pattern));
      const names = found.map(({ name, when }) => `${name} ${when ?? ""}`);
      assert.ok(found.length > 0);
      assert.deepEqual([...new Set(names)], names);
      for (const { name, description } of found) assert.notEqual(description, "", name);
    });
  }
});

describe("the schema of an interface", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "aws-patterns-args-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Comments belong to what follows them only at the beginning of a line. */
  function declared(files: Record<string, string>) {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text.replaceAll("/**", "\n/**"));
    }
    return schemaOf(join(folder, "args.ts"), "Args");
  }

  const rows = (files: Record<string, string>) => argumentsOf(declared(files).schema);
  const property = (text: string) => declared({ "args.ts": `export interface Args { ${text} }` }).schema.properties?.it;

  it("tells names, types, defaults, bounds and meanings, with what is inherited last", () => {
    const files = {
      "args.ts": `import type { Base } from "./base";
        export interface Args extends Base {
          /** Who it is. */
          name: pulumi.Input<string>;
          /** How many. @integer @minimum 1 @maximum 5 @unit things @default 3 */
          count?: number;
        }`,
      "base.ts": `export interface Base { /** Who is notified. @maxItems 2 @default nobody */ topics?: string[] }`,
    };
    assert.deepEqual(rows(files), [
      { name: "name", type: "Input<string>", default: "**required**", description: "Who it is." },
      { name: "count", type: "number", default: "`3`", description: "How many. 1 to 5 things." },
      { name: "topics", type: "string[]", default: "nobody", description: "Who is notified. At most 2 entries." },
    ]);
    assert.deepEqual(declared(files).defaults, { Args: { count: 3 } });
    assert.deepEqual(declared(files).schema.required, ["name"]);
  });

  it("tells nested objects, lists, maps and imported types property by property", () => {
    const found = rows({
      "args.ts": `import type { Rule } from "./rule";
        export interface Args { /** Its parts. */ parts: Part[]; /** Rules. */ rules?: readonly Rule[]; /** By name. */ all: Record<string, Rule> }
        interface Part { /** Its size. */ size: number }`,
      "rule.ts": `export interface Rule { /** What it allows. */ allow: string }`,
    });
    assert.deepEqual(
      found.map(({ name }) => name),
      ["parts", "parts[].size", "rules", "rules[].allow", "all", "all.<key>.allow"],
    );
  });

  it("tells the alternatives of a union apart, by their kind or by what else can be given", () => {
    const found = rows({
      "args.ts": `export interface Args { /** How. */ way: Way; /** Where. */ place?: Place }
        type Way =
          | { /** As the crow flies. */ kind: "air" }
          | { /** On foot. */ kind: "land"; /** In km/h. */ speed: number };
        /** A new or an old place. */
        type Place = { /** Its size. */ size: number } | { /** Which one. */ id: string }`,
    });
    assert.deepEqual(
      found.map(({ name, when, default: fallback, description }) => [name, when, fallback, description]),
      [
        ["way", undefined, "**required**", "How."],
        ["way.kind", undefined, "**required**", '`"air"`: As the crow flies. `"land"`: On foot.'],
        ["way.speed", 'kind: "land"', "**required**", "In km/h."],
        ["place", undefined, "–", "Where."],
        ["place.size", undefined, "**required**, or `place.id`", "Its size."],
        ["place.id", undefined, "**required**, or `place.size`", "Which one."],
      ],
    );
  });

  it("takes values of tags for values, and words for words", () => {
    const defaults: [text: string, value: unknown][] = [
      ["-1.5", -1.5],
      ["true", true],
      ['"UTC"', "UTC"],
      ["[2, 5]", [2, 5]],
      ["{ kind: equal }", { kind: "equal" }],
    ];
    for (const [text, value] of defaults) {
      assert.deepEqual(property(`/** It. @default ${text} */ it?: string`)?.default, value);
    }
    const words = property("/** It. @default 10 a day */ it?: string");
    assert.deepEqual([words?.default, words?.defaultText], [undefined, "10 a day"]);
  });

  it("puts what is said of values where they are: in lists and maps", () => {
    const inner = { type: "integer", minimum: 1 };
    assert.deepEqual(property("/** It. @integer @minimum 1 @minItems 2 */ it: number[]")?.items, inner);
    assert.deepEqual(
      property("/** It. @integer @minimum 1 */ it: Record<string, number>")?.additionalProperties,
      inner,
    );
    assert.deepEqual(property("/** It. @format a */ it: [string, string]")?.items, [
      { type: "string", format: "a" },
      { type: "string", format: "a" },
    ]);
  });

  it("is refused where a type or tag has none, so that no argument is left out silently", () => {
    for (const type of ["() => void", "Date", "any", "string & number"]) {
      assert.throws(() => property(`/** It. */ it: ${type}`), /no schema for|has no/, type);
    }
    assert.throws(() => property("/** It. @minimun 1 */ it: number"), /@minimun says nothing of an argument/);
    assert.throws(() => declared({ "args.ts": "export interface Other {}" }), /has no Args/);
    assert.throws(() => withTable("no marks", { type: "object" }), /lacks the marks/);
  });
});
