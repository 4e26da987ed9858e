/** Where work ends that failed for good: a dead-letter queue or a destination, on every path that nobody waits for. */
import { properties, type Rule, type Stack, type Subject } from "../rule";
import { isAbsent, isObject, type Known, UNKNOWN, valueAt } from "../values";

const FUNCTION = "aws:lambda/function:Function";
const QUEUE = "aws:sqs/queue:Queue";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const PERMISSION = "aws:lambda/permission:Permission";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const PIPE = "aws:pipes/pipe:Pipe";

const isGiven = (value: Known): boolean => !isAbsent(value) && value !== "";

/** Streams need a starting position, queues have none. */
function readsStream({ props }: Subject): boolean {
  const { eventSourceArn, startingPosition, selfManagedEventSource } = props;
  if (typeof eventSourceArn === "string") return /^arn:[^:]+:(dynamodb|kinesis|kafka):/.test(eventSourceArn);
  return !isAbsent(startingPosition) || !isAbsent(selfManagedEventSource);
}

/**
 * Services that invoke functions without waiting for them.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
 */
const ASYNCHRONOUS_SERVICES = [
  "events",
  "s3",
  "sns",
  "ses",
  "iot",
  "config",
  "cloudformation",
  "codecommit",
  "logs",
].map((service) => `${service}.amazonaws.com`);

/** Functions that something of the stack invokes without waiting. */
function invokedAsynchronously(stack: Stack): Subject[] {
  const permitted = stack
    .ofType(PERMISSION)
    .filter(({ props }) => ASYNCHRONOUS_SERVICES.includes(String(valueAt(props, "principal"))))
    .flatMap((permission) => stack.references(permission, "function", [FUNCTION]));
  const targets = [
    { from: EVENT_TARGET, path: "arn" },
    { from: SCHEDULE, path: "target.arn" },
    { from: SUBSCRIPTION, path: "endpoint" },
  ].flatMap(({ from, path }) =>
    stack.ofType(from).flatMap((subject) => stack.references(subject, path, [FUNCTION]).filter(isTargetOf(subject))),
  );
  return [...new Set([...permitted, ...targets])];
}

/**
 * A schedule's whole target is one property: as long as its ARNs are not known, what the target comes from may be a
 * function that only gave its role or input.
 */
function isTargetOf({ type, props }: Subject): () => boolean {
  return () => type !== SCHEDULE || valueAt(props, "target.arn") !== UNKNOWN;
}

function keepsFailures(lambda: Subject, stack: Stack): boolean {
  if (isGivenAt(lambda, "deadLetterConfig.targetArn")) return true;
  return stack
    .ofType(INVOKE_CONFIG)
    .filter((config) => isGivenAt(config, "destinationConfig.onFailure.destination"))
    .some((config) => stack.references(config, "functionName", [FUNCTION]).includes(lambda));
}

function isGivenAt({ props }: Subject, path: string): boolean {
  const value = valueAt(props, path);
  return value === UNKNOWN || isGiven(value);
}

/** Queues of the stack that a function or a pipe reads. */
function sourceQueues(stack: Stack): Subject[] {
  return [
    ...stack.ofType(MAPPING).flatMap((mapping) => stack.references(mapping, "eventSourceArn", [QUEUE])),
    ...stack.ofType(PIPE).flatMap((pipe) => stack.references(pipe, "source", [QUEUE])),
  ];
}

function redrives(queue: Subject, stack: Stack): boolean {
  if (isGivenAt(queue, "redrivePolicy")) return true;
  return stack
    .ofType("aws:sqs/redrivePolicy:RedrivePolicy")
    .some((policy) => stack.references(policy, "queueUrl", [QUEUE]).includes(queue));
}

export const asynchronousRules: readonly Rule[] = [
  {
    id: "event-target-dead-letters",
    title: "EventBridge targets have a dead-letter queue",
    reason: "An event that cannot be delivered vanishes after 24 hours of attempts.",
    remedy: "Set deadLetterConfig.arn to a queue whose policy lets EventBridge send.",
    severity: "mandatory",
    ...properties({ [EVENT_TARGET]: "deadLetterConfig.arn" }, isGiven),
  },
  {
    id: "schedule-dead-letters",
    title: "Schedules have a dead-letter queue",
    reason: "A run that cannot be started vanishes when its retries are used up.",
    remedy: "Set target.deadLetterConfig.arn to a queue that the schedule's role may send to.",
    severity: "mandatory",
    ...properties({ [SCHEDULE]: "target.deadLetterConfig.arn" }, isGiven),
  },
  {
    id: "stream-failure-destination",
    title: "Functions that read streams have a destination for failures",
    reason: "Records that are given up vanish, and nobody is informed which.",
    remedy: "Set destinationConfig.onFailure.destinationArn to a queue or topic that the function's role may send to.",
    severity: "mandatory",
    ...properties(
      { [MAPPING]: "destinationConfig.onFailure.destinationArn" },
      (value, subject) => isGiven(value) || !readsStream(subject),
    ),
  },
  {
    id: "pipe-dead-letters",
    title: "Pipes that read streams have a dead-letter queue",
    reason: "Records that are given up vanish, and nobody is informed which.",
    remedy: "Set deadLetterConfig.arn of the source's parameters to a queue or topic that the pipe's role may send to.",
    severity: "mandatory",
    types: [PIPE],
    check: ({ props }) =>
      ["dynamodbStreamParameters", "kinesisStreamParameters"]
        .map((parameters) => `sourceParameters.${parameters}`)
        .filter((path) => isObject(valueAt(props, path)))
        .map((path) => `${path}.deadLetterConfig.arn`)
        .flatMap((property) => {
          const value = valueAt(props, property);
          return value === UNKNOWN || isGiven(value) ? [] : [{ property, value }];
        }),
  },
  {
    id: "queue-redrive",
    title: "Queues that a function or a pipe reads have a dead-letter queue",
    reason: "A message that cannot be handled comes back again and again until it expires, and is lost then.",
    remedy: "Set redrivePolicy with deadLetterTargetArn and maxReceiveCount.",
    severity: "mandatory",
    types: [],
    checkStack: (stack) =>
      [...new Set(sourceQueues(stack))]
        .filter((queue) => !redrives(queue, stack))
        .map((subject) => ({ subject, property: "redrivePolicy", value: undefined })),
  },
  {
    id: "subscription-redrive",
    title: "SNS subscriptions of queues, functions and streams have a dead-letter queue",
    reason: "A message that cannot be delivered vanishes when SNS has used up its retries.",
    remedy: "Set redrivePolicy with the deadLetterTargetArn of a queue whose policy lets the topic send.",
    severity: "mandatory",
    ...properties(
      { [SUBSCRIPTION]: "redrivePolicy" },
      (value, { props }) =>
        isGiven(value) || !["sqs", "lambda", "firehose"].includes(String(valueAt(props, "protocol"))),
    ),
  },
  {
    id: "lambda-failure-destination",
    title: "Functions that are invoked asynchronously have a destination for failures",
    reason: "Lambda drops an event after its retries, and nothing tells that it was there.",
    remedy: "Add a FunctionEventInvokeConfig with destinationConfig.onFailure, or set deadLetterConfig.targetArn.",
    severity: "mandatory",
    types: [],
    checkStack: (stack) =>
      invokedAsynchronously(stack)
        .filter((lambda) => !keepsFailures(lambda, stack))
        .map((subject) => ({ subject, property: "deadLetterConfig.targetArn", value: undefined })),
  },
];
