import { allowAll } from "./documents";
import type { Make, Sample } from "./sample";
import type { Managed } from "../support";

const BUCKET = "aws:s3/bucket:Bucket";
const TOPIC = "aws:sns/topic:Topic";

/** Not a public one, which new buckets refuse. */
const ownPolicy = (action: string): string =>
  allowAll(action).replaceAll('"Principal":"*"', '"Principal":{"AWS":"arn:aws:iam::111122223333:root"}');

const madeBucket = (make: Make): Promise<Managed> => make(BUCKET, {});

export const data: readonly Sample[] = [
  {
    token: "aws:dynamodb/table:Table",
    program: () => ({
      inputs: {
        attributes: [
          { name: "id", type: "S" },
          { name: "at", type: "N" },
        ],
        hashKey: "id",
        rangeKey: "at",
        billingMode: "PAY_PER_REQUEST",
      },
      changes: [
        { pointInTimeRecovery: { enabled: true }, ttl: { enabled: true, attributeName: "expires" } },
        { serverSideEncryption: { enabled: true }, deletionProtectionEnabled: true },
        { streamEnabled: true, streamViewType: "NEW_IMAGE" },
        { billingMode: "PROVISIONED", readCapacity: 2, writeCapacity: 3 },
      ],
    }),
  },
  { token: BUCKET, program: () => ({ inputs: { forceDestroy: true }, notRead: ["forceDestroy"] }) },
  {
    token: "aws:s3/bucketPolicy:BucketPolicy",
    program: async (make) => ({
      inputs: { bucket: (await madeBucket(make)).id, policy: ownPolicy("s3:GetObject") },
      changes: [{ policy: ownPolicy("s3:ListBucket") }],
    }),
  },
  {
    token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    program: async (make) => ({
      inputs: { bucket: (await madeBucket(make)).id, blockPublicAcls: true },
      changes: [
        { blockPublicAcls: false },
        { blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      ],
    }),
  },
  {
    token: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    program: async (make) => ({
      inputs: { bucket: (await madeBucket(make)).id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      changes: [{ rule: { objectOwnership: "ObjectWriter" } }],
    }),
  },
  {
    token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    program: async (make) => ({
      inputs: {
        bucket: (await madeBucket(make)).id,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      },
      changes: [{ rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] }],
      remains: true,
    }),
  },
  {
    token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    program: async (make) => {
      const rule = { id: "old", status: "Enabled", filter: { prefix: "reports/" } };
      return {
        inputs: { bucket: (await madeBucket(make)).id, rules: [{ ...rule, expiration: { days: 30 } }] },
        changes: [
          { rules: [{ ...rule, expiration: { days: 60 }, noncurrentVersionExpiration: { noncurrentDays: 3 } }] },
          { rules: [{ ...rule, abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } }] },
        ],
      };
    },
  },
  {
    token: "aws:s3/bucketVersioning:BucketVersioning",
    program: async (make) => ({
      inputs: { bucket: (await madeBucket(make)).id, versioningConfiguration: { status: "Enabled" } },
      changes: [{ versioningConfiguration: { status: "Suspended" } }],
      remains: true,
    }),
  },
  {
    token: TOPIC,
    program: () => ({
      inputs: {},
      changes: [{ displayName: "alarms" }, { kmsMasterKeyId: "alias/aws/sns" }],
    }),
  },
  { token: TOPIC, variant: "FIFO", program: () => ({ inputs: { fifoTopic: true } }) },
  {
    token: "aws:sns/topicPolicy:TopicPolicy",
    program: async (make) => ({
      inputs: { arn: (await make(TOPIC, {})).id, policy: allowAll("sns:Publish") },
      changes: [{ policy: allowAll("sns:Subscribe") }],
      remains: true,
    }),
  },
  {
    token: "aws:ssm/parameter:Parameter",
    program: () => ({
      inputs: { name: "/edge/key", type: "SecureString", value: "swordfish" },
      changes: [{ value: "catfish" }, { type: "String" }],
      secret: "value",
    }),
  },
];
