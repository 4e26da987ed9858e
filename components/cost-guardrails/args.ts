import type * as pulumi from "@pulumi/pulumi";

/** Which types of one service may be used. */
export interface TypeLimits {
  /** Families that may be used, such as `m7g`. Default: all, or with `gravitonOnly` all of Graviton. */
  families?: string[];
  /** Sizes that may be used, such as `large`. Default: all. */
  sizes?: string[];
  /**
   * Families that may be used as well, and are newer than the lists of AWS's types that this version has, so that they
   * would be taken for misspelt. Default: none.
   */
  otherFamilies?: string[];
}

/**
 * What member accounts may do, as service control policies. Settings that are left out limit nothing. SCPs never affect
 * the management account, nor service-linked roles.
 */
export interface Guardrail {
  /** Part of resource names: at most 20 lower-case letters, digits and hyphens. */
  name: string;
  /**
   * What it is attached to: organizational units by their path from the root (`/Workloads/Web`) or their id (`ou-…`),
   * member accounts (12 digits), or the root (`/` or `r-…`).
   */
  targets: string[];
  /**
   * Roles that it does not limit, by their names, with path and wildcards (`*`, `?`) where needed, in every account:
   * those that deploy, and those that set accounts up. Nobody else may make or change roles of these names. Roles of IAM
   * Identity Center (`AWSReservedSSO_Admin_*`) are meant wherever its home is.
   */
  protectedRoles: string[];
  /** Regions that may be used, such as `eu-west-1`. Default: all. AWS's global services may be used from everywhere. */
  regions?: string[];
  /**
   * True when `regions` leaves out us-east-1 knowingly. There are functions and logs of CloudFront, metrics of billing,
   * events of global services and stacks of CloudFormation for them, which are not exempt. Default: false.
   */
  withoutUsEast1?: boolean;
  /** Actions that may be used in every region, besides AWS's global services, e.g. `quicksight:*`. Default: none. */
  globalActions?: string[];
  /**
   * Which profiles of Amazon Bedrock's cross-region inference may be used from `regions`, by the geography that their ids
   * begin with, though they answer from regions that may not be used otherwise; `application` stands for those that
   * accounts make. Default: none, so that a profile works only where all its regions may be used.
   */
  inferenceProfiles?: ("apac" | "application" | "au" | "ca" | "eu" | "global" | "jp" | "us" | "us-gov")[];
  /** Which instance types EC2 may launch. Default: all. */
  instances?: TypeLimits;
  /** Which instance classes RDS and Aurora may use, without their `db.`. Default: all. Aurora Serverless always may. */
  databases?: TypeLimits;
  /** Which node types ElastiCache may use, without their `cache.`. Default: all. */
  caches?: TypeLimits;
  /** True to allow EC2, RDS and ElastiCache no other processors than AWS Graviton. Default: false. */
  gravitonOnly?: boolean;
  /**
   * Services (`redshift`) and single actions (`ec2:CreateNatGateway`) that may not be used; not those without which
   * nobody could sign in, take a role or put an account right, such as `sts` and `iam`. Default: none.
   */
  deniedServices?: string[];
  /** Whether accounts are kept from leaving the organization; protected roles too. Default: true. */
  denyLeaving?: boolean;
}

/** A monthly cost budget. */
export interface CostBudget {
  /** Part of resource names: at most 30 lower-case letters, digits and hyphens. */
  name: string;
  /**
   * Member account (12 digits) whose costs count; only in a management account. Default: all costs that the account
   * sees, which in a management account are the organization's.
   */
  accountId?: string;
  /** Limit in USD a month, above 0. */
  monthlyUsd: number;
  /** Percents of the limit at which actual costs are told, above 0 and at most 1,000. Default: 80 and 100. */
  actualPercents?: number[];
  /**
   * Percents of the limit at which AWS's forecast for the month is told, above 0 and at most 1,000. Default: 100. With
   * the actual ones at most 10, AWS's limit for one budget.
   */
  forecastPercents?: number[];
  /** Who gets mail, at most 10. Default: `emails`. */
  emails?: string[];
}

/** When and whom Cost Anomaly Detection tells. */
export interface AnomalySubscriptionSettings {
  /**
   * `immediate`: every anomaly when it is found, to the SNS topic. `daily` and `weekly`: a summary by mail. Each at most
   * once.
   */
  frequency: "immediate" | "daily" | "weekly";
  /** Least impact in USD. Default: 100, as AWS's own subscription has it. */
  impactUsd?: number;
  /** Least impact in percent of what was expected; both must be reached. Default: 40, as AWS's own subscription has it. */
  impactPercent?: number;
  /** Who gets a summary, 1 to 10. Default: `emails`. */
  emails?: string[];
}

/** Cost Anomaly Detection. */
export interface AnomalyDetection {
  /**
   * Monitors to make: one that looks at each service, one that looks at each member account (only in a management
   * account). AWS allows one of each. Default: `service`, and in a management account `linkedAccount`.
   */
  monitors?: ("service" | "linkedAccount")[];
  /** Monitors that are there already, such as the one that AWS makes for new accounts. Default: none. */
  existingMonitorArns?: pulumi.Input<string>[];
  /** Default: one, `immediate`. */
  subscriptions?: AnomalySubscriptionSettings[];
}

export interface CostGuardrailsArgs {
  /**
   * What the account is: the management account of an organization, one without organization, or a member account.
   * Default: `standalone`.
   */
  accountKind?: "management" | "standalone" | "member";
  /** Service control policies; only in a management account. Default: none. */
  guardrails?: Guardrail[];
  /**
   * How many other policies are attached to each target, `FullAWSAccess` among them, 0 to 9: AWS allows 10 on a target all
   * in all. Default: 1.
   */
  otherPolicies?: number;
  /** Monthly budgets. Default: none. */
  budgets?: CostBudget[];
  /** Cost Anomaly Detection. Default: none. */
  anomalies?: AnomalyDetection;
  /** Keys of tags by which costs can be told apart; not in a member account. Default: none. */
  costAllocationTags?: string[];
  /** Who gets mail unless a budget or subscription says otherwise, at most 10. Default: nobody. */
  emails?: string[];
}

/** By what ids of Bedrock's profiles begin with (November 2026); `application` are the accounts' own. */
export const INFERENCE_PROFILES: readonly NonNullable<Guardrail["inferenceProfiles"]>[number][] = [
  "apac",
  "application",
  "au",
  "ca",
  "eu",
  "global",
  "jp",
  "us",
  "us-gov",
];
export const ACCOUNT_KINDS = ["management", "standalone", "member"] as const;
export const MONITORS = ["service", "linkedAccount"] as const;
export const FREQUENCIES = ["immediate", "daily", "weekly"] as const;
export const DEFAULT_ACTUAL_PERCENTS: readonly number[] = [80, 100];
export const DEFAULT_FORECAST_PERCENTS: readonly number[] = [100];
export const DEFAULT_IMPACT_USD = 100;
export const DEFAULT_IMPACT_PERCENT = 40;
export const DEFAULT_SUBSCRIPTIONS: readonly AnomalySubscriptionSettings[] = [{ frequency: "immediate" }];
export const DEFAULT_OTHER_POLICIES = 1;

/** The monitors that are made for these arguments. */
export function monitorsOf({ accountKind, anomalies }: CostGuardrailsArgs): readonly ("service" | "linkedAccount")[] {
  if (anomalies === undefined) return [];
  return anomalies.monitors ?? (accountKind === "management" ? ["service", "linkedAccount"] : ["service"]);
}
