import * as aws from "@pulumi/aws";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/** A bucket that is encrypted, without ACLs, and open to nobody; who may read it is up to its policy. */
export function privateBucket(
  named: (role: string) => string,
  args: aws.s3.BucketArgs,
  options: CustomResourceOptions,
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
    { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    options,
  );
  return made;
}
