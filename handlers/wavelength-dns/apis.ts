/** The AWS methods that each Lambda calls, as narrow interfaces over the SDK's own types; see clients.ts. */
import type {
  AutoScalingGroupsType,
  CompleteLifecycleActionCommandInput,
  DescribeAutoScalingGroupsCommandInput,
  DescribeWarmPoolAnswer,
  DescribeWarmPoolCommandInput,
} from "@aws-sdk/client-auto-scaling";
import type {
  BatchWriteItemCommandInput,
  BatchWriteItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
} from "@aws-sdk/client-dynamodb";
import type { DescribeInstancesCommandInput, DescribeInstancesResult } from "@aws-sdk/client-ec2";
import type {
  ChangeResourceRecordSetsCommandInput,
  ChangeResourceRecordSetsResponse,
  GetChangeCommandInput,
  GetChangeResponse,
  ListResourceRecordSetsCommandInput,
  ListResourceRecordSetsResponse,
} from "@aws-sdk/client-route-53";
import type {
  ChangeMessageVisibilityBatchCommandInput,
  ChangeMessageVisibilityBatchResult,
  SendMessageBatchCommandInput,
  SendMessageBatchResult,
} from "@aws-sdk/client-sqs";
import type { Clock } from "../shared/clock";
import type { LeaseTable } from "../shared/lease";
import type { Telemetry } from "../shared/telemetry";
import type { MetricName } from "./settings";

type Answer<Output> = Promise<Omit<Output, "$metadata">>;

export interface RecordReader {
  listResourceRecordSets(input: ListResourceRecordSetsCommandInput): Answer<ListResourceRecordSetsResponse>;
}

export interface RecordWriter {
  changeResourceRecordSets(input: ChangeResourceRecordSetsCommandInput): Answer<ChangeResourceRecordSetsResponse>;
}

export interface ChangeReader {
  getChange(input: GetChangeCommandInput): Answer<GetChangeResponse>;
}

export interface InstanceReader {
  describeInstances(input: DescribeInstancesCommandInput): Answer<DescribeInstancesResult>;
}

export interface GroupReader {
  describeAutoScalingGroups(input: DescribeAutoScalingGroupsCommandInput): Answer<AutoScalingGroupsType>;
  describeWarmPool(input: DescribeWarmPoolCommandInput): Answer<DescribeWarmPoolAnswer>;
}

export interface LifecycleCompleter {
  completeLifecycleAction(input: CompleteLifecycleActionCommandInput): Promise<unknown>;
}

export interface StateTable extends LeaseTable {
  query(input: QueryCommandInput): Answer<QueryCommandOutput>;
  batchWriteItem(input: BatchWriteItemCommandInput): Answer<BatchWriteItemCommandOutput>;
}

export interface RemovalTable extends LeaseTable {
  getItem(input: GetItemCommandInput): Answer<GetItemCommandOutput>;
}

export interface DrainQueue {
  sendMessageBatch(input: SendMessageBatchCommandInput): Answer<SendMessageBatchResult>;
}

export interface HeldMessages {
  changeMessageVisibilityBatch(
    input: ChangeMessageVisibilityBatchCommandInput,
  ): Answer<ChangeMessageVisibilityBatchResult>;
}

interface Surroundings extends Clock {
  readonly telemetry: Telemetry<MetricName>;
}

export interface ReconcileDeps extends Surroundings {
  readonly route53: RecordReader & RecordWriter;
  readonly ec2: InstanceReader;
  readonly autoScaling: GroupReader;
  readonly table: StateTable;
  readonly queue: DrainQueue;
}

export interface WithdrawDeps extends Surroundings {
  readonly route53: RecordReader & RecordWriter;
  readonly table: LeaseTable;
}

export interface ReleaseDeps extends Surroundings {
  /** Changes known to be in sync, which they stay; kept from one invocation to the next. */
  readonly inSyncChanges: Set<string>;
  readonly route53: RecordReader & ChangeReader;
  readonly autoScaling: LifecycleCompleter;
  readonly table: RemovalTable;
  /** Without a way to send: a function that feeds its own queue is stopped by Lambda after about 16 rounds. */
  readonly queue: HeldMessages;
}
