import type { Subject } from "../../../policy/rule";
import { UNKNOWN, type Values } from "../../../policy/values";
import { arn, subject } from "../subjects";
import { right, type RuleSamples, wrong } from "./sample";

const FUNCTION = "aws:lambda/function:Function";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const PIPE = "aws:pipes/pipe:Pipe";
const PERMISSION = "aws:lambda/permission:Permission";

const DEAD_LETTERS = arn("sqs", "dead");
const FUNCTION_ARN = arn("lambda", "function:worker");
const QUEUE_ARN = arn("sqs", "work");
const STREAM = arn("dynamodb", "table/t/stream/2026");

function lambda(props: Values = {}): Subject {
  return subject(FUNCTION, props, { outputs: { ...props, arn: FUNCTION_ARN, name: "worker" } });
}

function queue(props: Values = {}): Subject {
  const outputs = { ...props, arn: QUEUE_ARN, url: "https://sqs.us-east-1.amazonaws.com/111111111111/work" };
  return subject("aws:sqs/queue:Queue", props, { outputs });
}

/** As in the preview of a new stack: what refers to something has no value yet, but a source. */
function unknownReference(type: string, property: string, to: Subject): Subject {
  return subject(type, { [property]: UNKNOWN }, { dependencies: { [property]: [to.urn] } });
}

const missing = (property: string, subject: Subject, ...others: Subject[]) => ({
  subject,
  others,
  found: [{ property, value: undefined }],
});

const onFailure = { destinationConfig: { onFailure: { destination: DEAD_LETTERS, destinationArn: DEAD_LETTERS } } };
const fromEvents = subject(PERMISSION, { principal: "events.amazonaws.com", function: "worker" });
const redrivePolicy = JSON.stringify({ deadLetterTargetArn: DEAD_LETTERS, maxReceiveCount: 5 });

export const asynchronousSamples: Readonly<Record<string, RuleSamples>> = {
  "event-target-dead-letters": {
    passes: [right(TARGET, { deadLetterConfig: { arn: DEAD_LETTERS } })],
    fails: [wrong(TARGET, { arn: QUEUE_ARN }, "deadLetterConfig.arn", undefined)],
  },
  "schedule-dead-letters": {
    passes: [right(SCHEDULE, { target: { deadLetterConfig: { arn: DEAD_LETTERS } } })],
    fails: [wrong(SCHEDULE, { target: { arn: QUEUE_ARN } }, "target.deadLetterConfig.arn", undefined)],
  },
  "stream-failure-destination": {
    passes: [
      right(MAPPING, { eventSourceArn: STREAM, ...onFailure }),
      right(MAPPING, { eventSourceArn: QUEUE_ARN }),
      right(MAPPING, { eventSourceArn: UNKNOWN }),
    ],
    fails: [
      wrong(MAPPING, { eventSourceArn: STREAM }, "destinationConfig.onFailure.destinationArn", undefined),
      wrong(
        MAPPING,
        { eventSourceArn: UNKNOWN, startingPosition: "LATEST" },
        "destinationConfig.onFailure.destinationArn",
        undefined,
      ),
    ],
  },
  "pipe-dead-letters": {
    passes: [
      right(PIPE, { sourceParameters: { dynamodbStreamParameters: { deadLetterConfig: { arn: DEAD_LETTERS } } } }),
      right(PIPE, { sourceParameters: { kinesisStreamParameters: { deadLetterConfig: { arn: UNKNOWN } } } }),
      right(PIPE, { sourceParameters: { sqsQueueParameters: { batchSize: 10 } } }),
      right(PIPE, { source: QUEUE_ARN }),
    ],
    fails: [
      wrong(
        PIPE,
        { sourceParameters: { dynamodbStreamParameters: { startingPosition: "LATEST" } } },
        "sourceParameters.dynamodbStreamParameters.deadLetterConfig.arn",
        undefined,
      ),
    ],
  },
  "queue-redrive": {
    passes: [
      { subject: queue({ redrivePolicy }), others: [subject(MAPPING, { eventSourceArn: QUEUE_ARN })] },
      { subject: queue({ redrivePolicy: UNKNOWN }), others: [subject(MAPPING, { eventSourceArn: QUEUE_ARN })] },
      { subject: queue() },
      {
        subject: queue(),
        others: [
          subject(MAPPING, { eventSourceArn: QUEUE_ARN }),
          unknownReference("aws:sqs/redrivePolicy:RedrivePolicy", "queueUrl", queue()),
        ],
      },
    ],
    fails: [
      missing("redrivePolicy", queue(), subject(MAPPING, { eventSourceArn: QUEUE_ARN })),
      missing("redrivePolicy", queue(), unknownReference(MAPPING, "eventSourceArn", queue())),
      missing("redrivePolicy", queue(), unknownReference("aws:pipes/pipe:Pipe", "source", queue())),
    ],
  },
  "subscription-redrive": {
    passes: [right(SUBSCRIPTION, { protocol: "sqs", redrivePolicy }), right(SUBSCRIPTION, { protocol: "email" })],
    fails: [wrong(SUBSCRIPTION, { protocol: "lambda" }, "redrivePolicy", undefined)],
  },
  "lambda-failure-destination": {
    passes: [
      { subject: lambda() },
      { subject: lambda({ deadLetterConfig: { targetArn: DEAD_LETTERS } }), others: [fromEvents] },
      { subject: lambda(), others: [fromEvents, subject(INVOKE_CONFIG, { functionName: "worker", ...onFailure })] },
      {
        subject: lambda(),
        others: [subject(PERMISSION, { principal: "apigateway.amazonaws.com", function: "worker" })],
      },
    ],
    fails: [
      missing("deadLetterConfig.targetArn", lambda(), fromEvents),
      missing("deadLetterConfig.targetArn", lambda(), subject(TARGET, { arn: FUNCTION_ARN })),
      missing("deadLetterConfig.targetArn", lambda(), subject(TARGET, { arn: `${FUNCTION_ARN}:live` })),
      missing("deadLetterConfig.targetArn", lambda(), unknownReference(TARGET, "arn", lambda())),
      missing("deadLetterConfig.targetArn", lambda(), subject(SCHEDULE, { target: { arn: FUNCTION_ARN } })),
      missing("deadLetterConfig.targetArn", lambda(), subject(SUBSCRIPTION, { endpoint: FUNCTION_ARN })),
      missing("deadLetterConfig.targetArn", lambda(), fromEvents, subject(INVOKE_CONFIG, { functionName: "worker" })),
    ],
  },
  "lambda-log-group": {
    passes: [
      right(FUNCTION, { loggingConfig: { logGroup: "my-logs" } }),
      right(FUNCTION, { loggingConfig: UNKNOWN }),
      { subject: lambda(), others: [subject("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/lambda/worker" })] },
      { subject: lambda(), others: [unknownReference("aws:cloudwatch/logGroup:LogGroup", "name", lambda())] },
    ],
    fails: [
      missing("loggingConfig.logGroup", lambda()),
      missing("loggingConfig.logGroup", lambda(), subject("aws:cloudwatch/logGroup:LogGroup", { name: "/other" })),
    ],
  },
};
