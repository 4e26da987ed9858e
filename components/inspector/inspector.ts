import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { checkConfigurationSetName } from "../cost-report/mail";
import type { InspectorOrganization, InspectorScanningArgs, ScannedType } from "./args";
import { DEFAULTS } from "./args.schema";
import { checkInspectorScanning } from "./checks";
import { FindingWatch } from "./finding-watch";
import { suppressionFilter } from "./suppressions";

export type * from "./args";
export { FindingWatch, type FindingWatchArgs } from "./finding-watch";

/**
 * Amazon Inspector for EC2, ECR, Lambda functions and their code, in one account or an organization; what it finds is
 * kept in a table, reported once for each change, grouped by resource and hour, and summed up each day.
 *
 * ```ts
 * new InspectorScanning("scan", {
 *   resourceTypes: ["LAMBDA", "LAMBDA_CODE"],
 *   mail: { sender: { address: "security@example.com" }, recipients: ["platform@example.com"] },
 * });
 * ```
 *
 * Follows the AWS News Blog post "Amazon Inspector Now Scans AWS Lambda Functions for Vulnerabilities"; how it differs and
 * why is described in docs/inspector.md. Arguments win over defaults. Invariants: exact policies, encrypted table, queue
 * and topic, dead-letter queues with alarms.
 *
 * @throws ArgumentsError naming every wrong argument, before any resource is registered
 */
export class InspectorScanning extends Component {
  /** Undefined in an organization's management account. */
  readonly watch: FindingWatch | undefined;

  constructor(name: string, args: InspectorScanningArgs = {}, opts?: ComponentOptions) {
    const checks = checkInspectorScanning(args);
    checkName(checks, name);
    if (args.mail !== undefined) checkConfigurationSetName(checks, `${name}-watch`);
    checks.finish(`InspectorScanning "${name}"`);
    super("inspector", name, opts, { ...args });
    const { organization } = args;
    if (organization?.role === "management") {
      this.delegate(organization.delegatedAdministrator);
      this.watch = undefined;
    } else {
      this.watch = this.createWatch(args);
      this.createScanning(args, organization, this.createHub(args));
      for (const suppression of args.suppressions ?? []) {
        suppressionFilter(this.named(`suppression-${suppression.name}`), suppression, this);
      }
    }
    this.registerOutputs({ tableName: this.watch?.findings.name, topicArn: this.watch?.topic.arn });
  }

  private delegate(accountId: string): void {
    new aws.inspector2.DelegatedAdminAccount(this.named("administrator"), { accountId }, this.child);
  }

  private createWatch({ mail, fixWithinDays, ...args }: InspectorScanningArgs): FindingWatch {
    return new FindingWatch(
      this.named("watch"),
      {
        fixWithinDays: { ...DEFAULTS.FixWithinDays, ...fixWithinDays },
        identityName: this.componentName,
        ...(mail !== undefined && { mail }),
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  /**
   * AWS turns Inspector's integration on with the hub, so that a subscription of ours would be refused:
   * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-internal-providers.html
   */
  private createHub({
    securityHub = DEFAULTS.InspectorScanningArgs.securityHub,
  }: InspectorScanningArgs): pulumi.Resource[] {
    if (!securityHub) return [];
    // Standards need AWS Config and are checked for money, which nobody has asked for.
    return [new aws.securityhub.Account(this.named("hub"), { enableDefaultStandards: false }, this.child)];
  }

  /** Findings that come while nobody listens would be lost. */
  private createScanning(
    { resourceTypes = [...DEFAULTS.InspectorScanningArgs.resourceTypes] }: InspectorScanningArgs,
    organization: Extract<InspectorOrganization, { role: "administrator" }> | undefined,
    hub: readonly pulumi.Resource[],
  ): void {
    const { accountId } = aws.getCallerIdentityOutput({}, this.child);
    const own = new aws.inspector2.Enabler(
      this.named("enabler"),
      { accountIds: [accountId], resourceTypes },
      { ...this.child, dependsOn: [...hub, ...(this.watch?.ready ?? [])] },
    );
    if (organization === undefined) return;
    const { autoEnable = resourceTypes, members = [] } = organization;
    const after = { ...this.child, dependsOn: [own] };
    new aws.inspector2.OrganizationConfiguration(
      this.named("organization"),
      { autoEnable: flagsOf(autoEnable) },
      after,
    );
    for (const id of members) this.scanMember(id, resourceTypes, after);
  }

  private scanMember(accountId: string, resourceTypes: ScannedType[], after: pulumi.CustomResourceOptions): void {
    const member = new aws.inspector2.MemberAssociation(this.named(`member-${accountId}`), { accountId }, after);
    new aws.inspector2.Enabler(
      this.named(`enabler-${accountId}`),
      { accountIds: [accountId], resourceTypes },
      { ...this.child, dependsOn: [member] },
    );
  }
}

function flagsOf(types: readonly ScannedType[]): aws.types.input.inspector2.OrganizationConfigurationAutoEnable {
  const has = (type: ScannedType): boolean => types.includes(type);
  return { ec2: has("EC2"), ecr: has("ECR"), lambda: has("LAMBDA"), lambdaCode: has("LAMBDA_CODE") };
}
