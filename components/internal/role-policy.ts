/** Policies of roles that are made here. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type PolicyStatement } from "./policy";

/**
 * A policy that another one comes before: what is replaced with it, and depends on it, has its permission until it is
 * deleted. While a deployment is under way, a function's old code and its new one both work.
 */
export function lastingPolicy(
  name: string,
  role: aws.iam.Role,
  statements: readonly PolicyStatement[],
  opts: pulumi.ResourceOptions,
): aws.iam.RolePolicy {
  const args = { role: role.name, policy: policyDocument(statements) };
  return new aws.iam.RolePolicy(name, args, { ...opts, replaceOnChanges: ["policy"] });
}

/** What every function does besides its work: writes its logs and its traces. */
export function logsAndTraces(logGroup: aws.cloudwatch.LogGroup): PolicyStatement[] {
  return [
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${logGroup.arn}:log-stream:*`],
    },
    {
      actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      resources: ["*"],
      reason: "X-Ray has no resources to name",
    },
  ];
}
