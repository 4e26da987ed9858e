/** The middle value; the mean of the middle two when their number is even. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("there is no median of nothing");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** To as many significant digits as a measurement deserves. */
export function rounded(value: number, digits = 3): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(digits));
}

/** The exponent p of cost = c · size^p through two points: 1 is linear, below 1 is better than linear. */
export function growth(from: { size: number; cost: number }, to: { size: number; cost: number }): number {
  return Math.log(to.cost / from.cost) / Math.log(to.size / from.size);
}
