/**
 * Numbers as event patterns compare them: within five billions of 0, and to the sixth digit after the point.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
import type { NumericTest } from "./types";

export const LARGEST = 5e9;

export const isComparable = (value: number): boolean => Math.abs(value) <= LARGEST;

/** In millionths, which are whole numbers that doubles have exactly. */
function millionths(value: number): number {
  return Math.round(value * 1e6);
}

/** The sign of `a - b`, as patterns compare numbers. */
export function compareNumbers(a: number, b: number): number {
  return isComparable(a) && isComparable(b) ? Math.sign(millionths(a) - millionths(b)) : Math.sign(a - b);
}

export function passesTest(value: number, [operator, bound, ...upper]: NumericTest): boolean {
  if (!isComparable(value) || !passes(compareNumbers(value, bound), operator)) return false;
  const [upperOperator, high] = upper;
  return upperOperator === undefined || high === undefined || passes(compareNumbers(value, high), upperOperator);
}

function passes(sign: number, operator: NumericTest[0]): boolean {
  switch (operator) {
    case "=":
      return sign === 0;
    case "<":
      return sign < 0;
    case "<=":
      return sign <= 0;
    case ">":
      return sign > 0;
    case ">=":
      return sign >= 0;
  }
}
