import * as assert from "node:assert/strict";
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  type ContextEntry,
  type EvaluationResult,
  GetContextKeysForCustomPolicyCommand,
  GetContextKeysForPrincipalPolicyCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
  type SimulateCustomPolicyCommandInput,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from "@aws-sdk/client-iam";
import {
  AttachPolicyCommand,
  CreatePolicyCommand as CreateScpCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { bootstrapOrganization } from "../../local/organization";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { createRole, policy } from "../support/functions";
import { given } from "../support/network";

const ACCOUNT = "850000000001";
const MANAGEMENT = "850000000002";
const MEMBER = "850000000003";
const MINE = `arn:aws:sqs:us-east-1:${ACCOUNT}:mine`;
const OTHER = `arn:aws:sqs:us-east-1:${ACCOUNT}:other`;

describe("the local cloud's policy simulator", () => {
  let cloud: TestCloud;
  let iam: IAMClient;

  before(async () => {
    cloud = await startTestCloud();
    iam = new IAMClient(cloud.as(ACCOUNT));
  });
  after(() => cloud.stop());

  const custom = async (
    policies: string[],
    more: Partial<SimulateCustomPolicyCommandInput> = {},
  ): Promise<EvaluationResult[]> => {
    const input = { PolicyInputList: policies, ActionNames: ["sqs:SendMessage"], ...more };
    return (await iam.send(new SimulateCustomPolicyCommand(input))).EvaluationResults ?? [];
  };
  const principal = async (
    PolicySourceArn: string,
    ActionNames: string[],
    more: Partial<SimulatePrincipalPolicyCommandInput> = {},
    as = iam,
  ): Promise<EvaluationResult[]> => {
    const input = { PolicySourceArn, ActionNames, ...more };
    return (await as.send(new SimulatePrincipalPolicyCommand(input))).EvaluationResults ?? [];
  };
  const decisions = (results: EvaluationResult[]) => results.map(({ EvalDecision }) => EvalDecision);
  const perResource = (result: EvaluationResult | undefined) =>
    result?.ResourceSpecificResults?.map(({ EvalResourceName, EvalResourceDecision }) => [
      EvalResourceName,
      EvalResourceDecision,
    ]);
  const entry = (ContextKeyName: string, ...ContextKeyValues: string[]): ContextEntry => ({
    ContextKeyName,
    ContextKeyValues,
    ContextKeyType: ContextKeyValues.length === 1 ? "string" : "stringList",
  });

  it("decides for every action and every resource", async () => {
    const may = policy(
      { Action: ["sqs:SendMessage", "sqs:DeleteMessage"], Resource: MINE },
      { Effect: "Deny", Action: "sqs:DeleteMessage", Resource: OTHER },
    );
    const results = await custom([may], {
      ActionNames: ["sqs:SendMessage", "sqs:DeleteMessage", "sqs:PurgeQueue"],
      ResourceArns: [MINE, OTHER],
    });
    assert.deepEqual(results.map(perResource), [
      [
        [MINE, "allowed"],
        [OTHER, "implicitDeny"],
      ],
      [
        [MINE, "allowed"],
        [OTHER, "explicitDeny"],
      ],
      [
        [MINE, "implicitDeny"],
        [OTHER, "implicitDeny"],
      ],
    ]);
    assert.deepEqual(decisions(results), ["implicitDeny", "explicitDeny", "implicitDeny"]);
    assert.deepEqual(decisions(await custom([may], { ResourceArns: [MINE] })), ["allowed"]);
  });

  it("shows the statements that decided, where AWS's own example shows them", async () => {
    const example =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*",' +
      '"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}';
    const at = (time: string) =>
      custom([example], {
        ActionNames: ["dynamodb:CreateBackup"],
        ContextEntries: [{ ...entry("aws:CurrentTime", time), ContextKeyType: "date" }],
      });
    const [after] = await at("2019-04-25T11:00:00Z");
    assert.equal(after?.EvalDecision, "allowed");
    const [statement] = after.MatchedStatements ?? [];
    assert.equal(statement?.SourcePolicyId, "PolicyInputList.1");
    assert.deepEqual(
      [statement.StartPosition, statement.EndPosition],
      [
        { Line: 1, Column: 38 },
        { Line: 1, Column: 167 },
      ],
    );
    assert.deepEqual(after.MissingContextValues, []);
    const [before] = await at("2014-04-25T11:00:00Z");
    assert.deepEqual([before?.EvalDecision, before?.MatchedStatements], ["implicitDeny", []]);
  });

  it("counts lines, and names only the denials when it denies", async () => {
    const Statement = [
      { Effect: "Allow", Action: "sqs:*", Resource: "*" },
      { Effect: "Deny", Action: "sqs:Send*", Resource: "*" },
    ];
    const [result] = await custom([JSON.stringify({ Version: "2012-10-17", Statement }, null, 4)]);
    assert.deepEqual(
      result?.MatchedStatements?.map(({ StartPosition, EndPosition }) => [StartPosition, EndPosition]),
      [
        [
          { Line: 8, Column: 11 },
          { Line: 13, Column: 10 },
        ],
      ],
    );
  });

  it("asks for the context values that it misses, and uses those that it is given", async () => {
    const may = policy({
      Action: "sqs:SendMessage",
      Resource: "*",
      Condition: {
        StringEquals: { "aws:RequestedRegion": "us-east-1" },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] },
      },
    });
    const [missing] = await custom([may]);
    assert.equal(missing?.EvalDecision, "implicitDeny");
    assert.deepEqual(missing.MissingContextValues, ["aws:RequestedRegion", "aws:TagKeys"]);
    const region = entry("aws:RequestedRegion", "us-east-1");
    const decide = async (...ContextEntries: ContextEntry[]) => decisions(await custom([may], { ContextEntries }));
    assert.deepEqual(await decide(region, entry("aws:TagKeys", "a", "b")), ["allowed"]);
    assert.deepEqual(await decide(region, entry("aws:TagKeys", "a", "c")), ["implicitDeny"]);
    assert.deepEqual(await decide(entry("aws:requestedregion", "eu-west-1")), ["implicitDeny"]);
    const [listed] = await custom([may], { ResourceArns: [MINE], ContextEntries: [region] });
    assert.deepEqual(listed?.ResourceSpecificResults?.[0]?.MissingContextValues, ["aws:TagKeys"]);
    const { ContextKeyNames } = await iam.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [may] }));
    assert.deepEqual(ContextKeyNames, ["aws:RequestedRegion", "aws:TagKeys"]);
  });

  it("keeps within a permissions boundary", async () => {
    const all = policy({ Action: "*", Resource: "*" });
    const PermissionsBoundaryPolicyInputList = [policy({ Action: "sqs:*", Resource: "*" })];
    const results = await custom([all], {
      ActionNames: ["sqs:SendMessage", "sns:Publish"],
      PermissionsBoundaryPolicyInputList,
    });
    assert.deepEqual(
      results.map((r) => [r.EvalDecision, r.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary]),
      [
        ["allowed", true],
        ["implicitDeny", false],
      ],
    );
  });

  it("adds a resource's policy, for users", async () => {
    const user = `arn:aws:iam::${ACCOUNT}:user/anna`;
    const ResourcePolicy = policy({ Principal: { AWS: user }, Action: "sqs:SendMessage", Resource: MINE });
    const nothing = policy({ Action: "sns:*", Resource: "*" });
    const [result] = await custom([nothing], { ResourcePolicy, CallerArn: user, ResourceArns: [MINE] });
    assert.equal(result?.EvalDecision, "allowed");
    assert.deepEqual(
      result.MatchedStatements?.map(({ SourcePolicyId, SourcePolicyType }) => [SourcePolicyId, SourcePolicyType]),
      [["ResourcePolicy", "resource"]],
    );
    await assert.rejects(
      custom([nothing], { ResourcePolicy, CallerArn: `arn:aws:iam::${ACCOUNT}:role/r` }),
      /isn't supported for IAM roles/,
    );
  });

  it("knows the policies of a role, and its boundary", async () => {
    const arn = await createRole(cloud.as(ACCOUNT), "worker", "ecs.amazonaws.com", [
      { Action: "sqs:SendMessage", Resource: MINE },
      { Action: "sns:Publish", Resource: "*" },
    ]);
    const managed = async (PolicyName: string, ...statements: object[]) => {
      const command = new CreatePolicyCommand({ PolicyName, PolicyDocument: policy(...statements) });
      return given((await iam.send(command)).Policy?.Arn, "policy");
    };
    const PolicyArn = await managed("delete", { Action: "sqs:DeleteMessage", Resource: MINE });
    await iam.send(new AttachRolePolicyCommand({ RoleName: "worker", PolicyArn }));
    const ask = () =>
      principal(arn, ["sqs:SendMessage", "sqs:DeleteMessage", "sns:Publish", "s3:GetObject"], { ResourceArns: [MINE] });
    const results = await ask();
    assert.deepEqual(decisions(results), ["allowed", "allowed", "allowed", "implicitDeny"]);
    assert.deepEqual(
      results
        .slice(0, 2)
        .map(({ MatchedStatements }) => MatchedStatements?.map((s) => [s.SourcePolicyId, s.SourcePolicyType])),
      [[["permissions", "role"]], [["delete", "user-managed"]]],
    );
    const PermissionsBoundary = await managed("boundary", { Action: "sqs:*", Resource: "*" });
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: "worker", PermissionsBoundary }));
    assert.deepEqual(decisions(await ask()), ["allowed", "allowed", "implicitDeny", "implicitDeny"]);
  });

  it("knows the policies of a user and of the groups that it is in, and fills in who it is", async () => {
    const path = "/team/edge/";
    const { User } = await iam.send(new CreateUserCommand({ UserName: "bea", Path: path }));
    const arn = given(User?.Arn, "user");
    await iam.send(new CreateGroupCommand({ GroupName: "operators" }));
    await iam.send(new AddUserToGroupCommand({ GroupName: "operators", UserName: "bea" }));
    const mine = { Action: "sqs:*", Resource: MINE, Condition: { ArnEquals: { "aws:PrincipalArn": arn } } };
    await iam.send(new PutUserPolicyCommand({ UserName: "bea", PolicyName: "own", PolicyDocument: policy(mine) }));
    await iam.send(
      new PutGroupPolicyCommand({
        GroupName: "operators",
        PolicyName: "shared",
        PolicyDocument: policy({ Effect: "Deny", Action: "sqs:PurgeQueue", Resource: "*" }),
      }),
    );
    const results = await principal(arn, ["sqs:SendMessage", "sqs:PurgeQueue"], { ResourceArns: [MINE] });
    assert.deepEqual(decisions(results), ["allowed", "explicitDeny"]);
    assert.equal(results[1]?.MatchedStatements?.[0]?.SourcePolicyType, "group");
    const { ContextKeyNames } = await iam.send(new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: arn }));
    assert.deepEqual(ContextKeyNames, ["aws:PrincipalArn"]);
  });

  it("counts the service control policies of a member account, with their conditions", async () => {
    const root = await bootstrapOrganization(cloud, MANAGEMENT, [MEMBER]);
    const organizations = new OrganizationsClient(cloud.as(MANAGEMENT));
    const Condition = { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } };
    const { Policy } = await organizations.send(
      new CreateScpCommand({
        Name: "home",
        Description: "",
        Type: "SERVICE_CONTROL_POLICY",
        Content: policy({ Effect: "Deny", Action: "sqs:*", Resource: "*", Condition }),
      }),
    );
    await organizations.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId: root }));
    const settings = cloud.as(MEMBER);
    const arn = await createRole(settings, "worker", "ecs.amazonaws.com", [{ Action: "*", Resource: "*" }]);
    const from = async (region: string) => {
      const ContextEntries = [entry("aws:RequestedRegion", region)];
      const [result] = await principal(arn, ["sqs:SendMessage"], { ContextEntries }, new IAMClient(settings));
      return [result?.EvalDecision, result?.OrganizationsDecisionDetail?.AllowedByOrganizations];
    };
    assert.deepEqual(await from("us-east-1"), ["allowed", true]);
    assert.deepEqual(await from("eu-west-1"), ["explicitDeny", false]);
    const [outside] = await custom([policy({ Action: "*", Resource: "*" })]);
    assert.equal(outside?.OrganizationsDecisionDetail, undefined);
  });

  it("answers page by page, and refuses what it cannot simulate", async () => {
    const may = policy({ Action: "sqs:*", Resource: "*" });
    const input = { PolicyInputList: [may], ActionNames: ["sqs:SendMessage", "sns:Publish"], MaxItems: 1 };
    const first = await iam.send(new SimulateCustomPolicyCommand(input));
    const second = await iam.send(new SimulateCustomPolicyCommand({ ...input, Marker: first.Marker }));
    assert.deepEqual(
      [first, second].map((page) => [page.IsTruncated, decisions(page.EvaluationResults ?? [])]),
      [
        [true, ["allowed"]],
        [false, ["implicitDeny"]],
      ],
    );
    await assert.rejects(custom([may], { ActionNames: ["sqs:*"] }), /Invalid action name: sqs:\*/);
    await assert.rejects(custom(["{"]), /PolicyInputList\.1 is not a valid policy document/);
    await assert.rejects(principal(`arn:aws:iam::${ACCOUNT}:role/nobody`, ["sqs:SendMessage"]), {
      name: "NoSuchEntityException",
    });
    await assert.rejects(principal(`arn:aws:iam::${ACCOUNT}:root`, ["sqs:SendMessage"]), /Invalid Entity Arn/);
  });
});
