/** What the component hands to the Lambda: plain JSON, so that the inline callback can capture it. */

/** Cost Explorer's cost metrics. https://docs.aws.amazon.com/cost-management/latest/userguide/ce-advanced.html */
export type Metric = "UnblendedCost" | "BlendedCost" | "AmortizedCost" | "NetUnblendedCost" | "NetAmortizedCost";

/** A choice among many: only these, or all but these. */
export type Choice = { readonly include: readonly string[] } | { readonly exclude: readonly string[] };

/** Upper limits, in percent, of the four calmest bands of a change; above the last one it is in the fifth. Ascending. */
export type Bands = readonly [number, number, number, number];

export interface Recipient {
  /** A mail address, with or without a name: `Ann <ann@example.com>`. */
  readonly address: string;
  /** Ids of the only accounts that this recipient sees. Default: every account of the report. */
  readonly accounts?: readonly string[];
}

/** What is known of an account by configuration; it wins over what AWS says. */
export interface KnownAccount {
  readonly name?: string;
  readonly owner?: string;
}

export interface CostReportSettings {
  /** Unique among all reports that share the table: `project/stack/name`. Shown at the end of each mail. */
  readonly reportId: string;
  /** Heading of the mail. Default: "AWS costs". */
  readonly title?: string;
  /** Subject of the mail, with placeholders; see subject.ts. Default: "{title} {day}: {total} ({change})". */
  readonly subject?: string;

  /** Default: UnblendedCost. */
  readonly metric?: Metric;
  /**
   * Record types as Cost Explorer names them ("Credit", "Refund", "Tax", "Usage", …). Default: all, so that the report
   * agrees with the bill.
   */
  readonly recordTypes?: Choice;
  /** Account ids. Default: all that Cost Explorer answers for. */
  readonly accounts?: Choice;
  /** Names and owners by account id. */
  readonly knownAccounts?: Readonly<Record<string, KnownAccount>>;
  /**
   * Whether names come from Organizations, and the account tag that holds the owner (one more call an account).
   * Default: names are asked for; without the permission they come from Cost Explorer.
   */
  readonly organizations?: { readonly lookup: boolean; readonly ownerTag?: string };
  /** Role to assume for Cost Explorer and Organizations, usually in the management account. Default: the Lambda's own. */
  readonly billingRole?: { readonly roleArn: string; readonly externalId?: string };
  /**
   * How days before the two that are compared are read. `shared`: by the one query for everything, whose answer has a
   * row for every account, service and day of up to two months. `separate`: by a query of its own without services.
   * `auto` (default): shared where its answer fits a page, else separate. Each page costs 0.01 dollars.
   */
  readonly monthQuery?: "auto" | "shared" | "separate";

  /** The day reported is today minus this many days, at least 1. Default: 1. Cost Explorer is final after some days. */
  readonly settlingDays?: number;
  /** IANA time zone that "today" is in. Default: UTC, in which Cost Explorer's days are. */
  readonly timeZone?: string;
  /** Days of the trend, the day reported included: 2 to 28. Default: 7. */
  readonly trendDays?: number;
  /** Default: 2, 5, 10, 15. */
  readonly bands?: Bands;
  /** Most accounts written in the mail itself; the largest are, the rest is in the attached CSV files. Default: 10. */
  readonly accountsInline?: number;
  /** Services shown for each account before the tail is folded into "Others". Default: 8. */
  readonly servicesInline?: number;
  /** Links at the end of the mail, such as a dashboard. Only https. */
  readonly links?: readonly { readonly label: string; readonly url: string }[];

  readonly recipients: readonly Recipient[];
  /** Sender, a verified identity of SES or of a verified domain, with or without a name. */
  readonly sender: string;
  readonly replyTo?: string;
  readonly configurationSetName?: string;

  readonly bucketName: string;
  /** What the keys of the archive begin with, before `reports/` and `trend/`. Default: nothing. */
  readonly prefix?: string;
  /** Whether the month's trend page is kept. Default: true. */
  readonly trendPage?: boolean;
  /** DynamoDB table with string keys `pk` and `sk`; TTL attribute `expiresAt`. */
  readonly tableName: string;
}

export const DEFAULTS = {
  title: "AWS costs",
  subject: "{title} {day}: {total} ({change})",
  metric: "UnblendedCost",
  settlingDays: 1,
  timeZone: "UTC",
  trendDays: 7,
  bands: [2, 5, 10, 15],
  accountsInline: 10,
  servicesInline: 8,
  organizations: { lookup: true },
  monthQuery: "auto",
  prefix: "",
  trendPage: true,
} as const satisfies Partial<CostReportSettings>;

type Defaulted = keyof typeof DEFAULTS;

/** Settings with every default filled in. */
export type FullSettings = CostReportSettings & { readonly [Name in Defaulted]: Required<CostReportSettings>[Name] };

export function withDefaults(settings: CostReportSettings): FullSettings {
  return { ...DEFAULTS, ...settings };
}

/** CloudWatch namespace of every metric below. */
export const METRIC_NAMESPACE = "AwsPatterns/CostReport";
/** The only dimension; its value is `CostReportSettings.reportId`. */
export const METRIC_DIMENSION = "Report";

/**
 * - `ReportsSent`: mails that SES took.
 * - `RecipientsRefused`: recipients that SES refused.
 * - `DeliveriesInDoubt`: mails that may or may not have gone out, because the Lambda was stopped in between.
 * - `EstimatedDays`: days of the trend that AWS still marks as estimated.
 * - `DaysGivenUp`: days that the schedule has missed, too long ago to be caught up.
 * - `PartsMissing`: parts that a report went out without, such as its archive; the mail and the log say which.
 * - `CostExplorerPages`: pages read; each costs 0.01 dollars.
 */
export type MetricName =
  | "ReportsSent"
  | "RecipientsRefused"
  | "DeliveriesInDoubt"
  | "EstimatedDays"
  | "DaysGivenUp"
  | "PartsMissing"
  | "CostExplorerPages";
