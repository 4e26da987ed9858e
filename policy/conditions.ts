/**
 * Which conditions of a policy keep strangers out. Follows "The meaning of public" in
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html: a known value of a key
 * that only AWS sets. A wildcard in the wrong place makes any account's value fit.
 */
import { areInternet, isBlock } from "./addresses";

export interface Condition {
  readonly operator: string;
  /** In lower case, since IAM does not distinguish. */
  readonly key: string;
  readonly values: readonly string[];
  /** Whether a part of it is not known yet. */
  readonly unknown: boolean;
}

/** Whether values of a key leave only callers or sources that are known. */
type Narrowing = (values: readonly string[]) => boolean;

const isFixed = (text: string): boolean => !/[*?]/.test(text);
const each = (fits: (value: string) => boolean): Narrowing => {
  return (values) => values.every(fits);
};

const fixed = each(isFixed);
/** What stands before a separator is fixed: the organization of a path, the role of a session. */
const fixedBefore = (separator: string): Narrowing => each((value) => isFixed(value.split(separator)[0] ?? ""));
const arn = each(isArnOfSomebody);
const addresses: Narrowing = (values) => values.every(isBlock) && !areInternet(values);

const NARROWING: Readonly<Record<string, Narrowing>> = {
  "aws:principalaccount": fixed,
  "aws:principalarn": arn,
  "aws:principalorgid": fixed,
  "aws:principalorgpaths": fixedBefore("/"),
  "aws:principalservicename": fixed,
  "aws:principalservicenameslist": fixed,
  "aws:sourceaccount": fixed,
  "aws:sourcearn": arn,
  "aws:sourceip": addresses,
  "aws:sourceorgid": fixed,
  "aws:sourceorgpaths": fixedBefore("/"),
  "aws:sourceowner": fixed,
  "aws:sourcevpc": fixed,
  "aws:sourcevpcarn": arn,
  "aws:sourcevpce": fixed,
  "aws:userid": fixedBefore(":"),
  "aws:vpceaccount": fixed,
  "aws:vpceorgid": fixed,
  "aws:vpceorgpaths": fixedBefore("/"),
  "elasticfilesystem:accesspointarn": arn,
  // EFS takes a file system that is reached through its VPC only for private.
  "elasticfilesystem:accessedviamounttarget": each((value) => value === "true"),
  "kms:calleraccount": fixed,
  "s3:accessgrantsinstancearn": arn,
  "s3:dataaccesspointaccount": fixed,
  "s3:dataaccesspointarn": arn,
  "vpc-lattice-svcs:sourcevpc": fixed,
  "vpc-lattice-svcs:sourcevpcowneraccount": fixed,
};

/** Who owns an ARN is known: by its account, or, where ARNs have none, by a name that exists once in the world. */
export function isArnOfSomebody(value: string): boolean {
  const [, , service = "", , account, ...rest] = value.split(":");
  if (account === undefined || rest.length === 0) return isFixed(value);
  const resource = rest.join(":");
  return isFixed(account || ((service === "s3" ? resource.split("/")[0] : resource) ?? ""));
}

/** Variables that stand for the owner of the resource. Every other one is the caller's, who fits his own value. */
const OWNERS_VARIABLES = ["aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"];

/** A value with its variables replaced by what they are worth: something fixed, or anything. */
function resolved(value: string): string {
  return value.replaceAll(/\$\{([^}]*)\}/g, (_, inside: string) => {
    const [variable = ""] = inside.toLowerCase().split(",");
    const isCharacter = ["*", "?", "$"].includes(variable);
    return isCharacter || OWNERS_VARIABLES.includes(variable.trim()) ? "x" : "*";
  });
}

const POSITIVE =
  /^(?:(forallvalues|foranyvalue):)?(?:stringequals|stringequalsignorecase|stringlike|arnequals|arnlike|ipaddress|bool)(ifexists)?$/i;
const NEGATIVE =
  /^(?:forallvalues:)?(?:stringnotequals|stringnotequalsignorecase|stringnotlike|arnnotequals|arnnotlike|notipaddress)(?:ifexists)?$/i;

function namesKnown({ key, values }: Condition): boolean {
  return NARROWING[key]?.(values.map(resolved)) ?? false;
}

/** How an operator compares, where it wants a value: whether it also holds for requests that lack the key. */
function comparison(operator: string): { readonly allowsAbsence: boolean } | undefined {
  const [found, set, ifExists] = POSITIVE.exec(operator) ?? [];
  if (found === undefined) return undefined;
  return { allowsAbsence: ifExists !== undefined || set?.toLowerCase() === "forallvalues" };
}

/** Requests without the key are refused. */
function isRequired(key: string, conditions: readonly Condition[]): boolean {
  return conditions.some(
    (condition) => /^null$/i.test(condition.operator) && condition.key === key && condition.values.join() === "false",
  );
}

/** Whether conditions under which something is allowed keep strangers out. What is not known yet is not judged. */
export function keepStrangersOut(conditions: readonly Condition[]): boolean {
  return conditions.some((condition) => {
    if (condition.unknown) return true;
    const compared = comparison(condition.operator);
    if (compared === undefined || !namesKnown(condition)) return false;
    return !compared.allowsAbsence || isRequired(condition.key, conditions);
  });
}

/** What AWS's services do on somebody's behalf may be left out of a denial: no stranger can make use of it. */
const SERVICE_KEYS = ["aws:principalisawsservice", "aws:viaawsservice"];

/** Whether conditions under which something is denied hold for every stranger: "unless it comes from us". */
export function holdForStrangers(conditions: readonly Condition[]): boolean {
  const isService = ({ operator, key, values }: Condition): boolean =>
    /^bool(ifexists)?$/i.test(operator) && SERVICE_KEYS.includes(key) && values.join() === "false";
  const others = conditions.filter((condition) => !isService(condition));
  return (
    others.length > 0 &&
    others.every((condition) => condition.unknown || (NEGATIVE.test(condition.operator) && namesKnown(condition)))
  );
}

/** Keys that single out resources by something else than their ARN. */
const RESOURCE_KEYS = /^([\w-]+:resourcetag\/.+|kms:resourcealiases|ec2:createaction|ecs:cluster)$/;

/** Whether conditions limit a statement to some of its resources. */
export function limitResources(conditions: readonly Condition[]): boolean {
  return demand(
    conditions,
    (key) => RESOURCE_KEYS.test(key),
    (value) => !/^[*?]*$/.test(value),
  );
}

/** Whether a condition demands a value that fits of one of some keys. */
export function demand(
  conditions: readonly Condition[],
  isKey: (key: string) => boolean,
  fits: (value: string) => boolean,
): boolean {
  return conditions.some(
    ({ operator, key, values, unknown }) =>
      unknown || (isKey(key) && comparison(operator)?.allowsAbsence === false && values.every(fits)),
  );
}
