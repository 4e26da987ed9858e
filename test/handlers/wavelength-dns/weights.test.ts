import * as assert from "node:assert/strict";
import fc from "fast-check";
import { EQUAL_WEIGHT, weightOf } from "../../../handlers/wavelength-dns/weights";
import { instance } from "./support/observations";

describe("weightOf", () => {
  const byTag = { kind: "tag", key: "weight", defaultWeight: 9 } as const;

  it("gives every instance the same weight, which is none of Route 53's extremes", () => {
    assert.deepEqual(weightOf(instance("i-1"), { kind: "equal" }), { weight: EQUAL_WEIGHT });
    assert.ok(EQUAL_WEIGHT > 1 && EQUAL_WEIGHT < 255);
  });

  it("reads the tag, 0 and 255 included, spaces around it allowed", () => {
    for (const [value, weight] of [
      ["0", 0],
      ["255", 255],
      [" 12 ", 12],
      ["007", 7],
    ] as const) {
      assert.deepEqual(weightOf(instance("i-1", { tags: { weight: value } }), byTag), { weight });
    }
  });

  it("falls back without complaint where the tag is missing", () => {
    assert.deepEqual(weightOf(instance("i-1"), byTag), { weight: 9 });
    assert.deepEqual(weightOf(instance("i-1"), { ...byTag, key: "constructor" }), { weight: 9 });
  });

  it("falls back with the value where the tag is no weight", () => {
    for (const value of ["256", "-1", "1.5", "0x10", "many", "", "1e2", "٣"]) {
      assert.deepEqual(weightOf(instance("i-1", { tags: { weight: value } }), byTag), { weight: 9, invalid: value });
    }
  });

  it("goes by instance type, with a default for the others", () => {
    const policy = { kind: "instanceType", weights: { "r5.2xlarge": 40 }, defaultWeight: 10 } as const;
    assert.deepEqual(weightOf(instance("i-1", { instanceType: "r5.2xlarge" }), policy), { weight: 40 });
    assert.deepEqual(weightOf(instance("i-1"), policy), { weight: 10 });
  });

  it("is a weight of Route 53 whatever the tag says", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const { weight } = weightOf(instance("i-1", { tags: { weight: value } }), byTag);
        assert.ok(Number.isInteger(weight) && weight >= 0 && weight <= 255);
      }),
    );
  });
});
