import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "aws-lambda";
import { scheduledMessage } from "../../handlers/cost-report/scheduled-message";
import {
  type CostReportSettings,
  METRIC_DIMENSION,
  METRIC_NAMESPACE,
  type MetricName,
} from "../../handlers/cost-report/settings";
import { CallbackLambda } from "../building-blocks/callback-lambda";
import { alarmAbove, alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { headerAddress } from "./addresses";
import { CostArchive } from "./archive";
import type { CostReportArgs } from "./args";
import { DEFAULTS } from "./args.schema";
import { checkCostReport } from "./checks";
import { checkConfigurationSetName, ReportMail } from "./mail";
import { itemTable } from "../internal/item-table";
import { lastingIdentity } from "../internal/lasting-identity";
import type { PolicyStatement } from "../internal/policy";
import { ScheduledTask } from "../building-blocks/scheduled-task";

export type * from "./args";
export { CostArchive } from "./archive";
export { ReportMail } from "./mail";

/**
 * A mail a day about what AWS costs: per account and service, with changes, trends and the month so far, for any number
 * of accounts from one query; never twice for the same day, with an archive and a trend page.
 *
 * ```ts
 * new CostReport("costs", {
 *   sender: { address: "aws-costs@example.com", verification: { kind: "domain", hostedZone: { name: "example.com" } } },
 *   recipients: [{ address: "finance@example.com" }, { address: "web@example.com", accounts: ["111111111111"] }],
 * });
 * ```
 *
 * Follows the AWS Architecture Blog post "Email delta cost usage report in a multi-account organization using AWS
 * Lambda"; how it differs and why is described in docs/cost-report.md. Arguments win over defaults. Invariants: exact
 * policies, a private and encrypted archive, TLS for every mail, dead-letter queues with alarms.
 *
 * @throws ArgumentsError naming every wrong argument, before any resource is registered
 */
export class CostReport extends Component {
  readonly mail: ReportMail;
  readonly archive: CostArchive;
  /** Who got which day's report. */
  readonly deliveries: aws.dynamodb.Table;
  readonly lambda: CallbackLambda;
  readonly scheduleName: pulumi.Output<string>;
  /** What metrics, mails and the record of deliveries know this report by. */
  private readonly reportId: pulumi.Output<string>;

  constructor(name: string, args: CostReportArgs, opts?: ComponentOptions) {
    const checks = checkCostReport(args);
    checkName(checks, name);
    checkConfigurationSetName(checks, name);
    checks.finish(`CostReport "${name}"`);
    super("cost", name, opts, { ...args });
    this.mail = this.createMail(args);
    this.reportId = lastingIdentity(this.named("identity"), this.componentName, this.child);
    this.archive = new CostArchive(this.named("archive"), args.archive ?? {}, this.child);
    this.deliveries = this.createDeliveries();
    this.lambda = this.createLambda(args);
    this.scheduleName = this.createSchedule(args).schedule.name;
    this.createAlarm(args);
    this.registerOutputs({ functionName: this.lambda.function.name, bucketName: this.archive.bucket.bucket });
  }

  private createMail({
    sender,
    recipients,
    verifyRecipients = DEFAULTS.CostReportArgs.verifyRecipients,
    ...args
  }: CostReportArgs): ReportMail {
    return new ReportMail(
      this.named("mail"),
      { sender, recipients, verifyRecipients, ...alarmTopics(args) },
      this.child,
    );
  }

  private createDeliveries(): aws.dynamodb.Table {
    return itemTable(this.named("deliveries"), this.child);
  }

  /** What the function is given: settings known now, and Outputs known when it is made. */
  private settings(args: CostReportArgs) {
    const { sender, archive, schedule, ownerTag, lookUpNames, knownAccounts, ...rest } = args;
    const { verifyRecipients: _, alarmTopicArns: __, otherRecordTypes: ___, ...others } = rest;
    const settings: Omit<CostReportSettings, "reportId" | "bucketName" | "tableName" | "configurationSetName"> = {
      ...others,
      // In quotation marks, so that nothing in the name is taken for a part of the address.
      sender: sender.name === undefined ? sender.address : `"${sender.name}" <${sender.address}>`,
      organizations: {
        lookup: lookUpNames ?? DEFAULTS.CostReportArgs.lookUpNames,
        ...(ownerTag === undefined ? {} : { ownerTag }),
      },
      ...(knownAccounts === undefined ? {} : { knownAccounts }),
      ...(schedule?.timeZone === undefined ? {} : { timeZone: schedule.timeZone }),
      ...(archive?.prefix === undefined ? {} : { prefix: archive.prefix }),
    };
    const outputs = pulumi.output({
      reportId: this.reportId,
      bucketName: this.archive.bucket.bucket,
      tableName: this.deliveries.name,
      configurationSetName: this.mail.configurationSet.configurationSetName,
    });
    return { settings, outputs };
  }

  private createLambda(args: CostReportArgs): CallbackLambda {
    const { settings, outputs } = this.settings(args);
    return new CallbackLambda(
      this.named("report"),
      {
        description: `${this.componentName}: mails what AWS costs`,
        ...capacityFor(args),
        asynchronous: { maximumRetryAttempts: 2 },
        policies: [...billingPermissions(args, this.arn("organizations::*:account/o-*/*")), ...this.permissions(args)],
        callback: async (event: unknown, context: Context) => {
          const { makeHandler } = await import("../../handlers/cost-report/handler");
          return makeHandler({ ...settings, ...outputs.get() })(event, context);
        },
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private permissions({ sender }: CostReportArgs): PolicyStatement[] {
    const { bucket, prefix } = this.archive;
    const [reports, trend] = [`${prefix}reports/*`, `${prefix}trend/*`];
    return [
      {
        actions: ["s3:GetObject"],
        resources: [pulumi.interpolate`${bucket.arn}/${reports}`],
      },
      {
        actions: ["s3:PutObject"],
        resources: [reports, trend].map((keys) => pulumi.interpolate`${bucket.arn}/${keys}`),
      },
      {
        actions: ["s3:ListBucket"],
        resources: [bucket.arn],
        // Asked for an object, which has no prefix, S3 tells only those who may list that it is not there.
        conditions: { StringLikeIfExists: { "s3:prefix": [reports] } },
      },
      { actions: ["dynamodb:Query", "dynamodb:UpdateItem"], resources: [this.deliveries.arn] },
      {
        // SendEmail asks for the second where the mail is MIME. In the sandbox it asks for the recipient's identity too.
        actions: ["ses:SendEmail", "ses:SendRawEmail"],
        resources: [this.mail.identityArn, this.mail.configurationSet.arn, ...this.mail.recipientArns],
        conditions: { StringEquals: { "ses:FromAddress": [headerAddress(sender.address)] } },
      },
    ];
  }

  /** Reports go out without what they can do without; somebody has to see to it all the same. */
  private createAlarm(args: CostReportArgs): void {
    const metricName: MetricName = "PartsMissing";
    new aws.cloudwatch.MetricAlarm(
      this.named("incomplete"),
      {
        alarmDescription: "A report went out without a part of it: the mail says which, and the function's log why.",
        namespace: METRIC_NAMESPACE,
        metricName,
        dimensions: { [METRIC_DIMENSION]: this.reportId },
        statistic: "Sum",
        period: 300,
        ...alarmAbove(0, args),
      },
      this.child,
    );
  }

  private createSchedule(args: CostReportArgs): ScheduledTask {
    const defaults = DEFAULTS.ReportSchedule;
    const {
      expression = defaults.expression,
      timeZone = defaults.timeZone,
      flexibleMinutes = defaults.flexibleMinutes,
    } = args.schedule ?? {};
    return new ScheduledTask(
      this.named("daily"),
      {
        description: `${this.componentName}: the report is due`,
        expression,
        flexibleWindowMinutes: flexibleMinutes,
        timeZone,
        target: { lambda: this.lambda },
        input: scheduledMessage,
      },
      this.child,
    );
  }
}

/** More accounts than this are many: each has pages of Cost Explorer, rows of files, and perhaps tags to be asked for. */
const FEW_ACCOUNTS = 100;

/**
 * What the function may take. How many accounts there are is known beforehand only where they are listed; what is not
 * used of time costs nothing.
 */
function capacityFor({ accounts }: CostReportArgs): { timeoutSeconds: number; memoryMegabytes: number } {
  const isSmall = accounts !== undefined && "include" in accounts && accounts.include.length <= FEW_ACCOUNTS;
  return isSmall ? { timeoutSeconds: 300, memoryMegabytes: 512 } : { timeoutSeconds: 900, memoryMegabytes: 1536 };
}

/** Leave to read costs and names: the function's own, or to take the role that has it. */
function billingPermissions(
  { billingRole, lookUpNames = DEFAULTS.CostReportArgs.lookUpNames, ownerTag }: CostReportArgs,
  accountArns: pulumi.Output<string>,
): PolicyStatement[] {
  if (billingRole !== undefined) return [{ actions: ["sts:AssumeRole"], resources: [billingRole.roleArn] }];
  const costs = {
    actions: ["ce:GetCostAndUsage"],
    resources: ["*"],
    reason: "Cost Explorer has no resources that costs are in",
  };
  if (!lookUpNames) return [costs];
  const names = {
    actions: ["organizations:ListAccounts"],
    resources: ["*"],
    reason: "AWS Organizations lists accounts as a whole",
  };
  const tags = {
    actions: ["organizations:ListTagsForResource"],
    resources: [accountArns],
  };
  return ownerTag === undefined ? [costs, names] : [costs, names, tags];
}
