import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../internal/argument-checks";
import { grant } from "../internal/subscription-parts";
import type { CallbackLambda } from "./callback-lambda";
import { alarmTopics, Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import { DeadLetterQueue } from "./dead-letter-queue";

export interface TableStreamSubscriptionArgs extends ObservabilityArgs {
  /** Table with a stream. */
  table: aws.dynamodb.Table;
  lambda: CallbackLambda;
  /** Records an invocation gets at most, 1 to 10,000. Default: 100. */
  batchSize?: number;
  /** Seconds to gather a batch, 0 to 300. Default: 0. */
  batchingWindowSeconds?: number;
  /** Retries of a failing batch, 0 to 10,000; it is split in two each time. Default: 5. */
  maximumRetryAttempts?: number;
  /** Seconds after which a record is given up, 60 to 604,800. Default: 3,600. */
  maximumRecordAgeSeconds?: number;
  /** Event filter patterns; a record that matches one of them is delivered. Default: all records. */
  filterPatterns?: readonly Record<string, unknown>[];
}

/** DynamoDB stream → Lambda. Failing batches are bisected and retried; what is given up is told to a queue. */
export class TableStreamSubscription extends Component {
  readonly mapping: aws.lambda.EventSourceMapping;
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, args: TableStreamSubscriptionArgs, opts?: ComponentOptions) {
    const checks = new ArgumentChecks();
    checks.wholeNumber("batchSize", args.batchSize, 1, 10_000, "records");
    checks.wholeNumber("batchingWindowSeconds", args.batchingWindowSeconds, 0, 300, "seconds");
    checks.wholeNumber("maximumRetryAttempts", args.maximumRetryAttempts, 0, 10_000, "retries");
    checks.wholeNumber("maximumRecordAgeSeconds", args.maximumRecordAgeSeconds, 60, 604_800, "seconds");
    checks.finish(`TableStreamSubscription "${name}"`);
    super("lambda", name, opts);
    const topics = alarmTopics(args);
    this.deadLetters = new DeadLetterQueue(
      this.named("dead-letters"),
      { purpose: `stream records that ${name} gave up`, ...topics },
      this.child,
    );
    const read = grant(
      this.named("access"),
      args.lambda,
      {
        actions: [
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:DescribeStream",
          "dynamodb:ListStreams",
        ],
        resources: [args.table.streamArn],
      },
      this.child,
    );
    const send = grant(
      this.named("dead-letter-access"),
      args.lambda,
      { actions: ["sqs:SendMessage"], resources: [this.deadLetters.queue.arn] },
      this.child,
    );
    this.mapping = this.createMapping(args, [read, send]);
    this.registerOutputs({ mappingId: this.mapping.id });
  }

  private createMapping(args: TableStreamSubscriptionArgs, dependsOn: pulumi.Resource[]) {
    const filters = args.filterPatterns?.map((pattern) => ({ pattern: JSON.stringify(pattern) }));
    return new aws.lambda.EventSourceMapping(
      this.named("mapping"),
      {
        eventSourceArn: args.table.streamArn,
        functionName: args.lambda.function.arn,
        startingPosition: "TRIM_HORIZON",
        batchSize: args.batchSize ?? 100,
        maximumBatchingWindowInSeconds: args.batchingWindowSeconds ?? 0,
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: args.maximumRetryAttempts ?? 5,
        maximumRecordAgeInSeconds: args.maximumRecordAgeSeconds ?? 3600,
        functionResponseTypes: ["ReportBatchItemFailures"],
        destinationConfig: { onFailure: { destinationArn: this.deadLetters.queue.arn } },
        ...(filters === undefined ? {} : { filterCriteria: { filters } }),
      },
      { ...this.child, dependsOn },
    );
  }
}
