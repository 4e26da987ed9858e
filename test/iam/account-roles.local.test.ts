/** What the roles of an account, whose policies docs/accounts.md shows, may and may not do, as IAM evaluates them. */
import * as assert from "node:assert/strict";
import { IAMClient, PutRolePolicyCommand, SimulateCustomPolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { LeaveOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { bootstrapAccount, bootstrapAccountId } from "../../local/cloud";
import { assumeRole } from "../../local/sessions";
import { type PolicyDocument, ROLES, wholePolicy } from "../../stacks/roles";
import { type ClientSettings, startTestCloud, type TestCloud } from "../support/cloud";
import { createRole, policy } from "../support/functions";
import { zip } from "../support/zip";

const ACCOUNT = "844000000001";
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** What no deployment of a pattern does: administration of people and accounts, and reading what is kept or sent. */
const NOBODYS_BUSINESS = [
  "account:CloseAccount",
  "account:PutAlternateContact",
  "cloudtrail:StopLogging",
  "dynamodb:GetItem",
  "dynamodb:Scan",
  "ec2:TerminateInstances",
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreateOpenIDConnectProvider",
  "iam:CreatePolicyVersion",
  "iam:CreateUser",
  "iam:DeleteRolePermissionsBoundary",
  "kms:CreateGrant",
  "kms:Decrypt",
  "organizations:CloseAccount",
  "organizations:CreateAccount",
  "organizations:DeleteOrganization",
  "organizations:DisablePolicyType",
  "organizations:LeaveOrganization",
  "organizations:MoveAccount",
  "organizations:RemoveAccountFromOrganization",
  "route53:CreateHostedZone",
  "route53:DeleteHostedZone",
  "s3:GetObject",
  "s3:PutObject",
  "secretsmanager:GetSecretValue",
  "ses:SendEmail",
  "ses:SendRawEmail",
  "sqs:ReceiveMessage",
  "sqs:SendMessage",
  "sts:AssumeRole",
];

describe("the policies of an account's roles", () => {
  let cloud: TestCloud;
  before(async () => {
    cloud = await startTestCloud();
    await createRole(cloud.as(ACCOUNT), "job", "lambda.amazonaws.com", []);
  });
  after(() => cloud.stop());

  /** A session of the role that stacks use. */
  const session = async (document?: PolicyDocument): Promise<ClientSettings> =>
    assumeRole(cloud.as(bootstrapAccountId), await bootstrapAccount(cloud, ACCOUNT, document));

  async function allowed(
    document: PolicyDocument,
    actions: string[],
    resource: string,
    context: Readonly<Record<string, string>> = {},
  ): Promise<string[]> {
    const { EvaluationResults = [] } = await new IAMClient(cloud.as(ACCOUNT)).send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [JSON.stringify(document)],
        ActionNames: actions,
        ResourceArns: [resource],
        ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
          ...{ ContextKeyName, ContextKeyType: "string" },
          ContextKeyValues: [value],
        })),
      }),
    );
    assert.equal(EvaluationResults.length, actions.length);
    return EvaluationResults.filter(({ EvalDecision }) => EvalDecision === "allowed").map(
      ({ EvalActionName = "" }) => EvalActionName,
    );
  }

  it("leave out what no deployment does", async () => {
    for (const role of Object.values(ROLES)) {
      assert.deepEqual(await allowed(wholePolicy(role), NOBODYS_BUSINESS, "*"), []);
    }
  });

  it("do not let the deployer change the account's roles, but those of patterns", async () => {
    const actions = ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:DeleteRolePolicy"];
    const document = wholePolicy(ROLES.deployer);
    for (const { name } of Object.values(ROLES)) assert.deepEqual(await allowed(document, actions, role(name)), []);
    assert.deepEqual(await allowed(document, actions, role("media-registrar-role-1a2b3c4")), actions);

    const iam = new IAMClient(await session());
    const PolicyDocument = policy({ Action: "*", Resource: "*" });
    const change = (RoleName: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "more", PolicyDocument }));
    await assert.rejects(change(ROLES.deployer.name), { name: "AccessDenied" });
    await change("job");
  });

  it("let the deployer give roles to the services that patterns give them to, and never its own", async () => {
    const lambda = new LambdaClient(await session());
    const create = (FunctionName: string, Role: string) =>
      lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Role,
          Runtime: "nodejs22.x",
          Handler: "index.handler",
          Code: { ZipFile: zip({ "index.js": "exports.handler = async () => 1;" }) },
        }),
      );
    await create("work", role("job"));
    await assert.rejects(create("rise", role(ROLES.deployer.name)), /not authorized to perform: iam:PassRole/);

    const document = wholePolicy(ROLES.deployer);
    const passedTo = (service: string) =>
      allowed(document, ["iam:PassRole"], role("job"), { "iam:PassedToService": `${service}.amazonaws.com` });
    assert.deepEqual(await passedTo("states"), ["iam:PassRole"]);
    assert.deepEqual(await passedTo("ecs-tasks"), []);
  });

  it("do not let the deployer take the account out of its organization", async () => {
    const organizations = new OrganizationsClient(await session());
    await assert.rejects(organizations.send(new LeaveOrganizationCommand({})), { name: "AccessDeniedException" });
  });

  it("let the preview role look things up, and change nothing", async () => {
    const settings = await session(ROLES.preview.policy);
    await new Route53Client(settings).send(new ListHostedZonesCommand({}));
    await assert.rejects(new SQSClient(settings).send(new CreateQueueCommand({ QueueName: "queue" })), {
      name: "AccessDenied",
    });
  });
});
