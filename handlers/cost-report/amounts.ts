/** Amounts of money, exact: whole numbers of a millionth of a millionth of the currency's unit. */
export type Amount = bigint;

/** Cost Explorer writes up to ten decimals. */
const DECIMALS = 12;
const UNIT = 10n ** BigInt(DECIMALS);
const CENT = UNIT / 100n;
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,2}))?$/i;

/** Reads a decimal, exponents included ("4.0E-7"). What is beyond twelve decimals is rounded. Undefined for others. */
export function parseAmount(text: string): Amount | undefined {
  const [, sign, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const shift = DECIMALS - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const amount = shift >= 0 ? digits * 10n ** BigInt(shift) : divideRounded(digits, 10n ** BigInt(-shift));
  return sign === "-" ? -amount : amount;
}

/** The exact decimal, without needless zeros. */
export function toDecimal(amount: Amount): string {
  const digits = absolute(amount)
    .toString()
    .padStart(DECIMALS + 1, "0");
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -DECIMALS)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Cents, halves away from zero. */
export function toCents(amount: Amount): bigint {
  return divideRounded(amount, CENT);
}

/** The nearest whole cents, halves away from zero. */
export function roundToCents(amount: Amount): Amount {
  return toCents(amount) * CENT;
}

/** Shown with two decimals, it is zero. */
export function isNegligible(amount: Amount): boolean {
  return toCents(amount) === 0n;
}

export function absolute(amount: Amount): Amount {
  return amount < 0n ? -amount : amount;
}

export function sum(amounts: Iterable<Amount>): Amount {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}

/** Adds each list's nth member to the others'. All have the given length. */
export function sumEach(lists: Iterable<readonly Amount[]>, length: number): Amount[] {
  const totals = Array.from({ length }, () => 0n);
  for (const list of lists) list.forEach((amount, n) => (totals[n] = (totals[n] ?? 0n) + amount));
  return totals;
}

/** Halves away from zero; the divisor is positive. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const rounded = (absolute(value) * 2n + divisor) / (divisor * 2n);
  return value < 0n ? -rounded : rounded;
}

/** For sorting: largest first. */
export function byLargest(a: Amount, b: Amount): number {
  return a === b ? 0 : a > b ? -1 : 1;
}
