/** What AWS would refuse of an event pattern, found before it is deployed. */
import { type Fault, type Path } from "../internal/faults";
import { alternatives, countAlternatives, OR } from "./alternatives";
import { fault, isObject, operatorFaults, RESERVED_IN_OR } from "./operators";
import type { EventPattern } from "./types";

/** What takes the pattern: a rule of EventBridge, or the filter of a pipe. Pipes have fewer operators. */
export type PatternService = "eventbridge" | "pipes";

/**
 * Characters of JSON that a pattern may have: a rule's until its quota is raised, and a pipe's.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 * https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_Filter.html
 */
const MAXIMUM_CHARACTERS: Readonly<Record<PatternService, number>> = { eventbridge: 2048, pipes: 4096 };

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const MAXIMUM_ALTERNATIVES = 1000;

/**
 * What is wrong with a pattern: nothing, where AWS takes it.
 *
 * ```ts
 * patternFaults({ source: "aws.ec2" }, { service: "eventbridge" });
 * // [{ path: "source", received: "aws.ec2", allowed: "a list of values, or fields with lists",
 * //    fix: "Put the value in a list: [\"aws.ec2\"]." }]
 * ```
 *
 * `maximumCharacters` is for accounts whose quota "Event pattern size" is raised. That a pattern has too many wildcards
 * is not found: AWS refuses what is "too complex", and does not say from where on.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function patternFaults(
  pattern: unknown,
  { service, maximumCharacters }: { readonly service: PatternService; readonly maximumCharacters?: number },
): Fault[] {
  const faults = refusedByAll(pattern);
  const ofService = service === "pipes" && faults.length === 0 ? refusedByPipes(pattern, []) : [];
  return [...faults, ...ofService, ...sizeFaults(pattern, maximumCharacters ?? MAXIMUM_CHARACTERS[service])];
}

/** What no service takes, whatever its quotas are. */
export function refusedByAll(pattern: unknown): Fault[] {
  if (!isObject(pattern)) {
    return fault([], pattern, "an object with the fields of events", 'Name a field: { source: ["aws.ec2"] }.');
  }
  if (jsonOf(pattern) === undefined) {
    return fault([], "a value that is no JSON", "JSON", "Leave out circles, bigint numbers and functions.");
  }
  const faults = objectFaults(pattern, [], false);
  return faults.length > 0 ? faults : alternativeFaults(pattern as EventPattern);
}

function jsonOf(pattern: unknown): string | undefined {
  try {
    return JSON.stringify(pattern);
  } catch {
    return undefined;
  }
}

function sizeFaults(pattern: unknown, maximum: number): Fault[] {
  const { length } = jsonOf(pattern) ?? "";
  if (length <= maximum) return [];
  const fix = "Match by prefix or wildcard in place of long lists, make several rules, or ask for a higher quota.";
  return fault([], length, `JSON with ${maximum} characters at most`, fix);
}

const fieldsOf = (object: Record<string, unknown>): [string, unknown][] =>
  Object.entries(object).filter(([, value]) => value !== undefined);

function objectFaults(object: Record<string, unknown>, at: Path, isInOr: boolean): Fault[] {
  const fields = fieldsOf(object);
  if (fields.length === 0) {
    return fault(at, object, "an object with a field at least", "Name a field, or leave the object out.");
  }
  return fields.flatMap(([name, value]) => {
    const path = [...at, name];
    if (name === OR) return orFaults(value, path);
    if (isInOr && RESERVED_IN_OR.includes(name)) {
      const fix = `Put operators in the list of a field: { field: [{ ${JSON.stringify(name)}: … }] }.`;
      return fault(path, name, `no name of an operator for a field in ${OR}`, fix);
    }
    if (isObject(value)) return objectFaults(value, path, isInOr);
    return Array.isArray(value) ? listFaults(value, path) : notInList(value, path);
  });
}

function notInList(value: unknown, at: Path): Fault[] {
  const allowed = "a list of values, or fields with lists";
  return fault(at, value, allowed, `Put the value in a list: [${JSON.stringify(value) ?? "…"}].`);
}

function orFaults(value: unknown, at: Path): Fault[] {
  if (!Array.isArray(value) || value.length < 2) {
    return fault(at, value, "a list of two patterns at least", "Write a single pattern without $or.");
  }
  return value.flatMap((it: unknown, i) =>
    isObject(it)
      ? objectFaults(it, [...at, i], true)
      : fault([...at, i], it, "a pattern: an object with fields", 'Name a field: { source: ["aws.ec2"] }.'),
  );
}

function listFaults(list: readonly unknown[], at: Path): Fault[] {
  if (list.length === 0) {
    return fault(at, list, "a list with a value at least", "Leave the field out, or use [{ exists: true }].");
  }
  return list.flatMap((it, i) => {
    const path = [...at, i];
    if (isObject(it)) return operatorFaults(it, path);
    const isScalar = it === null || ["string", "boolean"].includes(typeof it) || Number.isFinite(it);
    const allowed = "a text, a number, true, false, null, or an operator";
    return isScalar ? [] : fault(path, it, allowed, "Lists match values in arrays of events already.");
  });
}

/** What shows only once `$or` is multiplied out. */
function alternativeFaults(pattern: EventPattern): Fault[] {
  const count = countAlternatives(pattern);
  if (count > MAXIMUM_ALTERNATIVES) {
    const allowed = `${MAXIMUM_ALTERNATIVES} combinations of what is in ${OR} at most`;
    return fault([], count, allowed, "Make several rules, or list the values of one field in place of $or.");
  }
  const repeated = new Set<string>();
  alternatives(pattern, (path) => repeated.add(path));
  return [...repeated].flatMap((path) => {
    const fix = "Put all values of the field in one list; besides $or, write the field in each of its patterns.";
    return fault(path.split("."), path, "a field that is named once in each combination", fix);
  });
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html, column Pipe support. */
function refusedByPipes(value: unknown, at: Path): Fault[] {
  if (Array.isArray(value)) return value.flatMap((it, i) => refusedByPipes(it, [...at, i]));
  if (!isObject(value)) return [];
  return fieldsOf(value).flatMap(([name, inner]) => {
    const path = [...at, name];
    const isOperator = typeof at.at(-1) === "number" && at.at(-2) !== OR;
    if (isOperator && name === "wildcard") {
      return fault(path, inner, "an operator that Pipes have", "Use prefix and suffix in place of wildcard.");
    }
    if (isOperator && name === "anything-but" && isObject(inner)) {
      return fault(path, inner, "values: Pipes leave out nothing else", "List the values that are left out.");
    }
    return refusedByPipes(inner, path);
  });
}
