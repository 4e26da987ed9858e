import * as assert from "node:assert/strict";
import type { Values } from "../../local/provider/property-values";
import { allow, failuresOf } from "./support";

const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const QUEUE = "arn:aws:sqs:us-east-1:111122223333:q";
const subscription = { topic: "arn:aws:sns:us-east-1:111122223333:t", protocol: "sqs", endpoint: QUEUE };
const schedule = {
  scheduleExpression: "rate(1 minute)",
  flexibleTimeWindow: { mode: "OFF" },
  target: { arn: QUEUE, roleArn: "arn:aws:iam::111122223333:role/r" },
};

describe("Checks of SNS and Scheduler resources", () => {
  it("find nothing in good ones", () => {
    assert.deepEqual(failuresOf(TOPIC, {}), []);
    assert.deepEqual(failuresOf(SUBSCRIPTION, subscription), []);
    assert.deepEqual(failuresOf(SCHEDULE, schedule), []);
  });

  for (const [what, token, inputs, expected] of [
    ["a FIFO topic's name without its end", TOPIC, { name: "t", fifoTopic: true }, ["name"]],
    ["deduplication in a standard topic", TOPIC, { contentBasedDeduplication: true }, ["contentBasedDeduplication"]],
    ["a policy for nobody", TOPIC, { policy: allow("SNS:Publish") }, ["policy.Statement[0].Principal"]],
    ["a rate of 200 percent", TOPIC, { lambdaSuccessFeedbackSampleRate: 200 }, ["lambdaSuccessFeedbackSampleRate"]],
    ["another protocol", SUBSCRIPTION, { ...subscription, protocol: "queue" }, ["protocol"]],
    ["a queue's address", SUBSCRIPTION, { ...subscription, endpoint: "https://q" }, ["endpoint"]],
    ["no e-mail address", SUBSCRIPTION, { ...subscription, protocol: "email", endpoint: "me" }, ["endpoint"]],
    ["a filter that is no JSON", SUBSCRIPTION, { ...subscription, filterPolicy: "kind = a" }, ["filterPolicy"]],
    ["a bad schedule", SCHEDULE, { ...schedule, scheduleExpression: "rate(1 minutes)" }, ["scheduleExpression"]],
    [
      "a time zone of nowhere",
      SCHEDULE,
      { ...schedule, scheduleExpressionTimezone: "Mars" },
      ["scheduleExpressionTimezone"],
    ],
    [
      "a window without its length",
      SCHEDULE,
      { ...schedule, flexibleTimeWindow: { mode: "FLEXIBLE" } },
      ["flexibleTimeWindow.maximumWindowInMinutes"],
    ],
    ["a target without a role", SCHEDULE, { ...schedule, target: { arn: QUEUE } }, ["target.roleArn"]],
    [
      "a FIFO queue without a group",
      SCHEDULE,
      { ...schedule, target: { ...schedule.target, arn: `${QUEUE}.fifo` } },
      ["target.sqsParameters.messageGroupId"],
    ],
    [
      "a nested property that nobody maps",
      SCHEDULE,
      { ...schedule, target: { ...schedule.target, retryPolicy: { attempts: 1 } } },
      ["target.retryPolicy.attempts"],
    ],
    ["a group with a slash", "aws:scheduler/scheduleGroup:ScheduleGroup", { name: "a/b" }, ["name"]],
  ] as [string, string, Values, string[]][]) {
    it(`refuse ${what}`, () => {
      assert.deepEqual(
        failuresOf(token, inputs).map(({ property }) => property),
        expected,
      );
    });
  }
});
