import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../building-blocks/component";
import { arnBeside } from "../internal/arn";
import { serviceTrust } from "../internal/policy";
import { lastingPolicy } from "../internal/role-policy";

/** What API Gateway asks of the role: the actions of the managed policy AmazonAPIGatewayPushToCloudWatchLogs. */
const ACTIONS = [
  "logs:CreateLogGroup",
  "logs:CreateLogStream",
  "logs:DescribeLogGroups",
  "logs:DescribeLogStreams",
  "logs:FilterLogEvents",
  "logs:GetLogEvents",
  "logs:PutLogEvents",
];

/**
 * The role with which API Gateway writes the logs of all REST APIs of an account and region. Its deletion takes the
 * setting away.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class AccountLogRole extends Component {
  /** @param logGroup one of those that are written, for its account and region */
  constructor(name: string, { logGroup }: { logGroup: aws.cloudwatch.LogGroup }, opts?: ComponentOptions) {
    super("api", name, opts);
    const role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: serviceTrust("apigateway.amazonaws.com"), description: "API Gateway: logs of all APIs" },
      this.child,
    );
    const all: pulumi.Output<string> = arnBeside(logGroup.arn, "logs", "log-group:*");
    const policy = lastingPolicy(this.named("policy"), role, [{ actions: ACTIONS, resources: [all] }], this.child);
    new aws.apigateway.Account(
      this.named("account"),
      { cloudwatchRoleArn: role.arn },
      { ...this.child, dependsOn: [policy] },
    );
    this.registerOutputs();
  }
}
