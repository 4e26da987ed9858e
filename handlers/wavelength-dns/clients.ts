/**
 * The production side of apis.ts. Clients, logger and metrics are made once per execution environment and record
 * name; commands are imported one by one, so that bundles hold what is called and no more.
 */
import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeWarmPoolCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "../shared/clock";
import { clientConfig } from "../shared/invocation";
import { powertoolsTelemetry } from "../shared/powertools";
import type { ReconcileDeps, ReleaseDeps, WithdrawDeps } from "./apis";
import { type CommonSettings, METRIC_NAMESPACE, metricDimensions, type MetricName } from "./settings";

const reconcileDeps = new Map<string, ReconcileDeps>();
const releaseDeps = new Map<string, ReleaseDeps>();
const withdrawDeps = new Map<string, WithdrawDeps>();

/** Whose logs and metrics they are. */
export type Named = Pick<CommonSettings, "owner" | "recordName">;

export function productionReconcileDeps(named: Named): ReconcileDeps {
  return cached(reconcileDeps, named, () => {
    const route53 = new Route53Client(clientConfig());
    const ec2 = new EC2Client(clientConfig());
    const autoScaling = new AutoScalingClient(clientConfig());
    const dynamo = new DynamoDBClient(clientConfig());
    const sqs = queueClient();
    return {
      ...surroundings(named),
      route53: {
        listResourceRecordSets: (input) => route53.send(new ListResourceRecordSetsCommand(input)),
        changeResourceRecordSets: (input) => route53.send(new ChangeResourceRecordSetsCommand(input)),
      },
      ec2: { describeInstances: (input) => ec2.send(new DescribeInstancesCommand(input)) },
      autoScaling: {
        describeAutoScalingGroups: (input) => autoScaling.send(new DescribeAutoScalingGroupsCommand(input)),
        describeWarmPool: (input) => autoScaling.send(new DescribeWarmPoolCommand(input)),
      },
      table: {
        updateItem: (input) => dynamo.send(new UpdateItemCommand(input)),
        query: (input) => dynamo.send(new QueryCommand(input)),
        batchWriteItem: (input) => dynamo.send(new BatchWriteItemCommand(input)),
      },
      queue: { sendMessageBatch: (input) => sqs.send(new SendMessageBatchCommand(input)) },
    };
  });
}

export function productionReleaseDeps(named: Named): ReleaseDeps {
  return cached(releaseDeps, named, () => {
    const sqs = queueClient();
    const route53 = new Route53Client(clientConfig());
    const autoScaling = new AutoScalingClient(clientConfig());
    const dynamo = new DynamoDBClient(clientConfig());
    return {
      ...surroundings(named),
      inSyncChanges: new Set<string>(),
      route53: {
        listResourceRecordSets: (input) => route53.send(new ListResourceRecordSetsCommand(input)),
        getChange: (input) => route53.send(new GetChangeCommand(input)),
      },
      autoScaling: {
        completeLifecycleAction: (input) => autoScaling.send(new CompleteLifecycleActionCommand(input)),
      },
      table: {
        getItem: (input) => dynamo.send(new GetItemCommand(input)),
        updateItem: (input) => dynamo.send(new UpdateItemCommand(input)),
      },
      queue: {
        changeMessageVisibilityBatch: (input) => sqs.send(new ChangeMessageVisibilityBatchCommand(input)),
      },
    };
  });
}

export function productionWithdrawDeps(named: Named): WithdrawDeps {
  return cached(withdrawDeps, named, () => {
    const route53 = new Route53Client(clientConfig());
    const dynamo = new DynamoDBClient(clientConfig());
    return {
      ...surroundings(named),
      route53: {
        listResourceRecordSets: (input) => route53.send(new ListResourceRecordSetsCommand(input)),
        changeResourceRecordSets: (input) => route53.send(new ChangeResourceRecordSetsCommand(input)),
      },
      table: { updateItem: (input) => dynamo.send(new UpdateItemCommand(input)) },
    };
  });
}

/** The queue is in the function's own region; its URL must not outrank an endpoint that the environment sets. */
function queueClient(): SQSClient {
  return new SQSClient({ ...clientConfig(), useQueueUrlAsEndpoint: false });
}

function surroundings(named: Named) {
  const telemetry = powertoolsTelemetry<MetricName>({
    service: "wavelength-dns",
    namespace: METRIC_NAMESPACE,
    dimensions: metricDimensions(named),
  });
  return { ...systemClock, telemetry };
}

function cached<T>(cache: Map<string, T>, { owner, recordName }: Named, make: () => T): T {
  const key = `${owner} ${recordName}`;
  const known = cache.get(key) ?? make();
  cache.set(key, known);
  return known;
}
