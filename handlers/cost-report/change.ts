/** How one cost compares with another. */
import { absolute, type Amount, divideRounded, isNegligible, parseAmount } from "./amounts";
import type { Bands } from "./settings";

/**
 * - `same`: no difference that two decimals would show;
 * - `new`: there was nothing, or as good as nothing, so that no percentage says anything;
 * - `gone`: there is nothing, or as good as nothing, any more;
 * - `up`, `down`: more or less than before. A credit (a negative cost) that grows is down.
 */
export type ChangeKind = "same" | "new" | "gone" | "up" | "down";

/** 0 is the calmest: within the first limit. 4 is above the last one. */
export type Band = 0 | 1 | 2 | 3 | 4;

export interface Change {
  readonly kind: ChangeKind;
  readonly difference: Amount;
  /** Tenths of a percent of the former cost's size, rounded; only where the kind is `same`, `up` or `down`. */
  readonly tenths?: bigint;
  readonly band: Band;
}

export function changeOf(cost: Amount, former: Amount, bands: Bands): Change {
  const difference = cost - former;
  if (isNegligible(cost) && isNegligible(former)) return { kind: "same", difference, tenths: 0n, band: 0 };
  if (isNegligible(former)) return { kind: "new", difference, band: 4 };
  if (isNegligible(cost)) return { kind: "gone", difference, band: 4 };
  if (isNegligible(difference)) return { kind: "same", difference, tenths: 0n, band: 0 };
  return {
    kind: difference > 0n ? "up" : "down",
    difference,
    tenths: divideRounded(difference * 1000n, absolute(former)),
    band: bandOf(difference, former, bands),
  };
}

/** By the exact percentage, not the rounded one; what is exactly a limit is within it. */
function bandOf(difference: Amount, former: Amount, bands: Bands): Band {
  const limits = bands.map((limit) => parseAmount(String(limit)) ?? 0n);
  const scale = parseAmount("1") ?? 1n;
  const size = absolute(difference) * 100n * scale;
  const exceeded = limits.filter((limit) => size > limit * absolute(former)).length;
  return exceeded as Band;
}
