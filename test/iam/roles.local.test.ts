/** What the roles of every pattern may do and, above all, what they may not, by IAM's own rules of evaluation. */
import * as assert from "node:assert/strict";
import { IAMClient, SimulateCustomPolicyCommand } from "@aws-sdk/client-iam";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { ofType } from "../support/mocks";
import { deployedPatterns, INSTANCE } from "../support/patterns";
import { actionsFor, permissionsOf, type Statement } from "../support/policies";
import { sampleOf } from "../support/sample";

/** Acts that no role of a pattern may do to anything, unless its own policy names them for some resource. */
const DANGEROUS = [
  "autoscaling:DeleteAutoScalingGroup",
  "autoscaling:SetDesiredCapacity",
  "autoscaling:TerminateInstanceInAutoScalingGroup",
  "dynamodb:DeleteTable",
  "dynamodb:Scan",
  "ec2:AuthorizeSecurityGroupIngress",
  "ec2:RunInstances",
  "ec2:TerminateInstances",
  "iam:AttachRolePolicy",
  "iam:CreateAccessKey",
  "iam:CreateRole",
  "iam:PassRole",
  "iam:PutRolePolicy",
  "kms:Decrypt",
  "kms:ScheduleKeyDeletion",
  "lambda:AddPermission",
  "lambda:CreateFunction",
  "lambda:InvokeFunction",
  "lambda:UpdateFunctionCode",
  "logs:DeleteLogGroup",
  "organizations:LeaveOrganization",
  "route53:ChangeResourceRecordSets",
  "route53:DeleteHostedZone",
  "s3:DeleteBucket",
  "s3:GetObject",
  "s3:PutBucketPolicy",
  "s3:PutObject",
  "secretsmanager:GetSecretValue",
  "ses:SendRawEmail",
  "sns:Publish",
  "sqs:DeleteQueue",
  "sqs:PurgeQueue",
  "sqs:SendMessage",
  "ssm:GetParameter",
  "ssm:PutParameter",
  "sts:AssumeRole",
];

/** A call that a role makes or should not be able to make. */
interface Call {
  action: string;
  resource: string;
  /** Values of the request's condition keys. */
  context: Readonly<Record<string, readonly string[]>>;
}

interface Role {
  pattern: string;
  name: string;
  statements: Statement[];
  /** Actions that the function of this role is seen to call; empty for roles of other services. */
  seen: string[];
}

/** A policy's pattern as one of the ARNs that it stands for. */
const sample = (pattern: string): string => pattern.replaceAll("*", "sample");

const POSITIVE = /^(ForAnyValue:|ForAllValues:)?(StringEquals|StringLike|ArnEquals|ArnLike)(IfExists)?$/;

function contextOf({ Condition = {} }: Statement): Call["context"] {
  return Object.fromEntries(
    Object.entries(Condition).flatMap(([operator, keys]) => {
      assert.match(operator, POSITIVE, "teach this test to satisfy another operator");
      return Object.entries(keys).map(([key, values]) => [key, [values].flat().map((value) => sample(String(value)))]);
    }),
  );
}

/** The calls that a statement is there for. */
function intended(statement: Statement): Call[] {
  const context = contextOf(statement);
  return statement.Action.flatMap((action) =>
    statement.Resource.map((pattern) => ({ action, resource: sample(pattern), context })),
  );
}

/** ARNs next to those that a pattern stands for: of another thing, and of another account. */
function nextTo(pattern: string): string[] {
  // Where the end is open, what comes before it is what counts.
  const elsewhere = pattern.endsWith("*")
    ? [pattern.replace(/([:/])([^:/]*)$/, "-other$1$2"), pattern.replace(/(:log-group:[^:]+)/, "$1-other")]
    : [`${pattern}-other`];
  const others = [...elsewhere, pattern.replace("111111111111", "999999999999")];
  return [...new Set(others)].filter((other) => other !== pattern).map(sample);
}

