import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { makeHandler } from "../../../handlers/distributed-map/hottest-day";
import { type HotDay, hottest } from "../../../handlers/distributed-map/hottest";

const days = fc.array(
  fc.record(
    {
      station: fc.constantFrom("a", "b", "c"),
      day: fc.constantFrom("2022-01-01", "2022-01-02", "2022-01-03"),
      temperature: fc.integer({ min: -3, max: 3 }),
    },
    { noNullPrototype: true },
  ),
);

/** Straight from the definition: no other day of the station is hotter, or as hot and earlier. */
function isHottest(day: HotDay, all: readonly HotDay[]): boolean {
  return !all.some(
    ({ station, ...other }) =>
      station === day.station &&
      (other.temperature > day.temperature || (other.temperature === day.temperature && other.day < day.day)),
  );
}

describe("the hottest days", () => {
  it("are one for each station, which no other beats", () => {
    fc.assert(
      fc.property(days, (all) => {
        const found = hottest(all);
        assert.deepEqual(
          found.map(({ station }) => station),
          [...new Set(all.map(({ station }) => station))].sort(),
        );
        for (const day of found) assert.ok(isHottest(day, all));
      }),
    );
  });

  it("are the same however the rows are divided into batches, and in whichever order batches end", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 5 }), fc.boolean(), (all, size, isReversed) => {
        const batches: HotDay[][] = [];
        for (let i = 0; i < all.length; i += size) batches.push(hottest(all.slice(i, i + size)));
        if (isReversed) batches.reverse();
        assert.deepEqual(hottest(batches.flat()), hottest(all));
      }),
    );
  });

  const errors: unknown[] = [];
  const telemetry = { info: () => undefined, error: (_: string, error: unknown) => void errors.push(error) };
  const handler = makeHandler({ station: "S", day: "D", temperature: "T" }, { telemetry });

  it("are read from texts and numbers, without days that have no measurement", async () => {
    const Items = [
      { S: "a", D: "2022-01-01", T: "1.5", other: "x" },
      { S: "a", D: "2022-01-02", T: "-2" },
      { S: "a", D: "2022-01-03", T: " " },
      { S: "b", D: "2022-01-01", T: 7 },
    ];
    assert.deepEqual(await handler({ Items }), [
      { station: "a", day: "2022-01-01", temperature: 1.5 },
      { station: "b", day: "2022-01-01", temperature: 7 },
    ]);
    assert.deepEqual(await handler(Items[0]), [{ station: "a", day: "2022-01-01", temperature: 1.5 }]);
  });

  it("are refused for rows that are something else, with the item and the column", async () => {
    await assert.rejects(handler({ Items: [{ S: "a", D: "d", T: "hot" }] }), /BadItemError: item 0: T: is no number/);
    await assert.rejects(handler({ S: "a", T: "1" }), /BadItemError: item 0: D: /);
    assert.equal(errors.length, 2);
  });
});
