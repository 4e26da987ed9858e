import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  CallbackLambda,
  EventPipe,
  eventPattern,
  OneOffSchedules,
  pipeValue,
  ScheduledTask,
  StateMachine,
  WorkQueue,
} from "../../../components";
import { bootstrapAccount, rootCredentials } from "../../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../../local/local-run";
import { until } from "../../support/cloud";
import { EVERYTHING } from "../../support/policies";

const ACCOUNT = "100000000001";

/** Orders whose mail address fits are enriched, and worked off by a state machine; a poisoned one is given up. */
async function program(): Promise<Record<string, unknown>> {
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer`;
  const provider = new aws.Provider("account", { region: "us-east-1", assumeRoles: [{ roleArn }] });
  const orders = new aws.dynamodb.Table(
    "orders",
    {
      ...{ hashKey: "id", attributes: [{ name: "id", type: "S" }], billingMode: "PAY_PER_REQUEST" },
      ...{ streamEnabled: true, streamViewType: "NEW_IMAGE" },
    },
    { provider },
  );
  const enrich = new CallbackLambda(
    "enrich",
    {
      description: "Adds the price of an order",
      policies: [],
      callback: async (events: { id: string }[]) => {
        if (events.some(({ id }) => id.startsWith("poison"))) throw new Error("poisoned");
        return events.map(({ id }) => ({ id, price: id.length }));
      },
    },
    { provider },
  );
  const fulfilment = new StateMachine(
    "fulfilment",
    {
      description: "Works off orders",
      policies: [],
      definition: {
        QueryLanguage: "JSONata",
        StartAt: "Total",
        States: { Total: { Type: "Pass", Output: "{% $states.input %}", End: true } },
      },
    },
    { provider },
  );
  const { suffix, or } = eventPattern;
  const image = (field: eventPattern.EventPattern) => ({ dynamodb: { NewImage: field } });
  const pipe = new EventPipe(
    "paid",
    {
      description: "Paid orders are worked off",
      source: { table: orders, batchSize: 1, maximumRetryAttempts: 1 },
      filters: [or(image({ email: { S: [suffix("@example.com")] } }), image({ vip: { BOOL: [true] } }))],
      enrichment: { lambda: enrich, inputTemplate: { id: pipeValue("$.dynamodb.Keys.id.S") } },
      target: { stateMachine: fulfilment },
    },
    { provider },
  );
  const reminders = new WorkQueue("reminders", { purpose: "reminders", visibilityTimeoutSeconds: 30 }, { provider });
  const oneOffs = new OneOffSchedules(
    "one-offs",
    { description: "Reminders", target: { queue: reminders } },
    { provider },
  );
  const { settings } = oneOffs;
  const remind = new CallbackLambda(
    "remind",
    {
      description: "Makes a reminder",
      policies: oneOffs.policies,
      callback: async ({ key, at }: { key: string; at: string }) => {
        const { SchedulerClient } = await import("../../support/scheduler-client");
        const { makeOneOffSchedules } = await import("../../../handlers/shared/one-off-schedules");
        // Half a minute is kept for calls that are late; here none is.
        const now = () => new Date(Date.now() - 40_000);
        const schedules = makeOneOffSchedules(new SchedulerClient(), settings.get(), now);
        return schedules.schedule({ key, at: new Date(at), input: { key } });
      },
    },
    { provider },
  );
  new ScheduledTask(
    "nightly",
    {
      description: "Every night",
      expression: "cron(0 3 * * ? *)",
      timeZone: "Asia/Tokyo",
      target: { stateMachine: fulfilment },
    },
    { provider },
  );
  return {
    table: orders.name,
    machine: fulfilment.machine.arn,
    deadLetters: pipe.deadLetters.queue.url,
    remind: remind.function.name,
    reminders: reminders.queue.url,
  };
}

describe("EventPipe, StateMachine, OneOffSchedules and ScheduledTask on a live stack", function () {
  this.timeout(300_000);
  let run: LocalRun;
  let stack: Stack;
  const outputs: Record<string, string> = {};
  const client = () => ({
    ...{ region: "us-east-1", endpoint: run.cloud.endpoint },
    credentials: rootCredentials(ACCOUNT),
  });

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    await bootstrapAccount(run.cloud, ACCOUNT, EVERYTHING);
    stack = await LocalWorkspace.createStack(
      { stackName: "events", projectName: "events-test", program },
      await workspaceOptions(run),
    );
    for (const [name, { value }] of Object.entries((await stack.up()).outputs)) outputs[name] = String(value);
  });
  after(() => run?.stop());

  /** Inputs of the executions in the order of their start; Step Functions lists them by their end. */
  async function worked(): Promise<unknown[]> {
    const sfn = new SFNClient(client());
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: outputs.machine }));
    const started = executions.sort((one, two) => Number(one.startDate) - Number(two.startDate));
    const inputs = started.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn })));
    return (await Promise.all(inputs)).map(({ input }) => JSON.parse(input ?? "") as unknown);
  }

  it("changes nothing the second time", async () => {
    const changes = (await stack.up()).summary.resourceChanges ?? {};
    assert.deepEqual(Object.keys(changes), ["same"]);
  });

  it("works off what the filter lets through, in order, around a poisoned order that ends as a dead letter", async () => {
    const dynamodb = new DynamoDBClient(client());
    const put = (id: string, more: object): Promise<unknown> =>
      dynamodb.send(new PutItemCommand({ TableName: outputs.table, Item: { id: { S: id }, ...more } }));
    const ours = { email: { S: "ann@example.com" } };
    await put("a", ours);
    await put("other", { email: { S: "eve@example.net" } });
    await put("poison", ours);
    await put("bb", ours);
    await put("ccc", { email: { S: "eve@example.net" }, vip: { BOOL: true } });
    const expected = [
      ["a", 1],
      ["bb", 2],
      ["ccc", 3],
    ].map(([id, price]) => [{ id, price }]);
    await until("three executions", async () => (await worked()).length === 3, 60_000);
    assert.deepEqual(await worked(), expected);
    const sqs = new SQSClient(client());
    const letter = await until("a dead letter", async () => {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: outputs.deadLetters }));
      return Messages?.[0]?.Body;
    });
    assert.match(letter, /"streamArn":/);
    assert.deepEqual(await worked(), expected);
  });

  it("reminds once, however often it is asked to", async () => {
    const lambda = new LambdaClient(client());
    const event = { key: "order/1", at: new Date(Date.now() + 4_000).toISOString() };
    const ask = async (): Promise<unknown> => {
      const input = { FunctionName: outputs.remind, Payload: JSON.stringify(event) };
      const { Payload } = await lambda.send(new InvokeCommand(input));
      return JSON.parse(Buffer.from(Payload ?? []).toString());
    };
    assert.deepEqual([await ask(), await ask()], ["created", "unchanged"]);
    const sqs = new SQSClient(client());
    const reminder = await until(
      "the reminder",
      async () => {
        const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: outputs.reminders }));
        return Messages?.[0]?.Body;
      },
      30_000,
    );
    assert.equal(reminder, '{"key":"order/1"}');
  });

  it("leaves nothing behind when it is destroyed", async () => {
    await stack.destroy();
    const { deployment } = await stack.exportStack();
    assert.deepEqual((deployment as { resources?: unknown[] }).resources ?? [], []);
  });
});
