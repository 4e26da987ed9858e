/**
 * What is fixed before it is judged: defaults that AWS or the provider would choose otherwise. Only what was left open
 * is set; a value that somebody chose stays, and is reported by the rule.
 */
import { mayBeAtEdge } from "./lambda-at-edge";
import type { Change, Remediation, RuleSettings, Subject } from "./rule";
import { isProduction, PROTECTIONS } from "./rules/durability";
import { AUTO_SCALING_GROUP, defaultTags, effectiveTags, isTaggable } from "./tags";
import { isAbsent, UNKNOWN, type Value, valueAt } from "./values";

/**
 * Sets a property that was left open: it is absent, or has the default that the provider has noted as one. What lies in
 * something unknown is left.
 */
function setOpen({ props }: Subject, path: string, value: Value): Change[] {
  const steps = path.split(".");
  const present = valueAt(props, path);
  const defaults = valueAt(props, [...steps.slice(0, -1), "__defaults"].join("."));
  const isDefault = Array.isArray(defaults) && defaults.includes(steps.at(-1));
  const isRight = JSON.stringify(present) === JSON.stringify(value);
  return isAbsent(present) || (isDefault && !isRight) ? [{ path: steps, set: value }] : [];
}

/** The values that required tags would get, where they are missing. */
function missingTags(subject: Subject, { requiredTags, tags }: RuleSettings): [string, Value][] {
  const present = isTaggable(subject.type) ? effectiveTags(subject) : UNKNOWN;
  if (present === UNKNOWN) return [];
  const inherited = subject.type === AUTO_SCALING_GROUP ? defaultTags(subject) : {};
  const available: Readonly<Record<string, Value>> = { ...tags, ...(inherited === UNKNOWN ? {} : inherited) };
  return requiredTags.flatMap((tag): [string, Value][] => {
    const value = available[tag];
    return isAbsent(present[tag]) && !isAbsent(value) ? [[tag, value]] : [];
  });
}

function addTags(subject: Subject, settings: RuleSettings): Change[] {
  const missing = missingTags(subject, settings);
  if (missing.length === 0) return [];
  if (subject.type !== AUTO_SCALING_GROUP) return missing.map(([tag, value]) => ({ path: ["tags", tag], set: value }));
  return [{ path: ["tags"], append: missing.map(([key, value]) => ({ key, value, propagateAtLaunch: true })) }];
}

const INSTANCES = [
  "aws:ec2/instance:Instance",
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
  "aws:ec2/launchTemplate:LaunchTemplate",
];

export const REMEDIATIONS: readonly Remediation[] = [
  {
    id: "fix-tags",
    fixes: "required-tags",
    title: "Adds required tags that the settings know, and the account's tags to Auto Scaling groups",
    reason: "The provider's default tags do not reach the instances that a group launches, which cost most.",
    types: [],
    parameters: ["requiredTags", "tags"],
    remediate: addTags,
  },
  {
    id: "fix-log-retention",
    fixes: "log-retention",
    title: "Gives log groups without a retention one",
    reason: "AWS keeps logs for ever by default.",
    types: ["aws:cloudwatch/logGroup:LogGroup"],
    parameters: ["logRetentionDays"],
    remediate: (subject, { logRetentionDays }) =>
      valueAt(subject.props, "logGroupClass") === "DELIVERY"
        ? []
        : setOpen(subject, "retentionInDays", logRetentionDays),
  },
  {
    id: "fix-lambda-architecture",
    fixes: "lambda-arm64",
    title:
      "Puts functions without an architecture on arm64; those made from images, or that CloudFront may run, keep theirs",
    reason:
      "AWS takes x86_64 by default. An image is built for one architecture, so it is left to its author; Lambda@Edge knows no other.",
    types: ["aws:lambda/function:Function"],
    remediate: (subject, _, earlier = []) =>
      (isAbsent(subject.props.packageType) || subject.props.packageType === "Zip") && !mayBeAtEdge(subject, earlier)
        ? setOpen(subject, "architectures", ["arm64"])
        : [],
  },
  {
    id: "fix-lambda-tracing",
    fixes: "lambda-tracing",
    title: "Switches tracing on for functions that say nothing about it, but for those that CloudFront may run",
    reason: "AWS does not trace by default.",
    types: ["aws:lambda/function:Function"],
    remediate: (subject, _, earlier = []) =>
      mayBeAtEdge(subject, earlier) ? [] : setOpen(subject, "tracingConfig.mode", "Active"),
  },
  {
    id: "fix-imdsv2",
    fixes: "imdsv2",
    title: "Makes instances and templates ask for metadata tokens",
    reason: "Many images and accounts still answer without tokens by default.",
    types: INSTANCES,
    remediate: (subject) =>
      valueAt(subject.props, "metadataOptions.httpEndpoint") === "disabled"
        ? []
        : setOpen(subject, "metadataOptions.httpTokens", "required"),
  },
  {
    id: "fix-queue-encryption",
    fixes: "queue-encryption",
    title: "Switches SQS's own encryption on for queues without a key",
    reason: "A queue says then that it is encrypted, whatever AWS's default was when it was made.",
    types: ["aws:sqs/queue:Queue"],
    remediate: (subject) =>
      isAbsent(subject.props.kmsMasterKeyId) ? setOpen(subject, "sqsManagedSseEnabled", true) : [],
  },
  {
    id: "fix-table-encryption",
    fixes: "table-encryption",
    title: "Encrypts tables with the account's key for DynamoDB",
    reason: "AWS takes a key of its own by default.",
    types: ["aws:dynamodb/table:Table"],
    remediate: (subject) => setOpen(subject, "serverSideEncryption", { enabled: true }),
  },
  {
    id: "fix-table-recovery",
    fixes: "table-recovery",
    title: "Switches point-in-time recovery on for tables that say nothing about it",
    reason: "AWS keeps no earlier states by default.",
    types: ["aws:dynamodb/table:Table"],
    remediate: (subject) => setOpen(subject, "pointInTimeRecovery", { enabled: true }),
  },
  {
    id: "fix-public-access-block",
    fixes: "bucket-public-access-block",
    title: "Completes public access blocks of buckets",
    reason: "Anyone who makes a block wants it closed; the provider takes what is not named for false.",
    types: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
    remediate: (subject) =>
      ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].flatMap((block) =>
        setOpen(subject, block, true),
      ),
  },
  {
    id: "fix-deletion-protection",
    fixes: "deletion-protection",
    title: "Protects what production keeps from deletion, where nothing is said",
    reason: "AWS deletes what a wrong argument replaces.",
    types: Object.keys(PROTECTIONS),
    parameters: ["production"],
    remediate: (subject, settings) =>
      isProduction(subject, settings)
        ? setOpen(subject, PROTECTIONS[subject.type] ?? "", subject.type.includes("userPool") ? "ACTIVE" : true)
        : [],
  },
];
