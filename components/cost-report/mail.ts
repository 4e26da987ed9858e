import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentChecks } from "../internal/argument-checks";
import { resourceId } from "../internal/aws-id";
import { alarmAbove, Component, type ObservabilityArgs } from "../building-blocks/component";
import type { CostReportArgs, ReportSender, SenderVerification } from "./args";
import { DEFAULTS } from "./args.schema";
import { DKIM_KEYS, dkimRecord } from "./dkim";
import { domainOf, headerAddress } from "./addresses";

export interface ReportMailArgs extends ObservabilityArgs, Pick<CostReportArgs, "sender" | "recipients"> {
  verifyRecipients: boolean;
}

/** What SES needs to send reports: verified identities, and a configuration set whose bounces and complaints alarm. */
export class ReportMail extends Component {
  readonly configurationSet: aws.sesv2.ConfigurationSet;
  /** ARN of the identity that reports are sent as. */
  readonly identityArn: pulumi.Output<string>;
  /** ARNs of the identities of recipients that are verified here. */
  readonly recipientArns: readonly pulumi.Output<string>[];

  constructor(name: string, args: ReportMailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cost", name, opts);
    this.configurationSet = this.createConfigurationSet();
    this.createAlarms(args);
    this.identityArn = this.createSender(args.sender);
    this.recipientArns = args.verifyRecipients ? this.createRecipients(args) : [];
    this.registerOutputs({ configurationSetName: this.configurationSet.configurationSetName });
  }

  private createConfigurationSet(): aws.sesv2.ConfigurationSet {
    const set = new aws.sesv2.ConfigurationSet(
      this.named("set"),
      {
        configurationSetName: configurationSetName(this.componentName),
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
          matchingEventTypes: ["BOUNCE", "COMPLAINT", "REJECT"],
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

  private createAlarms(args: ReportMailArgs): void {
    const advice = {
      Bounce: "A report came back: the address does not exist, or its server refuses mail. Correct the recipients.",
      Complaint: "A recipient called a report spam. Take the recipient off the list before SES limits the account.",
      Reject: "SES took a report, found something harmful in it, and did not deliver it. Look at the day's files.",
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
          ...alarmAbove(0, args),
        },
        this.child,
      );
    }
  }

  private createSender({
    address,
    verification = DEFAULTS.ReportSender.verification,
  }: ReportSender): pulumi.Output<string> {
    if (verification.kind === "existing") {
      const identity = verification.identity === "address" ? headerAddress(address) : domainOf(address);
      return aws.sesv2.getEmailIdentityOutput({ emailIdentity: identity }, this.child).arn;
    }
    const emailIdentity = verification.kind === "link" ? headerAddress(address) : domainOf(address);
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
        ? resourceId(hostedZone.id)
        : aws.route53.getZoneOutput({ name: hostedZone.name, privateZone: false }, this.child).zoneId;
    const signing = pulumi
      .all([identity.arn, identity.emailIdentity, identity.dkimSigningAttributes])
      .apply(([arn, domain, attributes]) => ({
        arn,
        domain,
        tokens: (attributes as Partial<typeof attributes> | undefined)?.tokens,
      }));
    for (let key = 0; key < DKIM_KEYS; key += 1) {
      const record = signing.apply((it) => dkimRecord(it, key));
      new aws.route53.Record(
        this.named(`dkim-${key + 1}`),
        { zoneId, name: record.name, type: "CNAME", ttl: 1800, records: [record.value] },
        this.child,
      );
    }
  }

  /** Identities for those whom the sender's own does not cover. */
  private createRecipients({ recipients, sender }: ReportMailArgs): pulumi.Output<string>[] {
    return recipients
      .map(({ address }) => headerAddress(address))
      .filter((address) => !isCovered(address, sender))
      .map((emailIdentity) => {
        const name = this.named(`recipient-${emailIdentity}`);
        return new aws.sesv2.EmailIdentity(name, { emailIdentity }, this.child).arn;
      });
  }
}

/** A domain's identity stands for all of its addresses, also those of domains below it. */
function isCovered(address: string, { address: sender, verification }: ReportSender): boolean {
  const isDomain =
    verification?.kind === "domain" || (verification?.kind === "existing" && verification.identity === "domain");
  if (!isDomain) return address.toLowerCase() === sender.toLowerCase();
  return `.${domainOf(address)}`.endsWith(`.${domainOf(sender)}`);
}

/** SES gives configuration sets no name of their own. */
export function configurationSetName(name: string): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}-${name}`;
}

/** Together with project and stack, the name of a component with mail is not too long for the configuration set. */
export function checkConfigurationSetName(checks: ArgumentChecks, name: string): void {
  if (checks.found().some(({ path }) => path === "name")) return;
  const physical = configurationSetName(`${name}-mail`);
  checks.require(/^[\w-]{1,64}$/.test(physical), {
    path: "name",
    received: physical,
    allowed: "at most 64 letters, digits, hyphens and underscores, together with the names of project and stack",
    fix: "Shorten one of the three; SES's configuration set is named after them.",
  });
}

/** Dimension of the metrics; SES puts this tag on every message of a configuration set. */
const DIMENSION = "ses:configuration-set";
