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
  return pulumi.all([bucket, here]).apply(async ([name, own]) => {
    const refuse = (received: string): never => {
      throw new pulumi.RunError(
        `${component}: ${place}: received ${received}; allowed: a bucket in ${own}, the region of the state machine. ` +
          "Deploy the component to the bucket's region, replicate the bucket, or make it first.",
      );
    };
    const region = await aws.s3.getBucket({ bucket: name }, opts).then(
      ({ bucketRegion }) => bucketRegion,
      (error: unknown) =>
        refuse(`${name}, which AWS does not show (${error instanceof Error ? error.message : error})`),
    );
    return region === own ? name : refuse(`${name}, a bucket in ${region}`);
  });
}
