/** Which resources of a policy are none that somebody has named, though AWS has something to name. */
import { knowsNoResource, matchingActions } from "../components/internal/iam-data";
import words from "./resource-words.json";

/**
 * Words that ARNs of a service have beside names, such as `table` and `index`: made by generate-resource-words.ts.
 */
const WORDS: Readonly<Record<string, string>> = words.services;

const isWild = (text: string): boolean => /^[*?]+$/.test(text);

function partsOf(resource: string): readonly string[] {
  return resource
    .split(":")
    .slice(5)
    .join("/")
    .split("/")
    .filter((part) => part !== "");
}

/** Whether everything of a service, or of one kind, fits: `*`, `arn:aws:s3:::*`, `arn:aws:iam::111111111111:role/*`. */
export function namesNothing(resource: string): boolean {
  const parts = partsOf(resource);
  if (parts.length === 0) return /[*?]$/.test(resource);
  const known = WORDS[resource.split(":")[2] ?? ""]?.split(" ") ?? [];
  return parts.some(isWild) && parts.every((part) => isWild(part) || known.includes(part));
}

/**
 * Actions for which AWS lists a resource that requests may leave out, and nearly all do: billing views and data sets of
 * metrics.
 */
const RARELY_NAMED = [
  "ce:GetCostAndUsage",
  "ce:GetCostAndUsageComparisons",
  "ce:GetCostAndUsageWithResources",
  "ce:GetCostCategories",
  "ce:GetCostComparisonDrivers",
  "ce:GetCostForecast",
  "ce:GetDimensionValues",
  "ce:GetTags",
  "ce:GetUsageForecast",
  "cloudwatch:PutMetricData",
].map((action) => action.toLowerCase());

/**
 * Actions that AWS authorizes on all resources at once, whichever a request names, and answers in part to a policy that
 * is narrower than `*`: without composite alarms.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
const ALL_AT_ONCE = ["cloudwatch:describealarms"];

/** Whether `*` is the narrowest that a policy can say for an action, or for all that a pattern of actions fits. */
export function allowNoResource(action: string): boolean {
  const actions = /[*?]/.test(action) ? matchingActions(action) : [action];
  const needsAll = (name: string) => [...RARELY_NAMED, ...ALL_AT_ONCE].includes(name.toLowerCase());
  return actions.length > 0 && actions.every((name) => knowsNoResource(name) || needsAll(name));
}

/** Kinds of what an action makes, or of what made it, whose ids AWS gives: nobody can name them beforehand. */
const NEW_KINDS: Readonly<Record<string, readonly string[]>> = {
  "acm:importcertificate": ["certificate"],
  "acm:requestcertificate": ["certificate"],
  "cloudfront:createdistribution": ["distribution"],
  "ec2:allocateaddress": ["elastic-ip"],
  "ec2:copyimage": ["image", "snapshot"],
  "ec2:copysnapshot": ["snapshot"],
  "ec2:createfleet": ["fleet", "instance", "network-interface", "volume"],
  "ec2:createimage": ["image", "snapshot"],
  "ec2:createsnapshots": ["snapshot"],
  "ec2:requestspotinstances": ["instance", "spot-instances-request"],
  "ec2:runinstances": ["instance", "network-interface", "spot-instances-request", "volume"],
  "route53:getchange": ["change"],
};

/** Whether an action could be limited to less than a resource that names nothing. */
export function isNarrowable(action: string, resource: string): boolean {
  if (allowNoResource(action)) return false;
  const [kind = ""] = partsOf(resource);
  const name = action.toLowerCase();
  const isNew = NEW_KINDS[name]?.includes(kind) ?? name === `ec2:create${kind.replaceAll("-", "")}`;
  return !isNew;
}
