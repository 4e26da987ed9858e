/** Ids of AWS resources as arguments with or without what AWS prints before them. */
import * as pulumi from "@pulumi/pulumi";

/**
 * The id alone, of an ARN that ends in it (`arn:aws:ec2:us-east-1:111111111111:vpc/vpc-1`), or of `/hostedzone/Z1`, as
 * Route 53 prints it. Other texts stay as they are.
 */
export function bareId(text: string): string {
  return /^(arn:|\/?hostedzone\/)/.test(text) ? text.slice(text.lastIndexOf("/") + 1) : text;
}

/** The same for an argument that may be known later only. */
export function resourceId(id: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(id).apply(bareId);
}
