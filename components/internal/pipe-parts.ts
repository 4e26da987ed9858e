/** What the sources, enrichments and targets of a pipe need: ARNs, parameters and permissions. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { DEFAULTS } from "../building-blocks/args.schema";
import type { PipeEnrichment, PipeSource, PipeTarget, StreamOptions } from "../building-blocks/pipe-ends";
import { templateText } from "../building-blocks/pipe-template";
import { withDefaults } from "./argument-checks";
import type { PolicyStatement } from "./policy";

export interface Part<Parameters> {
  readonly arn: pulumi.Output<string>;
  readonly parameters: Parameters;
  readonly permissions: readonly PolicyStatement[];
}

type Parameters = aws.types.input.pipes.PipeSourceParameters;
type TargetParameters = aws.types.input.pipes.PipeTargetParameters;

/** What Pipes may do to read a stream: each service has its own words. */
const STREAM_ACTIONS = {
  dynamodb: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
  kinesis: [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
  ],
};

const QUEUE_ACTIONS = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];

function streamParameters(source: StreamOptions, deadLetterArn: pulumi.Output<string>) {
  const options = withDefaults(DEFAULTS.StreamOptions, source);
  return {
    startingPosition: options.startingPosition,
    batchSize: options.batchSize,
    maximumBatchingWindowInSeconds: options.batchingWindowSeconds,
    maximumRetryAttempts: options.maximumRetryAttempts,
    maximumRecordAgeInSeconds: options.maximumRecordAgeSeconds,
    parallelizationFactor: options.parallelizationFactor,
    onPartialBatchItemFailure: "AUTOMATIC_BISECT",
    deadLetterConfig: { arn: deadLetterArn },
  };
}

/** @param deadLetterArn where records of a stream end; a queue has its own */
export function sourcePart(source: PipeSource, deadLetterArn: pulumi.Output<string>): Part<Parameters> {
  if ("queue" in source) {
    const { arn } = source.queue.queue;
    const sqsQueueParameters = {
      batchSize: source.batchSize ?? DEFAULTS.QueueSource.batchSize,
      maximumBatchingWindowInSeconds: source.batchingWindowSeconds ?? DEFAULTS.QueueSource.batchingWindowSeconds,
    };
    return { arn, parameters: { sqsQueueParameters }, permissions: [{ actions: QUEUE_ACTIONS, resources: [arn] }] };
  }
  const parameters = streamParameters(source, deadLetterArn);
  const deadLetters = { actions: ["sqs:SendMessage"], resources: [deadLetterArn] };
  if ("table" in source) {
    const arn = source.table.streamArn;
    const permissions = [{ actions: STREAM_ACTIONS.dynamodb, resources: [arn] }, deadLetters];
    return { arn, parameters: { dynamodbStreamParameters: parameters }, permissions };
  }
  const { arn } = source.stream;
  const permissions = [{ actions: STREAM_ACTIONS.kinesis, resources: [arn] }, deadLetters];
  return { arn, parameters: { kinesisStreamParameters: parameters }, permissions };
}

export function enrichmentPart(enrichment: PipeEnrichment): Part<{ inputTemplate?: string }> {
  const { inputTemplate } = enrichment;
  const parameters = inputTemplate === undefined ? {} : { inputTemplate: templateText(inputTemplate) };
  const [arn, action] =
    "lambda" in enrichment
      ? [enrichment.lambda.function.arn, "lambda:InvokeFunction"]
      : "stateMachine" in enrichment
        ? [enrichment.stateMachine.machine.arn, "states:StartSyncExecution"]
        : [enrichment.apiDestination.arn, "events:InvokeApiDestination"];
  return { arn, parameters, permissions: [{ actions: [action], resources: [arn] }] };
}

/** ARN, action and own parameters of a target. */
function targetOf(target: PipeTarget): [arn: pulumi.Output<string>, action: string, parameters: TargetParameters] {
  if ("lambda" in target) {
    // The answer says which events failed.
    const lambdaFunctionParameters = { invocationType: "REQUEST_RESPONSE" };
    return [target.lambda.function.arn, "lambda:InvokeFunction", { lambdaFunctionParameters }];
  }
  if ("stateMachine" in target) {
    const isExpress = target.stateMachine.type === "EXPRESS";
    const stepFunctionStateMachineParameters = { invocationType: isExpress ? "REQUEST_RESPONSE" : "FIRE_AND_FORGET" };
    const action = isExpress ? "states:StartSyncExecution" : "states:StartExecution";
    return [target.stateMachine.machine.arn, action, { stepFunctionStateMachineParameters }];
  }
  if ("queue" in target) {
    const { messageGroupId, messageDeduplicationId } = target;
    const sqsQueueParameters = { messageGroupId, messageDeduplicationId };
    return [target.queue.queue.arn, "sqs:SendMessage", target.queue.fifo ? { sqsQueueParameters } : {}];
  }
  if ("eventBus" in target) {
    const eventbridgeEventBusParameters = { source: target.eventSource, detailType: target.detailType };
    return [target.eventBus.arn, "events:PutEvents", { eventbridgeEventBusParameters }];
  }
  const kinesisStreamParameters = { partitionKey: target.partitionKey };
  return [target.stream.arn, "kinesis:PutRecord", { kinesisStreamParameters }];
}

export function targetPart(target: PipeTarget): Part<TargetParameters> {
  const [arn, action, own] = targetOf(target);
  const { inputTemplate } = target;
  const parameters = inputTemplate === undefined ? own : { ...own, inputTemplate: templateText(inputTemplate) };
  const actions = action === "kinesis:PutRecord" ? [action, "kinesis:PutRecords"] : [action];
  return { arn, parameters, permissions: [{ actions, resources: [arn] }] };
}
