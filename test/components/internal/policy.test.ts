import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../../../components/internal/argument-checks";
import { checkPolicies, policyDocument, type PolicyStatement, serviceTrust } from "../../../components/internal/policy";
import { tlsOnly } from "../../../components/internal/queue-policy";
import { valueOf } from "../../support/mocks";

function wrong(...statements: PolicyStatement[]): string[] {
  const checks = new ArgumentChecks();
  checkPolicies(checks, "policies", statements);
  return checks.found().map(({ path }) => path);
}

const QUEUE = "arn:aws:sqs:us-east-1:111111111111:mail";

describe("checkPolicies", () => {
  it("takes exact actions on named resources", () => {
    assert.deepEqual(wrong({ actions: ["sqs:SendMessage", "execute-api:Invoke"], resources: [QUEUE] }), []);
    assert.deepEqual(wrong({ actions: ["s3:GetObject"], resources: [`${QUEUE}/*`] }), []);
    assert.deepEqual(wrong(), []);
  });

  it("takes `*` for a resource when it says why", () => {
    assert.deepEqual(wrong({ actions: ["ec2:DescribeInstances"], resources: ["*"], reason: "has no resources" }), []);
    assert.deepEqual(wrong({ actions: ["ec2:DescribeInstances"], resources: ["*"] }), ["policies[0].resources"]);
    assert.deepEqual(wrong({ actions: ["ec2:DescribeInstances"], resources: [QUEUE, "*"] }), ["policies[0].resources"]);
  });

  it("refuses actions with wildcards or of no service, however they are written", () => {
    for (const action of [
      "s3:*",
      "*",
      "s3:Get*",
      "s3:Get?bject",
      "S3:GetObject",
      "GetObject",
      "s3:",
      "",
      "s3:Get Object",
    ]) {
      assert.deepEqual(wrong({ actions: [action], resources: [QUEUE] }), ["policies[0].actions"], action);
    }
  });

  it("refuses statements about nothing", () => {
    assert.deepEqual(wrong({ actions: [], resources: [QUEUE] }), ["policies[0].actions"]);
    for (const resources of [[], [""], [QUEUE, ""]]) {
      assert.deepEqual(wrong({ actions: ["sqs:SendMessage"], resources }), ["policies[0].resources"]);
    }
  });

  it("tells which statement is wrong", () => {
    const right = { actions: ["sqs:SendMessage"], resources: [QUEUE] };
    assert.deepEqual(wrong(right, { ...right, actions: ["sqs:*", "s3:*"] }), [
      "policies[1].actions",
      "policies[1].actions",
    ]);
  });
});

describe("policyDocument", () => {
  it("is IAM's JSON, with Outputs resolved and without the reasons", async () => {
    const text = await valueOf(
      policyDocument([
        { actions: ["sqs:SendMessage"], resources: [pulumi.output(QUEUE)] },
        {
          actions: ["ec2:DescribeInstances"],
          resources: ["*"],
          reason: "has no resources",
          conditions: { StringEquals: { "aws:RequestedRegion": pulumi.output("us-east-1") } },
        },
      ]),
    );
    assert.deepEqual(JSON.parse(text), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [QUEUE] },
        {
          Effect: "Allow",
          Action: ["ec2:DescribeInstances"],
          Resource: ["*"],
          Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
        },
      ],
    });
  });
});

describe("serviceTrust", () => {
  const statement = async (document: pulumi.Output<string>): Promise<unknown> =>
    (JSON.parse(await valueOf(document)) as { Statement: unknown[] }).Statement;

  it("lets one service assume the role", async () => {
    assert.deepEqual(await statement(serviceTrust("lambda.amazonaws.com")), [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
  });

  it("takes conditions", async () => {
    const conditions = { StringEquals: { "aws:SourceAccount": "111111111111" } };
    assert.deepEqual(await statement(serviceTrust("scheduler.amazonaws.com", conditions)), [
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: conditions,
      },
    ]);
  });
});

describe("tlsOnly", () => {
  it("lets senders in for one source each, and nobody without TLS", async () => {
    const rule = "arn:aws:events:us-east-1:111111111111:rule/r";
    const text = await valueOf(tlsOnly(QUEUE, [{ service: "events.amazonaws.com", sourceArn: pulumi.output(rule) }]));
    assert.deepEqual((JSON.parse(text) as { Statement: unknown }).Statement, [
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: QUEUE,
        Condition: { ArnLike: { "aws:SourceArn": rule } },
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: QUEUE,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});
