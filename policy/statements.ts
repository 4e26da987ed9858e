/** IAM policy documents. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
import { type Condition, holdForStrangers, keepStrangersOut } from "./conditions";
import type { Finding, Subject } from "./rule";
import { documentOf, isObject, matches, placesAt, texts, UNKNOWN, type Value } from "./values";

export interface Statement {
  /** Where its document is: `policy`. */
  readonly document: string;
  /** Where it is: `policy.Statement[0]`. */
  readonly path: string;
  readonly effect: string;
  readonly actions: readonly string[];
  /** True for everything but the actions listed. */
  readonly notActions: boolean;
  readonly resources: readonly string[];
  /** True for everything but the resources listed. */
  readonly notResources: boolean;
  /** Everybody named, of whatever kind. */
  readonly principals: readonly string[];
  /** Identity providers among them. */
  readonly federated: readonly string[];
  /** True for everybody but the principals listed. */
  readonly notPrincipals: boolean;
  readonly conditions: readonly Condition[];
}

/** The statements of the documents at some paths; none of a document that is not known. */
export function statementsAt({ props }: Pick<Subject, "props">, paths: string | readonly string[]): Statement[] {
  return [paths].flat().flatMap((path) =>
    placesAt(props, path).flatMap(({ path: at, value }) => {
      const statements = documentOf(value)?.Statement;
      if (statements === UNKNOWN) return [];
      const list = Array.isArray(statements) ? statements : [statements];
      return list.flatMap((statement, i) => statementOf(statement, at, i));
    }),
  );
}

function statementOf(value: Value, document: string, index: number): Statement[] {
  if (!isObject(value)) return [];
  const { Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } = value;
  return [
    {
      document,
      path: `${document}.Statement[${index}]`,
      effect: String(Effect),
      actions: texts(Action ?? NotAction),
      notActions: NotAction !== undefined,
      resources: texts(Resource ?? NotResource),
      notResources: NotResource !== undefined,
      principals: principalsIn(Principal ?? NotPrincipal),
      federated: isObject(Principal) ? texts(Principal.Federated) : [],
      notPrincipals: NotPrincipal !== undefined,
      conditions: conditionsIn(Condition),
    },
  ];
}

function principalsIn(value: Value): string[] {
  return isObject(value) ? Object.values(value).flatMap(texts) : texts(value);
}

function conditionsIn(value: Value): Condition[] {
  if (value === UNKNOWN) return [{ operator: "", key: "", values: [], unknown: true }];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (keys === UNKNOWN) return [{ operator, key: "", values: [], unknown: true }];
    return isObject(keys) ? Object.entries(keys).map(([key, wanted]) => conditionOf(operator, key, wanted)) : [];
  });
}

function conditionOf(operator: string, key: string, wanted: Value): Condition {
  const all: readonly Value[] = Array.isArray(wanted) ? wanted : [wanted];
  const known = all.filter((item) => item !== UNKNOWN);
  return { operator, key: key.toLowerCase(), values: known.map(String), unknown: known.length < all.length };
}

/** Whether a statement is about anybody at all. AWS accepts no other wildcard; an account that is one means the same. */
export function isForEverybody({ principals, notPrincipals }: Statement): boolean {
  return notPrincipals || principals.some((principal) => /^(\*|arn:[^:]*:(iam|sts)::[^:]*[*?])/.test(principal));
}

/** Whether one of a statement's conditions keeps strangers out. */
export function isNarrowed({ conditions }: Statement): boolean {
  return keepStrangersOut(conditions);
}

const covers = (patterns: readonly string[], texts: readonly string[]): boolean =>
  texts.every((text) => patterns.some((pattern) => matches(pattern.toLowerCase(), text.toLowerCase())));

/** Whether another statement denies strangers all that a statement allows. */
function isDeniedBy(denial: Statement, statement: Statement): boolean {
  if (denial.effect !== "Deny" || denial.notActions || denial.notResources || statement.notActions) return false;
  return (
    denial.principals.includes("*") &&
    !denial.notPrincipals &&
    covers(denial.actions, statement.actions) &&
    (denial.resources.length === 0 || (!statement.notResources && covers(denial.resources, statement.resources))) &&
    holdForStrangers(denial.conditions)
  );
}

/** The statements of a document that let strangers in. */
export function openStatements(statements: readonly Statement[]): Statement[] {
  return statements.filter(
    (statement) =>
      statement.effect === "Allow" &&
      isForEverybody(statement) &&
      !isNarrowed(statement) &&
      !statements.some((other) => other.document === statement.document && isDeniedBy(other, statement)),
  );
}

/** What to say of a statement that lets everybody in. */
export function everybodyIn({ path, principals, notPrincipals }: Statement): Finding {
  return notPrincipals
    ? { property: `${path}.NotPrincipal`, value: [...principals] }
    : { property: `${path}.Principal`, value: principals.find((principal) => /[*?]/.test(principal)) };
}
