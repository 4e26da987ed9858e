import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context, SQSEvent } from "aws-lambda";
import { arnBeside } from "../internal/arn";
import { CallbackLambda } from "../building-blocks/callback-lambda";
import { alarmTopics, Component, type ObservabilityArgs } from "../building-blocks/component";
import { itemTable } from "../internal/item-table";
import { QueueSubscription } from "../building-blocks/queue-subscription";
import { ScheduledTask } from "../building-blocks/scheduled-task";
import { WorkQueue } from "../building-blocks/work-queue";
import { EVENT_ROLES, eventPatterns, scheduledMessage } from "../../handlers/wavelength-dns/event-patterns";
import { RELEASE_DELIVERIES } from "../../handlers/wavelength-dns/settings";
import type { Weights } from "./args";
import { DnsWithdrawal, recordPermissions } from "./withdrawal";

export interface DnsRegistrarArgs extends ObservabilityArgs {
  recordName: string;
  hostedZoneId: pulumi.Input<string>;
  /** Name of the Auto Scaling group whose instances are registered. */
  groupName: pulumi.Input<string>;
  hookName: pulumi.Input<string>;
  /** What marks the records as this component's; see `CommonSettings.owner`. */
  owner: pulumi.Input<string>;
  ttlSeconds: number;
  drainSeconds: number;
  gatherSeconds: number;
  weights: Weights;
  repairSchedule: string;
}

/** Function timeouts in seconds; AWS advises a visibility timeout of six times as much. */
export const RECONCILE_TIMEOUT = 60;
const RELEASE_TIMEOUT = 60;
/** Deliveries of a drain message that may fail: with those of a hold in which none does, before it is a dead letter. */
const RELEASE_RETRIES = 10;
/** Seconds that a drain message may take after its delay: the longest hold, 840 s, and a change as slow as is borne. */
const LONGEST_RELEASE = 1500;
/** How long an event may wait, besides the time for which events are gathered, before an alarm goes off. */
const OLDEST_EVENT_SECONDS = 300;

/**
 * Keeps a weighted record set in step with an Auto Scaling group: events and a schedule go through one queue to one
 * writer at a time; instances that leave are let go by a delayed message.
 */
export class DnsRegistrar extends Component {
  readonly events: WorkQueue;
  readonly drain: WorkQueue;
  readonly table: aws.dynamodb.Table;
  readonly reconcile: CallbackLambda;
  readonly release: CallbackLambda;
  readonly withdrawal: DnsWithdrawal;
  /** Name of the schedule that repairs what events missed. */
  readonly repairScheduleName: pulumi.Output<string>;
  /** What has to exist before the first instance starts, and until the last one is gone. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: DnsRegistrarArgs, opts?: pulumi.ComponentResourceOptions) {
    super("edge", name, opts);
    const rules = this.createRules(args);
    this.events = this.createEventQueue(args, rules);
    this.drain = this.createDrainQueue(args);
    this.table = this.createTable();
    this.reconcile = this.createReconcile(args);
    this.release = this.createRelease(args);
    this.withdrawal = this.createWithdrawal(args);
    const repair = this.createRepair(args);
    this.repairScheduleName = repair.schedule.name;
    this.ready = [...this.createTargets(rules), ...this.createSubscriptions(args), repair];
    this.registerOutputs({ eventQueueUrl: this.events.queue.url, drainQueueUrl: this.drain.queue.url });
  }

  /** Everything that may change which addresses are right. Events only say when to look, never what to write. */
  private createRules({ groupName }: DnsRegistrarArgs): Record<string, aws.cloudwatch.EventRule> {
    const rules = EVENT_ROLES.map((role) => {
      const eventPattern = pulumi.output(groupName).apply((group) => JSON.stringify(eventPatterns(group)[role]));
      const rule = new aws.cloudwatch.EventRule(
        this.named(`${role}-rule`),
        { description: `${this.componentName}: ${role}`, eventPattern },
        this.child,
      );
      return [role, rule] as const;
    });
    return Object.fromEntries(rules);
  }

