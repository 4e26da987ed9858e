import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArguments } from "../internal/argument-checks";
import { arnBeside } from "../internal/arn";
import { DEAD_LETTER_QUEUE } from "./args.schema";
import { alarmAbove, Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import { type Sender, tlsOnly } from "../internal/queue-policy";

export interface DeadLetterQueueArgs extends ObservabilityArgs {
  /** True for the dead letters of a FIFO queue. @default false */
  fifo?: boolean;
  /** What fails when a message lands here; shown in the alarm. */
  purpose: string;
  /**
   * True when EventBridge rules of this account and region put what they cannot deliver here. (A queue has one policy,
   * made before the rules that will use it, so it cannot name them one by one.)
   *
   * @default false
   */
  fromEventRules?: boolean;
}

/**
 * Where work ends that failed for good: an encrypted queue that keeps messages 14 days (SQS's maximum), and an alarm
 * as soon as there is one.
 *
 * @throws ArgumentsError for arguments of the wrong type
 */
export class DeadLetterQueue extends Component {
  readonly queue: aws.sqs.Queue;
  readonly alarm: aws.cloudwatch.MetricAlarm;

  constructor(name: string, args: DeadLetterQueueArgs, opts?: ComponentOptions) {
    checkArguments(`DeadLetterQueue "${name}"`, DEAD_LETTER_QUEUE, args);
    super("messaging", name, opts);
    this.queue = new aws.sqs.Queue(
      this.named("queue"),
      {
        messageRetentionSeconds: 14 * 24 * 3600,
        sqsManagedSseEnabled: true,
        ...(args.fifo ? { fifoQueue: true } : {}),
      },
      this.child,
    );
    new aws.sqs.QueuePolicy(
      this.named("policy"),
      {
        queueUrl: this.queue.url,
        policy: tlsOnly(this.queue.arn, args.fromEventRules ? [anyRule(this.queue.arn)] : []),
      },
      this.child,
    );
    this.alarm = new aws.cloudwatch.MetricAlarm(
      this.named("alarm"),
      {
        alarmDescription: `Dead letters: ${args.purpose}. Read the messages, fix the cause, then redrive the queue.`,
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: this.queue.name },
        statistic: "Maximum",
        period: 60,
        ...alarmAbove(0, args),
      },
      this.child,
    );
    this.registerOutputs({ queueUrl: this.queue.url });
  }
}

/** The EventBridge rules of the account and region that a queue is in. */
function anyRule(queueArn: pulumi.Output<string>): Sender {
  return { service: "events.amazonaws.com", sourceArn: arnBeside(queueArn, "events", "rule/*") };
}
