import * as assert from "node:assert/strict";
import { CostExplorerClient, GetCostAndUsageCommand } from "@aws-sdk/client-cost-explorer";
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateConfigurationSetCommand, SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { startTestCloud, type ClientSettings, type TestCloud } from "../support/cloud";
import { createRole, type Permission } from "../support/functions";
import { createVerified, leaveSandbox, rawMail } from "../support/mail";
import { assumeRole } from "../../local/sessions";

const SANDBOXED = "842000000001";
const ACCOUNT = "842000000002";
const SENDER = "costs@example.com";
const identity = (name: string, account = ACCOUNT): string => `arn:aws:ses:us-east-1:${account}:identity/${name}`;

describe("the local cloud's permissions", () => {
  let cloud: TestCloud;
  let roles = 0;
  before(async () => {
    cloud = await startTestCloud();
    await leaveSandbox(cloud, ACCOUNT);
    for (const account of [ACCOUNT, SANDBOXED]) await createVerified(cloud, account, SENDER);
    await createVerified(cloud, SANDBOXED, "a@example.net");
    await createVerified(cloud, ACCOUNT, "example.org");
    const command = new CreateConfigurationSetCommand({ ConfigurationSetName: "reports" });
    await new SESv2Client(cloud.as(ACCOUNT)).send(command);
  });
  after(() => cloud.stop());

  /** Settings of a session that may do exactly this. */
  const session = async (account: string, ...permissions: Permission[]): Promise<ClientSettings> => {
    const role = await createRole(cloud.as(account), `role-${++roles}`, "lambda.amazonaws.com", permissions);
    return assumeRole(cloud.as(account), role);
  };

  describe("to send mail", () => {
    const raw = (settings: ClientSettings, more: { from?: string; to?: string; set?: string } = {}) => {
      const { from = SENDER, to = "a@example.net", set } = more;
      const ConfigurationSetName = set === undefined ? {} : { ConfigurationSetName: set };
      const Content = rawMail({ From: from, To: to });
      return new SESv2Client(settings).send(new SendEmailCommand({ Content, ...ConfigurationSetName }));
    };
    const simple = (settings: ClientSettings) =>
      new SESv2Client(settings).send(
        new SendEmailCommand({
          FromEmailAddress: SENDER,
          Destination: { ToAddresses: ["a@example.net"] },
          Content: { Simple: { Subject: { Data: "s" }, Body: { Text: { Data: "t" } } } },
        }),
      );
    const denied = (action: string, resource: string) => ({
      name: "AccessDeniedException",
      message: new RegExp(`is not authorized to perform \`${action}' on resource \`${resource}'`),
    });

    it("ask for ses:SendRawEmail on the sender's identity for a raw mail, for ses:SendEmail for a simple one", async () => {
      const rawOnly = await session(ACCOUNT, { Action: "ses:SendRawEmail", Resource: identity(SENDER) });
      const simpleOnly = await session(ACCOUNT, { Action: "ses:SendEmail", Resource: identity(SENDER) });
      await raw(rawOnly);
      await simple(simpleOnly);
      await assert.rejects(simple(rawOnly), denied("ses:SendEmail", identity(SENDER)));
      await assert.rejects(raw(simpleOnly), denied("ses:SendRawEmail", identity(SENDER)));
    });

    it("name the domain that an address without an identity of its own belongs to", async () => {
      const domain = await session(ACCOUNT, { Action: "ses:SendRawEmail", Resource: identity("example.org") });
      await raw(domain, { from: "reports@mail.example.org" });
      await assert.rejects(raw(domain), denied("ses:SendRawEmail", identity(SENDER)));
      const nobody = "nobody@example.com";
      await assert.rejects(raw(domain, { from: nobody }), denied("ses:SendRawEmail", identity(nobody)));
    });

    it("ask for the configuration set, too", async () => {
      const set = identity("").replace("identity/", "configuration-set/reports");
      const without = await session(ACCOUNT, { Action: "ses:SendRawEmail", Resource: identity(SENDER) });
      await assert.rejects(raw(without, { set: "reports" }), denied("ses:SendRawEmail", set));
      const both = await session(ACCOUNT, { Action: "ses:SendRawEmail", Resource: [identity(SENDER), set] });
      await raw(both, { set: "reports" });
    });

    it("ask for the recipients' identities in the sandbox", async () => {
      const arns = [identity(SENDER, SANDBOXED), identity("a@example.net", SANDBOXED)];
      const sender = await session(SANDBOXED, { Action: "ses:SendRawEmail", Resource: arns.slice(0, 1) });
      await assert.rejects(raw(sender), denied("ses:SendRawEmail", arns[1] ?? ""));
      await raw(await session(SANDBOXED, { Action: "ses:SendRawEmail", Resource: arns }));
    });

    it("know who sends to whom, as whom", async () => {
      const allow = (Condition: Record<string, Record<string, string>>) =>
        session(ACCOUNT, { Action: "ses:SendRawEmail", Resource: "*", Condition });
      const from = await allow({ StringEquals: { "ses:FromAddress": SENDER, "ses:FromDisplayName": "Costs" } });
      await raw(from, { from: `Costs <${SENDER}>` });
      await assert.rejects(raw(from), denied("ses:SendRawEmail", identity(SENDER)));
      const to = await allow({ "ForAllValues:StringLike": { "ses:Recipients": "*@example.net" } });
      await raw(to, { to: "a@example.net, b@example.net" });
      await assert.rejects(
        raw(to, { to: "a@example.net, b@example.com" }),
        denied("ses:SendRawEmail", identity(SENDER)),
      );
    });
  });

  it("to read costs ask for ce:GetCostAndUsage on everything", async () => {
    const rows = [{ account: ACCOUNT, service: "AWS Lambda", day: "2026-10-01", unblended: "1" }];
    await fetch(`${cloud.endpoint}/_aws-patterns/costs`, { method: "POST", body: JSON.stringify({ rows }) });
    const ask = async (permission: Permission) =>
      new CostExplorerClient(await session(ACCOUNT, permission)).send(
        new GetCostAndUsageCommand({
          TimePeriod: { Start: "2026-10-01", End: "2026-10-02" },
          Granularity: "DAILY",
          Metrics: ["UnblendedCost"],
        }),
      );
    await ask({ Action: "ce:GetCostAndUsage", Resource: "*" });
    await assert.rejects(ask({ Action: "ce:GetDimensionValues", Resource: "*" }), { name: "AccessDeniedException" });
  });

  it("of an archive end at its prefix, and an object that is there is not overwritten", async () => {
    const Bucket = "archive-842000000002";
    const arn = `arn:aws:s3:::${Bucket}`;
    const root = new S3Client(cloud.as(ACCOUNT));
    await root.send(new CreateBucketCommand({ Bucket }));
    const s3 = new S3Client(
      await session(
        ACCOUNT,
        { Action: ["s3:PutObject", "s3:GetObject"], Resource: `${arn}/reports/*` },
        { Action: "s3:ListBucket", Resource: arn, Condition: { StringLike: { "s3:prefix": "reports/*" } } },
      ),
    );
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}", IfNoneMatch: "*" }));
    await put("reports/2026-10-01.json");
    const taken = await put("reports/2026-10-01.json").catch((error: unknown) => error);
    assert.equal((taken as Error).name, "PreconditionFailed");
    assert.equal((taken as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode, 412);
    await s3.send(new GetObjectCommand({ Bucket, Key: "reports/2026-10-01.json" }));
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "reports/" }));
    assert.equal(Contents?.length, 1);
    const denied = { name: "AccessDenied" };
    await assert.rejects(put("other/2026-10-01.json"), denied);
    await assert.rejects(s3.send(new GetObjectCommand({ Bucket, Key: "other/x" })), denied);
    await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket })), denied);
    await assert.rejects(s3.send(new DeleteObjectCommand({ Bucket, Key: "reports/2026-10-01.json" })), denied);
  });

  it("let an item be written once, by a condition", async () => {
    const dynamodb = new DynamoDBClient(cloud.as(ACCOUNT));
    await dynamodb.send(
      new CreateTableCommand({
        TableName: "sent",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    const id = { S: "2026-10-01" };
    const put = () =>
      dynamodb.send(
        new PutItemCommand({
          TableName: "sent",
          Item: { id, state: { S: "claimed" } },
          ConditionExpression: "attribute_not_exists(id)",
        }),
      );
    await put();
    await assert.rejects(put(), ConditionalCheckFailedException);
    const finish = () =>
      dynamodb.send(
        new UpdateItemCommand({
          TableName: "sent",
          Key: { id },
          UpdateExpression: "SET #s = :sent",
          ConditionExpression: "#s = :claimed",
          ExpressionAttributeNames: { "#s": "state" },
          ExpressionAttributeValues: { ":sent": { S: "sent" }, ":claimed": { S: "claimed" } },
        }),
      );
    await finish();
    await assert.rejects(finish(), ConditionalCheckFailedException);
  });
});
