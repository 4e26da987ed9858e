import * as aws from "@pulumi/aws";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

const OWN_KEY = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };

/** With a bucket key, S3 asks KMS once for many objects. */
function encryptedBy(kmsMasterKeyId: Input<string>) {
  return { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId }, bucketKeyEnabled: true };
}

/**
 * A bucket that is encrypted, without ACLs, and open to nobody; who may read it is up to its policy.
 *
 * @param kmsKeyArn what encrypts it. Default: a key of S3's own
 */
export function privateBucket(
  named: (role: string) => string,
  args: aws.s3.BucketArgs,
  options: CustomResourceOptions,
  kmsKeyArn?: Input<string>,
): aws.s3.Bucket {
  const made = new aws.s3.Bucket(named("bucket"), args, options);
  const { bucket } = made;
  new aws.s3.BucketPublicAccessBlock(
    named("private"),
    { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    options,
  );
  new aws.s3.BucketOwnershipControls(
    named("owner"),
    { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    options,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    named("encryption"),
    { bucket, rules: [kmsKeyArn === undefined ? OWN_KEY : encryptedBy(kmsKeyArn)] },
    options,
  );
  return made;
}
