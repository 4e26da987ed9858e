import * as assert from "node:assert/strict";
import { ArgumentsError } from "../../../components/internal/argument-checks";
import { DeadLetterQueue, type DeadLetterQueueArgs } from "../../../components/building-blocks/dead-letter-queue";
import { WorkQueue, type WorkQueueArgs } from "../../../components/building-blocks/work-queue";
import { attempt, deploy, ofType, only, type Registered } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const QUEUE = "aws:sqs/queue:Queue";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const ARN = "arn:aws:sqs:us-east-1:111111111111:";

async function work(args: Partial<WorkQueueArgs> = {}): Promise<Registered[]> {
  const create = () => new WorkQueue("work", { purpose: "letters", visibilityTimeoutSeconds: 180, ...args });
  return (await deploy(create)).resources;
}

async function deadLetters(args: Partial<DeadLetterQueueArgs> = {}): Promise<Registered[]> {
  return (await deploy(() => new DeadLetterQueue("dead", { purpose: "letters", ...args }))).resources;
}

describe("WorkQueue", () => {
  it("is encrypted, delivers at once, and gives a message up after five deliveries", async () => {
    const { inputs } = only(await work(), QUEUE, "work-queue");
    assert.deepEqual(
      { ...inputs, redrivePolicy: JSON.parse(String(inputs.redrivePolicy)) as unknown },
      {
        sqsManagedSseEnabled: true,
        visibilityTimeoutSeconds: 180,
        delaySeconds: 0,
        redrivePolicy: { deadLetterTargetArn: `${ARN}work-dead-letters-queue`, maxReceiveCount: 5 },
      },
    );
  });

  it("takes delay, deliveries, and the age at which its alarm goes off", async () => {
    const resources = await work({ delaySeconds: 90, maximumDeliveries: 3, oldestMessageAlarmSeconds: 60 });
    const { inputs } = only(resources, QUEUE, "work-queue");
    assert.equal(inputs.delaySeconds, 90);
    assert.match(String(inputs.redrivePolicy), /"maxReceiveCount":3/);
    assert.equal(only(resources, ALARM, "work-oldest-message").inputs.threshold, 60);
  });

  it("tells when messages wait too long, and when there are dead letters", async () => {
    const resources = await work({ alarmTopicArns: ["arn:topic"] });
    const { alarmDescription, ...oldest } = only(resources, ALARM, "work-oldest-message").inputs;
    assert.match(String(alarmDescription), /letters/);
    assert.deepEqual(oldest, {
      namespace: "AWS/SQS",
      metricName: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: "work-queue" },
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      threshold: 600,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: ["arn:topic"],
      okActions: ["arn:topic"],
    });
    assert.deepEqual(only(resources, ALARM, "work-dead-letters-alarm").inputs.alarmActions, ["arn:topic"]);
  });

  it("tells nobody when no topic is given", async () => {
    for (const { inputs } of ofType(await work(), ALARM)) {
      assert.deepEqual([inputs.alarmActions, inputs.okActions], [undefined, undefined]);
    }
  });

  it("lets in who is named, and nobody in clear text", async () => {
    const sourceArn = "arn:aws:events:us-east-1:111111111111:rule/r";
    const resources = await work({ senders: [{ service: "events.amazonaws.com", sourceArn }] });
    const statements = statementsOf(only(resources, POLICY, "work-policy").inputs.policy);
    assert.deepEqual(
      statements.map(({ Effect, Principal, Condition }) => [Effect, Principal, Condition]),
      [
        ["Allow", { Service: "events.amazonaws.com" }, { ArnLike: { "aws:SourceArn": sourceArn } }],
        ["Deny", "*", { Bool: { "aws:SecureTransport": "false" } }],
      ],
    );
    const alone = statementsOf(only(await work(), POLICY, "work-policy").inputs.policy);
    assert.deepEqual(
      alone.map(({ Effect }) => Effect),
      ["Deny"],
    );
  });

  it("is a FIFO queue with FIFO dead letters when asked", async () => {
    const resources = await work({ fifo: true });
    const main = only(resources, QUEUE, "work-queue").inputs;
    assert.deepEqual([main.fifoQueue, main.contentBasedDeduplication], [true, true]);
    assert.equal(only(resources, QUEUE, "work-dead-letters-queue").inputs.fifoQueue, true);
    const { result } = await deploy(
      () => new WorkQueue("work", { purpose: "", visibilityTimeoutSeconds: 60, fifo: true }),
    );
    assert.equal(result.fifo, true);
  });

  it("takes the bounds of SQS", async () => {
    const least = { visibilityTimeoutSeconds: 0, delaySeconds: 0, maximumDeliveries: 1, oldestMessageAlarmSeconds: 1 };
    const most = {
      visibilityTimeoutSeconds: 43_200,
      delaySeconds: 900,
      maximumDeliveries: 1_000,
      oldestMessageAlarmSeconds: 1_209_600,
    };
    for (const args of [least, most]) await work(args);
    for (const [name, value] of [...Object.entries(least), ...Object.entries(most)]) {
      const beyond = value > 1 ? value + 1 : value - 1;
      await assert.rejects(work({ [name]: beyond }), new RegExp(`1 wrong argument\n {2}${name}: received ${beyond};`));
    }
  });

  it("refuses all wrong numbers at once, before it registers anything", async () => {
    const wrong = {
      visibilityTimeoutSeconds: NaN,
      delaySeconds: 901,
      maximumDeliveries: 0,
      oldestMessageAlarmSeconds: 0.5,
    };
    const { error, resources } = await attempt(() => new WorkQueue("work", { purpose: "", ...wrong }));
    assert.ok(error instanceof ArgumentsError);
    assert.deepEqual(
      error.errors.map(({ path }) => path),
      Object.keys(wrong),
    );
    assert.deepEqual(resources, []);
  });
});

describe("DeadLetterQueue", () => {
  it("keeps messages as long as SQS can, encrypted, and tells of the first one", async () => {
    const resources = await deadLetters();
    assert.deepEqual(only(resources, QUEUE).inputs, { messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true });
    const { alarmDescription, ...alarm } = only(resources, ALARM).inputs;
    assert.match(String(alarmDescription), /letters.*redrive/);
    assert.deepEqual(alarm, {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "dead-queue" },
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
    });
  });

  it("is FIFO when asked, and tells the topics that are given", async () => {
    const resources = await deadLetters({ fifo: true, alarmTopicArns: ["arn:topic"] });
    assert.equal(only(resources, QUEUE).inputs.fifoQueue, true);
    const { alarmActions, okActions } = only(resources, ALARM).inputs;
    assert.deepEqual([alarmActions, okActions], [["arn:topic"], ["arn:topic"]]);
  });

  it("takes what rules of its own account and region cannot deliver, when asked", async () => {
    const allowed = async (args: Partial<DeadLetterQueueArgs>): Promise<unknown[]> =>
      statementsOf(only(await deadLetters(args), POLICY).inputs.policy)
        .filter(({ Effect }) => Effect === "Allow")
        .map(({ Principal, Condition }) => [Principal, Condition?.ArnLike?.["aws:SourceArn"]]);
    assert.deepEqual(await allowed({}), []);
    assert.deepEqual(await allowed({ fromEventRules: true }), [
      [{ Service: "events.amazonaws.com" }, "arn:aws:events:us-east-1:111111111111:rule/*"],
    ]);
  });
});
