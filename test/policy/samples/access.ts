import { ATTACHED_POLICIES } from "../../../policy/documents";
import type { Value } from "../../../policy/values";
import { policy } from "../subjects";
import { right, type RuleSamples, wrong } from "./sample";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

const allow = (Action: Value, Resource: Value, more: Record<string, Value> = {}) =>
  policy({ Effect: "Allow", Action, Resource, ...more });

/** Every type that gives a policy to somebody, in its property. */
const everywhere = (policyArn: string) =>
  Object.entries(ATTACHED_POLICIES).map(([type, path]) => {
    const property = path.replace("[]", "");
    const isList = property !== path;
    return {
      type,
      props: { [property]: isList ? [policyArn] : policyArn },
      property: isList ? `${property}[0]` : property,
    };
  });

export const accessSamples: Readonly<Record<string, RuleSamples>> = {
  "no-public-database": {
    passes: [right("aws:rds/instance:Instance", {})],
    fails: [wrong("aws:rds/instance:Instance", { publiclyAccessible: true }, "publiclyAccessible", true)],
  },
  "function-url-auth": {
    passes: [right("aws:lambda/functionUrl:FunctionUrl", { authorizationType: "AWS_IAM" })],
    fails: [wrong("aws:lambda/functionUrl:FunctionUrl", { authorizationType: "NONE" }, "authorizationType", "NONE")],
  },
  "iam-action-wildcard": {
    passes: [
      right(ROLE_POLICY, { policy: allow(["sqs:SendMessage"], "arn:aws:sqs:us-east-1:1:q") }),
      right(ROLE_POLICY, { policy: policy({ Effect: "Deny", Action: "s3:*", Resource: "*" }) }),
    ],
    fails: [
      wrong(ROLE_POLICY, { policy: allow(["s3:Get*", "s3:PutObject"], "x") }, "policy.Statement[0].Action", [
        "s3:Get*",
      ]),
      wrong(ROLE_POLICY, { policy: policy({ Effect: "Allow", NotAction: "iam:*" }) }, "policy.Statement[0].NotAction", [
        "iam:*",
      ]),
      wrong(ROLE, { inlinePolicies: [{ policy: allow("*", "x") }] }, "inlinePolicies[0].policy.Statement[0].Action", [
        "*",
      ]),
    ],
  },
  "iam-resource-wildcard": {
    passes: [
      right(ROLE_POLICY, { policy: allow(["ec2:DescribeInstances", "xray:PutTraceSegments"], "*") }),
      right(ROLE_POLICY, { policy: allow("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:1:table/t") }),
      right(ROLE_POLICY, { policy: allow("route53:GetChange", "arn:aws:route53:::change/*") }),
      // Authorized on all alarms, whichever are named.
      right(ROLE_POLICY, { policy: allow("cloudwatch:DescribeAlarms", "*") }),
      // A name, or a beginning of one, is there.
      ...Object.entries({
        "iam:PassRole": "arn:aws:iam::111111111111:role/task-*",
        "s3:GetObject": "arn:aws:s3:::uploads/*",
        "logs:PutLogEvents": "arn:aws:logs:us-east-1:111111111111:log-group:/aws/lambda/sync:*",
        "dynamodb:Query": "arn:aws:dynamodb:us-east-1:111111111111:table/orders/index/*",
        "states:DescribeExecution": "arn:aws:states:us-east-1:111111111111:execution:import:*",
        "iam:CreateServiceLinkedRole": "arn:aws:iam::*:role/aws-service-role/autoscaling.amazonaws.com/*",
        "sts:AssumeRole": "arn:aws:iam::*:role/deployer",
        "autoscaling:CompleteLifecycleAction":
          "arn:aws:autoscaling:us-east-1:111111111111:autoScalingGroup:*:autoScalingGroupName/fleet",
      }).map(([action, resource]) => right(ROLE_POLICY, { policy: allow(action, resource) })),
      // What is about to be made has no name yet.
      right(ROLE_POLICY, {
        policy: allow("ec2:RunInstances", ["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"]),
      }),
      right(ROLE_POLICY, { policy: allow("ec2:CreateLaunchTemplate", "arn:aws:ec2:*:*:launch-template/*") }),
      // Tags single out some.
      right(ROLE_POLICY, {
        policy: allow("ec2:TerminateInstances", "arn:aws:ec2:*:*:instance/*", {
          Condition: { StringEquals: { "aws:ResourceTag/owner": "edge" } },
        }),
      }),
      right(ROLE_POLICY, {
        policy: allow("kms:Decrypt", "arn:aws:kms:*:*:key/*", {
          Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/orders" } },
        }),
      }),
    ],
    fails: [
      ...Object.entries({
        "iam:PassRole": "arn:aws:iam::111111111111:role/*",
        "sts:AssumeRole": "arn:aws:iam::*:role/*",
        "iam:AttachRolePolicy": "arn:*",
        "s3:GetObject": "arn:aws:s3:::*/*",
        "dynamodb:GetItem": "arn:aws:dynamodb:us-east-1:111111111111:table/*",
        "dynamodb:Query": "arn:aws:dynamodb:us-east-1:111111111111:table/*/index/*",
        "sqs:SendMessage": "arn:aws:sqs:us-east-1:111111111111:*",
        "lambda:InvokeFunction": "arn:aws:lambda:*:*:function:*",
        "secretsmanager:GetSecretValue": "arn:aws:secretsmanager:us-east-1:111111111111:secret:*",
        "kms:Decrypt": "arn:aws:kms:us-east-1:111111111111:key/*",
        "ssm:GetParameter": "arn:aws:ssm:us-east-1:111111111111:parameter/*",
        "logs:PutLogEvents": "arn:aws:logs:us-east-1:111111111111:log-group:*:*",
        "route53:ChangeResourceRecordSets": "arn:aws:route53:::hostedzone/*",
        "ec2:TerminateInstances": "arn:aws:ec2:us-east-1:111111111111:instance/*",
        "ec2:RunInstances": "arn:aws:ec2:us-east-1:111111111111:subnet/*",
        "iam:CreateRole": "arn:aws:iam::111111111111:role/*",
        "cloudwatch:SetAlarmState": "arn:aws:cloudwatch:us-east-1:111111111111:alarm:*",
      }).map(([action, resource]) =>
        wrong(
          ROLE_POLICY,
          { policy: allow(action, resource) },
          "policy.Statement[0].Resource",
          `${resource} for ${action}`,
        ),
      ),
      ...[
        { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
        { StringLike: { "aws:ResourceTag/owner": "*" } },
        { StringEqualsIfExists: { "aws:ResourceTag/owner": "edge" } },
        { StringNotEquals: { "aws:ResourceTag/owner": "edge" } },
      ].map((Condition) =>
        wrong(
          ROLE_POLICY,
          { policy: allow("iam:PassRole", "arn:aws:iam::111111111111:role/*", { Condition }) },
          "policy.Statement[0].Resource",
          "arn:aws:iam::111111111111:role/* for iam:PassRole",
        ),
      ),
      wrong(
        ROLE_POLICY,
        { policy: allow(["ec2:DescribeInstances", "dynamodb:GetItem"], ["*"]) },
        "policy.Statement[0].Resource",
        "* for dynamodb:GetItem",
      ),
      wrong(
        "aws:iam/policy:Policy",
        { policy: allow("s3:GetObject", "arn:aws:s3:::*") },
        "policy.Statement[0].Resource",
        "arn:aws:s3:::* for s3:GetObject",
      ),
      wrong(
        ROLE_POLICY,
        { policy: policy({ Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:aws:s3:::a/*" }) },
        "policy.Statement[0].NotResource",
        ["arn:aws:s3:::a/*"],
      ),
    ],
  },
  "iam-managed-policy": {
    passes: [
      right("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
      }),
      ...everywhere("arn:aws:iam::111111111111:policy/AdministratorAccess").map(({ type, props }) =>
        right(type, props),
      ),
    ],
    fails: [
      ...["AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "job-function/SystemAdministrator"]
        .map((name) => `arn:aws:iam::aws:policy/${name}`)
        .flatMap((policyArn) =>
          everywhere(policyArn).map(({ type, props, property }) => wrong(type, props, property, policyArn)),
        ),
      wrong(
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        { policyArns: ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess", "arn:aws-cn:iam::aws:policy/AdministratorAccess"] },
        "policyArns[1]",
        "arn:aws-cn:iam::aws:policy/AdministratorAccess",
      ),
      wrong(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        { policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
        "policyArn",
        "arn:aws:iam::aws:policy/AmazonS3FullAccess",
      ),
      wrong(
        ROLE,
        { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
        "managedPolicyArns[0]",
        "arn:aws:iam::aws:policy/AdministratorAccess",
      ),
    ],
  },
};
