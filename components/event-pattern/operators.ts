/**
 * What is allowed after each operator of an event pattern.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
import { type Fault, type Path, pathText } from "../internal/faults";
import { nearest } from "../internal/nearest-name";
import { parseBlock } from "./addresses";
import { compareNumbers, isComparable, LARGEST } from "./numbers";
import { wildcardPieces } from "./texts";

export type OperandCheck = (operand: unknown, at: Path) => Fault[];

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function fault(at: Path, received: unknown, allowed: string, fix: string): Fault[] {
  return [{ path: pathText(at), received, allowed, fix }];
}

const text: OperandCheck = (operand, at) =>
  typeof operand === "string" ? [] : fault(at, operand, "a text", "Write the text by itself, in quotes.");

const filledText: OperandCheck = (operand, at) =>
  operand === ""
    ? fault(at, operand, "a text with a character at least", "Every text begins and ends so.")
    : text(operand, at);

const wildcardText: OperandCheck = (operand, at) => {
  if (typeof operand !== "string") return text(operand, at);
  const pieces = wildcardPieces(operand);
  if (typeof pieces !== "string") return [];
  const fix = 'One "*" is any number of characters already; write "\\*" for a star and "\\\\" for a backslash.';
  return fault(at, operand, `a wildcard: ${pieces}`, fix);
};

/** The one name and what is after it, in an object that has exactly one of some names. */
function single(
  operand: Record<string, unknown>,
  at: Path,
  known: Readonly<Record<string, OperandCheck>>,
  example: string,
): Fault[] {
  const names = Object.keys(operand);
  const [name = ""] = names;
  const list = Object.keys(known).join(", ");
  if (names.length !== 1) {
    return fault(at, operand, `an object with one operator of ${list}`, `Write one alternative each: ${example}.`);
  }
  const check = Object.hasOwn(known, name) ? known[name] : undefined;
  if (check === undefined) return fault([...at, name], name, `one of ${list}`, nearest(name, Object.keys(known)));
  return check(operand[name], [...at, name]);
}

const textInAnyCase: OperandCheck = (operand, at) =>
  isObject(operand)
    ? single(operand, at, { "equals-ignore-case": text }, '{ "equals-ignore-case": "a" }')
    : text(operand, at);

/** One, or a list of some. */
const oneOrMore =
  (check: OperandCheck): OperandCheck =>
  (operand, at) => {
    if (!Array.isArray(operand)) return check(operand, at);
    if (operand.length === 0)
      return fault(at, operand, "a value, or a list of some", "Use exists: true for any value.");
    return operand.flatMap((it, i) => check(it, [...at, i]));
  };

const EXCLUSIONS: Readonly<Record<string, OperandCheck>> = {
  prefix: oneOrMore(filledText),
  suffix: oneOrMore(filledText),
  "equals-ignore-case": oneOrMore(text),
  wildcard: oneOrMore(wildcardText),
};

const anythingBut: OperandCheck = (operand, at) => {
  if (isObject(operand)) return single(operand, at, EXCLUSIONS, '{ "anything-but": { prefix: "a" } }');
  const values: unknown[] = [operand].flat();
  const allowed = "a text, a number, a list of texts, or a list of numbers";
  const isRight = values.length > 0 && ["string", "number"].some((type) => values.every((it) => typeof it === type));
  if (!isRight) {
    const fix = "Texts and numbers do not go together, and true, false and null cannot be left out.";
    return fault(at, operand, allowed, fix);
  }
  return values.flatMap((it) => (typeof it === "number" ? number(it, at) : []));
};

const number: OperandCheck = (operand, at) => {
  if (typeof operand !== "number" || !Number.isFinite(operand)) {
    return fault(at, operand, "a number", "Write the number without quotes.");
  }
  if (isComparable(operand)) return [];
  return fault(at, operand, `a number from ${-LARGEST} to ${LARGEST}`, "Compare larger ones as values: [6000000000].");
};

const LOWER: readonly unknown[] = [">", ">="];
const UPPER: readonly unknown[] = ["<", "<="];

const numericTest: OperandCheck = (operand, at) => {
  const allowed = 'a list such as ["=", 5], [">", 0] or [">", 0, "<=", 5]';
  if (!Array.isArray(operand)) return fault(at, operand, allowed, "Put the comparison in a list.");
  const [operator, low, upper, high] = operand as unknown[];
  if (![...LOWER, ...UPPER, "="].includes(operator)) {
    return fault([...at, 0], operator, "one of =, <, <=, > and >=", `Begin the list with a comparison: ${allowed}.`);
  }
  if (operand.length === 2) return number(low, [...at, 1]);
  if (operand.length !== 4 || !LOWER.includes(operator) || !UPPER.includes(upper)) {
    return fault(
      at,
      operand,
      allowed,
      "Name the lower end of a range first, with > or >=, then the upper, with < or <=.",
    );
  }
  const faults = [...number(low, [...at, 1]), ...number(high, [...at, 3])];
  if (faults.length > 0 || compareNumbers(low as number, high as number) < 0) return faults;
  return fault(at, operand, "a range whose lower end is less than its upper", 'Turn the ends round, or use ["=", 5].');
};

const block: OperandCheck = (operand, at) => {
  if (typeof operand !== "string") return text(operand, at);
  const parsed = parseBlock(operand);
  if (typeof parsed !== "string") return [];
  return fault(at, operand, `a block of IPv4 or IPv6 addresses: ${parsed}`, "Write a block such as 10.0.0.0/24.");
};

const presence: OperandCheck = (operand, at) =>
  typeof operand === "boolean" ? [] : fault(at, operand, "true or false", "Write exists: true or exists: false.");

/** The operators of a field. */
export const OPERATORS: Readonly<Record<string, OperandCheck>> = {
  prefix: textInAnyCase,
  suffix: textInAnyCase,
  "equals-ignore-case": text,
  wildcard: wildcardText,
  "anything-but": anythingBut,
  numeric: numericTest,
  cidr: block,
  exists: presence,
  // AWS's pages do not have it, and AWS takes it: a text as it is.
  exactly: text,
};

/** What is wrong with an operator and what comes after it. */
export function operatorFaults(operator: Record<string, unknown>, at: Path): Fault[] {
  return single(operator, at, OPERATORS, '[{ prefix: "a" }, { suffix: "b" }]');
}

/** What Event Ruler keeps for itself where alternatives are. */
export const RESERVED_IN_OR: readonly string[] = [
  ...Object.keys(OPERATORS),
  "html",
  "regex",
  ...["=", "<", "<=", ">", ">="],
  ...["not-wildcard", "not-equals-ignore-case"],
  ...["date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"],
  ...["ip-address-in-range", "ip-address-not-in-range"],
];
