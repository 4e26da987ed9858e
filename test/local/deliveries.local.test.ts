import * as assert from "node:assert/strict";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { AddPermissionCommand, LambdaClient, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, SchedulerClient, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { SendMessageCommand, SetQueueAttributesCommand, SQSClient, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { startTestCloud, type ClientSettings, type TestCloud } from "../support/cloud";
import { createFunction, createQueue, createRole, policy, type Permission, type Queue } from "../support/functions";
import { given } from "../support/network";

const account = "555555555555";

describe("the local cloud's deliveries", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;
  let sqs: SQSClient;
  let eventBridge: EventBridgeClient;
  let scheduler: SchedulerClient;

  before(async () => {
    cloud = await startTestCloud({ LAMBDA_ASYNC_RETRY_BASE_SECONDS: "0.05" });
    settings = cloud.as(account);
    sqs = new SQSClient(settings);
    eventBridge = new EventBridgeClient(settings);
    scheduler = new SchedulerClient(settings);
  });
  after(() => cloud.stop());

  const ruleArn = (name: string): string => `arn:aws:events:us-east-1:${account}:rule/${name}`;
  const allowRule = (queue: Queue, name: string) =>
    sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: queue.url,
        Attributes: {
          Policy: policy({
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queue.arn,
            Condition: { ArnEquals: { "aws:SourceArn": ruleArn(name) } },
          }),
        },
      }),
    );
  /** A rule on source `test.NAME` with one target; returns how to send it an event. */
  const rule = async (name: string, target: Omit<Target, "Id">): Promise<(detail: object) => Promise<unknown>> => {
    await eventBridge.send(
      new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: [`test.${name}`] }) }),
    );
    await eventBridge.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: "target", ...target }] }));
    return (detail) =>
      eventBridge.send(
        new PutEventsCommand({
          Entries: [{ Source: `test.${name}`, DetailType: "test", Detail: JSON.stringify(detail) }],
        }),
      );
  };
  const detailOf = (body: string | undefined): unknown => (JSON.parse(body ?? "") as { detail: unknown }).detail;

  describe("of EventBridge rules", () => {
    it("reach a queue whose policy lets the rule in", async () => {
      const queue = await createQueue(settings, "allowed");
      await allowRule(queue, "allowed");
      const send = await rule("allowed", { Arn: queue.arn });
      await send({ n: 1 });
      const [message] = await queue.take(1);
      assert.deepEqual(detailOf(message?.Body), { n: 1 });
    });

    it("do not reach a queue without such a policy, and go to the target's dead-letter queue", async () => {
      const queue = await createQueue(settings, "closed");
      const dead = await createQueue(settings, "closed-dead");
      await allowRule(dead, "closed");
      const send = await rule("closed", { Arn: queue.arn, DeadLetterConfig: { Arn: dead.arn } });
      await send({ n: 2 });
      const [letter] = await dead.take(1);
      assert.deepEqual(detailOf(letter?.Body), { n: 2 });
      const attributes = letter?.MessageAttributes ?? {};
      assert.equal(attributes["ERROR_CODE"]?.StringValue, "NO_PERMISSIONS");
      assert.equal(attributes["RULE_ARN"]?.StringValue, ruleArn("closed"));
      assert.equal(attributes["TARGET_ARN"]?.StringValue, queue.arn);
    });

    it("keep the message group of a FIFO queue, and need its content-based deduplication", async () => {
      const fifo = { FifoQueue: "true", ContentBasedDeduplication: "true" };
      const queue = await createQueue(settings, "grouped.fifo", fifo);
      await allowRule(queue, "grouped");
      const target = {
        SqsParameters: { MessageGroupId: "www" },
        InputTransformer: { InputPathsMap: { n: "$.detail.n" }, InputTemplate: '"<n>"' },
      };
      const send = await rule("grouped", { Arn: queue.arn, ...target });
      for (const n of [1, 1, 2]) await send({ n });
      const messages = await queue.take(2);
      assert.deepEqual(
        messages.map((m) => [m.Body, m.Attributes?.MessageGroupId]),
        [
          ['"1"', "www"],
          ['"2"', "www"],
        ],
      );

      const strict = await createQueue(settings, "strict.fifo", { FifoQueue: "true" });
      const dead = await createQueue(settings, "strict-dead");
      await allowRule(strict, "strict");
      await allowRule(dead, "strict");
      const sendStrict = await rule("strict", { Arn: strict.arn, ...target, DeadLetterConfig: { Arn: dead.arn } });
      await sendStrict({ n: 3 });
      const [letter] = await dead.take(1);
      assert.match(
        given(letter?.MessageAttributes?.["ERROR_MESSAGE"]?.StringValue, "error"),
        /ContentBasedDeduplication/,
      );
    });

    it("call a function that lets the rule in, again when it fails, then its failure destination", async () => {
      const failures = await createQueue(settings, "failures");
      const role = await createRole(settings, "failing", "lambda.amazonaws.com", [
        { Action: "sqs:SendMessage", Resource: failures.arn },
      ]);
      const arn = await createFunction(
        settings,
        "failing",
        role,
        "exports.handler = async () => { throw new Error('broken'); };",
      );
      const lambda = new LambdaClient(settings);
      await lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: "failing",
          MaximumRetryAttempts: 1,
          DestinationConfig: { OnFailure: { Destination: failures.arn } },
        }),
      );
      const send = await rule("failing", { Arn: arn });
      await send({ n: 1 });
      await lambda.send(
        new AddPermissionCommand({
          FunctionName: "failing",
          StatementId: "rule",
          Action: "lambda:InvokeFunction",
          Principal: "events.amazonaws.com",
          SourceArn: ruleArn("failing"),
        }),
      );
      await send({ n: 2 });
      const [failure] = await failures.take(1);
      const record = JSON.parse(failure?.Body ?? "") as {
        requestPayload: { detail: unknown };
        responsePayload: { errorMessage: string };
      };
      assert.deepEqual(record.requestPayload.detail, { n: 2 });
      assert.equal(record.responsePayload.errorMessage, "broken");
    });
  });

  describe("of EventBridge Scheduler", () => {
    const FlexibleTimeWindow = { Mode: "OFF" as const };
    const in1Second = (): string => `at(${new Date(Date.now() + 1000).toISOString().slice(0, 19)})`;

    it("need a role that may, and fire at their time", async () => {
      const queue = await createQueue(settings, "scheduled");
      const RoleArn = await createRole(settings, "scheduled", "scheduler.amazonaws.com", [
        { Action: "sqs:SendMessage", Resource: queue.arn },
      ]);
      const Target = { Arn: queue.arn, RoleArn, Input: '{"schedule":"<aws.scheduler.schedule-arn>"}' };
      const { ScheduleArn } = await scheduler.send(
        new CreateScheduleCommand({ Name: "once", ScheduleExpression: in1Second(), FlexibleTimeWindow, Target }),
      );
      const [first] = await queue.take(1);
      assert.deepEqual(JSON.parse(first?.Body ?? ""), { schedule: ScheduleArn });
      await scheduler.send(
        new UpdateScheduleCommand({ Name: "once", ScheduleExpression: in1Second(), FlexibleTimeWindow, Target }),
      );
      await queue.take(1);
    });

    it("call a function again when it fails, then its failure destination, if its role may send there", async () => {
      const failures = await createQueue(settings, "report-failures");
      const broken = "exports.handler = async ({ date }) => { throw new Error(`no costs of ${date}`); };";
      const fire = async (name: string, permissions: Permission[]): Promise<void> => {
        const role = await createRole(settings, name, "lambda.amazonaws.com", permissions);
        const Arn = await createFunction(settings, name, role, broken);
        await new LambdaClient(settings).send(
          new PutFunctionEventInvokeConfigCommand({
            FunctionName: name,
            MaximumRetryAttempts: 1,
            DestinationConfig: { OnFailure: { Destination: failures.arn } },
          }),
        );
        const RoleArn = await createRole(settings, `${name}-schedule`, "scheduler.amazonaws.com", [
          { Action: "lambda:InvokeFunction", Resource: Arn },
        ]);
        const Target = { Arn, RoleArn, Input: JSON.stringify({ date: name }) };
        await scheduler.send(
          new CreateScheduleCommand({ Name: name, ScheduleExpression: "rate(1 day)", FlexibleTimeWindow, Target }),
        );
        await fetch(`${cloud.endpoint}/_aws-patterns/fire-schedule?name=${name}`, { method: "POST" });
      };
      await fire("may-not", []);
      await fire("may", [{ Action: "sqs:SendMessage", Resource: failures.arn }]);
      const [failure] = await failures.take(1);
      const record = JSON.parse(failure?.Body ?? "") as { requestPayload: unknown; requestContext: unknown };
      assert.deepEqual(record.requestPayload, { date: "may" });
      assert.match(failure?.Body ?? "", /"condition": "RetriesExhausted".*"errorMessage": "no costs of may"/);
      await assert.rejects(failures.take(1, 1000), /in vain/);
    });

    it("go to the dead-letter queue when the role may not", async () => {
      const queue = await createQueue(settings, "unreachable");
      const dead = await createQueue(settings, "unreachable-dead");
      const RoleArn = await createRole(settings, "unreachable", "scheduler.amazonaws.com", [
        { Action: "sqs:SendMessage", Resource: dead.arn },
      ]);
      await scheduler.send(
        new CreateScheduleCommand({
          Name: "unreachable",
          ScheduleExpression: "rate(1 minute)",
          FlexibleTimeWindow,
          Target: { Arn: queue.arn, RoleArn, Input: "{}", DeadLetterConfig: { Arn: dead.arn } },
        }),
      );
      const fired = await fetch(`${cloud.endpoint}/_aws-patterns/fire-schedule?name=unreachable`, { method: "POST" });
      assert.equal(fired.status, 200);
      const [letter] = await dead.take(1);
      assert.match(
        given(letter?.MessageAttributes?.["ERROR_MESSAGE"]?.StringValue, "error"),
        /may not perform sqs:SendMessage/,
      );
      const unknown = await fetch(`${cloud.endpoint}/_aws-patterns/fire-schedule?name=nobody`, { method: "POST" });
      assert.equal(unknown.status, 400);
    });
  });

  describe("of SQS itself", () => {
    it("wait out the queue's delay, drop duplicates, and end in the dead-letter queue", async () => {
      const delayed = await createQueue(settings, "delayed", { DelaySeconds: "1" });
      const sent = Date.now();
      await sqs.send(new SendMessageCommand({ QueueUrl: delayed.url, MessageBody: "later" }));
      await delayed.take(1);
      assert.ok(Date.now() - sent >= 950, "it came too early");

      const fifo = await createQueue(settings, "deduplicated.fifo", { FifoQueue: "true" });
      for (const id of ["1", "1", "2"])
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: fifo.url,
            MessageBody: id,
            MessageGroupId: id,
            MessageDeduplicationId: id,
          }),
        );
      assert.deepEqual(
        (await fifo.take(2)).map((m) => m.Body),
        ["1", "2"],
      );

      const dead = await createQueue(settings, "dead");
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
      const source = await createQueue(settings, "source", { RedrivePolicy, VisibilityTimeout: "0" });
      await sqs.send(new SendMessageCommand({ QueueUrl: source.url, MessageBody: "poison" }));
      for (let receive = 0; receive < 3; receive++) await sqs.send(new ReceiveMessageCommand({ QueueUrl: source.url }));
      assert.equal((await dead.take(1))[0]?.Body, "poison");
    });
  });
});
