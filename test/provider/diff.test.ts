import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { changes } from "../../local/provider/diff";
import { isEqual, SIGNATURE, UNKNOWN, type Value, type Values } from "../../local/provider/property-values";
import { thing } from "./thing";

const type = thing({
  properties: { name: "replace", size: "update", nested: "update", list: "update", code: "update" },
});

const key = fc.stringMatching(/^[a-z]{1,3}$/);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
}));
const inputs: fc.Arbitrary<Values> = fc.dictionary(key, value, { maxKeys: 4 });

const asset = (hash: string, path: string): Values => ({
  code: { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash, path },
});

function summary(olds: Values, news: Values, ignored?: string[]): string[] {
  return changes(type, olds, news, ignored).map(({ path, kind, effect }) => `${path} ${kind} ${effect}`);
}

describe("The provider's diff", () => {
  const cases: [olds: Values, news: Values, found: string][] = [
    [{ size: 1 }, { size: 2 }, "size update update"],
    [{}, { size: 2 }, "size add update"],
    [{ size: 1 }, {}, "size delete update"],
    [{ name: "a", size: 1 }, { name: "b", size: 1 }, "name update replace"],
    [{ size: 1 }, { size: UNKNOWN }, "size update update"],
    [{ nested: { a: 1, b: 2 } }, { nested: { a: 1, b: UNKNOWN } }, "nested.b update update"],
    [{ name: "a" }, { name: UNKNOWN }, "name update replace"],
    [{}, { size: UNKNOWN }, "size add update"],
    // The engine's own.
    [{ __defaults: [] }, { __defaults: ["name"] }, ""],
    // Assets are compared by their hashes, not by where they lie.
    [asset("1", "a.zip"), asset("1", "b.zip"), ""],
    [asset("1", "a.zip"), asset("2", "a.zip"), "code update update"],
  ];
  for (const [olds, news, found] of cases) {
    it(`from ${JSON.stringify(olds)} to ${JSON.stringify(news)} is "${found}"`, () =>
      assert.equal(summary(olds, news).join(), found));
  }

  it("goes down to the leaf that changed", () => {
    const olds = { nested: { a: { b: 1, c: 2 }, "x.y": 1 }, list: [1, { d: 1 }, 3] };
    const news = { nested: { a: { b: 1, c: 3 }, "x.y": 2 }, list: [1, { d: 2 }] };
    assert.deepEqual(summary(olds, news), [
      "list[1].d update update",
      "list[2] delete update",
      "nested.a.c update update",
      'nested["x.y"] update update',
    ]);
  });

  it("replaces a type that has no update, whatever changes", () => {
    const { update: _, ...fixed } = type;
    assert.equal(changes(fixed, { size: 1 }, { size: 2 })[0]?.effect, "replace");
  });

  it("leaves out what is ignored: a property, or a path and everything below it", () => {
    const olds = { size: 1, nested: { a: 1, ab: 1, c: { d: 1 } }, list: [1] };
    const news = { size: 2, nested: { a: 2, ab: 2, c: { d: 2 } }, list: [2] };
    assert.deepEqual(summary(olds, news, ["size", "nested.a", "nested.c", "list"]), ["nested.ab update update"]);
  });

  it("finds nothing exactly when nothing changed, no path twice, and the same paths backwards", () => {
    const swapped = { add: "delete", delete: "add", update: "update" } as const;
    fc.assert(
      fc.property(inputs, inputs, (olds, news) => {
        const found = changes(type, olds, news);
        assert.equal(found.length === 0, isEqual(olds, news));
        assert.equal(new Set(found.map(({ path }) => path)).size, found.length);
        assert.deepEqual(changes(type, olds, structuredClone(olds)), []);
        const back = changes(type, news, olds).map(({ path, kind }) => [path, swapped[kind]]);
        assert.deepEqual(
          back,
          found.map(({ path, kind }) => [path, kind]),
        );
        assert.deepEqual(changes(type, olds, news, [...Object.keys(olds), ...Object.keys(news)]), [], "all is ignored");
      }),
    );
  });
});
