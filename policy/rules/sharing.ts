/** Whom resources let in by policies and permissions of their own. */
import { type Condition, isArnOfSomebody, keepStrangersOut } from "../conditions";
import { GRANTS, RESOURCE_POLICIES } from "../documents";
import type { Finding, Rule, Subject } from "../rule";
import { everybodyIn, openStatements, statementsAt } from "../statements";
import { isAbsent, type Known, UNKNOWN, type Value, type Values, valueAt } from "../values";

const PERMISSION = "aws:lambda/permission:Permission";

function publicStatements(subject: Subject): Finding[] {
  return openStatements(statementsAt(subject, RESOURCE_POLICIES[subject.type] ?? [])).map(everybodyIn);
}

function publicGrant({ type, props }: Subject): Finding[] {
  const conditions = Object.entries(GRANTS[type] ?? {}).flatMap(([path, condition]): Condition[] => {
    const value = valueAt(props, path);
    if (isAbsent(value) || value === "") return [];
    const unknown = value === UNKNOWN;
    return [{ ...condition, values: unknown ? [] : [String(value)], unknown }];
  });
  return props.principal === "*" && !keepStrangersOut(conditions) ? [{ property: "principal", value: "*" }] : [];
}

const isFixed = (value: Value): boolean => value === UNKNOWN || (typeof value === "string" && /^[^*?]+$/.test(value));
const isOwned = (value: Value): boolean => value === UNKNOWN || (typeof value === "string" && isArnOfSomebody(value));

/** Services act for everybody: without a source they also invoke the function for strangers. */
function openService({ props }: Subject): Finding[] {
  const { principal, sourceArn, sourceAccount } = props;
  if (typeof principal !== "string" || !/\.amazonaws\.com(\.cn)?$/.test(principal)) return [];
  const wrong = [
    ...(isOwned(sourceArn) ? [] : ["sourceArn"]),
    ...(isFixed(sourceAccount) ? [] : ["sourceAccount"]),
  ].map((property) => ({ property, value: knownAt(props, property) }));
  // A bucket's ARN has no account in it, and another account can take over its name when it becomes free.
  return principal.startsWith("s3.") ? wrong : wrong.length === 2 ? wrong.slice(0, 1) : [];
}

function knownAt(props: Values, property: string): Known {
  const value = props[property];
  return value === UNKNOWN ? undefined : value;
}

export const sharingRules: readonly Rule[] = [
  {
    id: "no-public-policy",
    title: "No resource policy and no permission lets everybody in",
    reason: "Anybody with an AWS account, or without one, could use the resource.",
    remedy:
      "Name the accounts, roles or services, or narrow it with a condition that only known callers fit: aws:SourceArn with its account, aws:SourceAccount or aws:PrincipalOrgID, without wildcards.",
    severity: "mandatory",
    types: [...Object.keys(RESOURCE_POLICIES), ...Object.keys(GRANTS)],
    check: (subject) => [...publicStatements(subject), ...publicGrant(subject)],
  },
  {
    id: "lambda-permission-source",
    title: "Services invoke functions for a named source only, S3 for a bucket of a named account",
    reason: "A service acts for all of its customers: a stranger could have it invoke the function, too.",
    remedy:
      "Set sourceArn to what invokes the function, with its account in it; for S3, whose ARNs have none, set sourceAccount as well.",
    severity: "mandatory",
    types: [PERMISSION],
    check: openService,
  },
];
