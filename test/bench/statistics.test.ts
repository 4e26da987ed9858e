import * as assert from "node:assert/strict";
import { growth, median, rounded } from "../../bench/support/statistics";

describe("the statistics of benchmarks", () => {
  it("take the middle value, or the mean of the middle two", () => {
    assert.equal(median([9]), 9);
    assert.equal(median([100, 1, 3]), 3);
    assert.equal(median([4, 1, 100, 2]), 3);
    assert.throws(() => median([]), /no median of nothing/);
  });

  it("tell linear growth from better and worse", () => {
    assert.equal(growth({ size: 10, cost: 2 }, { size: 40, cost: 8 }), 1);
    assert.equal(growth({ size: 10, cost: 2 }, { size: 40, cost: 4 }), 0.5);
    assert.equal(growth({ size: 10, cost: 2 }, { size: 40, cost: 32 }), 2);
  });

  it("keep whole numbers and three digits of others", () => {
    assert.equal(rounded(12345), 12345);
    assert.equal(rounded(0.0123456), 0.0123);
    assert.equal(rounded(1234.5), 1230);
  });
});
