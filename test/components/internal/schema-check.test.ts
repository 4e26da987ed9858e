import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks, type Rule } from "../../../components/internal/argument-checks";
import { FORMATS } from "../../../components/internal/formats";
import type { Schema } from "../../../components/internal/schema";
import { checkSchema } from "../../../components/internal/schema-check";

const SCHEMA: Schema = {
  type: "object",
  properties: {
    id: { type: "string", format: "vpc-id", input: true },
    count: { type: "integer", minimum: 1, maximum: 3, unit: "things" },
    names: { type: "array", items: { type: "string" }, uniqueItems: true, maxItems: 3 },
    one: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" }, minItems: 1 }] },
    retention: { enum: [1, 7] },
    parts: {
      type: "array",
      items: {
        type: "object",
        properties: { size: { type: "number" }, note: { type: "string" } },
        required: ["size"],
        additionalProperties: false,
      },
    },
    any: {},
  },
  additionalProperties: false,
};

interface Args {
  count?: number;
  parts: { size: number; note?: string }[];
}

const faults = (value: unknown) => checkSchema({ schema: SCHEMA, formats: FORMATS }, value).faults;
const reported = (value: unknown) => faults(value).map(({ path, allowed, fix }) => [path, allowed, fix]);

/** Paths of the faults, those of rules included. */
function checked(args: unknown, ...rules: Rule<Args>[]): string[] {
  const checks = new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args as Args, rules);
  return checks.found().map(({ path }) => path);
}

describe("arguments and their declaration", () => {
  it("agree where values are known later, and where undefined stands for nothing", () => {
    assert.deepEqual(faults({ id: pulumi.output("x"), count: undefined, unknown: undefined }), []);
    assert.deepEqual(faults({ id: Promise.resolve("x"), any: [{ deep: 1 }], one: "a", retention: 7 }), []);
    assert.equal(faults({ count: pulumi.output(1) })[0]?.path, "count");
  });

  it("differ with place, what is allowed and fix: types, bounds, forms, unknown keys, entries that come twice", () => {
    assert.deepEqual(reported({ id: "x", count: 4, names: ["a", "a"], nmaes: [], parts: [{}], retention: 2 }), [
      ["id", "the id of a VPC, such as vpc-0123456789abcdef0", "Copy the VPC's id."],
      ["count", "a whole number of things from 1 to 3", "Give a value in that range."],
      ["names[1]", "an entry that is not in the list before", "Remove one of the two."],
      ["retention", "1, 7", "Choose one of these."],
      ["parts[0].size", "a number", "Add it."],
      ["nmaes", "id, count, names, one, retention, parts, any", 'Did you mean "names"?'],
    ]);
    assert.deepEqual(reported({ one: 5 }), [["one", "a text or a list", "Give one of these."]]);
    assert.deepEqual(reported({ one: [] }), [["one", "at least 1 entry", "Give more."]]);
    assert.deepEqual(reported({ one: ["a", 5] }), [["one[1]", "a text", "Put it in quotation marks."]]);
    // A list may have holes in a program.
    assert.deepEqual(reported({ names: Array.from({ length: 1 }).concat(["a"]) }), [["names[0]", "a text", "Add it."]]);
    assert.equal(reported("x")[0]?.[0], "");
  });
});

describe("a rule", () => {
  const sizes: Rule<Args> = (checks, { parts, count = 1 }) =>
    checks.each(parts, ({ size }, i) =>
      checks.require(size <= count, { path: `parts[${i}]`, received: parts[i], allowed: "few", fix: "Fewer." }),
    );

  it("says nothing of what has the wrong type or is missing, and everything of the rest", () => {
    assert.deepEqual(checked({ parts: [{ size: 9 }, { size: "9" }, {}, { size: 9 }] }, sizes), [
      "parts[1].size",
      "parts[2].size",
      "parts[0]",
      "parts[3]",
    ]);
    assert.deepEqual(checked({ parts: [{ size: 9 }], count: "2" }, sizes), ["count"]);
    assert.deepEqual(checked({ parts: "x", count: 2 }, sizes), ["parts"]);
    assert.deepEqual(checked("x", sizes), [""]);
  });

  it("sees values that are out of bounds, and may ask whether they are", () => {
    const rule: Rule<Args> = (checks, { count }) => {
      assert.equal(count, 5);
      assert.ok(!checks.isRight("count") && !checks.isSound("parts") && checks.isRight("parts"));
      // A path that begins alike is another one.
      assert.ok(checks.isSound("part"));
    };
    assert.deepEqual(checked({ count: 5, parts: [{ size: "x" }] }, rule), ["count", "parts[0].size"]);
  });

  it("sees parts that are the same whenever it reads them, and reports them as they were given", () => {
    const given = { size: 5, note: 1 };
    const checks = new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, { parts: [given] }, [
      (each, { parts }) => {
        assert.equal(parts[0], parts[0]);
        each.require(false, { path: "parts[0]", received: parts[0], allowed: "less", fix: "Less." });
      },
    ]);
    assert.equal(checks.found().at(-1)?.received, given);
  });

  it("fails for reasons of its own", () => {
    const rule: Rule<Args> = () => assert.fail("a mistake");
    assert.throws(() => checked({ parts: [] }, rule), /a mistake/);
  });
});
