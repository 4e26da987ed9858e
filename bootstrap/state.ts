/** Where Pulumi keeps the state of stacks, and the key of their secrets. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type PolicyStatement, tlsOnlyStatement } from "../components/internal/policy";
import { privateBucket } from "../components/internal/private-bucket";

export interface State {
  readonly bucket: aws.s3.Bucket;
  readonly key: aws.kms.Key;
  readonly alias: aws.kms.Alias;
}

/** S3 does not delete a bucket that has state. The key, which goes after the bucket, is deleted a month later. */
export function createState(name: string, opts: pulumi.CustomResourceOptions): State {
  const description = "State and secrets of Pulumi's stacks";
  const key = new aws.kms.Key("state", { description, enableKeyRotation: true, deletionWindowInDays: 30 }, opts);
  const alias = new aws.kms.Alias("state", { name: "alias/pulumi", targetKeyId: key.keyId }, opts);
  const made = privateBucket((role) => `state-${role}`, { bucket: name }, { ...opts, dependsOn: alias }, key.arn);
  const { bucket } = made;
  const versioning = new aws.s3.BucketVersioning(
    "state-versions",
    { bucket, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
  const rule = {
    id: "old-versions",
    status: "Enabled",
    filter: { prefix: "" },
    noncurrentVersionExpiration: { noncurrentDays: 90 },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
  new aws.s3.BucketLifecycleConfiguration(
    "state-lifecycle",
    { bucket, rules: [rule] },
    { ...opts, dependsOn: versioning },
  );
  const policy = pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [tlsOnlyStatement("s3:*", [made.arn, pulumi.interpolate`${made.arn}/*`])],
  });
  new aws.s3.BucketPolicy("state-tls", { bucket, policy }, opts);
  return { bucket: made, key, alias };
}

/** For previews of every stack of the project. */
export function mayRead({ bucket, key }: State): PolicyStatement[] {
  const objects = ["meta.yaml", "*/aws-patterns/*"].map((path) => pulumi.interpolate`${bucket.arn}/.pulumi/${path}`);
  return [
    { actions: ["s3:ListBucket"], resources: [bucket.arn] },
    { actions: ["s3:GetObject"], resources: objects },
    { actions: ["kms:Decrypt"], resources: [key.arn] },
  ];
}

/** For deployments of one stack: its state, its history and its lock. */
export function mayWrite({ bucket, key }: State, stack: string): PolicyStatement[] {
  const objects = [`${stack}.*`, `${stack}/*`].map(
    (path) => pulumi.interpolate`${bucket.arn}/.pulumi/*/aws-patterns/${path}`,
  );
  return [
    { actions: ["s3:PutObject", "s3:DeleteObject"], resources: objects },
    { actions: ["kms:Encrypt", "kms:GenerateDataKey"], resources: [key.arn] },
  ];
}

export function inlinePolicy(
  role: aws.iam.Role,
  name: string,
  statements: readonly PolicyStatement[],
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.iam.RolePolicy(name, { role: role.name, name: "work", policy: policyDocument(statements) }, opts);
}
