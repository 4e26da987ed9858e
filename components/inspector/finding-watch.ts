import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context, SQSEvent } from "aws-lambda";
import { scheduledRequest } from "../../handlers/inspector/scheduled-request";
import {
  type FixWithinDays as Limits,
  type MailSettings,
  METRIC_DIMENSION,
  METRIC_NAMESPACE,
  type MetricName,
} from "../../handlers/inspector/settings";
import { CallbackLambda } from "../building-blocks/callback-lambda";
import { alarmAbove, alarmTopics, Component, type ObservabilityArgs } from "../building-blocks/component";
import { QueueSubscription } from "../building-blocks/queue-subscription";
import { ScheduledTask } from "../building-blocks/scheduled-task";
import { WorkQueue } from "../building-blocks/work-queue";
import { headerAddress } from "../cost-report/addresses";
import { ReportMail } from "../cost-report/mail";
import type { EventPattern } from "../event-pattern";
import { itemTable } from "../internal/item-table";
import { lastingIdentity } from "../internal/lasting-identity";
import { type PolicyStatement, tlsOnlyStatement } from "../internal/policy";
import type { FindingMail, FixWithinDays } from "./args";
import { DEFAULTS } from "./args.schema";

export interface FindingWatchArgs extends ObservabilityArgs {
  /** What metrics and mails are called by; with project and stack. */
  identityName: string;
  mail?: FindingMail;
  fixWithinDays: FixWithinDays;
}

/** Function timeouts in seconds; AWS advises a visibility timeout of six times as much. */
const RECORD_TIMEOUT = 60;
const REPORT_TIMEOUT = 300;
/** Batches at the same time: more would get into each other's way at the groups of busy resources. */
const BATCHES_AT_ONCE = 5;

const FINDINGS = { source: ["aws.inspector2"], "detail-type": ["Inspector2 Finding"] } as const satisfies EventPattern;

/**
 * Amazon Inspector's findings → EventBridge → queue → table, and from there, grouped by resource and hour, to an SNS topic
 * and by mail; a digest each day. docs/inspector.md says what holds whatever fails.
 */
export class FindingWatch extends Component {
  readonly events: WorkQueue;
  /** Findings, and what is to be reported of them. */
  readonly findings: aws.dynamodb.Table;
  readonly topic: aws.sns.Topic;
  /** Undefined where nobody gets mail. */
  readonly mail: ReportMail | undefined;
  readonly record: CallbackLambda;
  readonly report: CallbackLambda;
  readonly noticesScheduleName: pulumi.Output<string>;
  readonly digestScheduleName: pulumi.Output<string>;
  /** What has to exist before the first finding. */
  readonly ready: pulumi.Resource[];
  private readonly scanId: pulumi.Output<string>;

  constructor(name: string, args: FindingWatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("inspector", name, opts);
    this.scanId = lastingIdentity(this.named("identity"), args.identityName, this.child);
    this.findings = itemTable(this.named("findings"), this.child);
    this.topic = this.createTopic();
    this.mail = args.mail === undefined ? undefined : this.createMail(args.mail, args);
    const rule = this.createRule();
    this.events = this.createQueue(rule, args);
    this.record = this.createRecord(args);
    this.report = this.createReport(args);
    this.ready = [this.createTarget(rule), this.createSubscription()];
    this.noticesScheduleName = this.schedule("notices", "rate(15 minutes)");
    const { digestSchedule, timeZone } = { ...DEFAULTS.FindingMail, ...args.mail };
    this.digestScheduleName = this.schedule("digest", digestSchedule, timeZone);
    this.createAlarm(args);
    this.registerOutputs({ tableName: this.findings.name, topicArn: this.topic.arn });
  }

