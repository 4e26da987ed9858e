import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component, type ObservabilityArgs } from "../component";
import type { CostReportArgs, ReportSender, SenderVerification } from "./args";
import { domainOf } from "./checks";

export interface ReportMailArgs extends ObservabilityArgs, Pick<CostReportArgs, "sender" | "recipients"> {
  verifyRecipients: boolean;
}

/** AWS signs with three keys, whose records SES names. */
const DKIM_RECORDS = [0, 1, 2];

/** What SES needs to send reports: verified identities, and a configuration set whose bounces and complaints alarm. */
export class ReportMail extends Component {
  readonly configurationSet: aws.sesv2.ConfigurationSet;
  /** ARN of the identity that reports are sent as. */
  readonly identityArn: pulumi.Output<string>;

  constructor(name: string, args: ReportMailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cost", name, opts);
    this.configurationSet = this.createConfigurationSet();
    this.createAlarms(args);
    this.identityArn = this.createSender(args.sender);
    if (args.verifyRecipients) this.verify(args);
    this.registerOutputs({ configurationSetName: this.configurationSet.configurationSetName });
  }

  private createConfigurationSet(): aws.sesv2.ConfigurationSet {
    const set = new aws.sesv2.ConfigurationSet(
      this.named("set"),
      {
        // SES gives configuration sets no name of their own.
        configurationSetName: `${pulumi.getProject()}-${pulumi.getStack()}-${this.componentName}`,
        deliveryOptions: { tlsPolicy: "REQUIRE" },
        reputationOptions: { reputationMetricsEnabled: true },
        suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
      },
      this.child,
    );
    new aws.sesv2.ConfigurationSetEventDestination(
      this.named("events"),
      {
        configurationSetName: set.configurationSetName,
        eventDestinationName: "metrics",
        eventDestination: {
          enabled: true,
          matchingEventTypes: ["BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"],
          cloudWatchDestination: {
            dimensionConfigurations: [
              {
                dimensionName: DIMENSION,
                dimensionValueSource: "MESSAGE_TAG",
                defaultDimensionValue: set.configurationSetName,
              },
            ],
          },
        },
      },
      this.child,
    );
    return set;
  }

  private createAlarms({ alarmTopicArns }: ReportMailArgs): void {
    const advice = {
      Bounce: "A report came back: the address does not exist, or its server refuses mail. Correct the recipients.",
      Complaint: "A recipient called a report spam. Take the recipient off the list before SES limits the account.",
    };
    for (const [metricName, alarmDescription] of Object.entries(advice)) {
      new aws.cloudwatch.MetricAlarm(
        this.named(metricName.toLowerCase()),
        {
          alarmDescription,
          namespace: "AWS/SES",
          metricName,
          dimensions: { [DIMENSION]: this.configurationSet.configurationSetName },
          statistic: "Sum",
          period: 300,
          evaluationPeriods: 1,
          threshold: 0,
          comparisonOperator: "GreaterThanThreshold",
          treatMissingData: "notBreaching",
          ...(alarmTopicArns === undefined ? {} : { alarmActions: alarmTopicArns, okActions: alarmTopicArns }),
        },
        this.child,
      );
    }
  }

  private createSender({ address, verification = { kind: "link" } }: ReportSender): pulumi.Output<string> {
    if (verification.kind === "existing") {
      const identity = verification.identity === "address" ? address : domainOf(address);
      return aws.sesv2.getEmailIdentityOutput({ emailIdentity: identity }, this.child).arn;
    }
    const emailIdentity = verification.kind === "link" ? address : domainOf(address);
    const identity = new aws.sesv2.EmailIdentity(this.named("sender"), { emailIdentity }, this.child);
    if (verification.kind === "domain") this.createDkimRecords(identity, verification);
    return identity.arn;
  }

  private createDkimRecords(
    identity: aws.sesv2.EmailIdentity,
    { hostedZone }: Extract<SenderVerification, { kind: "domain" }>,
  ): void {
    const zoneId =
      "id" in hostedZone
        ? hostedZone.id
        : aws.route53.getZoneOutput({ name: hostedZone.name, privateZone: false }, this.child).zoneId;
    for (const i of DKIM_RECORDS) {
      const token = identity.dkimSigningAttributes.apply(({ tokens }) => tokens?.[i] ?? "");
      new aws.route53.Record(
        this.named(`dkim-${i + 1}`),
        {
          zoneId,
          name: pulumi.interpolate`${token}._domainkey.${identity.emailIdentity}`,
          type: "CNAME",
          ttl: 1800,
          records: [pulumi.interpolate`${token}.dkim.amazonses.com`],
        },
        this.child,
      );
    }
  }

  private verify({ recipients, sender }: ReportMailArgs): void {
    const verified = sender.verification?.kind === "domain" ? `@${domainOf(sender.address)}` : sender.address;
    recipients
      .filter(({ address }) => !address.toLowerCase().endsWith(verified.toLowerCase()))
      .forEach(({ address }) => {
        new aws.sesv2.EmailIdentity(this.named(`recipient-${address}`), { emailIdentity: address }, this.child);
      });
  }
}

/** Dimension of the metrics; SES puts this tag on every message of a configuration set. */
const DIMENSION = "ses:configuration-set";
