import * as assert from "node:assert/strict";
import { SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const account = testAccount({ project: "patterns" });
const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

function policy(arn: string, action: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: action, Resource: arn },
      { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "SNS:*", Resource: arn },
    ],
  });
}

describe("SNS in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };
  let topic: Managed;
  let queue: Managed;

  before(async () => {
    emulator = await startEmulator();
    topic = await new Managed(TOPIC, account, "shared").create({});
    queue = await new Managed("aws:sqs/queue:Queue", account, "shared").create({});
  });
  after(async () => {
    await topic.delete();
    await queue.delete();
    await emulator.stop();
  });

  it("keeps a topic as the program says", async () => {
    const made = await runCourse(account, {
      token: TOPIC,
      inputs: { displayName: "Alarms", tracingConfig: "Active", sqsSuccessFeedbackSampleRate: 10 },
      changed: { displayName: "Notices", sqsSuccessFeedbackSampleRate: 20, signatureVersion: 2 },
      changes: ["displayName", "signatureVersion", "sqsSuccessFeedbackSampleRate"],
    });
    assert.equal(made.id, `arn:aws:sns:us-east-1:111122223333:${made.output("name")}`);
    assert.equal(made.outputs.owner, "111122223333");
    await account
      .client(SNSClient)
      .send(
        new SetTopicAttributesCommand({ TopicArn: made.id, AttributeName: "DisplayName", AttributeValue: "Foreign" }),
      );
    await made.refresh();
    assert.equal(made.inputs.displayName, "Foreign");
    await made.update({ name: made.output("name") });
    await made.refresh();
    assert.equal(made.outputs.displayName ?? "", "");
    await runDeletion(made);
  });

  it("keeps a FIFO topic, whose name ends as it has to", async () => {
    const made = await runCourse(account, {
      token: TOPIC,
      inputs: { fifoTopic: true, contentBasedDeduplication: true },
      changed: { contentBasedDeduplication: false },
      changes: ["contentBasedDeduplication"],
    });
    assert.match(made.id, /\.fifo$/);
    await runDeletion(made);
  });

  it("keeps a topic's policy, and gives the first one back", async () => {
    const made = await runCourse(account, {
      token: "aws:sns/topicPolicy:TopicPolicy",
      inputs: { arn: topic.id, policy: policy(topic.id, "SNS:Publish") },
      changed: { policy: policy(topic.id, "SNS:Subscribe") },
      changes: ["policy"],
    });
    assert.equal(made.id, topic.id);
    await made.delete();
    await topic.refresh();
    assert.match(String(topic.outputs.policy), /__default_policy_ID/);
  });

  it("keeps a subscription as the program says", async () => {
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: queue.output("arn") });
    const made = await runCourse(account, {
      token: SUBSCRIPTION,
      inputs: {
        topic: topic.id,
        protocol: "sqs",
        endpoint: queue.output("arn"),
        rawMessageDelivery: true,
        filterPolicy: JSON.stringify({ kind: ["a"] }),
        redrivePolicy,
      },
      changed: {
        filterPolicy: JSON.stringify({ kind: ["b"] }),
        filterPolicyScope: "MessageBody",
        rawMessageDelivery: false,
      },
      changes: ["filterPolicy", "filterPolicyScope", "rawMessageDelivery"],
    });
    assert.equal(made.id, made.outputs.arn);
    assert.equal(made.outputs.pendingConfirmation, false);
    assert.deepEqual(
      made.diff({ ...made.inputs, protocol: "lambda" }).map(({ effect }) => effect),
      ["replace"],
    );
    await made.update({ topic: topic.id, protocol: "sqs", endpoint: queue.output("arn") });
    await made.refresh();
    assert.deepEqual([made.outputs.filterPolicy ?? null, made.outputs.redrivePolicy ?? null], [null, null]);
    await runDeletion(made);
  });

  it("finds no subscription once its topic is gone", async () => {
    const other = await new Managed(TOPIC, account, "short").create({});
    const made = await new Managed(SUBSCRIPTION, account).create({
      topic: other.id,
      protocol: "sqs",
      endpoint: queue.output("arn"),
    });
    await other.delete();
    await runDeletion(made);
  });
});
