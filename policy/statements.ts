/** IAM policy documents. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
import type { Subject } from "./rule";
import { documentOf, isObject, placesAt, texts, UNKNOWN, type Value } from "./values";

export interface Statement {
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
  /** True for everybody but the principals listed. */
  readonly notPrincipals: boolean;
  readonly conditions: readonly Condition[];
}

export interface Condition {
  readonly operator: string;
  /** In lower case, since IAM does not distinguish. */
  readonly key: string;
  readonly values: readonly string[];
}

/** The statements of the documents at some paths; none of a document that is not known. */
export function statementsAt(subject: Subject, paths: string | readonly string[]): Statement[] {
  return [paths].flat().flatMap((path) =>
    placesAt(subject.props, path).flatMap(({ path: at, value }) => {
      const statements = documentOf(value)?.Statement;
      if (statements === UNKNOWN) return [];
      const list = Array.isArray(statements) ? statements : [statements];
      return list.flatMap((statement, i) => statementOf(statement, `${at}.Statement[${i}]`));
    }),
  );
}

function statementOf(value: Value, path: string): Statement[] {
  if (!isObject(value)) return [];
  const { Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } = value;
  return [
    {
      path,
      effect: String(Effect),
      actions: texts(Action ?? NotAction),
      notActions: NotAction !== undefined,
      resources: texts(Resource ?? NotResource),
      notResources: NotResource !== undefined,
      principals: principalsIn(Principal ?? NotPrincipal),
      notPrincipals: NotPrincipal !== undefined,
      conditions: conditionsIn(Condition),
    },
  ];
}

function principalsIn(value: Value): string[] {
  return isObject(value) ? Object.values(value).flatMap(texts) : texts(value);
}

function conditionsIn(value: Value): Condition[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, wanted]) => ({
          operator,
          key: key.toLowerCase(),
          values: [wanted].flat().map(String),
        }))
      : [],
  );
}

/** Whether a statement is about anybody at all. */
export function isForEverybody({ principals, notPrincipals }: Statement): boolean {
  return notPrincipals || principals.includes("*");
}

/**
 * Condition keys that leave only callers or sources that are known. Follows "The meaning of public" in
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
const NARROWING_KEYS = [
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "kms:calleraccount",
  "s3:dataaccesspointaccount",
];

const NARROWING_OPERATORS =
  /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|Arn(Equals|Like)|IpAddress)$/;

/** Whether one of a statement's conditions keeps strangers out. */
export function isNarrowed({ conditions }: Statement): boolean {
  return conditions.some(
    ({ operator, key, values }) =>
      NARROWING_KEYS.includes(key) &&
      NARROWING_OPERATORS.test(operator) &&
      values.every((value) => !/^(\*|0\.0\.0\.0\/0|::\/0)$/.test(value)),
  );
}
