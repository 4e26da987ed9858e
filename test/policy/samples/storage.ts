import { policy, subject, tlsOnly } from "../subjects";
import { right, type RuleSamples, wrong } from "./sample";

const QUEUE = "aws:sqs/queue:Queue";
const TOPIC = "aws:sns/topic:Topic";
const TABLE = "aws:dynamodb/table:Table";
const BUCKET = "aws:s3/bucket:Bucket";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const VOLUME = "aws:ebs/volume:Volume";
const DATABASE = "aws:rds/instance:Instance";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";

const FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const WAREHOUSE = "aws:redshift/cluster:Cluster";

const algorithm = (sseAlgorithm: string) => ({ rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }] });
const ebs = (encrypted?: string) => ({ blockDeviceMappings: [{ ebs: encrypted === undefined ? {} : { encrypted } }] });
const closed = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const bucket = subject(BUCKET, {}, { outputs: { id: "my-bucket-1" } });
const reader = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: "s3:GetObject" };

export const storageSamples: Readonly<Record<string, RuleSamples>> = {
  "queue-encryption": {
    passes: [right(QUEUE, { sqsManagedSseEnabled: true }), right(QUEUE, { kmsMasterKeyId: "alias/aws/sqs" })],
    fails: [
      wrong(QUEUE, { sqsManagedSseEnabled: false }, "sqsManagedSseEnabled", false),
      wrong(QUEUE, {}, "sqsManagedSseEnabled", undefined),
    ],
  },
  "topic-encryption": {
    passes: [right(TOPIC, { kmsMasterKeyId: "alias/topics" })],
    fails: [wrong(TOPIC, {}, "kmsMasterKeyId", undefined)],
  },
  "table-encryption": {
    passes: [right(TABLE, { serverSideEncryption: { enabled: true } })],
    fails: [
      wrong(TABLE, { serverSideEncryption: { enabled: false } }, "serverSideEncryption.enabled", false),
      wrong(TABLE, {}, "serverSideEncryption.enabled", undefined),
    ],
  },
  "bucket-encryption": {
    passes: [right(ENCRYPTION, algorithm("aws:kms")), right(ENCRYPTION, algorithm("AES256")), right(BUCKET, {})],
    fails: [
      wrong(ENCRYPTION, algorithm("none"), "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "none"),
      wrong(
        BUCKET,
        { serverSideEncryptionConfiguration: {} },
        "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.sseAlgorithm",
        undefined,
      ),
    ],
  },
  "volume-encryption": {
    passes: [
      right(TEMPLATE, ebs("true")),
      right(TEMPLATE, { blockDeviceMappings: [{ noDevice: "true" }] }),
      right(VOLUME, { encrypted: true }),
      right("aws:ec2/instance:Instance", {}),
      right("aws:ebs/encryptionByDefault:EncryptionByDefault", {}),
    ],
    fails: [
      wrong(TEMPLATE, ebs(), "blockDeviceMappings[0].ebs.encrypted", undefined),
      wrong(VOLUME, { encrypted: false }, "encrypted", false),
      wrong("aws:ec2/instance:Instance", { rootBlockDevice: { encrypted: false } }, "rootBlockDevice.encrypted", false),
      wrong("aws:ebs/encryptionByDefault:EncryptionByDefault", { enabled: false }, "enabled", false),
    ],
  },
  "storage-encryption": {
    passes: [
      right(DATABASE, { storageEncrypted: true }),
      right(DATABASE, { replicateSourceDb: "other" }),
      right("aws:kinesis/stream:Stream", { encryptionType: "KMS" }),
      right(FIREHOSE, { serverSideEncryption: { enabled: true } }),
      // AWS refuses a second encryption of what is in a stream already.
      right(FIREHOSE, { kinesisSourceConfiguration: { kinesisStreamArn: "arn:x" } }),
      right(FIREHOSE, { mskSourceConfiguration: { mskClusterArn: "arn:x" } }),
      right(WAREHOUSE, { encrypted: true }),
      right(WAREHOUSE, { encrypted: "true" }),
      right(WAREHOUSE, { snapshotIdentifier: "nightly" }),
      right("aws:rds/globalCluster:GlobalCluster", { sourceDbClusterIdentifier: "arn:x" }),
    ],
    fails: [
      wrong(FIREHOSE, {}, "serverSideEncryption.enabled", undefined),
      wrong(FIREHOSE, { serverSideEncryption: { enabled: false } }, "serverSideEncryption.enabled", false),
      wrong(WAREHOUSE, {}, "encrypted", undefined),
      wrong(WAREHOUSE, { encrypted: "false" }, "encrypted", "false"),
      wrong("aws:dax/cluster:Cluster", {}, "serverSideEncryption.enabled", undefined),
      wrong("aws:neptune/globalCluster:GlobalCluster", { storageEncrypted: false }, "storageEncrypted", false),
      wrong(DATABASE, {}, "storageEncrypted", undefined),
      wrong("aws:kinesis/stream:Stream", { encryptionType: "NONE" }, "encryptionType", "NONE"),
      wrong("aws:efs/fileSystem:FileSystem", { encrypted: false }, "encrypted", false),
    ],
  },
  "bucket-tls": {
    passes: [
      right(BUCKET_POLICY, { policy: policy(reader, tlsOnly("s3:*")) }),
      { subject: bucket, others: [subject(BUCKET_POLICY, { bucket: "my-bucket-1", policy: policy(tlsOnly("s3:*")) })] },
      right(BUCKET, { policy: policy(tlsOnly("*")) }),
    ],
    fails: [
      wrong(BUCKET_POLICY, { policy: policy(reader) }, "policy", policy(reader)),
      wrong(BUCKET_POLICY, { policy: policy(tlsOnly("s3:GetObject")) }, "policy", policy(tlsOnly("s3:GetObject"))),
      { subject: bucket, found: [{ property: "policy", value: undefined }] },
    ],
  },
  "queue-tls": {
    passes: [right("aws:sqs/queuePolicy:QueuePolicy", { policy: policy(tlsOnly("sqs:*")) }), right(QUEUE, {})],
    fails: [wrong(QUEUE, { policy: policy(reader) }, "policy", policy(reader))],
  },
  "topic-tls": {
    passes: [right("aws:sns/topicPolicy:TopicPolicy", { policy: policy(tlsOnly("SNS:Publish")) }), right(TOPIC, {})],
    fails: [wrong("aws:sns/topicPolicy:TopicPolicy", { policy: policy(reader) }, "policy", policy(reader))],
  },
  "bucket-public-access-block": {
    passes: [right(BLOCK, closed), { subject: bucket, others: [subject(BLOCK, { ...closed, bucket: "my-bucket-1" })] }],
    fails: [
      wrong(BLOCK, { ...closed, blockPublicPolicy: false }, "blockPublicPolicy", false),
      { subject: bucket, found: [{ property: "publicAccessBlock", value: undefined }] },
    ],
  },
  "bucket-acl": {
    passes: [right(BUCKET, { acl: "private" }), right("aws:s3/bucketAcl:BucketAcl", { acl: "log-delivery-write" })],
    fails: [
      wrong(BUCKET, { acl: "public-read" }, "acl", "public-read"),
      wrong(
        BUCKET,
        { grants: [{ uri: "http://acs.amazonaws.com/groups/global/AllUsers" }] },
        "grants[0].uri",
        "http://acs.amazonaws.com/groups/global/AllUsers",
      ),
    ],
  },
  "table-recovery": {
    passes: [right(TABLE, { pointInTimeRecovery: { enabled: true } })],
    fails: [wrong(TABLE, {}, "pointInTimeRecovery.enabled", undefined)],
  },
  "deletion-protection": {
    passes: [
      right(TABLE, {}),
      { subject: subject(TABLE, { deletionProtectionEnabled: true }), settings: { production: true } },
      {
        subject: subject("aws:cognito/userPool:UserPool", { deletionProtection: "ACTIVE" }),
        settings: { production: true },
      },
      { subject: subject(TABLE, {}, { urn: "urn:pulumi:prod::p::t::n" }), settings: { production: false } },
    ],
    fails: [
      {
        ...wrong(DATABASE, { deletionProtection: false }, "deletionProtection", false),
        settings: { production: true },
      },
      {
        subject: subject(TABLE, {}, { urn: "urn:pulumi:prod::p::t::n" }),
        found: [{ property: "deletionProtectionEnabled", value: undefined }],
      },
    ],
  },
};
