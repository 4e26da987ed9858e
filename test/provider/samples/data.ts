/** What keeps data, and who may read it. */
import { allow, trust } from "../support";
import { DEFINITION, PARTITION } from "./others";
import type { Samples } from "./sample";

/** Not a public one, which new buckets refuse. */
const ours = (...actions: string[]): string => allow(actions, "*", { AWS: `${PARTITION}:root` });
const OLD = { id: "old", status: "Enabled", filter: { prefix: "reports/" } };
const ENCRYPTED = (sseAlgorithm: string) => [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }];

export const data: Samples = {
  "aws:dynamodb/table:Table": [
    {
      inputs: { ...DEFINITION, attributes: [...DEFINITION.attributes, { name: "at", type: "N" }], rangeKey: "at" },
      changes: [
        { pointInTimeRecovery: { enabled: true }, ttl: { enabled: true, attributeName: "expires" } },
        { serverSideEncryption: { enabled: true }, deletionProtectionEnabled: true },
        { streamEnabled: true, streamViewType: "NEW_IMAGE" },
        { billingMode: "PROVISIONED", readCapacity: 2, writeCapacity: 3 },
      ],
    },
    {
      variant: "with an index",
      inputs: {
        ...DEFINITION,
        attributes: [...DEFINITION.attributes, { name: "color", type: "S" }],
        globalSecondaryIndexes: [
          { name: "byColor", keySchemas: [{ attributeName: "color", keyType: "HASH" }], projectionType: "ALL" },
        ],
      },
    },
  ],
  "aws:s3/bucket:Bucket": { inputs: { forceDestroy: true }, notRead: ["forceDestroy"] },
  "aws:s3/bucketPolicy:BucketPolicy": {
    inputs: { bucket: "{bucket.id}", policy: ours("s3:GetObject") },
    changes: { policy: ours("s3:ListBucket") },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    inputs: { bucket: "{bucket.id}", blockPublicAcls: true },
    changes: [
      { blockPublicAcls: false },
      { blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    ],
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    inputs: { bucket: "{bucket.id}", rule: { objectOwnership: "BucketOwnerEnforced" } },
    changes: { rule: { objectOwnership: "ObjectWriter" } },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    inputs: { bucket: "{bucket.id}", rules: ENCRYPTED("AES256") },
    changes: { rules: ENCRYPTED("aws:kms") },
    remains: true,
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    inputs: { bucket: "{bucket.id}", rules: [{ ...OLD, expiration: { days: 30 } }] },
    changes: [
      { rules: [{ ...OLD, expiration: { days: 60 }, noncurrentVersionExpiration: { noncurrentDays: 3 } }] },
      { rules: [{ ...OLD, abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } }] },
    ],
  },
  "aws:s3/bucketVersioning:BucketVersioning": {
    inputs: { bucket: "{bucket.id}", versioningConfiguration: { status: "Enabled" } },
    changes: { versioningConfiguration: { status: "Suspended" } },
    remains: true,
  },
  "aws:ssm/parameter:Parameter": {
    inputs: { name: "/edge/key", type: "SecureString", value: "swordfish" },
    changes: { value: "catfish", type: "String" },
    secret: "value",
  },
  "aws:kms/key:Key": {
    inputs: { description: "signs", enableKeyRotation: true, deletionWindowInDays: 7, policy: ours("kms:*") },
    changes: {
      description: "seals",
      enableKeyRotation: false,
      policy: ours("kms:*", "kms:Decrypt"),
      deletionWindowInDays: 8,
    },
    notRead: ["deletionWindowInDays"],
  },
  "aws:kms/alias:Alias": {
    inputs: { name: "alias/edge", targetKeyId: "{key.id}" },
    changes: { targetKeyId: "{key 2.id}" },
  },
  "aws:iam/policy:Policy": {
    inputs: { path: "/service/", description: "reads", policy: allow("s3:GetObject") },
    // As many as IAM keeps versions, and one more.
    changes: ["Delete", "Put", "Get", "List", "Head"].map((verb) => ({ policy: allow(`s3:${verb}Object`) })),
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    inputs: { url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] },
    changes: [{ clientIdLists: ["sts.amazonaws.com", "edge"] }, { clientIdLists: ["edge"] }],
  },
  "aws:iam/role:Role": {
    inputs: { assumeRolePolicy: trust("lambda.amazonaws.com"), path: "/service/" },
    changes: { assumeRolePolicy: trust("ec2.amazonaws.com"), description: "for instances", maxSessionDuration: 7200 },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    inputs: { role: "{role.id}", policy: allow("s3:GetObject") },
    changes: { policy: allow(["s3:GetObject", "s3:PutObject"]) },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    inputs: { role: "{role.id}", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
  },
  "aws:iam/instanceProfile:InstanceProfile": { inputs: { role: "{role.id}" }, changes: { role: "{role 2.id}" } },
  "aws:cognito/userPool:UserPool": {
    inputs: { usernameAttributes: ["email"] },
    changes: {
      passwordPolicy: { minimumLength: 12, requireNumbers: true },
      accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
      softwareTokenMfaConfiguration: { enabled: true },
      autoVerifiedAttributes: ["email"],
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      mfaConfiguration: "OPTIONAL",
      deletionProtection: "ACTIVE",
      userPoolTier: "PLUS",
      userPoolAddOns: { advancedSecurityMode: "AUDIT" },
    },
  },
};
