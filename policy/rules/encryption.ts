/** Encryption at rest. */
import { type Finding, properties, type Rule, type Subject } from "../rule";
import { isAbsent, isTrue, type Known, placesAt, UNKNOWN, valueAt } from "../values";

const WHY = "Data at rest is readable to anyone who gets at the storage otherwise.";
const ALGORITHMS = ["AES256", "aws:kms", "aws:kms:dsse"];

/** Volumes that are listed with an instance or a template; other devices have no `ebs`. */
const DEVICES: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/launchTemplate:LaunchTemplate": ["blockDeviceMappings[].ebs"],
  "aws:ec2/instance:Instance": ["rootBlockDevice", "ebsBlockDevices[]"],
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest": ["rootBlockDevice", "ebsBlockDevices[]"],
  "aws:ec2/launchConfiguration:LaunchConfiguration": ["rootBlockDevice", "ebsBlockDevices[]"],
};

const FLAGS: Readonly<Record<string, string>> = {
  "aws:ebs/volume:Volume": "encrypted",
  "aws:ebs/encryptionByDefault:EncryptionByDefault": "enabled",
};

function openVolumes({ type, props }: Subject): Finding[] {
  const devices = (DEVICES[type] ?? []).flatMap((path) => placesAt(props, path));
  const listed = devices.flatMap(({ path, value }) =>
    value === UNKNOWN || isAbsent(value) ? [] : placesAt(value, "encrypted").map((place) => ({ ...place, of: path })),
  );
  const own = FLAGS[type] === undefined ? [] : placesAt(props, FLAGS[type]).map((place) => ({ ...place, of: "" }));
  // Encryption by default is on where nothing else is said.
  const isDefault = (value: Known): boolean => type.includes("EncryptionByDefault") && isAbsent(value);
  return [...listed, ...own].flatMap(({ path, value, of }) =>
    value === UNKNOWN || isTrue(value) || isDefault(value)
      ? []
      : [{ property: of === "" ? path : `${of}.${path}`, value }],
  );
}

export const encryptionRules: readonly Rule[] = [
  {
    id: "queue-encryption",
    title: "Queues are encrypted",
    reason: WHY,
    remedy: "Set sqsManagedSseEnabled to true, or kmsMasterKeyId to a key.",
    severity: "mandatory",
    ...properties(
      { "aws:sqs/queue:Queue": "sqsManagedSseEnabled" },
      (value, { props }) => isTrue(value) || !isAbsent(props.kmsMasterKeyId),
    ),
  },
  {
    id: "topic-encryption",
    title: "Topics are encrypted",
    reason: WHY,
    remedy: "Set kmsMasterKeyId to a key whose policy lets the services that publish use it.",
    severity: "mandatory",
    ...properties({ "aws:sns/topic:Topic": "kmsMasterKeyId" }, (value) => !isAbsent(value) && value !== ""),
  },
  {
    id: "table-encryption",
    title: "Tables are encrypted with a key of the account's",
    reason: "A key that AWS owns shows nowhere who used it, and cannot be withdrawn.",
    remedy: "Set serverSideEncryption to { enabled: true }.",
    severity: "mandatory",
    ...properties({ "aws:dynamodb/table:Table": "serverSideEncryption.enabled" }, isTrue),
  },
  {
    id: "bucket-encryption",
    title: "Buckets keep their encryption",
    reason: WHY,
    remedy: `Use one of the algorithms ${ALGORITHMS.join(", ")}, or leave S3's own default.`,
    severity: "mandatory",
    ...properties(
      {
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
          "rules[].applyServerSideEncryptionByDefault.sseAlgorithm",
        "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2":
          "rules[].applyServerSideEncryptionByDefault.sseAlgorithm",
        "aws:s3/bucket:Bucket":
          "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.sseAlgorithm",
        "aws:s3/bucketV2:BucketV2":
          "serverSideEncryptionConfigurations[].rules[].applyServerSideEncryptionByDefaults[].sseAlgorithm",
      },
      // S3 encrypts by itself where a bucket says nothing; a configuration that is there has to say how.
      (value, { type, props }) =>
        ALGORITHMS.includes(String(value)) ||
        (type === "aws:s3/bucket:Bucket" && isAbsent(props.serverSideEncryptionConfiguration)),
    ),
  },
  {
    id: "volume-encryption",
    title: "EBS volumes are encrypted",
    reason: WHY,
    remedy: "Set encrypted to true for the volume.",
    severity: "mandatory",
    types: [...Object.keys(DEVICES), ...Object.keys(FLAGS)],
    check: openVolumes,
  },
  {
    id: "storage-encryption",
    title: "Databases, warehouses, caches, search domains, file systems, streams and desktops are encrypted",
    reason: WHY,
    remedy: 'Switch the property on (encryptionType of a Kinesis stream: "KMS"); existing data has to be copied over.',
    severity: "mandatory",
    ...properties(
      {
        "aws:rds/instance:Instance": "storageEncrypted",
        "aws:rds/cluster:Cluster": "storageEncrypted",
        "aws:rds/globalCluster:GlobalCluster": "storageEncrypted",
        "aws:docdb/cluster:Cluster": "storageEncrypted",
        "aws:docdb/globalCluster:GlobalCluster": "storageEncrypted",
        "aws:neptune/cluster:Cluster": "storageEncrypted",
        "aws:neptune/globalCluster:GlobalCluster": "storageEncrypted",
        "aws:redshift/cluster:Cluster": "encrypted",
        "aws:dax/cluster:Cluster": "serverSideEncryption.enabled",
        "aws:elasticache/replicationGroup:ReplicationGroup": "atRestEncryptionEnabled",
        "aws:opensearch/domain:Domain": "encryptAtRest.enabled",
        "aws:elasticsearch/domain:Domain": "encryptAtRest.enabled",
        "aws:efs/fileSystem:FileSystem": "encrypted",
        "aws:kinesis/stream:Stream": "encryptionType",
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": "serverSideEncryption.enabled",
        "aws:workspaces/workspace:Workspace": ["rootVolumeEncryptionEnabled", "userVolumeEncryptionEnabled"],
      },
      // What is copied, restored or member of a cluster takes over what the original has; what Firehose reads from a
      // stream stays there until it is delivered, and AWS refuses a second encryption.
      (value, { props }) => isTrue(value) || value === "KMS" || (isAbsent(value) && isCopy(props)),
    ),
  },
];

const ORIGINALS = [
  "kinesisSourceConfiguration",
  "mskSourceConfiguration",
  "replicateSourceDb",
  "replicationSourceIdentifier",
  "restoreToPointInTime",
  "snapshotArn",
  "snapshotIdentifier",
  "sourceDbClusterIdentifier",
];

function isCopy(props: Subject["props"]): boolean {
  return ORIGINALS.some((property) => !isAbsent(valueAt(props, property)));
}
