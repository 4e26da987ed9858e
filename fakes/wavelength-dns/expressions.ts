/** As much of DynamoDB's expression language as the handlers use; anything else is an error, never a guess. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

/** Evaluates a condition: comparisons, attribute_exists, attribute_not_exists, AND, OR, parentheses. */
export function holds(expression: string, item: Item, values: Item): boolean {
  const tokens = expression.match(/attribute_(?:not_)?exists|<=|>=|<>|[()=<>]|:?\w+/g) ?? [];
  let position = 0;
  const take = (): string => tokens[position++] ?? fail(expression);

  const primary = (): boolean => {
    const token = take();
    if (token === "(") return closing(either());
    if (token.startsWith("attribute_")) {
      if (take() !== "(") fail(expression);
      const exists = take() in item;
      return closing(token === "attribute_exists" ? exists : !exists);
    }
    const operator = take();
    return compares(operand(token), operator, operand(take()));
  };
  const closing = (result: boolean): boolean => (take() === ")" ? result : fail(expression));
  // Both sides are always read, so that the position moves on.
  const both = (): boolean => chain("AND", primary, (a, b) => a && b);
  const either = (): boolean => chain("OR", both, (a, b) => a || b);
  const chain = (word: string, part: () => boolean, join: (a: boolean, b: boolean) => boolean): boolean => {
    let result = part();
    while (tokens[position] === word) {
      position += 1;
      const right = part();
      result = join(result, right);
    }
    return result;
  };
  const operand = (token: string): string | number | undefined => {
    const value = token.startsWith(":") ? (values[token] ?? fail(expression)) : item[token];
    return value?.N === undefined ? value?.S : Number(value.N);
  };
  const result = either();
  return position === tokens.length ? result : fail(expression);
}

function compares(left: string | number | undefined, operator: string, right: string | number | undefined): boolean {
  // A missing attribute satisfies no comparison.
  if (left === undefined || right === undefined || typeof left !== typeof right) return false;
  switch (operator) {
    case "=":
      return left === right;
    case "<=":
      return left <= right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      return fail(operator);
  }
}

/** Applies an update expression of ADD, SET and REMOVE to a copy of the item. */
export function updated(expression: string, item: Item, values: Item): Item {
  const result = { ...item };
  const clauses = expression.split(/\b(?=SET |ADD |REMOVE )/);
  for (const clause of clauses) {
    const [, verb, rest] = /^(SET|ADD|REMOVE) (.+?)\s*$/.exec(clause) ?? fail(expression);
    for (const part of (rest ?? "").split(/,\s*/)) {
      const [name = "", second] = part.split(verb === "SET" ? /\s*=\s*/ : /\s+/);
      if (verb === "REMOVE") {
        delete result[name];
        continue;
      }
      const value = values[second ?? ""] ?? fail(expression);
      if (verb === "SET") result[name] = value;
      else result[name] = { N: String(Number(result[name]?.N ?? 0) + Number(value.N ?? fail(expression))) };
    }
  }
  return result;
}

function fail(expression: string): never {
  throw new Error(`The fake table does not understand "${expression}"`);
}
