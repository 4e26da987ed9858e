import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * The bucket's name, once it is known to be in the region of the state machine: Step Functions reads and writes no
 * other. A bucket that exists is refused in the preview, one that is made in the same deployment when it is there.
 *
 * @param place of the argument, for the message
 */
export function inSameRegion(
  component: string,
  place: string,
  bucket: pulumi.Input<string>,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  const here = aws.getRegionOutput({}, opts).region;
  const there = aws.s3.getBucketOutput({ bucket }, opts).bucketRegion;
  return pulumi.all([bucket, there, here]).apply(([name, region, own]) => {
    if (region === own) return name;
    throw new pulumi.RunError(
      `${component}: ${place}: received ${name}, a bucket in ${region}; allowed: a bucket in ${own}, the region of the ` +
        "state machine. Deploy the component to the bucket's region, or replicate the bucket.",
    );
  });
}
