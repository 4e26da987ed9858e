import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  containsUnknown,
  fromStruct,
  isEqual,
  SIGNATURE,
  toStruct,
  UNKNOWN,
  type Value,
  type Values,
  withoutContents,
} from "../../local/provider/property-values";

const key = fc.stringMatching(/^[A-Za-z0-9_.:/-]{1,8}$/).filter((name) => name !== "__proto__");
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const values: fc.Arbitrary<Values> = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });

/** The value with another at one of the places where there can be one. */
function replaced(original: Value, choice: number, replacement: Value): Value {
  if (typeof original !== "object" || original === null) return replacement;
  const keys = Object.keys(original);
  const chosen = keys[choice % keys.length];
  if (chosen === undefined) return replacement;
  const copy = structuredClone(original) as Values;
  copy[chosen] = replaced(copy[chosen] ?? null, choice >> 1, replacement);
  return copy;
}

describe("Property values", () => {
  it("survive the way over the wire", () => {
    fc.assert(
      fc.property(values, (given) => {
        assert.deepEqual(fromStruct(toStruct(given)), given);
      }),
    );
    assert.deepEqual(fromStruct(undefined), {});
  });

  it("are equal to their copies, in any order of keys, and to nothing else", () => {
    fc.assert(
      fc.property(values, fc.nat(), (given, choice) => {
        const reversed = Object.fromEntries(Object.entries(given).reverse());
        assert.ok(isEqual(given, reversed) && isEqual(reversed, given));
        const other = replaced(given, choice, "something that no generator makes");
        assert.equal(isEqual(given, other), false);
      }),
    );
  });

  it("are known exactly when nothing in them is unknown", () => {
    fc.assert(
      fc.property(values, fc.nat(), (given, choice) => {
        assert.equal(containsUnknown(given), false);
        assert.equal(containsUnknown(replaced(given, choice, UNKNOWN)), true);
      }),
    );
  });

  it("keep of an asset its hash alone", () => {
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: "1", text: "a secret, and long" };
    assert.deepEqual(withoutContents({ code: asset, name: "a" }), {
      code: { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: "1" },
      name: "a",
    });
    assert.ok(isEqual(withoutContents({ code: asset }), { code: asset }));
  });
});
