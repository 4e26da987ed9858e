import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArguments } from "../internal/argument-checks";
import { DEFAULTS, WORK_QUEUE } from "./args.schema";
import { alarmAbove, alarmTopics, Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import { DeadLetterQueue } from "./dead-letter-queue";
import { type Sender, tlsOnly } from "../internal/queue-policy";

export interface WorkQueueArgs extends ObservabilityArgs {
  /** What the queue carries; shown in alarms. */
  purpose: string;
  /** True for a FIFO queue with content-based deduplication. @default false */
  fifo?: boolean;
  /**
   * How long a message stays hidden while it is worked on. AWS advises six times the function's timeout.
   *
   * @integer @minimum 0 @maximum 43200 @unit seconds
   */
  visibilityTimeoutSeconds: number;
  /** Time before a new message is delivered. @integer @minimum 0 @maximum 900 @unit seconds @default 0 */
  delaySeconds?: number;
  /** Deliveries before a message is a dead letter. @integer @minimum 1 @maximum 1000 @unit deliveries @default 5 */
  maximumDeliveries?: number;
  /**
   * Age of the oldest message at which an alarm goes off.
   *
   * @integer @minimum 1 @maximum 1209600 @unit seconds
   * @default 600
   */
  oldestMessageAlarmSeconds?: number;
  /** Services that send to the queue. @default none */
  senders?: readonly Sender[];
}

/**
 * An encrypted, TLS-only SQS queue with a dead-letter queue and two alarms: one for dead letters, one for messages that
 * wait too long.
 *
 * @throws ArgumentsError for numbers that SQS refuses
 */
export class WorkQueue extends Component {
  readonly queue: aws.sqs.Queue;
  readonly fifo: boolean;
  readonly deadLetters: DeadLetterQueue;
  readonly oldestMessageAlarm: aws.cloudwatch.MetricAlarm;

  constructor(name: string, args: WorkQueueArgs, opts?: ComponentOptions) {
    checkArguments(`WorkQueue "${name}"`, WORK_QUEUE, args);
    super("messaging", name, opts);
    this.fifo = args.fifo ?? DEFAULTS.WorkQueueArgs.fifo;
    const topics = alarmTopics(args);
    this.deadLetters = new DeadLetterQueue(
      this.named("dead-letters"),
      { purpose: args.purpose, fifo: this.fifo, fromEventRules: !this.fifo, ...topics },
      this.child,
    );
    this.queue = new aws.sqs.Queue(
      this.named("queue"),
      {
        sqsManagedSseEnabled: true,
        visibilityTimeoutSeconds: args.visibilityTimeoutSeconds,
        delaySeconds: args.delaySeconds ?? DEFAULTS.WorkQueueArgs.delaySeconds,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetters.queue.arn,
          maxReceiveCount: args.maximumDeliveries ?? DEFAULTS.WorkQueueArgs.maximumDeliveries,
        }),
        ...(this.fifo ? { fifoQueue: true, contentBasedDeduplication: true } : {}),
      },
      this.child,
    );
    new aws.sqs.QueuePolicy(
      this.named("policy"),
      { queueUrl: this.queue.url, policy: tlsOnly(this.queue.arn, args.senders ?? []) },
      this.child,
    );
    this.oldestMessageAlarm = this.createOldestMessageAlarm(args);
    this.registerOutputs({ queueUrl: this.queue.url });
  }

  private createOldestMessageAlarm(args: WorkQueueArgs): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(
      this.named("oldest-message"),
      {
        alarmDescription: `Messages wait too long: ${args.purpose}. Look at the consumer's errors and throttles.`,
        namespace: "AWS/SQS",
        metricName: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: this.queue.name },
        statistic: "Maximum",
        period: 60,
        ...alarmAbove(args.oldestMessageAlarmSeconds ?? DEFAULTS.WorkQueueArgs.oldestMessageAlarmSeconds, args),
      },
      this.child,
    );
  }
}
