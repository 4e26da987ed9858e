import * as assert from "node:assert/strict";
import fc from "fast-check";
import { parseAmount } from "../../../handlers/cost-report/amounts";
import { changeOf } from "../../../handlers/cost-report/change";
import { changeLabel } from "../../../handlers/cost-report/format";
import type { Bands } from "../../../handlers/cost-report/settings";

const BANDS: Bands = [2, 5, 10, 15];
const read = (text: string): bigint => parseAmount(text) ?? assert.fail(text);
const change = (cost: string, former: string, bands = BANDS) => changeOf(read(cost), read(former), bands);
const amount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });

describe("changeOf", () => {
  it("says in percent and by its band how much more or less a cost is", () => {
    const cases = {
      "102 100": ["▲ +2.0%", 0],
      "102.01 100": ["▲ +2.0%", 1],
      "105 100": ["▲ +5.0%", 1],
      "108 100": ["▲ +8.0%", 2],
      "112 100": ["▲ +12.0%", 3],
      "115.01 100": ["▲ +15.0%", 4],
      "88 100": ["▼ -12.0%", 3],
      "1234600 100": ["▲ +1,234,500.0%", 4],
      "100 100": ["= 0.0%", 0],
    };
    for (const [costs, [label, band]] of Object.entries(cases)) {
      const [cost = "", former = ""] = costs.split(" ");
      const it = change(cost, former);
      assert.deepEqual([changeLabel(it), it.band], [label, band], costs);
    }
  });

  it("has no percentage where there was nothing, or is nothing any more", () => {
    assert.deepEqual([changeLabel(change("12", "0")), change("12", "0").band], ["● new", 4]);
    assert.deepEqual([changeLabel(change("12", "0.004")), change("0.00001", "12").kind], ["● new", "gone"]);
    assert.equal(changeLabel(change("0.001", "-0.004")), "= 0.0%");
  });

  it("takes a credit for less, and the end of one for more", () => {
    assert.equal(changeLabel(change("-50", "100")), "▼ -150.0%");
    assert.equal(changeLabel(change("100", "-50")), "▲ +300.0%");
    assert.equal(changeLabel(change("-60", "-50")), "▼ -20.0%");
    assert.equal(changeLabel(change("-40", "-50")), "▲ +20.0%");
    assert.equal(changeLabel(change("0", "-50")), "○ gone");
    assert.equal(changeLabel(change("-50", "0")), "● new");
  });

  it("follows the configured limits, fractions included", () => {
    const bands = [0.5, 1, 2.5, 50] as const;
    assert.deepEqual(
      ["100.5", "100.6", "102.5", "102.6", "151"].map((cost) => change(cost, "100", bands).band),
      [0, 1, 2, 3, 4],
    );
  });

  it("has an arrow for every colour, so that nothing is said by colour alone", () => {
    fc.assert(
      fc.property(amount, amount, (cost, former) => {
        const it = changeOf(cost, former, BANDS);
        const sign = { up: "▲", down: "▼", same: "=", new: "●", gone: "○" }[it.kind];
        assert.ok(changeLabel(it).startsWith(sign));
        assert.equal(it.difference, cost - former);
        if (it.kind === "up") assert.ok(cost > former);
        if (it.kind === "down") assert.ok(cost < former);
        assert.equal(it.tenths === undefined, it.kind === "new" || it.kind === "gone");
      }),
    );
  });

  it("never calms down as a difference grows", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 12n, max: 10n ** 18n }), fc.bigInt({ min: 0n, max: 10n ** 18n }), (a, b) => {
        assert.ok(changeOf(a + b, a, BANDS).band <= changeOf(a + b * 2n, a, BANDS).band);
      }),
    );
  });
});
