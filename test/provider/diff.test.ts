import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { changes } from "../../local/provider/diff";
import { isEqual, SIGNATURE, UNKNOWN, type Value, type Values } from "../../local/provider/property-values";
import type { ResourceType } from "../../local/provider/resource-type";

const type: ResourceType = {
  token: "aws:test/thing:Thing",
  properties: { name: "replace", size: "update", nested: "update", list: "update", code: "update" },
  create: () => Promise.reject(new Error("not in this test")),
  read: () => Promise.resolve(undefined),
  update: () => Promise.resolve({}),
  delete: () => Promise.resolve(),
};

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

function summary(olds: Values, news: Values, ignored?: string[]): string[] {
  return changes(type, olds, news, ignored).map(({ path, kind, effect }) => `${path} ${kind} ${effect}`);
}

describe("The provider's diff", () => {
  it("tells what was added, removed and changed, and what each change does", () => {
    assert.deepEqual(summary({ size: 1 }, { size: 2 }), ["size update update"]);
    assert.deepEqual(summary({}, { size: 2 }), ["size add update"]);
    assert.deepEqual(summary({ size: 1 }, {}), ["size delete update"]);
    assert.deepEqual(summary({ name: "a", size: 1 }, { name: "b", size: 1 }), ["name update replace"]);
  });

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
    const fixed = Object.fromEntries(Object.entries(type).filter(([name]) => name !== "update")) as typeof type;
    assert.deepEqual(
      changes(fixed, { size: 1 }, { size: 2 }).map(({ effect }) => effect),
      ["replace"],
    );
  });

  it("plans a change for what is not known yet, at the place where it is", () => {
    assert.deepEqual(summary({ size: 1 }, { size: UNKNOWN }), ["size update update"]);
    assert.deepEqual(summary({ nested: { a: 1, b: 2 } }, { nested: { a: 1, b: UNKNOWN } }), ["nested.b update update"]);
    assert.deepEqual(summary({ name: "a" }, { name: UNKNOWN }), ["name update replace"]);
    assert.deepEqual(summary({}, { size: UNKNOWN }), ["size add update"]);
  });

  it("leaves out what is ignored: a property, or a path and everything below it", () => {
    const olds = { size: 1, nested: { a: 1, ab: 1, c: { d: 1 } }, list: [1] };
    const news = { size: 2, nested: { a: 2, ab: 2, c: { d: 2 } }, list: [2] };
    assert.deepEqual(summary(olds, news, ["size", "nested.a", "nested.c", "list"]), ["nested.ab update update"]);
  });

  it("compares assets by their hashes, not by where they lie", () => {
    const asset = (hash: string, path: string): Values => ({
      code: { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash, path },
    });
    assert.deepEqual(summary(asset("1", "a.zip"), asset("1", "b.zip")), []);
    assert.deepEqual(summary(asset("1", "a.zip"), asset("2", "a.zip")), ["code update update"]);
  });

  it("leaves the engine's own properties alone", () => {
    assert.deepEqual(summary({ __defaults: [] }, { __defaults: ["name"] }), []);
  });

  it("finds nothing exactly when nothing changed, and no path twice", () => {
    fc.assert(
      fc.property(inputs, inputs, (olds, news) => {
        const found = changes(type, olds, news);
        assert.equal(found.length === 0, isEqual(olds, news));
        assert.equal(new Set(found.map(({ path }) => path)).size, found.length);
        assert.deepEqual(changes(type, olds, structuredClone(olds)), []);
      }),
    );
  });

  it("finds the same paths backwards, with additions and removals swapped", () => {
    const swapped = { add: "delete", delete: "add", update: "update" } as const;
    fc.assert(
      fc.property(inputs, inputs, (olds, news) => {
        const forth = changes(type, olds, news).map(({ path, kind }) => [path, kind]);
        const back = changes(type, news, olds).map(({ path, kind }) => [path, swapped[kind]]);
        assert.deepEqual(back, forth);
      }),
    );
  });

  it("finds nothing when every property is ignored", () => {
    fc.assert(
      fc.property(inputs, inputs, (olds, news) => {
        assert.deepEqual(changes(type, olds, news, [...Object.keys(olds), ...Object.keys(news)]), []);
      }),
    );
  });
});
