import type { RuleSamples } from "../samples";
import type { Value } from "../../../policy/values";
import { policy } from "../subjects";
import { right, wrong } from "./compute";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const PERMISSION = "aws:lambda/permission:Permission";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const allow = (Action: Value, Resource: Value, more: Record<string, Value> = {}) =>
  policy({ Effect: "Allow", Action, Resource, ...more });
const lets = (Principal: Value, Condition?: Value) =>
  policy({ Effect: "Allow", Principal, Action: "sqs:SendMessage", ...(Condition === undefined ? {} : { Condition }) });
const trusts = (Principal: Value) => policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole" });
const rule = (protocol: string, from: number, to: number, ...cidrBlocks: string[]) => ({
  protocol,
  fromPort: from,
  toPort: to,
  cidrBlocks,
});

export const accessSamples: Readonly<Record<string, RuleSamples>> = {
  "no-public-policy": {
    passes: [
      right(QUEUE_POLICY, { policy: lets({ Service: "events.amazonaws.com" }) }),
      right(QUEUE_POLICY, { policy: lets("*", { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:1:t" } }) }),
      right(PERMISSION, { principal: "*", principalOrgId: "o-1" }),
      right(PERMISSION, { principal: "s3.amazonaws.com" }),
    ],
    fails: [
      wrong(QUEUE_POLICY, { policy: lets("*") }, "policy.Statement[0].Principal", "*"),
      wrong(QUEUE_POLICY, { policy: lets({ AWS: "*" }) }, "policy.Statement[0].Principal", "*"),
      wrong(
        QUEUE_POLICY,
        { policy: lets("*", { StringNotEquals: { "aws:SourceAccount": "1" } }) },
        "policy.Statement[0].Principal",
        "*",
      ),
      wrong(
        QUEUE_POLICY,
        { policy: lets("*", { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }) },
        "policy.Statement[0].Principal",
        "*",
      ),
      wrong(PERMISSION, { principal: "*" }, "principal", "*"),
      wrong("aws:kms/key:Key", { policy: lets("*") }, "policy.Statement[0].Principal", "*"),
    ],
  },
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
    ],
    fails: [
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
    ],
    fails: [
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
  "no-trust-in-everyone": {
    passes: [right(ROLE, { assumeRolePolicy: trusts({ Service: "lambda.amazonaws.com" }) })],
    fails: [
      wrong(ROLE, { assumeRolePolicy: trusts("*") }, "assumeRolePolicy.Statement[0].Principal", "*"),
      wrong(ROLE, { assumeRolePolicy: trusts({ AWS: ["*"] }) }, "assumeRolePolicy.Statement[0].Principal", "*"),
    ],
  },
  "no-open-ingress": {
    passes: [
      right(GROUP, { ingress: [rule("tcp", 443, 443, "10.0.0.0/8")] }),
      right(GROUP, { egress: [rule("-1", 0, 0, "0.0.0.0/0")] }),
      right(RULE, { type: "egress", ...rule("tcp", 443, 443, "0.0.0.0/0") }),
    ],
    fails: [
      wrong(
        GROUP,
        { ingress: [rule("udp", 5004, 5005, "10.0.0.0/8", "0.0.0.0/0")] },
        "ingress[0].cidrBlocks",
        "0.0.0.0/0 (udp 5004-5005)",
      ),
      wrong(RULE, { type: "ingress", ...rule("tcp", 443, 443, "128.0.0.0/1") }, "cidrBlocks", "128.0.0.0/1 (tcp 443)"),
      wrong(INGRESS, { cidrIpv6: "::/0", ipProtocol: "-1" }, "cidrIpv6", "::/0 (all ports)"),
    ],
  },
  "no-open-admin-ports": {
    passes: [
      right(GROUP, { ingress: [rule("tcp", 22, 22, "10.0.0.0/8")] }),
      right(GROUP, { ingress: [rule("tcp", 443, 443, "0.0.0.0/0")] }),
      right(GROUP, { ingress: [rule("udp", 1, 65535, "0.0.0.0/0")] }),
    ],
    fails: [
      wrong(GROUP, { ingress: [rule("tcp", 22, 22, "0.0.0.0/0")] }, "ingress[0].cidrBlocks", "0.0.0.0/0 (tcp 22)"),
      wrong(
        GROUP,
        { ingress: [rule("tcp", 3000, 4000, "0.0.0.0/0")] },
        "ingress[0].cidrBlocks",
        "0.0.0.0/0 (tcp 3000-4000)",
      ),
      wrong(GROUP, { ingress: [rule("-1", 0, 0, "0.0.0.0/0")] }, "ingress[0].cidrBlocks", "0.0.0.0/0 (all ports)"),
    ],
  },
};
