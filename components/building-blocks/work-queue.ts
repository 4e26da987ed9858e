import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../internal/argument-checks";
import { alarmAbove, alarmTopics, Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import { DeadLetterQueue } from "./dead-letter-queue";
import { type Sender, tlsOnly } from "../internal/queue-policy";

export interface WorkQueueArgs extends ObservabilityArgs {
  /** What the queue carries; shown in alarms. */
  purpose: string;
  /** True for a FIFO queue with content-based deduplication. Default: false. */
  fifo?: boolean;
  /** Seconds a message stays hidden while it is worked on, 0 to 43,200. AWS advises six times the function's timeout. */
  visibilityTimeoutSeconds: number;
  /** Seconds before a new message is delivered, 0 to 900. Default: 0. */
  delaySeconds?: number;
  /** Deliveries before a message is a dead letter, 1 to 1,000. Default: 5. */
  maximumDeliveries?: number;
  /** Age in seconds of the oldest message at which an alarm goes off, 1 to 1,209,600. Default: 600. */
  oldestMessageAlarmSeconds?: number;
  /** Services that send to the queue. Default: none. */
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
    checkArguments(name, args);
    super("messaging", name, opts);
    this.fifo = args.fifo ?? false;
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
        delaySeconds: args.delaySeconds ?? 0,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetters.queue.arn,
          maxReceiveCount: args.maximumDeliveries ?? 5,
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
        ...alarmAbove(args.oldestMessageAlarmSeconds ?? 600, args),
      },
      this.child,
    );
  }
}

function checkArguments(name: string, args: WorkQueueArgs): void {
  const checks = new ArgumentChecks();
  checks.wholeNumber("visibilityTimeoutSeconds", args.visibilityTimeoutSeconds, 0, 43_200, "seconds");
  checks.wholeNumber("delaySeconds", args.delaySeconds, 0, 900, "seconds");
  checks.wholeNumber("maximumDeliveries", args.maximumDeliveries, 1, 1_000, "deliveries");
  checks.wholeNumber("oldestMessageAlarmSeconds", args.oldestMessageAlarmSeconds, 1, 1_209_600, "seconds");
  checks.finish(`WorkQueue "${name}"`);
}
