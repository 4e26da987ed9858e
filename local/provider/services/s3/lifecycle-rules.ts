/** Rules of a bucket's lifecycle in Pulumi's notation and in that of S3, and what is wrong with them. */
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { containsUnknown, isEqual, isObject, type Value, type Values } from "../../property-values";
import { type CheckFailure, list, objects, optionalObject } from "../../resource-type";
import { checkEach, checkOneOf, checkRange } from "../checks";
import {
  boolean,
  checkShape,
  fromAws,
  like,
  named,
  nested,
  nestedList,
  number,
  type Shape,
  tags,
  text as string,
  time,
  toAws,
} from "../shape";

const FILE = "local/provider/services/s3/lifecycle-rules.ts";
const SIZES: Shape = { objectSizeGreaterThan: number, objectSizeLessThan: number, prefix: string };
const FILTER: Shape = { ...SIZES, and: nested({ ...SIZES, tags }), tag: nested({ key: string, value: string }) };
const TRANSITION: Shape = { date: time, days: number, storageClass: string };
const RULE: Shape = {
  abortIncompleteMultipartUpload: nested({ daysAfterInitiation: number }),
  expiration: nested({ date: time, days: number, expiredObjectDeleteMarker: boolean }),
  filter: nested(FILTER),
  id: named("ID", string),
  noncurrentVersionExpiration: nested({ newerNoncurrentVersions: number, noncurrentDays: number }),
  noncurrentVersionTransitions: nestedList({
    newerNoncurrentVersions: number,
    noncurrentDays: number,
    storageClass: string,
  }),
  prefix: string,
  status: string,
  transitions: nestedList(TRANSITION),
};
const ACTIONS = [
  "abortIncompleteMultipartUpload",
  "expiration",
  "noncurrentVersionExpiration",
  "noncurrentVersionTransitions",
  "transitions",
];
const CLASSES = [...["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING"], ...["GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]];
/** The classes for rarely read objects take none that are younger, in days. */
const YOUNGEST: Readonly<Record<string, number>> = { STANDARD_IA: 30, ONEZONE_IA: 30 };
const MINIMUM_SIZES = ["all_storage_classes_128K", "varies_by_storage_class"];

/** A rule without a filter is for every object, which S3 wants to be told by an empty prefix. */
export function ruleOf(rule: Values): LifecycleRule {
  const made = toAws<LifecycleRule>(RULE, rule);
  const isForAll = made.Prefix === undefined && Object.keys(made.Filter ?? {}).length === 0;
  return isForAll ? { ...made, Filter: { Prefix: "" } } : made;
}

/** The answered times of a rule in the program's notation, where they are the same moments. */
function withMomentsOf(given: Value | undefined, answered: Value): Value {
  if (Array.isArray(given) && Array.isArray(answered)) return answered.map((item, i) => withMomentsOf(given[i], item));
  if (!isObject(given) || !isObject(answered)) return answered;
  const [before, after] = [Date.parse(String(given.date)), Date.parse(String(answered.date))];
  const rest = Object.entries(answered).map(([key, item]): [string, Value] => [key, withMomentsOf(given[key], item)]);
  return { ...Object.fromEntries(rest), ...(before === after ? { date: given.date ?? null } : {}) };
}

/** S3 answers the rules in an order of its own. */
export function rulesState(state: Values, answered: readonly LifecycleRule[]): Value {
  const given = objects(state, "rules");
  const position = (rule: Values): number => given.findIndex(({ id }) => isEqual(id, rule.id));
  const found = answered.map((rule) => fromAws(RULE, rule));
  const inOrder = [
    ...given.flatMap((_, i) => found.filter((rule) => position(rule) === i)),
    ...found.filter((rule) => position(rule) < 0),
  ].map((rule) => withMomentsOf(given[position(rule)], rule));
  return inOrder.map((rule, i) => like(given[i], rule) ?? rule);
}

function checkFilter(rule: Values, path: string): CheckFailure[] {
  const filter = optionalObject(rule, "filter");
  if (filter === undefined) return [];
  const given = Object.keys(filter).filter((name) => (filter[name] ?? null) !== null);
  return [
    ...(given.length > 1
      ? [{ property: `${path}.filter`, reason: `received ${given.join(" and ")}; put more than one into and` }]
      : []),
    ...((rule.prefix ?? null) === null
      ? []
      : [{ property: `${path}.prefix`, reason: "received beside filter; give filter.prefix" }]),
  ];
}

function checkExpiration(rule: Values, path: string): CheckFailure[] {
  const expiration = optionalObject(rule, "expiration");
  if (expiration === undefined) return [];
  const given = ["date", "days", "expiredObjectDeleteMarker"].filter((name) => (expiration[name] ?? null) !== null);
  const isOne = given.length === 1;
  return [
    ...(isOne
      ? []
      : [
          {
            property: `${path}.expiration`,
            reason: `received ${given.length} of date, days and expiredObjectDeleteMarker; give one`,
          },
        ]),
    ...checkRange(`${path}.expiration.days`, expiration.days, 1, 2 ** 31 - 1),
  ];
}

function checkTransitions(rule: Values, path: string): CheckFailure[] {
  const expires = optionalObject(rule, "expiration")?.days;
  const class_ = (transition: Values, where: string): CheckFailure[] =>
    checkOneOf(`${where}.storageClass`, transition.storageClass, CLASSES);
  const current = checkEach(rule, "transitions", (transition, where) => {
    const here = `${path}.${where}`;
    const least = YOUNGEST[String(transition.storageClass)] ?? 0;
    const days = typeof transition.days === "number" ? transition.days : undefined;
    const isLate = days !== undefined && typeof expires === "number" && days >= expires;
    return [
      ...class_(transition, here),
      ...checkRange(`${here}.days`, transition.days, least, 2 ** 31 - 1),
      ...(isLate
        ? [{ property: `${here}.days`, reason: `received ${days}; the objects expire after ${expires} days` }]
        : []),
    ];
  });
  const noncurrent = checkEach(rule, "noncurrentVersionTransitions", (transition, where) =>
    class_(transition, `${path}.${where}`),
  );
  return [...current, ...noncurrent];
}

function checkRule(rule: Values, path: string): CheckFailure[] {
  const { id } = rule;
  const isText = typeof id === "string" && !containsUnknown(id);
  const actions = ACTIONS.filter((name) => (rule[name] ?? null) !== null && !isEqual(rule[name], []));
  return [
    ...["id", "status"]
      .filter((name) => (rule[name] ?? null) === null)
      .map((name) => ({ property: `${path}.${name}`, reason: "missing, and required" })),
    ...(isText && (id.length === 0 || id.length > 255)
      ? [{ property: `${path}.id`, reason: `received ${id.length} characters; expected 1 to 255` }]
      : []),
    ...checkOneOf(`${path}.status`, rule.status, ["Enabled", "Disabled"]),
    ...(actions.length === 0 ? [{ property: path, reason: `does nothing; give one of ${ACTIONS.join(", ")}` }] : []),
    ...checkFilter(rule, path),
    ...checkExpiration(rule, path),
    ...checkTransitions(rule, path),
  ];
}

export function checkLifecycle(inputs: Values): CheckFailure[] {
  const shape = {
    bucket: string,
    expectedBucketOwner: string,
    rules: nestedList(RULE),
    transitionDefaultMinimumObjectSize: string,
  };
  const ids = objects(inputs, "rules").map((rule) => (isObject(rule) ? rule.id : undefined));
  const repeated = ids.flatMap((id, i) =>
    typeof id === "string" && !containsUnknown(id) && ids.indexOf(id) < i
      ? [{ property: `rules[${i}].id`, reason: `received "${id}" a second time` }]
      : [],
  );
  const isEmpty = Array.isArray(inputs.rules) && list(inputs, "rules").length === 0;
  return [
    ...checkShape(shape, inputs, FILE),
    ...(isEmpty ? [{ property: "rules", reason: "received none; without rules, leave the resource away" }] : []),
    ...checkEach(inputs, "rules", checkRule),
    ...repeated,
    ...checkOneOf("transitionDefaultMinimumObjectSize", inputs.transitionDefaultMinimumObjectSize, MINIMUM_SIZES),
  ];
}