/** The calls that a statement must not be good for: next door, or for another value of a condition. */
function neighbours(statement: Statement): Call[] {
  const context = contextOf(statement);
  const otherContexts = Object.keys(context).map((key) => ({ ...context, [key]: ["neighbour"] }));
  return statement.Action.flatMap((action) =>
    statement.Resource.filter((pattern) => pattern !== "*").flatMap((pattern) => [
      ...nextTo(pattern).map((resource) => ({ action, resource, context })),
      ...otherContexts.map((other) => ({ action, resource: sample(pattern), context: other })),
    ]),
  );
}

describe("the roles of every pattern", () => {
  let cloud: TestCloud;
  let iam: IAMClient;
  const roles: Role[] = [];

  before(async () => {
    cloud = await startTestCloud();
    iam = new IAMClient(cloud.as("111111111111"));
    for (const { pattern, resources } of await deployedPatterns()) {
      for (const { name } of ofType(resources, "aws:iam/role:Role")) {
        const statements = permissionsOf(resources, name);
        const scenarios =
          sampleOf(pattern).scenarios[`${name.slice(INSTANCE.length + 1).replace(/-role$/, "")}-function`];
        const seen = [...new Set((scenarios ?? []).flatMap(({ calls }) => calls))];
        if (statements.length > 0) roles.push({ pattern, name, statements, seen });
      }
    }
    assert.ok(roles.length > 0);
  });
  after(() => cloud.stop());

  async function decision({ statements }: Role, { action, resource, context }: Call): Promise<string> {
    const { EvaluationResults = [] } = await iam.send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [JSON.stringify({ Version: "2012-10-17", Statement: statements })],
        ActionNames: [action],
        ResourceArns: [resource],
        ContextEntries: Object.entries(context).map(([ContextKeyName, values]) => ({
          ContextKeyName,
          // Operators without ForAllValues or ForAnyValue compare one value.
          ContextKeyType: values.length === 1 ? "string" : "stringList",
          ContextKeyValues: [...values],
        })),
      }),
    );
    return EvaluationResults[0]?.EvalDecision ?? "no answer";
  }

  const reported = (role: Role, { action, resource, context }: Call): string =>
    `${role.pattern}: ${role.name} ${action} on ${resource} ${JSON.stringify(context)}`;

  it("are allowed what they are for, as IAM evaluates their policies", async () => {
    for (const role of roles) {
      for (const call of role.statements.flatMap(intended)) {
        assert.equal(await decision(role, call), "allowed", reported(role, call));
      }
    }
  });

  it("cover every call that the functions are seen to make", () => {
    const isCovered = ({ statements }: Role, operation: string): boolean =>
      statements.some(({ Action }) =>
        Action.some((action) => actionsFor(operation).includes(action.split(":")[1] ?? "")),
      );
    assert.ok(roles.some(({ seen }) => seen.length > 0));
    for (const role of roles) {
      assert.deepEqual(
        role.seen.filter((operation) => !isCovered(role, operation)),
        [],
        role.name,
      );
    }
  });

  it("are not allowed the same acts on a neighbour's things, or for another name", async () => {
    let tried = 0;
    for (const role of roles) {
      const isForeign = (context: Call["context"]): boolean => Object.values(context).flat().includes("neighbour");
      // What lies next to one of a role's things may be another of its own.
      const own = new Set(role.statements.flatMap(({ Resource }) => Resource));
      for (const call of role.statements
        .flatMap(neighbours)
        .filter(({ resource, context }) => isForeign(context) || !own.has(resource))) {
        tried += 1;
        assert.equal(await decision(role, call), "implicitDeny", reported(role, call));
      }
    }
    assert.ok(tried > roles.length);
  });

  it("are not allowed dangerous acts", async () => {
    for (const role of roles) {
      for (const action of DANGEROUS) {
        const call = { action, resource: "*", context: {} };
        assert.equal(await decision(role, call), "implicitDeny", reported(role, call));
      }
    }
  });
});
