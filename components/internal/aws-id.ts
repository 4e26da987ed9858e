/** Ids of AWS resources as arguments: with or without what AWS prints before them, and checked where they are known. */
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentChecks } from "./argument-errors";

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

const KINDS = {
  "hosted zone": { form: /^Z[A-Z0-9]{1,31}$/, example: "Z0123456789ABCDEFGHIJ" },
  VPC: { form: /^vpc-[\w-]+$/, example: "vpc-0123456789abcdef0" },
  subnet: { form: /^subnet-[\w-]+$/, example: "subnet-0123456789abcdef0" },
  "carrier gateway": { form: /^cagw-[\w-]+$/, example: "cagw-0123456789abcdef0" },
  "security group": { form: /^sg-[\w-]+$/, example: "sg-0123456789abcdef0" },
  "launch template": { form: /^lt-[\w-]+$/, example: "lt-0123456789abcdef0" },
} as const;

/** Checks an id, unless it is an Output. */
export function checkId(
  checks: ArgumentChecks,
  property: string,
  kind: keyof typeof KINDS,
  value: pulumi.Input<string> | undefined,
): void {
  const { form, example } = KINDS[kind];
  checks.require(typeof value !== "string" || form.test(bareId(value)), {
    property,
    received: value,
    allowed: `the id of a ${kind}, such as ${example}`,
    fix: `Copy the ${kind}'s id.`,
  });
}
