import type * as pulumi from "@pulumi/pulumi";

/** Which types of one service may be used. */
export interface TypeLimits {
  /**
   * Families that may be used, such as `m7g`.
   *
   * @minItems 1 @uniqueItems
   * @default all, or with `gravitonOnly` all of Graviton
   */
  families?: string[];
  /** Sizes that may be used, such as `large`. @minItems 1 @uniqueItems @default all */
  sizes?: string[];
  /**
   * Families that may be used as well, and are newer than the lists of AWS's types that this version has, so that they
   * would be taken for misspelt.
   *
   * @format type-family @uniqueItems
   * @default none
   */
  otherFamilies?: string[];
}

/**
 * What member accounts may do, as service control policies. Settings that are left out limit nothing. SCPs never affect
 * the management account, nor service-linked roles.
 */
export interface Guardrail {
  /** Part of resource names: at most 20 lower-case letters, digits and hyphens. @format name-of-20 */
  name: string;
  /**
   * What it is attached to: organizational units by their path from the root (`/Workloads/Web`) or their id (`ou-…`),
   * member accounts (12 digits), or the root (`/` or `r-…`).
   *
   * @format policy-target @minItems 1
   */
  targets: string[];
  /**
   * Roles that it does not limit, by their names, with path and wildcards (`*`, `?`) where needed, in every account:
   * those that deploy, and those that set accounts up. Nobody else may make or change roles of these names. Roles of
   * IAM Identity Center (`AWSReservedSSO_Admin_*`) are meant wherever its home is.
   *
   * @format role-pattern @minItems 1 @uniqueItems
   */
  protectedRoles: string[];
  /**
   * Regions that may be used, such as `eu-west-1`. AWS's global services may be used from everywhere.
   *
   * @format region @minItems 1 @uniqueItems
   * @default all
   */
  regions?: string[];
  /**
   * True when `regions` leaves out us-east-1 knowingly. There are functions and logs of CloudFront, metrics of
   * billing, events of global services and stacks of CloudFormation for them, which are not exempt.
   *
   * @default false
   */
  withoutUsEast1?: boolean;
  /**
   * Actions that may be used in every region, besides AWS's global services, e.g. `quicksight:*`.
   *
   * @format action @uniqueItems
   * @default none
   */
  globalActions?: string[];
  /**
   * Which profiles of Amazon Bedrock's cross-region inference may be used from `regions`, by the geography that their
   * ids begin with, though they answer from regions that may not be used otherwise; `application` stands for those
   * that accounts make.
   *
   * @uniqueItems
   * @default none, so that a profile works only where all its regions may be used
   */
  inferenceProfiles?: ("apac" | "application" | "au" | "ca" | "eu" | "global" | "jp" | "us" | "us-gov")[];
  /** Which instance types EC2 may launch. @default all */
  instances?: TypeLimits;
  /** Which instance classes RDS and Aurora may use, without their `db.`. Aurora Serverless always may. @default all */
  databases?: TypeLimits;
  /** Which node types ElastiCache may use, without their `cache.`. @default all */
  caches?: TypeLimits;
  /** True to allow EC2, RDS and ElastiCache no other processors than AWS Graviton. @default false */
  gravitonOnly?: boolean;
  /**
   * Services (`redshift`) and single actions (`ec2:CreateNatGateway`) that may not be used; not those without which
   * nobody could sign in, take a role or put an account right, such as `sts` and `iam`.
   *
   * @format service-or-action @uniqueItems
   * @default none
   */
  deniedServices?: string[];
  /** Whether accounts are kept from leaving the organization; protected roles too. @default true */
  denyLeaving?: boolean;
}

/** A monthly cost budget. */
export interface CostBudget {
  /** Part of resource names: at most 30 lower-case letters, digits and hyphens. @format name-of-30 */
  name: string;
  /**
   * Member account (12 digits) whose costs count; only in a management account.
   *
   * @format account-id
   * @default all costs that the account sees, which in a management account are the organization's
   */
  accountId?: string;
  /** Limit in USD a month. @exclusiveMinimum 0 @maximum 1000000000 @unit USD */
  monthlyUsd: number;
  /**
   * Percents of the limit at which actual costs are reported.
   *
   * @exclusiveMinimum 0 @maximum 1000 @unit percents @uniqueItems
   * @default [80, 100]
   */
  actualPercents?: number[];
  /**
   * Percents of the limit at which AWS's forecast for the month is reported. With the actual ones at most 10, AWS's
   * limit for one budget.
   *
   * @exclusiveMinimum 0 @maximum 1000 @unit percents @uniqueItems
   * @default [100]
   */
  forecastPercents?: number[];
  /**
   * Who gets mail.
   *
   * @format email @maxItems 10 @uniqueItems
   * @fix Give the address of a mailing list.
   * @default `emails`
   */
  emails?: string[];
}

/** When and whom Cost Anomaly Detection tells. */
export interface AnomalySubscriptionSettings {
  /**
   * `immediate`: every anomaly when it is found, to the SNS topic. `daily` and `weekly`: a summary by mail. Each at
   * most once.
   */
  frequency: "immediate" | "daily" | "weekly";
  /** Least impact in USD. @exclusiveMinimum 0 @maximum 1000000000 @unit USD @default 100 */
  impactUsd?: number;
  /**
   * Least impact in percent of what was expected; both must be reached.
   *
   * @exclusiveMinimum 0 @maximum 1000000000 @unit percents
   * @default 40
   */
  impactPercent?: number;
  /**
   * Who gets a summary.
   *
   * @format email @maxItems 10 @uniqueItems
   * @fix Give the address of a mailing list.
   * @default `emails`
   */
  emails?: string[];
}

/** Cost Anomaly Detection. */
export interface AnomalyDetection {
  /**
   * Monitors to make: one that looks at each service, one that looks at each member account (only in a management
   * account). AWS allows one of each.
   *
   * @uniqueItems
   * @default `service`, and in a management account `linkedAccount`
   */
  monitors?: ("service" | "linkedAccount")[];
  /**
   * Monitors that are there already, such as the one that AWS makes for new accounts.
   *
   * @format monitor-arn
   * @default none
   */
  existingMonitorArns?: pulumi.Input<string>[];
  /**
   * When and whom AWS notifies.
   *
   * @minItems 1
   * @fix Add one, or remove anomalies: nobody would be notified.
   * @default [{ frequency: immediate }]
   */
  subscriptions?: AnomalySubscriptionSettings[];
}

export interface CostGuardrailsArgs {
  /**
   * What the account is: the management account of an organization, one without organization, or a member account.
   *
   * @default "standalone"
   */
  accountKind?: "management" | "standalone" | "member";
  /** Service control policies; only in a management account. @default none */
  guardrails?: Guardrail[];
  /**
   * How many other policies are attached to each target, `FullAWSAccess` among them: AWS allows 10 on a target all in
   * all.
   *
   * @integer @minimum 0 @maximum 9 @unit policies
   * @default 1
   */
  otherPolicies?: number;
  /** Monthly budgets. @default none */
  budgets?: CostBudget[];
  /** Cost Anomaly Detection. @default none */
  anomalies?: AnomalyDetection;
  /**
   * Keys of tags by which costs can be distinguished; not in a member account.
   *
   * @format tag-key @maxItems 500 @uniqueItems
   * @default none
   */
  costAllocationTags?: string[];
  /**
   * Who gets mail unless a budget or subscription says otherwise.
   *
   * @format email @maxItems 10 @uniqueItems
   * @fix Give the address of a mailing list.
   * @default nobody
   */
  emails?: string[];
}
