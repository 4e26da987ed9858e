/** Small bar charts as PNG images: transparent, in tones that can be distinguished on white and on black. */
import { PNG } from "pngjs";
import { type Amount, toCents } from "../amounts";

export interface BarChart {
  readonly values: readonly Amount[];
  /** For each value, whether it may still change; such bars are paler. */
  readonly estimated: readonly boolean[];
  /** Size on a screen of normal density; the image has twice as many pixels each way. */
  readonly width: number;
  readonly height: number;
  /** Share of each value's width that its bar takes. Default: 0.72. */
  readonly fill?: number;
}

type Color = readonly [red: number, green: number, blue: number];

const DENSITY = 2;
const USUAL: Color = [139, 152, 173];
/** The last value is what the report is about. */
const LAST: Color = [66, 133, 244];
const BELOW_ZERO: Color = [22, 150, 105];
const PALE = 0.72;

export function barChart({ values, estimated, width, height, fill = 0.72 }: BarChart): Buffer {
  const png = new PNG({ width: width * DENSITY, height: height * DENSITY });
  const numbers = values.map((value) => Number(toCents(value)));
  const top = Math.max(0, ...numbers);
  const bottom = Math.min(0, ...numbers);
  const perUnit = png.height / (top - bottom || 1);
  const zero = top === bottom ? png.height : Math.round(top * perUnit);
  const step = png.width / Math.max(1, values.length);
  numbers.forEach((value, n) => {
    // A value that is not zero is always seen, and zero is a line.
    const size = Math.max(DENSITY, Math.round(Math.abs(value) * perUnit));
    const barWidth = Math.max(1, Math.round(step * fill));
    const left = Math.round(n * step + (step - barWidth) / 2);
    const above = Math.min(zero - size, png.height - size);
    const color = value < 0 ? BELOW_ZERO : n === numbers.length - 1 ? LAST : USUAL;
    drawBar(png, left, value < 0 ? Math.min(zero, png.height - size) : Math.max(0, above), barWidth, size, {
      color,
      opacity: value === 0 ? 0.35 : estimated[n] === true ? PALE : 1,
    });
  });
  // Rows are like the rows above them: half the size, and half the time, of what is guessed otherwise. The highest level
  // takes half as long again, for some 100 bytes.
  return PNG.sync.write(png, { filterType: 2, deflateStrategy: 0, deflateLevel: 6 });
}

interface Ink {
  readonly color: Color;
  readonly opacity: number;
}

/** A rectangle with slightly rounded corners; their edge is smoothed. */
function drawBar(png: PNG, left: number, top: number, width: number, height: number, { color, opacity }: Ink): void {
  const radius = Math.min(3, width / 2, height / 2);
  const [red, green, blue] = color;
  const paint = (red << 24) | (green << 16) | (blue << 8);
  for (let y = Math.max(0, top); y < Math.min(png.height, top + height); y += 1) {
    for (let x = left; x < Math.min(png.width, left + width); x += 1) {
      const beside = Math.max(left + radius - (x + 0.5), x + 0.5 - (left + width - radius), 0);
      const over = Math.max(top + radius - (y + 0.5), y + 0.5 - (top + height - radius), 0);
      const isCorner = beside > 0 && over > 0;
      const coverage = isCorner ? Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(beside, over))) : 1;
      png.data.writeInt32BE(paint | Math.round(255 * opacity * coverage), (y * png.width + x) * 4);
    }
  }
}
