import * as assert from "node:assert/strict";
import { PNG } from "pngjs";
import { parseAmount } from "../../../handlers/cost-report/amounts";
import { barChart } from "../../../handlers/cost-report/mail/chart";

const draw = (values: readonly string[], estimated = values.map(() => false)) =>
  PNG.sync.read(barChart({ values: values.map((text) => parseAmount(text) ?? 0n), estimated, width: 70, height: 30 }));

/** The painted rows of each bar, top and bottom, in its middle column; and its colour and opacity there. */
function bars(png: PNG, count: number) {
  return Array.from({ length: count }, (_, n) => {
    const x = Math.round(((n + 0.5) * png.width) / count);
    const rows = Array.from({ length: png.height }, (_, y) => y).filter(
      (y) => (png.data[(y * png.width + x) * 4 + 3] ?? 0) > 0,
    );
    const middle = ((rows[rows.length >> 1] ?? 0) * png.width + x) * 4;
    const [red, green, blue, opacity] = png.data.subarray(middle, middle + 4);
    return { top: rows[0] ?? -1, height: rows.length, color: [red, green, blue].join(), opacity };
  });
}

describe("barChart", () => {
  it("has twice as many pixels as its size, on nothing", () => {
    const png = draw(["1", "2"]);
    assert.deepEqual([png.width, png.height], [140, 60]);
    assert.equal(png.data[3], 0, "transparent");
  });

  it("draws bars as high as their values, the last one in a colour of its own", () => {
    const [small, half, whole] = bars(draw(["25", "50", "100"]), 3);
    assert.deepEqual([small?.height, half?.height, whole?.height], [15, 30, 60]);
    assert.equal(small?.color, half?.color);
    assert.notEqual(half?.color, whole?.color);
  });

  it("draws credits below zero", () => {
    const [above, below] = bars(draw(["40", "-20"]), 2);
    assert.deepEqual([above?.top, above?.height], [0, 40]);
    assert.deepEqual([below?.top, below?.height], [40, 20]);
    const [onlyBelow] = bars(draw(["-20", "-10"]), 2);
    assert.deepEqual([onlyBelow?.top, onlyBelow?.height], [0, 60]);
  });

  it("draws estimated days paler", () => {
    const [sure, unsure] = bars(draw(["10", "10", "10"], [false, true, false]), 3);
    assert.ok((unsure?.opacity ?? 0) < (sure?.opacity ?? 0));
    assert.ok((unsure?.opacity ?? 0) > 128);
  });

  it("shows that there was nothing, and next to nothing", () => {
    assert.deepEqual(
      bars(draw(["0", "0"]), 2).map(({ height }) => height),
      [2, 2],
    );
    assert.deepEqual(
      bars(draw(["1000000", "0.01"]), 2).map(({ height }) => height),
      [60, 2],
    );
    assert.equal(draw([]).width, 140);
  });
});
