import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argumentsOf, argumentsTable, pagePath, PAGES, splitDefault, withTable } from "../../docs/generate-args";
import { PATTERNS } from "../../stacks/patterns";
import { squeezed } from "./markdown";

describe("the arguments table of every pattern's page", () => {
  for (const pattern of Object.keys(PATTERNS)) {
    it(`${pattern}: is what the doc comments say`, () => {
      assert.ok(pattern in PAGES, `${pattern} has no entry in docs/generate-args.ts`);
      const text = readFileSync(pagePath(pattern), "utf8");
      assert.equal(squeezed(text), squeezed(withTable(pattern, text)), "run docs/generate-args.ts");
    });

    it(`${pattern}: gives each argument a meaning, and each name once in its alternative`, () => {
      const { source = "", interfaceName = "" } = PAGES[pattern] ?? {};
      const found = argumentsOf(join(__dirname, "..", "..", source), interfaceName);
      const names = found.map(({ name, when }) => `${name} ${when ?? ""}`);
      assert.ok(found.length > 0);
      assert.deepEqual([...new Set(names)], names);
      for (const { name, description } of found) assert.notEqual(description, "", name);
    });
  }
});

describe("the generator of arguments tables", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "aws-patterns-args-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Comments belong to what follows them only at the beginning of a line. */
  function argumentsFrom(files: Record<string, string>) {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text.replaceAll("/**", "\n/**"));
    }
    return argumentsOf(join(folder, "args.ts"), "Args");
  }

  it("tells names, types, defaults and meanings, with what is inherited last", () => {
    const found = argumentsFrom({
      "args.ts": `import type { Base } from "./base";
        export interface Args extends Base {
          /** Who it is. */
          name: pulumi.Input<string>;
          /** How many. Default: 3, as usual. At most 5. */
          count?: number;
        }`,
      "base.ts": `export interface Base { /** Whom to tell. Default: nobody. */ topics?: string[] }`,
    });
    assert.deepEqual(found, [
      { name: "name", type: "Input<string>", default: "**required**", description: "Who it is." },
      { name: "count", type: "number", default: "3, as usual", description: "How many. At most 5." },
      { name: "topics", type: "string[]", default: "nobody", description: "Whom to tell." },
    ]);
  });

  it("tells nested objects, lists and imported types property by property", () => {
    const found = argumentsFrom({
      "args.ts": `import type { Rule } from "./rule";
        export interface Args { /** Its parts. */ parts: Part[]; /** Its rules. */ rules?: readonly Rule[] }
        interface Part { /** Its size. */ size: number }`,
      "rule.ts": `export interface Rule { /** What it allows. */ allow: string }`,
    });
    assert.deepEqual(
      found.map(({ name }) => name),
      ["parts", "parts[].size", "rules", "rules[].allow"],
    );
  });

  it("tells the alternatives of a union apart, by their kind or by what else can be given", () => {
    const found = argumentsFrom({
      "args.ts": `export interface Args { /** How. */ way: Way; /** Where. */ place?: Place }
        type Way =
          /** As the crow flies. */
          | { kind: "air" }
          /** On foot. */
          | { kind: "land"; /** In km/h. */ speed: number };
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

  it("finds the default in a comment, whatever it holds", () => {
    assert.deepEqual(splitDefault("A block. Default: a VPC with 10.0.0.0/16."), {
      description: "A block.",
      default: "a VPC with 10.0.0.0/16",
    });
    assert.deepEqual(splitDefault("No word of it."), { description: "No word of it." });
  });

  it("refuses a page without the marks, and an interface that is not there", () => {
    assert.throws(() => withTable("wavelength-dns", "no marks"), /lacks the marks/);
    assert.throws(() => argumentsFrom({ "args.ts": "export interface Other {}" }), /has no Args/);
    assert.match(argumentsTable("wavelength-dns"), /^\| argument \| type \| default \| meaning \|\n/);
  });
});
