/** What pipes lead from, through and to. */
import type * as aws from "@pulumi/aws";
import type { CallbackLambda } from "./callback-lambda";
import type { PipeTemplate } from "./pipe-template";
import type { StateMachine } from "./state-machine";
import type { WorkQueue } from "./work-queue";

/** How a stream is read. */
export interface StreamOptions {
  /** Where a new pipe begins: with the oldest records, or with those that come. @default "TRIM_HORIZON" */
  startingPosition?: "LATEST" | "TRIM_HORIZON";
  /** Records of a batch at most. @integer @minimum 1 @maximum 10000 @unit records @default 10 */
  batchSize?: number;
  /** Time to gather a batch. @integer @minimum 0 @maximum 300 @unit seconds @default 0 */
  batchingWindowSeconds?: number;
  /**
   * Retries of a failing batch; it is split in two each time.
   *
   * @integer @minimum 0 @maximum 10000 @unit retries
   * @default 5
   */
  maximumRetryAttempts?: number;
  /** Time after which a record is given up. @integer @minimum 60 @maximum 604800 @unit seconds @default 3600 */
  maximumRecordAgeSeconds?: number;
  /**
   * Batches of one shard at the same time; records of one key stay in order.
   *
   * @integer @minimum 1 @maximum 10 @unit batches
   * @default 1
   */
  parallelizationFactor?: number;
}

/** The stream of a table. */
export interface TableSource extends StreamOptions {
  table: aws.dynamodb.Table;
}

/** A Kinesis stream. */
export interface KinesisSource extends StreamOptions {
  stream: aws.kinesis.Stream;
}

/** A queue, whose own dead-letter queue takes what fails. */
export interface QueueSource {
  queue: WorkQueue;
  /**
   * Messages of a batch at most; above 10 a batching window is needed.
   *
   * @integer @minimum 1 @maximum 10000 @unit messages
   * @default 10
   */
  batchSize?: number;
  /** Time to gather a batch; none for FIFO queues. @integer @minimum 0 @maximum 300 @unit seconds @default 0 */
  batchingWindowSeconds?: number;
}

export type PipeSource = TableSource | KinesisSource | QueueSource;

/** What enriches events before they go to the target: it gets a batch as a list, and answers a list. */
export type PipeEnrichment = (
  { lambda: CallbackLambda } | { stateMachine: StateMachine } | { apiDestination: aws.cloudwatch.EventApiDestination }
) & {
  /** What it gets in place of the event. @rule @default the event */
  inputTemplate?: PipeTemplate;
};

/** Where events go. Functions and state machines get a batch as a list, others one event at a time. */
export type PipeTarget = (
  | { stateMachine: StateMachine }
  | { lambda: CallbackLambda }
  | { queue: WorkQueue; messageGroupId?: string; messageDeduplicationId?: string }
  | { eventBus: aws.cloudwatch.EventBus; eventSource: string; detailType: string }
  | { stream: aws.kinesis.Stream; partitionKey: string }
) & {
  /** What it gets in place of the event. @rule @default the event */
  inputTemplate?: PipeTemplate;
};
