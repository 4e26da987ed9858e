/** JSON documents that AWS takes as text: policies, event patterns, redrive policies, dashboards. */
import { containsUnknown, isEqual, isObject, type Value, type Values } from "../property-values";
import type { CheckFailure } from "../resource-type";

/** The document as text; programs may also give it as an object. */
export function documentText(value: Value | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function optionalDocument(value: Value | undefined): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : documentText(value);
}

function parsed(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** The document that AWS answered, as the state writes it when it is the same one: text or object, any order of keys. */
export function documentLike(given: Value | undefined, answered: string | undefined): Value {
  if (answered === undefined || answered === "") return null;
  const document = parsed(answered);
  const known = typeof given === "string" ? parsed(given) : given;
  if (document !== undefined && known !== undefined && isEqual(document, known)) return given ?? answered;
  return isObject(given) && document !== undefined ? document : answered;
}

/** A failure when `value` is text that is no JSON object or list. */
export function checkJson(property: string, value: Value | undefined): CheckFailure[] {
  if (typeof value !== "string" || value === "" || containsUnknown(value)) return [];
  try {
    const document = JSON.parse(value) as Value;
    if (typeof document === "object" && document !== null) return [];
    return [{ property, reason: `received the JSON ${value.slice(0, 40)}; expected a JSON object` }];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ property, reason: `received text that is no JSON (${reason}); write it with JSON.stringify` }];
  }
}

const VERSIONS = ["2012-10-17", "2008-10-17"];

/**
 * Failures of an IAM policy document: JSON, version, and what every statement needs.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function checkPolicy(
  property: string,
  value: Value | undefined,
  { principal }: { principal: "required" | "forbidden" },
): CheckFailure[] {
  const failures = checkJson(property, value);
  if (failures.length > 0 || value === undefined || value === null || value === "") return failures;
  const document = typeof value === "string" ? parsed(value) : value;
  if (!isObject(document)) return [];
  const failure = (path: string, reason: string): CheckFailure => ({ property: `${property}.${path}`, reason });
  const { Version: version, Statement: given } = document;
  const found: CheckFailure[] = [];
  if (version !== undefined && !containsUnknown(version) && !VERSIONS.includes(String(version))) {
    found.push(failure("Version", `received ${JSON.stringify(version)}; expected "2012-10-17"`));
  }
  if (containsUnknown(given)) return found;
  const statements = Array.isArray(given) ? given : isObject(given) ? [given] : [];
  if (statements.length === 0) found.push(failure("Statement", "missing; a policy has at least one statement"));
  const single = !Array.isArray(given);
  return [
    ...found,
    ...statements.flatMap((statement, i) =>
      checkStatement(statement, principal, (name, reason) =>
        failure(`${single ? "Statement" : `Statement[${i}]`}${name}`, reason),
      ),
    ),
  ];
}

function checkStatement(
  statement: Value,
  principal: "required" | "forbidden",
  failure: (name: string, reason: string) => CheckFailure,
): CheckFailure[] {
  if (!isObject(statement)) return [failure("", `received ${JSON.stringify(statement)}; expected an object`)];
  const has = (...names: string[]): boolean => names.some((name) => statement[name] !== undefined);
  const found: CheckFailure[] = [];
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
    found.push(failure(".Effect", `received ${JSON.stringify(statement.Effect)}; expected "Allow" or "Deny"`));
  }
  if (!has("Action", "NotAction")) found.push(failure(".Action", "missing; name the actions"));
  if (principal === "forbidden") {
    if (has("Principal", "NotPrincipal")) {
      found.push(failure(".Principal", "not allowed: such a policy is for whoever it is attached to"));
    }
    if (!has("Resource", "NotResource")) found.push(failure(".Resource", 'missing; name the resources, or "*"'));
  } else if (!has("Principal", "NotPrincipal")) {
    found.push(failure(".Principal", "missing; name who is meant"));
  }
  return [...found, ...checkActions(statement.Action, failure)];
}

function checkActions(
  given: Value | undefined,
  failure: (name: string, reason: string) => CheckFailure,
): CheckFailure[] {
  const actions = given === undefined ? [] : Array.isArray(given) ? given : [given];
  return actions.flatMap((action) =>
    typeof action === "string" && /^(\*|[\w-]+:[\w*?]+)$/.test(action)
      ? []
      : [failure(".Action", `received ${JSON.stringify(action)}; expected service:Operation or "*"`)],
  );
}

/** The properties of `values` that hold documents, as text. */
export function documents(values: Values, ...names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const document = optionalDocument(values[name]);
      return document === undefined ? [] : [[name, document]];
    }),
  );
}
