import * as pulumi from "@pulumi/pulumi";

/** The parts of an ARN before the resource; empty ones where mocks of a test give a resource no ARN. */
export function arnParts(arn: string | undefined) {
  const [, partition = "", service = "", region = "", account = ""] = (arn ?? "").split(":");
  return { partition, service, region, account };
}

/**
 * The ARN of another service's resource in the partition, region and account of `arn`, for what is not made yet, or by
 * somebody else.
 */
export function arnBeside(
  arn: pulumi.Output<string>,
  service: string,
  resource: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.all([arn, resource]).apply(([known, name]) => {
    const { partition, region, account } = arnParts(known);
    return `arn:${partition}:${service}:${region}:${account}:${name}`;
  });
}
