import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { isAtLeast, parseVersion } from "../../local/toolchain/versions";

describe("versions of the toolchain", () => {
  it("are read out of what programs print", () => {
    assert.deepEqual(parseVersion("v3.259.0-alpha.1+dirty"), [3, 259, 0]);
    assert.deepEqual(parseVersion("go1.26"), [1, 26, 0]);
    assert.deepEqual(parseVersion("Python 3.11.7"), [3, 11, 7]);
    assert.equal(parseVersion("unknown"), undefined);
  });

  it("are compared by number, not as text", () => {
    assert.ok(isAtLeast("3.10.0", "3.9.9"));
    assert.ok(!isAtLeast("3.9.9", "3.10.0"));
    assert.ok(isAtLeast("go1.25.11", "1.25.11"));
    assert.ok(!isAtLeast("go1.25", "1.25.11"));
    assert.ok(!isAtLeast("", "0.0.0"));
  });

  it("are ordered: of two different ones exactly one is older", () => {
    const part = fc.nat({ max: 400 });
    const version = fc.tuple(part, part, part).map((parts) => parts.join("."));
    fc.assert(
      fc.property(version, version, (left, right) => {
        assert.equal(isAtLeast(left, right) && isAtLeast(right, left), left === right);
        assert.ok(isAtLeast(left, right) || isAtLeast(right, left));
      }),
    );
  });
});
