import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { CallbackLambda } from "../../components/callback-lambda";
import {
  EventRuleSubscription,
  QueueSubscription,
  type QueueSubscriptionArgs,
  ScheduleSubscription,
  type ScheduleSubscriptionArgs,
  TableStreamSubscription,
} from "../../components/subscriptions";
import { WorkQueue } from "../../components/work-queue";
import { deploy, only, type Registered } from "../support/mocks";

const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

function lambda(asynchronous = false): CallbackLambda {
  return new CallbackLambda("fn", {
    description: "Does something",
    policies: [],
    callback: async () => undefined,
    ...(asynchronous ? { asynchronous: {} } : {}),
  });
}

function queue(): WorkQueue {
  return new WorkQueue("work", { purpose: "work", visibilityTimeoutSeconds: 180 });
}

function actions({ inputs }: Registered): string[] {
  const { Statement } = JSON.parse(String(inputs.policy)) as { Statement: { Action: string[] }[] };
  return Statement.flatMap(({ Action }) => Action);
}

describe("EventRuleSubscription", () => {
  it("invokes the function, and keeps what cannot be delivered", async () => {
    const { resources } = await deploy(
      () =>
        new EventRuleSubscription("sub", {
          description: "Launches",
          eventPattern: { source: ["aws.ec2"] },
          lambda: lambda(true),
        }),
    );
    assert.equal(only(resources, "aws:cloudwatch/eventRule:EventRule").inputs.eventPattern, '{"source":["aws.ec2"]}');
    const target = only(resources, "aws:cloudwatch/eventTarget:EventTarget").inputs;
    assert.match(String((target.deadLetterConfig as { arn: string }).arn), /fn-dead-letters-queue$/);
    const permission = only(resources, "aws:lambda/permission:Permission").inputs;
    assert.deepEqual(
      [permission.principal, permission.action, permission.sourceArn],
      ["events.amazonaws.com", "lambda:InvokeFunction", "arn:aws:events:us-east-1:111111111111:rule/sub-rule"],
    );
  });

  it("refuses a function without dead letters, and says what to add", async () => {
    const create = () => new EventRuleSubscription("sub", { description: "", eventPattern: {}, lambda: lambda() });
    await assert.rejects(
      deploy(create),
      /lambda\.asynchronous: received nothing; .*give its CallbackLambda `asynchronous: \{\}`/,
    );
  });
});

describe("QueueSubscription", () => {
  const create = (args: Partial<QueueSubscriptionArgs> = {}) =>
    deploy(() => new QueueSubscription("sub", { queue: queue(), lambda: lambda(), ...args }));

  it("answers which messages failed, and may only receive and delete", async () => {
    const { resources } = await create();
    const { inputs } = only(resources, MAPPING);
    assert.deepEqual(inputs.functionResponseTypes, ["ReportBatchItemFailures"]);
    assert.equal(inputs.batchSize, 10);
    assert.equal(inputs.scalingConfig, undefined);
    assert.deepEqual(actions(only(resources, "aws:iam/rolePolicy:RolePolicy", "sub-access")), [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
    ]);
  });

  it("takes batches, windows and a concurrency", async () => {
    const { resources } = await create({ batchSize: 1000, batchingWindowSeconds: 2, maximumConcurrency: 2 });
    const { inputs } = only(resources, MAPPING);
    assert.deepEqual(
      [inputs.batchSize, inputs.maximumBatchingWindowInSeconds, inputs.scalingConfig],
      [1000, 2, { maximumConcurrency: 2 }],
    );
  });

  it("refuses what Lambda would refuse", async () => {
    await assert.rejects(
      create({ batchSize: 11 }),
      /batchSize: received 11; allowed: at most 10 without a batching window/,
    );
    await assert.rejects(create({ maximumConcurrency: 1, batchingWindowSeconds: 301 }), /2 wrong arguments/);
  });
});

