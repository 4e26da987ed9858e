/** Whether an event matches a pattern, by the rules of Event Ruler: https://github.com/aws/event-ruler */
import { isInBlock, parseAddress, parseBlock } from "./addresses";
import { type Alternative, alternatives } from "./alternatives";
import { refusedByAll } from "./check";
import { compareNumbers, passesTest } from "./numbers";
import { endsInAnyCase, equalsAnyCase, matchesPieces, startsInAnyCase, wildcardPieces } from "./texts";
import type { EventPattern, Match, Scalar, TextExclusion } from "./types";

/** For each array that a value is in, by the array's number, the index of the element. */
type Places = ReadonlyMap<number, number>;

interface Leaf {
  readonly value: Scalar;
  readonly places: Places;
}

type Leaves = ReadonlyMap<string, readonly Leaf[]>;

/**
 * Whether EventBridge, or a pipe, would let an event through.
 *
 * ```ts
 * matches({ detail: { state: ["running"] } }, { source: "aws.ec2", detail: { state: "running" } }); // true
 * ```
 *
 * Of an array of objects, one object has to have all that the pattern says of the fields in it. A pattern that AWS
 * refuses is an error; only how long it may be is not asked.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function matches(pattern: EventPattern, event: unknown): boolean {
  const [fault] = refusedByAll(pattern);
  if (fault !== undefined) {
    const at = fault.path === "" ? "The event pattern" : `${fault.path} of the event pattern`;
    throw new TypeError(`${at} must be ${fault.allowed}. ${fault.fix}`);
  }
  const leaves = leavesOf(event);
  return alternatives(pattern).some((alternative) => matchesAll(alternative, leaves));
}

/** The values of an event by their paths. What is in an array has the path of the array. */
function leavesOf(event: unknown): Leaves {
  const leaves = new Map<string, Leaf[]>();
  let arrays = 0;
  const add = (value: unknown, path: string, places: Places): void => {
    if (value === undefined) return;
    if (Array.isArray(value)) {
      const array = arrays++;
      for (const [index, item] of (value as unknown[]).entries()) {
        // Values by themselves have no place: two fields may match two of them.
        const isScalar = typeof item !== "object" || item === null;
        add(item, path, isScalar ? places : new Map(places).set(array, index));
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [name, field] of Object.entries(value)) add(field, path === "" ? name : `${path}.${name}`, places);
    } else {
      const leaf: Leaf = { value: value as Scalar, places };
      const others = leaves.get(path);
      if (others === undefined) leaves.set(path, [leaf]);
      else others.push(leaf);
    }
  };
  add(event, "", new Map());
  return leaves;
}

/**
 * Whether there is a value for every field so that all of them have the same places. Fields come in the order of their
 * paths, as in Event Ruler: `exists: false` looks at the elements that the fields before it have matched in.
 */
function matchesAll(alternative: Alternative, leaves: Leaves): boolean {
  const fields = [...alternative].sort(([a], [b]) => (a < b ? -1 : 1));
  const from = (index: number, places: Places): boolean => {
    const field = fields[index];
    if (field === undefined) return true;
    const [path, options] = field;
    const present = (leaves.get(path) ?? []).flatMap((leaf) => {
      const together = joined(places, leaf.places);
      return together === undefined ? [] : [{ value: leaf.value, together }];
    });
    if (present.length === 0) return options.some(isAbsence) && from(index + 1, places);
    return present.some(
      ({ value, together }) => options.some((match) => matchesValue(match, value)) && from(index + 1, together),
    );
  };
  return from(0, new Map());
}

/** The places of both; undefined where they are in different elements of an array. */
function joined(a: Places, b: Places): Places | undefined {
  for (const [array, index] of b) if ((a.get(array) ?? index) !== index) return undefined;
  return new Map([...a, ...b]);
}

const isAbsence = (match: Match): boolean =>
  typeof match === "object" && match !== null && "exists" in match && !match.exists;

function matchesValue(match: Match, value: Scalar): boolean {
  if (typeof match !== "object" || match === null) return equals(match, value);
  if ("exists" in match) return match.exists;
  if ("anything-but" in match) return !isExcluded(match["anything-but"], value);
  if ("numeric" in match) return typeof value === "number" && passesTest(value, match.numeric);
  if (typeof value !== "string") return false;
  if ("cidr" in match) return isOfBlock(value, match.cidr);
  return matchesText(match, value);
}

/** Addresses are equal however they are written; a text is one where the pattern has one. */
function equals(expected: Scalar, value: Scalar): boolean {
  if (expected === value) return true;
  if (typeof expected !== "string" || typeof value !== "string") return false;
  const address = parseAddress(expected);
  const other = address && parseAddress(value);
  return address !== undefined && other?.bits === address.bits && other.value === address.value;
}

function isOfBlock(value: string, cidr: string): boolean {
  const address = parseAddress(value);
  const block = parseBlock(cidr);
  return address !== undefined && typeof block !== "string" && isInBlock(address, block);
}

type TextOperator =
  | { readonly prefix: string | { readonly "equals-ignore-case": string } }
  | { readonly suffix: string | { readonly "equals-ignore-case": string } }
  | { readonly "equals-ignore-case": string }
  | { readonly wildcard: string };

function matchesText(operator: TextOperator, value: string): boolean {
  if ("prefix" in operator) {
    const { prefix } = operator;
    if (typeof prefix === "string") return value.startsWith(prefix);
    return startsInAnyCase(value, prefix["equals-ignore-case"]);
  }
  if ("suffix" in operator) {
    const { suffix } = operator;
    if (typeof suffix === "string") return value.endsWith(suffix);
    return endsInAnyCase(value, suffix["equals-ignore-case"]);
  }
  if ("wildcard" in operator) {
    const pieces = wildcardPieces(operator.wildcard);
    return typeof pieces !== "string" && matchesPieces(value, pieces);
  }
  if ("equals-ignore-case" in operator) return equalsAnyCase(value, operator["equals-ignore-case"]);
  // Event Ruler's own word for a value, which AWS's pages do not have.
  return Object.values(operator as object)[0] === value;
}

type Excluded = Scalar | readonly Scalar[] | TextExclusion;

function isExcluded(excluded: Excluded, value: Scalar): boolean {
  if (Array.isArray(excluded)) return (excluded as readonly Scalar[]).some((it) => isExcludedValue(it, value));
  if (typeof excluded !== "object" || excluded === null) return isExcludedValue(excluded as Scalar, value);
  if (typeof value !== "string") return false;
  const [[name, texts] = ["", ""]] = Object.entries(excluded as Record<string, string | readonly string[]>);
  return [texts].flat().some((text) => matchesText({ [name]: text } as unknown as TextOperator, value));
}

/** Not by what addresses mean: here they are texts. */
function isExcludedValue(excluded: Scalar, value: Scalar): boolean {
  if (typeof excluded === "number" && typeof value === "number") return compareNumbers(excluded, value) === 0;
  return excluded === value;
}
