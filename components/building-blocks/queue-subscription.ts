import * as aws from "@pulumi/aws";
import { ArgumentChecks } from "../internal/argument-checks";
import { grant } from "../internal/subscription-parts";
import type { CallbackLambda } from "./callback-lambda";
import { Component, type ComponentOptions } from "./component";
import type { WorkQueue } from "./work-queue";

export interface QueueSubscriptionArgs {
  queue: WorkQueue;
  lambda: CallbackLambda;
  /** Messages an invocation gets at most: 1 to 10,000 (FIFO: 10). Default: 10. Above 10 a batching window is needed. */
  batchSize?: number;
  /** Seconds to gather a batch, 0 to 300 (FIFO: none). Default: 0. */
  batchingWindowSeconds?: number;
  /** Invocations at the same time, 2 to 1,000. Default: no limit. */
  maximumConcurrency?: number;
}

/** SQS queue → Lambda. The handler answers which messages failed; only those are delivered again. */
export class QueueSubscription extends Component {
  readonly mapping: aws.lambda.EventSourceMapping;

  constructor(name: string, args: QueueSubscriptionArgs, opts?: ComponentOptions) {
    const checks = new ArgumentChecks();
    const { fifo } = args.queue;
    checks.wholeNumber("batchSize", args.batchSize, 1, fifo ? 10 : 10_000, "messages");
    checks.wholeNumber("batchingWindowSeconds", args.batchingWindowSeconds, 0, fifo ? 0 : 300, "seconds");
    checks.wholeNumber("maximumConcurrency", args.maximumConcurrency, 2, 1_000, "invocations");
    checks.require(fifo || (args.batchSize ?? 10) <= 10 || (args.batchingWindowSeconds ?? 0) > 0, {
      path: "batchSize",
      received: args.batchSize,
      allowed: "at most 10 without a batching window",
      fix: "Set batchingWindowSeconds to at least 1, or lower batchSize.",
    });
    checks.finish(`QueueSubscription "${name}"`);
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
        batchSize: args.batchSize ?? 10,
        functionResponseTypes: ["ReportBatchItemFailures"],
        ...(args.batchingWindowSeconds === undefined
          ? {}
          : { maximumBatchingWindowInSeconds: args.batchingWindowSeconds }),
        ...(args.maximumConcurrency === undefined
          ? {}
          : { scalingConfig: { maximumConcurrency: args.maximumConcurrency } }),
      },
      { ...this.child, dependsOn: [access] },
    );
    this.registerOutputs({ mappingId: this.mapping.id });
  }
}
