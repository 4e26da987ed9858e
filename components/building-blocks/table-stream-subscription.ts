import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { checkArguments, withDefaults } from "../internal/argument-checks";
import { grant } from "../internal/subscription-parts";
import { DEFAULTS, TABLE_STREAM_SUBSCRIPTION } from "./args.schema";
import type { CallbackLambda } from "./callback-lambda";
import { alarmTopics, Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import { DeadLetterQueue } from "./dead-letter-queue";

export interface TableStreamSubscriptionArgs extends ObservabilityArgs {
  /** Table with a stream. */
  table: aws.dynamodb.Table;
  lambda: CallbackLambda;
  /** Records an invocation gets at most. @integer @minimum 1 @maximum 10000 @unit records @default 100 */
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
  /** Event filter patterns; a record that matches one of them is delivered. @default all records */
  filterPatterns?: readonly Record<string, unknown>[];
}

/** DynamoDB stream → Lambda. Failing batches are bisected and retried; what is given up is sent to a queue. */
export class TableStreamSubscription extends Component {
  readonly mapping: aws.lambda.EventSourceMapping;
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, args: TableStreamSubscriptionArgs, opts?: ComponentOptions) {
    checkArguments(`TableStreamSubscription "${name}"`, TABLE_STREAM_SUBSCRIPTION, args);
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
    const settings = withDefaults(DEFAULTS.TableStreamSubscriptionArgs, args);
    const filters = args.filterPatterns?.map((pattern) => ({ pattern: JSON.stringify(pattern) }));
    return new aws.lambda.EventSourceMapping(
      this.named("mapping"),
      {
        eventSourceArn: args.table.streamArn,
        functionName: args.lambda.function.arn,
        startingPosition: "TRIM_HORIZON",
        batchSize: settings.batchSize,
        maximumBatchingWindowInSeconds: settings.batchingWindowSeconds,
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: settings.maximumRetryAttempts,
        maximumRecordAgeInSeconds: settings.maximumRecordAgeSeconds,
        functionResponseTypes: ["ReportBatchItemFailures"],
        destinationConfig: { onFailure: { destinationArn: this.deadLetters.queue.arn } },
        filterCriteria: filters && { filters },
      },
      { ...this.child, dependsOn },
    );
  }
}
