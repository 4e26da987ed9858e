/** Who can reach data: nobody without TLS, and nobody from the public. */
import { BUCKET_DOCUMENTS, BUCKET_POLICY, type Documents, QUEUE_DOCUMENTS, TOPIC_DOCUMENTS } from "../documents";
import { properties, type Rule, type Stack, type Subject } from "../rule";
import { isForEverybody, type Statement, statementsAt } from "../statements";
import { documentOf, isAbsent, isTrue, type Known, matches } from "../values";

const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const PUBLIC_ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const WHY_TLS = "Whatever is sent in clear text can be read and changed on its way.";
const DENY_CLEAR_TEXT =
  'add a statement that denies everything to everybody when "aws:SecureTransport" is "false" (operator Bool).';

/** Whether a statement keeps everybody from an action in clear text, whatever else. */
function denies(statement: Statement, action: string): boolean {
  const { effect, conditions, actions, notActions } = statement;
  const listed = actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  const [condition, ...more] = conditions;
  if (condition === undefined || more.length > 0) return false;
  const { operator, key, values } = condition;
  const clearText = /^Bool(IfExists)?$/.test(operator) && key === "aws:securetransport" && values.join() === "false";
  return effect === "Deny" && isForEverybody(statement) && clearText && listed !== notActions;
}

/** The documents that are there have to deny clear text. */
function tlsOnly(documents: Documents, actions: readonly string[]) {
  return properties(documents, (value, subject) => {
    // No document, or none that can be read: AWS refuses the latter.
    if (documentOf(value) === undefined) return true;
    const statements = statementsAt(subject, documents[subject.type] ?? []);
    return actions.every((action) => statements.some((statement) => denies(statement, action)));
  });
}

/** Buckets of the stack to which no resource of a type belongs. */
function bucketsWithout(stack: Stack, type: string): Subject[] {
  const covered = stack.ofType(type).flatMap((subject) => stack.references(subject, "bucket", BUCKETS));
  return stack.ofType(...BUCKETS).filter((bucket) => !covered.includes(bucket));
}

const EVERYBODY_GROUPS = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

function isPrivateAcl(value: Known): boolean {
  if (typeof value !== "string") return true;
  return !/^(public-|authenticated-read)/.test(value) && !EVERYBODY_GROUPS.test(value);
}

export const exposureRules: readonly Rule[] = [
  {
    id: "bucket-tls",
    title: "Buckets are reached through TLS only",
    reason: WHY_TLS,
    remedy: `Give the bucket a BucketPolicy; ${DENY_CLEAR_TEXT}`,
    severity: "mandatory",
    ...tlsOnly(BUCKET_DOCUMENTS, ["s3:GetObject", "s3:PutObject"]),
    checkStack: (stack) =>
      bucketsWithout(stack, BUCKET_POLICY)
        .filter(({ props }) => isAbsent(props.policy))
        .map((subject) => ({ subject, property: "policy", value: undefined })),
  },
  {
    id: "queue-tls",
    title: "Queues that have a policy are reached through TLS only",
    reason: WHY_TLS,
    remedy: `In the policy, ${DENY_CLEAR_TEXT}`,
    severity: "mandatory",
    ...tlsOnly(QUEUE_DOCUMENTS, ["sqs:SendMessage", "sqs:ReceiveMessage"]),
  },
  {
    id: "topic-tls",
    title: "Topics that have a policy are reached through TLS only",
    reason: WHY_TLS,
    remedy: `In the policy, ${DENY_CLEAR_TEXT}`,
    severity: "mandatory",
    ...tlsOnly(TOPIC_DOCUMENTS, ["sns:Publish"]),
  },
  {
    id: "bucket-public-access-block",
    title: "Buckets block public access in all four ways",
    reason: "One policy or ACL too many makes a bucket public otherwise.",
    remedy: `Give the bucket a BucketPublicAccessBlock with ${BLOCKS.join(", ")} all true.`,
    severity: "mandatory",
    ...properties(
      { [PUBLIC_ACCESS_BLOCK]: BLOCKS, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": BLOCKS },
      isTrue,
    ),
    checkStack: (stack) =>
      bucketsWithout(stack, PUBLIC_ACCESS_BLOCK).map((subject) => ({
        subject,
        property: "publicAccessBlock",
        value: undefined,
      })),
  },
  {
    id: "bucket-acl",
    title: "No bucket or object is open to everybody by its ACL",
    reason: "Everybody, or everybody with any AWS account, could read or write it.",
    remedy: "Leave the ACL out (BucketOwnerEnforced), and name readers in the bucket's policy.",
    severity: "mandatory",
    ...properties(
      {
        "aws:s3/bucket:Bucket": ["acl", "grants[].uri"],
        "aws:s3/bucketV2:BucketV2": ["acl", "grants[].uri"],
        "aws:s3/bucketAcl:BucketAcl": ["acl", "accessControlPolicy.grants[].grantee.uri"],
        "aws:s3/bucketAclV2:BucketAclV2": ["acl", "accessControlPolicy.grants[].grantee.uri"],
        "aws:s3/bucketObject:BucketObject": "acl",
        "aws:s3/bucketObjectv2:BucketObjectv2": "acl",
      },
      isPrivateAcl,
    ),
  },
  {
    id: "no-public-database",
    title: "No database has a public address",
    reason: "Its password would be all that keeps the internet out.",
    remedy: "Set publiclyAccessible to false, and reach it from inside of its VPC.",
    severity: "mandatory",
    ...properties(
      {
        "aws:rds/instance:Instance": "publiclyAccessible",
        "aws:rds/clusterInstance:ClusterInstance": "publiclyAccessible",
        "aws:neptune/clusterInstance:ClusterInstance": "publiclyAccessible",
        "aws:redshift/cluster:Cluster": "publiclyAccessible",
      },
      (value) => !isTrue(value),
    ),
  },
  {
    id: "function-url-auth",
    title: "Function URLs ask for IAM credentials",
    reason: "Anybody on the internet could run, and make the account pay for, the function.",
    remedy: 'Set authorizationType to "AWS_IAM", or put an API or a distribution with access control in front.',
    severity: "mandatory",
    ...properties({ "aws:lambda/functionUrl:FunctionUrl": "authorizationType" }, (value) => value === "AWS_IAM"),
  },
];