  private createTopic(): aws.sns.Topic {
    const topic = new aws.sns.Topic(this.named("topic"), { kmsMasterKeyId: "alias/aws/sns" }, this.child);
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [tlsOnlyStatement("sns:Publish", topic.arn)],
    });
    new aws.sns.TopicPolicy(this.named("topic-policy"), { arn: topic.arn, policy }, this.child);
    return topic;
  }

  private createMail(
    { sender, recipients, verifyRecipients = DEFAULTS.FindingMail.verifyRecipients }: FindingMail,
    args: ObservabilityArgs,
  ): ReportMail {
    const addressed = recipients.map((address) => ({ address }));
    return new ReportMail(
      this.named("mail"),
      { sender, recipients: addressed, verifyRecipients, ...alarmTopics(args) },
      this.child,
    );
  }

  private createRule(): aws.cloudwatch.EventRule {
    const description = `${this.componentName}: what Amazon Inspector finds, and what becomes of it`;
    return new aws.cloudwatch.EventRule(
      this.named("rule"),
      { description, eventPattern: JSON.stringify(FINDINGS) },
      this.child,
    );
  }

  private createQueue(rule: aws.cloudwatch.EventRule, args: FindingWatchArgs): WorkQueue {
    return new WorkQueue(
      this.named("events"),
      {
        purpose: "findings of Amazon Inspector",
        visibilityTimeoutSeconds: 6 * RECORD_TIMEOUT,
        senders: [{ service: "events.amazonaws.com", sourceArn: rule.arn }],
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createTarget(rule: aws.cloudwatch.EventRule): aws.cloudwatch.EventTarget {
    const { queue, deadLetters } = this.events;
    return new aws.cloudwatch.EventTarget(
      this.named("target"),
      { rule: rule.name, arn: queue.arn, deadLetterConfig: { arn: deadLetters.queue.arn } },
      { ...this.child, dependsOn: [this.events] },
    );
  }

  private createSubscription(): QueueSubscription {
    return new QueueSubscription(
      this.named("subscription"),
      { queue: this.events, lambda: this.record, maximumConcurrency: BATCHES_AT_ONCE },
      this.child,
    );
  }

  private createRecord(args: FindingWatchArgs): CallbackLambda {
    const settings = pulumi.output({ scanId: this.scanId, tableName: this.findings.name });
    return new CallbackLambda(
      this.named("record"),
      {
        description: `${this.componentName}: keeps the findings, and notes what changes`,
        timeoutSeconds: RECORD_TIMEOUT,
        policies: [
          // A transaction asks for what it consists of.
          { actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], resources: [this.findings.arn] },
        ],
        callback: async (event: SQSEvent, context: Context) => {
          const { makeRecordHandler } = await import("../../handlers/inspector/handler");
          return makeRecordHandler(settings.get())(event, context);
        },
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createReport(args: FindingWatchArgs): CallbackLambda {
    const fixWithinDays = limitsOf(args.fixWithinDays);
    const settings = pulumi.output({ scanId: this.scanId, tableName: this.findings.name, topicArn: this.topic.arn });
    const mail = this.mailSettings(args.mail);
    return new CallbackLambda(
      this.named("report"),
      {
        description: `${this.componentName}: reports changes, and sums up each day`,
        timeoutSeconds: REPORT_TIMEOUT,
        memoryMegabytes: 512,
        asynchronous: { maximumRetryAttempts: 2 },
        policies: [
          { actions: ["dynamodb:Query", "dynamodb:UpdateItem"], resources: [this.findings.arn] },
          { actions: ["sns:Publish"], resources: [this.topic.arn] },
          ...this.mailPermissions(args.mail),
        ],
        callback: async (event: unknown, context: Context) => {
          const { makeReportHandler } = await import("../../handlers/inspector/handler");
          return makeReportHandler({ ...settings.get(), ...mail.get(), fixWithinDays })(event, context);
        },
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private mailSettings(given: FindingMail | undefined): pulumi.Output<{ mail?: MailSettings }> {
    if (given === undefined || this.mail === undefined) return pulumi.output({});
    const { sender, recipients } = given;
    return this.mail.configurationSet.configurationSetName.apply((configurationSetName) => ({
      mail: {
        // In quotation marks, so that nothing in the name is taken for a part of the address.
        sender: sender.name === undefined ? sender.address : `"${sender.name}" <${sender.address}>`,
        recipients,
        configurationSetName,
      },
    }));
  }

  private mailPermissions(given: FindingMail | undefined): PolicyStatement[] {
    if (given === undefined || this.mail === undefined) return [];
    const { identityArn, configurationSet, recipientArns } = this.mail;
    return [
      {
        // SendEmail asks for the second where the mail is MIME.
        actions: ["ses:SendEmail", "ses:SendRawEmail"],
        resources: [identityArn, configurationSet.arn, ...recipientArns],
        conditions: { StringEquals: { "ses:FromAddress": [headerAddress(given.sender.address)] } },
      },
    ];
  }

  private schedule(report: "notices" | "digest", expression: string, timeZone = "UTC"): pulumi.Output<string> {
    const description = `${this.componentName}: ${report === "notices" ? "changes are to be reported" : "the digest is due"}`;
    return new ScheduledTask(
      this.named(report),
      { description, expression, timeZone, target: { lambda: this.report }, input: scheduledRequest(report) },
      this.child,
    ).schedule.name;
  }

  /** The metric has one value a day, from the digest. */
  private createAlarm(args: FindingWatchArgs): void {
    const metricName: MetricName = "OverdueFindings";
    new aws.cloudwatch.MetricAlarm(
      this.named("overdue"),
      {
        alarmDescription:
          "Findings are older than they may become: the digest names them. Fix, or suppress with reason.",
        namespace: METRIC_NAMESPACE,
        metricName,
        dimensions: { [METRIC_DIMENSION]: this.scanId },
        statistic: "Maximum",
        period: 86_400,
        ...alarmAbove(0, args),
      },
      this.child,
    );
  }
}

function limitsOf({ critical, high, medium, low }: FixWithinDays): Limits {
  const given = Object.entries({ CRITICAL: critical, HIGH: high, MEDIUM: medium, LOW: low });
  return Object.fromEntries(given.filter(([, days]) => days !== undefined));
}
