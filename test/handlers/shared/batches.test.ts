import * as assert from "node:assert/strict";
import fc from "fast-check";
import { chunksOf, forEachLimited, packInOrder } from "../../../handlers/shared/batches";

describe("chunksOf", () => {
  it("splits in order, the last chunk short", () => {
    assert.deepEqual(chunksOf([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
    assert.deepEqual(chunksOf([], 2), []);
  });
});

describe("packInOrder", () => {
  const items = fc.array(fc.record({ a: fc.integer({ min: 0, max: 10 }), b: fc.integer({ min: 0, max: 10 }) }));
  const limits = { a: 10, b: 12 };

  it("keeps every item, the order, and every limit", () => {
    fc.assert(
      fc.property(items, (all) => {
        const batches = packInOrder(all, limits, (item) => item);
        assert.deepEqual(batches.flat(), all);
        for (const batch of batches) {
          assert.ok(batch.length > 0);
          assert.ok(batch.reduce((sum, { a }) => sum + a, 0) <= limits.a);
          assert.ok(batch.reduce((sum, { b }) => sum + b, 0) <= limits.b);
        }
      }),
    );
  });

  it("makes no batch that could have joined the one before", () => {
    fc.assert(
      fc.property(items, (all) => {
        const batches = packInOrder(all, limits, (item) => item);
        batches.slice(1).forEach(([first], index) => {
          const before = batches[index] ?? [];
          const joined = [...before, ...(first ? [first] : [])];
          assert.ok(
            joined.reduce((sum, { a }) => sum + a, 0) > limits.a ||
              joined.reduce((sum, { b }) => sum + b, 0) > limits.b,
          );
        });
      }),
    );
  });

  it("gives an item above a limit a batch of its own", () => {
    assert.deepEqual(
      packInOrder([1, 99, 1], { size: 10 }, (size) => ({ size })),
      [[1], [99], [1]],
    );
  });
});

describe("forEachLimited", () => {
  it("works on all items, never more than the limit at a time", async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await forEachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      done.push(item);
    });
    assert.equal(most, 3);
    assert.deepEqual(done.sort(), [1, 2, 3, 4, 5, 6, 7]);
  });

  it("throws the first failure, begins nothing after it, and leaves nothing running", async () => {
    let begun = 0;
    let ended = 0;
    const work = async (item: number): Promise<void> => {
      begun += 1;
      await new Promise((resolve) => setImmediate(resolve));
      ended += 1;
      if (item === 1) throw new Error("one");
    };
    await assert.rejects(forEachLimited([1, 2, 3, 4, 5, 6], 2, work), { message: "one" });
    assert.equal(begun, ended);
    assert.ok(begun < 6);
  });
});
