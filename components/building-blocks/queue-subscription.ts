import * as aws from "@pulumi/aws";
import { checkArguments } from "../internal/argument-checks";
import { checkQueueBatches, grant } from "../internal/subscription-parts";
import { DEFAULTS, QUEUE_SUBSCRIPTION } from "./args.schema";
import type { CallbackLambda } from "./callback-lambda";
import { Component, type ComponentOptions } from "./component";
import type { WorkQueue } from "./work-queue";

export interface QueueSubscriptionArgs {
  queue: WorkQueue;
  lambda: CallbackLambda;
  /**
   * Messages an invocation gets at most. Above 10 a batching window is needed, which FIFO queues do not have.
   *
   * @integer @minimum 1 @maximum 10000 @unit messages
   * @default 10
   */
  batchSize?: number;
  /** Time to gather a batch; none for FIFO queues. @integer @minimum 0 @maximum 300 @unit seconds @default 0 */
  batchingWindowSeconds?: number;
  /** Invocations at the same time. @integer @minimum 2 @maximum 1000 @unit invocations @default no limit */
  maximumConcurrency?: number;
}

/** SQS queue → Lambda. The handler answers which messages failed; only those are delivered again. */
export class QueueSubscription extends Component {
  readonly mapping: aws.lambda.EventSourceMapping;

  constructor(name: string, args: QueueSubscriptionArgs, opts?: ComponentOptions) {
    checkArguments(`QueueSubscription "${name}"`, QUEUE_SUBSCRIPTION, args, (checks, given) =>
      checkQueueBatches(checks, "", given),
    );
    super("lambda", name, opts);
    const access = grant(
      this.named("access"),
      args.lambda,
      {
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        resources: [args.queue.queue.arn],
      },
      this.child,
    );
    this.mapping = new aws.lambda.EventSourceMapping(
      this.named("mapping"),
      {
        eventSourceArn: args.queue.queue.arn,
        functionName: args.lambda.function.arn,
        batchSize: args.batchSize ?? DEFAULTS.QueueSubscriptionArgs.batchSize,
        functionResponseTypes: ["ReportBatchItemFailures"],
        maximumBatchingWindowInSeconds: args.batchingWindowSeconds,
        ...(args.maximumConcurrency === undefined
          ? {}
          : { scalingConfig: { maximumConcurrency: args.maximumConcurrency } }),
      },
      { ...this.child, dependsOn: [access] },
    );
    this.registerOutputs({ mappingId: this.mapping.id });
  }
}
