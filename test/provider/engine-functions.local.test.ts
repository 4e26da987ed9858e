import * as assert from "node:assert/strict";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  PutEventsCommand,
} from "@aws-sdk/client-eventbridge";
import { IAMClient, ListInstanceProfilesCommand, ListPoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  TagResourceCommand,
} from "@aws-sdk/client-lambda";
import { ListScheduleGroupsCommand, ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ListSubscriptionsCommand, ListTopicsCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { bootstrapAccount, rootCredentials } from "../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../local/local-run";
import { until } from "../../local/provider/services/support";
import { ACCOUNT, BASE, program, RESOURCES, type Settings } from "./engine-functions";
import { EVERYTHING } from "../support/policies";

describe("functions, events and permissions under the real engine", () => {
  let run: LocalRun | undefined;
  let stack: Stack;
  let current = BASE;
  let outputs: Record<string, string> = {};

  const settingsOfClient = () => ({
    region: "us-east-1",
    endpoint: run?.cloud.endpoint ?? "",
    credentials: rootCredentials(ACCOUNT),
  });

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    await bootstrapAccount(run.cloud, ACCOUNT, EVERYTHING);
    stack = await LocalWorkspace.createStack(
      { stackName: "functions", projectName: "functions-test", program: program(BASE) },
      await workspaceOptions(run),
    );
  });
  after(() => run?.stop());

  async function up(settings: Settings): Promise<Partial<Record<string, number>>> {
    stack.workspace.program = program(settings);
    current = settings;
    const result = await stack.up();
    outputs = Object.fromEntries(Object.entries(result.outputs).map(([name, { value }]) => [name, String(value)]));
    return result.summary.resourceChanges ?? {};
  }

  /** The text of the next message, which is then hidden from others. */
  async function next(queue: string): Promise<string> {
    const receive = new ReceiveMessageCommand({ QueueUrl: outputs[queue], WaitTimeSeconds: 1, VisibilityTimeout: 600 });
    const client = new SQSClient(settingsOfClient());
    const ask = async (): Promise<string | undefined> => (await client.send(receive)).Messages?.[0]?.Body;
    return until(`a message in ${queue}`, ask, { timeoutSeconds: 20 });
  }

  async function send(text: string): Promise<void> {
    const message = new SendMessageCommand({ QueueUrl: outputs.work, MessageBody: text });
    await new SQSClient(settingsOfClient()).send(message);
  }

  it("plans all of it with values that are not known yet, and makes it", async () => {
    assert.deepEqual((await stack.preview()).changeSummary, { create: RESOURCES });
    assert.deepEqual(await up(BASE), { create: RESOURCES });
    assert.deepEqual([outputs.account, outputs.region, outputs.version], [ACCOUNT, "us-east-1", "1"]);
  });

  it("calls the function for what comes by the queue, by the bus and by the topic", async () => {
    await send("directly");
    assert.equal(await next("answers"), "seen directly");
    const entry = { EventBusName: outputs.bus, Source: "patterns", DetailType: "test", Detail: '{"text":"by bus"}' };
    await new EventBridgeClient(settingsOfClient()).send(new PutEventsCommand({ Entries: [entry] }));
    assert.match(await next("answers"), /^seen "?by bus"?$/);
    const publish = new PublishCommand({ TopicArn: outputs.topic, Message: "by topic" });
    await new SNSClient(settingsOfClient()).send(publish);
    assert.equal(await next("answers"), "seen by topic");
  });

  it("changes nothing the second time, and finds no drift", async () => {
    assert.deepEqual(await up(BASE), { same: RESOURCES });
    // A mapping tells of its last batch, which is no drift of an input.
    const { summary } = await stack.refresh();
    assert.equal((summary.resourceChanges?.same ?? 0) + (summary.resourceChanges?.update ?? 0), RESOURCES);
    assert.ok((summary.resourceChanges?.update ?? 0) <= 1, JSON.stringify(summary.resourceChanges));
    assert.deepEqual(await up(BASE), { same: RESOURCES });
  });

  it("changes only what an argument belongs to", async () => {
    for (const change of [
      { batchSize: 5 },
      { retention: 30 },
      { threshold: 1 },
      { schedule: "cron(0 8 ? * MON-FRI *)" },
    ] as Partial<Settings>[]) {
      assert.deepEqual(await up({ ...current, ...change }), { same: RESOURCES - 1, update: 1 }, JSON.stringify(change));
    }
  });

  it("runs new code in a new version, without replacing the function", async () => {
    assert.deepEqual(await up({ ...current, word: "heard" }), { same: RESOURCES - 2, update: 2 });
    assert.equal(outputs.version, "2");
    await send("again");
    assert.equal(await next("answers"), "heard again");
  });

  it("leaves a function without the permission to its dead-letter queue", async () => {
    assert.deepEqual(await up({ ...current, maySend: false }), { same: RESOURCES - 1, update: 1 });
    await send("in vain");
    assert.equal(await next("dead"), "in vain");
    assert.deepEqual(await up({ ...current, maySend: true }), { same: RESOURCES - 1, update: 1 });
  });

  it("takes a tag of somebody else's away", async () => {
    const tag = new TagResourceCommand({ Resource: outputs.functionArn, Tags: { owner: "other", more: "x" } });
    await new LambdaClient(settingsOfClient()).send(tag);
    await stack.refresh();
    assert.deepEqual(await up(current), { same: RESOURCES - 1, update: 1 });
  });

  it("leaves nothing after destroy", async () => {
    await stack.destroy();
    const client = settingsOfClient();
    const [iam, lambda] = [new IAMClient(client), new LambdaClient(client)];
    const [cloudwatch, events] = [new CloudWatchClient(client), new EventBridgeClient(client)];
    const [sns, scheduler] = [new SNSClient(client), new SchedulerClient(client)];
    const left = {
      roles: (await iam.send(new ListRolesCommand({}))).Roles?.map(({ RoleName }) => RoleName),
      policies: (await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies,
      profiles: (await iam.send(new ListInstanceProfilesCommand({}))).InstanceProfiles,
      functions: (await lambda.send(new ListFunctionsCommand({}))).Functions,
      mappings: (await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings,
      logs: (await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}))).logGroups,
      alarms: (await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms,
      dashboards: (await cloudwatch.send(new ListDashboardsCommand({}))).DashboardEntries,
      rules: (await events.send(new ListRulesCommand({}))).Rules,
      buses: (await events.send(new ListEventBusesCommand({}))).EventBuses?.map(({ Name }) => Name),
      topics: (await sns.send(new ListTopicsCommand({}))).Topics,
      subscriptions: (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions,
      schedules: (await scheduler.send(new ListSchedulesCommand({}))).Schedules,
      groups: (await scheduler.send(new ListScheduleGroupsCommand({}))).ScheduleGroups?.map(({ Name }) => Name),
    };
    assert.deepEqual(left, {
      roles: ["aws-patterns-deployer"],
      policies: [],
      profiles: [],
      functions: [],
      mappings: [],
      logs: [],
      alarms: [],
      dashboards: [],
      rules: [],
      buses: ["default"],
      topics: [],
      subscriptions: [],
      schedules: [],
      groups: ["default"],
    });
  });
});
