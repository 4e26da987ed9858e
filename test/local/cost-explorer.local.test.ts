import * as assert from "node:assert/strict";
import {
  CostExplorerClient,
  CreateAnomalyMonitorCommand,
  CreateAnomalySubscriptionCommand,
  DeleteAnomalyMonitorCommand,
  DeleteAnomalySubscriptionCommand,
  type AnomalyMonitor,
  type AnomalySubscription,
  type Expression,
  GetAnomalyMonitorsCommand,
  GetAnomalySubscriptionsCommand,
  ListCostAllocationTagsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAnomalyMonitorCommand,
  UpdateAnomalySubscriptionCommand,
  UpdateCostAllocationTagsStatusCommand,
} from "@aws-sdk/client-cost-explorer";
import { CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { PutRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { bootstrapOrganization } from "../../local/organization";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { createRole, policy } from "../support/functions";
import { given } from "../support/network";
import { assumeRole } from "../../local/sessions";

const MANAGEMENT = "830000000001";
const MEMBER = "830000000002";
const TOPIC = `arn:aws:sns:us-east-1:${MANAGEMENT}:alarms`;
const MAIL = { Type: "EMAIL" as const, Address: "owner@example.com" };

const impact = (Value: string, more: Partial<NonNullable<Expression["Dimensions"]>> = {}): Expression => ({
  Dimensions: {
    Key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
    MatchOptions: ["GREATER_THAN_OR_EQUAL"],
    Values: [Value],
    ...more,
  },
});
const invalid = (message: RegExp) => ({ name: "ValidationException", message });

describe("the local cloud's Cost Explorer", () => {
  let cloud: TestCloud;
  let client: CostExplorerClient;

  before(async () => {
    cloud = await startTestCloud();
    await bootstrapOrganization(cloud, MANAGEMENT, [MEMBER]);
    client = new CostExplorerClient(cloud.as(MANAGEMENT));
  });
  after(() => cloud.stop());

  const create = async (monitor: Partial<AnomalyMonitor>, as = client): Promise<string> => {
    const AnomalyMonitor: AnomalyMonitor = { MonitorName: "it", MonitorType: "CUSTOM", ...monitor };
    return given((await as.send(new CreateAnomalyMonitorCommand({ AnomalyMonitor }))).MonitorArn, "monitor");
  };
  const custom = (...Values: string[]): Partial<AnomalyMonitor> => ({
    MonitorSpecification: { Dimensions: { Key: "LINKED_ACCOUNT", Values } },
  });
  const subscribe = async (subscription: Partial<AnomalySubscription>, as = client): Promise<string> => {
    const AnomalySubscription = {
      Frequency: "DAILY",
      MonitorArnList: [],
      Subscribers: [MAIL],
      SubscriptionName: "it",
      ThresholdExpression: impact("100"),
      ...subscription,
    } as AnomalySubscription;
    const command = new CreateAnomalySubscriptionCommand({ AnomalySubscription });
    return given((await as.send(command)).SubscriptionArn, "subscription");
  };

  describe("anomaly monitors", () => {
    it("are made, listed, renamed and deleted", async () => {
      const arn = await create({ MonitorType: "DIMENSIONAL", MonitorDimension: "SERVICE" });
      const other = await create(custom(MEMBER));
      await client.send(new UpdateAnomalyMonitorCommand({ MonitorArn: arn, MonitorName: "services" }));
      const { AnomalyMonitors } = await client.send(new GetAnomalyMonitorsCommand({ MonitorArnList: [arn] }));
      assert.deepEqual(
        AnomalyMonitors?.map(({ MonitorName, MonitorType, MonitorDimension }) => [
          MonitorName,
          MonitorType,
          MonitorDimension,
        ]),
        [["services", "DIMENSIONAL", "SERVICE"]],
      );
      const first = await client.send(new GetAnomalyMonitorsCommand({ MaxResults: 1 }));
      const second = await client.send(
        new GetAnomalyMonitorsCommand({ MaxResults: 1, NextPageToken: first.NextPageToken }),
      );
      assert.deepEqual(
        [first, second].flatMap((page) => page.AnomalyMonitors?.map(({ MonitorArn }) => MonitorArn)),
        [arn, other],
      );
      assert.equal(second.NextPageToken, undefined);
      const unknown = { name: "UnknownMonitorException" };
      for (const MonitorArn of [arn, other]) await client.send(new DeleteAnomalyMonitorCommand({ MonitorArn }));
      await assert.rejects(client.send(new DeleteAnomalyMonitorCommand({ MonitorArn: arn })), unknown);
      await assert.rejects(client.send(new UpdateAnomalyMonitorCommand({ MonitorArn: arn })), unknown);
      await assert.rejects(client.send(new GetAnomalyMonitorsCommand({ MonitorArnList: [arn] })), unknown);
    });

    it("are one for each dimension, and of each account", async () => {
      const dimensional = { MonitorType: "DIMENSIONAL" as const, MonitorDimension: "SERVICE" as const };
      const MonitorArn = await create(dimensional);
      await assert.rejects(
        create({ ...dimensional, MonitorName: "again" }),
        invalid(/^Limit exceeded on dimensional spend monitor creation$/),
      );
      const accounts = await create({ ...dimensional, MonitorDimension: "LINKED_ACCOUNT" });
      const member = new CostExplorerClient(cloud.as(MEMBER));
      await create(dimensional, member);
      for (const arn of [MonitorArn, accounts]) await client.send(new DeleteAnomalyMonitorCommand({ MonitorArn: arn }));
      const Limit = (await member.send(new GetAnomalyMonitorsCommand({}))).AnomalyMonitors?.length;
      assert.equal(Limit, 1);
    });

    it("are refused when they do not say what to watch, or too much", async () => {
      const specified = (MonitorSpecification: Expression) => create({ MonitorSpecification });
      await assert.rejects(create({ MonitorType: "DIMENSIONAL" }), invalid(/must have a monitor dimension/));
      await assert.rejects(create({}), invalid(/must have a MonitorSpecification/));
      await assert.rejects(
        create({ ...custom(MEMBER), MonitorDimension: "SERVICE" }),
        invalid(/do not support a monitor dimension/),
      );
      await assert.rejects(create(custom(...Array<string>(11).fill(MEMBER))), invalid(/from 1 to 10 values, not 11/));
      await assert.rejects(specified({ Dimensions: { Key: "AZ", Values: ["a"] } }), invalid(/LINKED_ACCOUNT only/));
      await assert.rejects(
        specified({ CostCategories: { Key: "c", Values: ["a", "b"] } }),
        invalid(/from 1 to 1 values/),
      );
      await assert.rejects(
        create({ MonitorType: "DIMENSIONAL", MonitorDimension: "TAG" }),
        invalid(/\{"Tags":\{"Key":"\.\.\."\}\}/),
      );
      await assert.rejects(
        create({ MonitorType: "OTHER" as "CUSTOM" }),
        invalid(/'anomalyMonitor\.monitorType' failed to satisfy constraint: Member must satisfy enum value set/),
      );
      const tag = await create({
        MonitorType: "DIMENSIONAL",
        MonitorDimension: "TAG",
        MonitorSpecification: { Tags: { Key: "owner" } },
      });
      await client.send(new DeleteAnomalyMonitorCommand({ MonitorArn: tag }));
    });

    it("have tags", async () => {
      const ResourceArn = await create(custom(MEMBER));
      const tags = async () => (await client.send(new ListTagsForResourceCommand({ ResourceArn }))).ResourceTags;
      const tag = (...keys: string[]) =>
        client.send(new TagResourceCommand({ ResourceArn, ResourceTags: keys.map((Key) => ({ Key, Value: "v" })) }));
      await tag("a", "b");
      await client.send(new UntagResourceCommand({ ResourceArn, ResourceTagKeys: ["a", "c"] }));
      assert.deepEqual(await tags(), [{ Key: "b", Value: "v" }]);
      await assert.rejects(tag("aws:a"), invalid(/reserved for AWS/));
      await assert.rejects(tag("a", "a"), invalid(/Duplicate tag keys/));
      await assert.rejects(tag(...Array.from({ length: 50 }, (_, i) => `k${i}`)), { name: "TooManyTagsException" });
      await client.send(new DeleteAnomalyMonitorCommand({ MonitorArn: ResourceArn }));
      await assert.rejects(tags(), { name: "ResourceNotFoundException" });
    });

    it("are guarded by IAM, each on its own", async () => {
      const MonitorArn = await create(custom(MEMBER));
      const other = await create(custom(MEMBER));
      const settings = cloud.as(MANAGEMENT);
      const role = await createRole(settings, "watcher", "lambda.amazonaws.com", []);
      const iam = new IAMClient(settings);
      const PolicyDocument = policy({ Action: "ce:UpdateAnomalyMonitor", Resource: MonitorArn });
      await iam.send(new PutRolePolicyCommand({ RoleName: "watcher", PolicyName: "may", PolicyDocument }));
      const watcher = new CostExplorerClient(await assumeRole(settings, role));
      await watcher.send(new UpdateAnomalyMonitorCommand({ MonitorArn, MonitorName: "renamed" }));
      const denied = { name: "AccessDeniedException" };
      await assert.rejects(watcher.send(new UpdateAnomalyMonitorCommand({ MonitorArn: other })), denied);
      await assert.rejects(watcher.send(new GetAnomalyMonitorsCommand({})), denied);
    });
  });

  describe("anomaly subscriptions", () => {
    let monitor: string;
    before(async () => (monitor = await create(custom(MEMBER))));

    it("are made, found by monitor, changed and deleted", async () => {
      const SubscriptionArn = await subscribe({ MonitorArnList: [monitor] });
      await client.send(
        new UpdateAnomalySubscriptionCommand({
          SubscriptionArn,
          Frequency: "IMMEDIATE",
          Subscribers: [{ Type: "SNS", Address: TOPIC }],
          ThresholdExpression: { And: [impact("1"), impact("5", { Key: "ANOMALY_TOTAL_IMPACT_PERCENTAGE" })] },
        }),
      );
      const { AnomalySubscriptions } = await client.send(new GetAnomalySubscriptionsCommand({ MonitorArn: monitor }));
      const [found] = AnomalySubscriptions ?? [];
      assert.deepEqual(
        [found?.AccountId, found?.Frequency, found?.Subscribers],
        [MANAGEMENT, "IMMEDIATE", [{ Status: "CONFIRMED", Type: "SNS", Address: TOPIC }]],
      );
      assert.equal(found?.ThresholdExpression?.And?.length, 2);
      await client.send(new DeleteAnomalySubscriptionCommand({ SubscriptionArn }));
      await assert.rejects(client.send(new DeleteAnomalySubscriptionCommand({ SubscriptionArn })), {
        name: "UnknownSubscriptionException",
      });
    });

    it("take the old threshold for an expression, and lose a monitor that is deleted", async () => {
      const gone = await create(custom(MEMBER));
      const arn = await subscribe({ MonitorArnList: [gone], Threshold: 20, ThresholdExpression: undefined });
      await client.send(new DeleteAnomalyMonitorCommand({ MonitorArn: gone }));
      const { AnomalySubscriptions } = await client.send(
        new GetAnomalySubscriptionsCommand({ SubscriptionArnList: [arn] }),
      );
      assert.deepEqual(AnomalySubscriptions?.[0]?.ThresholdExpression, impact("20"));
      assert.deepEqual(AnomalySubscriptions[0]?.MonitorArnList, []);
    });

    it("are refused in AWS's words", async () => {
      const MonitorArnList = ["arn:aws:ce::830000000001:anomalymonitor/none"];
      await assert.rejects(subscribe({ MonitorArnList }), { name: "UnknownMonitorException" });
      const refused = (more: Partial<AnomalySubscription>, message: RegExp) =>
        assert.rejects(subscribe({ MonitorArnList: [monitor], ...more }), invalid(message), String(message));
      await refused({ MonitorArnList: [] }, /MonitorArnList cannot be empty/);
      await refused({ Subscribers: [] }, /Subscribers cannot be empty/);
      await refused({ Subscribers: [MAIL, MAIL] }, /Duplicate subscribers/);
      await refused({ Subscribers: [{ Type: "SNS", Address: MAIL.Address }] }, /does not fit the subscriber type SNS/);
      await refused({ Subscribers: [{ Type: "SNS", Address: TOPIC }] }, /only support Email subscriptions/);
      await refused({ Frequency: "IMMEDIATE" }, /only supports SNS/);
      await refused({ Frequency: "YEARLY" as "DAILY" }, /enum value set: \[DAILY, IMMEDIATE, WEEKLY\]/);
      await refused({ Subscribers: [{ Type: "EMAIL", Address: "nobody" }] }, /regular expression pattern/);
      await refused({ ThresholdExpression: undefined }, /cannot both be null/);
      await refused({ Threshold: 1 }, /cannot both be specified/);
      await refused({ ThresholdExpression: impact("1", { Key: "SERVICE" }) }, /ANOMALY_TOTAL_IMPACT_ABSOLUTE/);
      await refused({ ThresholdExpression: impact("1", { MatchOptions: ["EQUALS"] }) }, /GREATER_THAN_OR_EQUAL/);
      await refused({ ThresholdExpression: impact("much") }, /a number from 0 to 10000000000/);
      await refused({ ThresholdExpression: { Not: impact("1") } }, /one of Dimensions, And and Or/);
    });
  });

  describe("cost allocation tags", () => {
    const list = async (status?: "Active" | "Inactive") => {
      const { CostAllocationTags } = await client.send(new ListCostAllocationTagsCommand({ Status: status }));
      return CostAllocationTags?.map(({ TagKey, Type, Status }) => [TagKey, Type, Status]);
    };
    const set = (TagKey: string, Status: "Active" | "Inactive", as = client) =>
      as.send(new UpdateCostAllocationTagsStatusCommand({ CostAllocationTagsStatus: [{ TagKey, Status }] }));

    it("are those of the resources of all accounts, inactive until they are activated", async () => {
      assert.deepEqual(await list(), [["aws:createdBy", "AWSGenerated", "Inactive"]]);
      const TagSpecifications = [{ ResourceType: "vpc" as const, Tags: [{ Key: "owner", Value: "edge" }] }];
      await new EC2Client(cloud.as(MEMBER, "eu-west-1")).send(
        new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications }),
      );
      assert.deepEqual(await list("Active"), []);
      assert.deepEqual((await set("owner", "Active")).Errors, []);
      assert.deepEqual(await list("Active"), [["owner", "UserDefined", "Active"]]);
      await set("owner", "Inactive");
      assert.deepEqual(await list("Active"), []);
    });

    it("are not activated before there are any, nor by a member account", async () => {
      const { Errors } = await set("unheard-of", "Active");
      assert.deepEqual(
        Errors?.map(({ TagKey }) => TagKey),
        ["unheard-of"],
      );
      await assert.rejects(set("owner", "Active", new CostExplorerClient(cloud.as(MEMBER))), {
        name: "AccessDeniedException",
      });
      const twice = { TagKey: "owner", Status: "Active" as const };
      await assert.rejects(
        client.send(new UpdateCostAllocationTagsStatusCommand({ CostAllocationTagsStatus: [twice, twice] })),
        invalid(/Duplicate tag keys/),
      );
    });
  });
});