  private createEventQueue(args: DnsRegistrarArgs, rules: Record<string, aws.cloudwatch.EventRule>): WorkQueue {
    return new WorkQueue(
      this.named("events"),
      {
        purpose: `changes of the instances behind ${args.recordName}`,
        // As AWS advises, with the time for which a batch is gathered: a message is hidden meanwhile, too.
        visibilityTimeoutSeconds: 6 * RECONCILE_TIMEOUT + args.gatherSeconds,
        oldestMessageAlarmSeconds: OLDEST_EVENT_SECONDS + args.gatherSeconds,
        senders: Object.values(rules).map(({ arn }) => ({ service: "events.amazonaws.com", sourceArn: arn })),
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createTargets(rules: Record<string, aws.cloudwatch.EventRule>): pulumi.Resource[] {
    return Object.entries(rules).map(
      ([role, rule]) =>
        new aws.cloudwatch.EventTarget(
          this.named(`${role}-target`),
          {
            rule: rule.name,
            arn: this.events.queue.arn,
            deadLetterConfig: { arn: this.events.deadLetters.queue.arn },
          },
          { ...this.child, dependsOn: [this.events] },
        ),
    );
  }

  private createDrainQueue(args: DnsRegistrarArgs): WorkQueue {
    return new WorkQueue(
      this.named("drain"),
      {
        purpose: `instances that leave ${args.recordName}`,
        fifo: true,
        maximumDeliveries: RELEASE_DELIVERIES + RELEASE_RETRIES,
        delaySeconds: args.drainSeconds,
        visibilityTimeoutSeconds: Math.max(6 * RELEASE_TIMEOUT, args.drainSeconds),
        oldestMessageAlarmSeconds: args.drainSeconds + LONGEST_RELEASE,
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  /** The lease of the one writer, and Spot warnings that are still to be considered. */
  private createTable(): aws.dynamodb.Table {
    return itemTable(this.named("state"), this.child);
  }

  /** The group is made later; AWS puts an id of its own choosing before its name. */
  private groupArn(groupName: pulumi.Input<string>): pulumi.Output<string> {
    return arnBeside(
      this.table.arn,
      "autoscaling",
      pulumi.interpolate`autoScalingGroup:*:autoScalingGroupName/${groupName}`,
    );
  }

  private zoneArn({ hostedZoneId }: DnsRegistrarArgs): pulumi.Output<string> {
    return this.arn(pulumi.interpolate`route53:::hostedzone/${hostedZoneId}`);
  }

  /** What both functions are given: settings known now, and Outputs known when the function is made. */
  private settings(args: DnsRegistrarArgs) {
    const settings = {
      recordName: args.recordName,
      ttlSeconds: args.ttlSeconds,
      drainSeconds: args.drainSeconds,
      weights: args.weights,
    };
    const outputs = pulumi.output({
      autoScalingGroupName: args.groupName,
      lifecycleHookName: args.hookName,
      owner: args.owner,
      hostedZoneId: args.hostedZoneId,
      tableName: this.table.name,
      drainQueueUrl: this.drain.queue.url,
    });
    return { settings, outputs };
  }

  private createReconcile(args: DnsRegistrarArgs): CallbackLambda {
    const { settings, outputs } = this.settings(args);
    const { table, drain } = this;
    return new CallbackLambda(
      this.named("reconcile"),
      {
        description: `${this.componentName}: makes the DNS records match the instances`,
        timeoutSeconds: RECONCILE_TIMEOUT,
        policies: [
          {
            actions: ["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeWarmPool", "ec2:DescribeInstances"],
            resources: ["*"],
            reason: "AWS offers no resource-level permissions for these",
          },
          ...recordPermissions(this.zoneArn(args), args.recordName),
          {
            actions: ["dynamodb:UpdateItem", "dynamodb:Query", "dynamodb:BatchWriteItem"],
            resources: [table.arn],
          },
          { actions: ["sqs:SendMessage"], resources: [drain.queue.arn] },
        ],
        callback: async (event: SQSEvent, context: Context) => {
          const { makeReconcileHandler } = await import("../../handlers/wavelength-dns/handler");
          return makeReconcileHandler({ ...settings, ...outputs.get() })(event, context);
        },
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createRelease(args: DnsRegistrarArgs): CallbackLambda {
    const { settings, outputs } = this.settings(args);
    const { table, drain } = this;
    return new CallbackLambda(
      this.named("release"),
      {
        description: `${this.componentName}: lets instances go that no client is sent to any more`,
        timeoutSeconds: RELEASE_TIMEOUT,
        policies: [
          { actions: ["route53:ListResourceRecordSets"], resources: [this.zoneArn(args)] },
          { actions: ["route53:GetChange"], resources: [this.arn("route53:::change/*")] },
          { actions: ["autoscaling:CompleteLifecycleAction"], resources: [this.groupArn(args.groupName)] },
          { actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [table.arn] },
          { actions: ["sqs:ChangeMessageVisibility"], resources: [drain.queue.arn] },
        ],
        callback: async (event: SQSEvent, context: Context) => {
          const { makeReleaseHandler } = await import("../../handlers/wavelength-dns/handler");
          return makeReleaseHandler({ ...settings, ...outputs.get() })(event, context);
        },
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createWithdrawal(args: DnsRegistrarArgs): DnsWithdrawal {
    const { recordName, hostedZoneId, owner } = args;
    return new DnsWithdrawal(
      this.named("withdraw"),
      { recordName, hostedZoneId, owner, table: this.table, ...alarmTopics(args) },
      this.child,
    );
  }

  private createSubscriptions(args: DnsRegistrarArgs): pulumi.Resource[] {
    const options = { ...this.child, dependsOn: this.withdrawal };
    const events = new QueueSubscription(
      this.named("on-events"),
      {
        queue: this.events,
        lambda: this.reconcile,
        batchSize: 1000,
        batchingWindowSeconds: args.gatherSeconds,
        maximumConcurrency: 2,
      },
      options,
    );
    const drain = new QueueSubscription(
      this.named("on-drain"),
      { queue: this.drain, lambda: this.release, maximumConcurrency: 2 },
      options,
    );
    return [events, drain];
  }

  private createRepair(args: DnsRegistrarArgs): ScheduledTask {
    return new ScheduledTask(
      this.named("repair"),
      {
        description: `Compares the records of ${args.recordName} with the instances, and repairs them`,
        expression: args.repairSchedule,
        target: { queue: this.events },
        input: scheduledMessage,
      },
      { ...this.child, dependsOn: this.withdrawal },
    );
  }
}