describe("ScheduleSubscription", () => {
  const create = (target: () => ScheduleSubscriptionArgs["target"], more: Partial<ScheduleSubscriptionArgs> = {}) =>
    deploy(
      () =>
        new ScheduleSubscription("sub", {
          description: "Daily",
          expression: "cron(18 11 * * ? *)",
          target: target(),
          ...more,
        }),
    );

  it("sends to a queue with a role that may do just that", async () => {
    const { resources } = await create(() => ({ queue: queue() }), { input: { source: "schedule" } });
    const schedule = only(resources, "aws:scheduler/schedule:Schedule").inputs;
    assert.equal(schedule.scheduleExpressionTimezone, "UTC");
    assert.deepEqual(schedule.flexibleTimeWindow, { mode: "OFF" });
    const target = schedule.target as { input: string; deadLetterConfig: { arn: string } };
    assert.equal(target.input, '{"source":"schedule"}');
    assert.match(target.deadLetterConfig.arn, /work-dead-letters-queue$/);
    assert.deepEqual(actions(only(resources, "aws:iam/rolePolicy:RolePolicy", "sub-policy")), [
      "sqs:SendMessage",
      "sqs:SendMessage",
    ]);
  });

  it("invokes a function within a flexible window in a time zone", async () => {
    const { resources } = await create(() => ({ lambda: lambda(true) }), {
      flexibleWindowMinutes: 15,
      timeZone: "Europe/Berlin",
    });
    const schedule = only(resources, "aws:scheduler/schedule:Schedule").inputs;
    assert.deepEqual(schedule.flexibleTimeWindow, { mode: "FLEXIBLE", maximumWindowInMinutes: 15 });
    assert.equal(schedule.scheduleExpressionTimezone, "Europe/Berlin");
    assert.deepEqual(actions(only(resources, "aws:iam/rolePolicy:RolePolicy", "sub-policy")), [
      "lambda:InvokeFunction",
      "sqs:SendMessage",
    ]);
  });

  it("refuses a wrong expression, and a function without dead letters", async () => {
    await assert.rejects(
      create(() => ({ queue: queue() }), { expression: "every day" }),
      /expression: received "every day"/,
    );
    await assert.rejects(
      create(() => ({ lambda: lambda() })),
      /lambda\.asynchronous/,
    );
  });
});

describe("TableStreamSubscription", () => {
  it("bisects and retries failing batches, and tells a queue what it gave up", async () => {
    const { resources } = await deploy(() => {
      const table = new aws.dynamodb.Table("table", { hashKey: "id", attributes: [{ name: "id", type: "S" }] });
      new TableStreamSubscription("sub", {
        table,
        lambda: lambda(),
        filterPatterns: [{ eventName: ["INSERT"] }],
      });
    });
    const { inputs } = only(resources, MAPPING);
    assert.equal(inputs.bisectBatchOnFunctionError, true);
    assert.deepEqual([inputs.maximumRetryAttempts, inputs.maximumRecordAgeInSeconds, inputs.batchSize], [5, 3600, 100]);
    assert.deepEqual(inputs.filterCriteria, { filters: [{ pattern: '{"eventName":["INSERT"]}' }] });
    assert.match(JSON.stringify(inputs.destinationConfig), /sub-dead-letters-queue/);
  });
});

describe("WorkQueue", () => {
  it("is encrypted, refuses clear text, and has dead letters and two alarms", async () => {
    const { resources } = await deploy(
      () =>
        new WorkQueue("work", {
          purpose: "letters",
          visibilityTimeoutSeconds: 180,
          senders: [{ service: "events.amazonaws.com", sourceArn: "arn:aws:events:us-east-1:111111111111:rule/r" }],
        }),
    );
    const main = only(resources, "aws:sqs/queue:Queue", "work-queue").inputs;
    assert.equal(main.sqsManagedSseEnabled, true);
    assert.match(String(main.redrivePolicy), /work-dead-letters-queue","maxReceiveCount":5/);
    const policy = JSON.parse(
      String(only(resources, "aws:sqs/queuePolicy:QueuePolicy", "work-policy").inputs.policy),
    ) as {
      Statement: { Effect: string; Principal: unknown; Condition: unknown }[];
    };
    assert.deepEqual(
      policy.Statement.map(({ Effect, Principal, Condition }) => [Effect, Principal, Condition]),
      [
        [
          "Allow",
          { Service: "events.amazonaws.com" },
          { ArnLike: { "aws:SourceArn": "arn:aws:events:us-east-1:111111111111:rule/r" } },
        ],
        ["Deny", "*", { Bool: { "aws:SecureTransport": "false" } }],
      ],
    );
    const alarms = resources.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(alarms.map(({ inputs }) => inputs.metricName).sort(), [
      "ApproximateAgeOfOldestMessage",
      "ApproximateNumberOfMessagesVisible",
    ]);
  });

  it("is a FIFO queue with FIFO dead letters when asked", async () => {
    const { resources } = await deploy(
      () => new WorkQueue("work", { purpose: "", visibilityTimeoutSeconds: 60, fifo: true, delaySeconds: 90 }),
    );
    for (const ending of ["work-queue", "work-dead-letters-queue"]) {
      assert.equal(only(resources, "aws:sqs/queue:Queue", ending).inputs.fifoQueue, true);
    }
    assert.equal(only(resources, "aws:sqs/queue:Queue", "work-queue").inputs.delaySeconds, 90);
  });
});
