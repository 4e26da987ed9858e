/** What the component hands to the Lambdas: plain JSON, so that inline callbacks can capture it. */

/** From the calmest on. https://docs.aws.amazon.com/inspector/latest/user/findings-understanding-severity.html */
export const SEVERITIES = ["UNTRIAGED", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** In the order of what there is to do. */
export const STATUSES = ["CLOSED", "SUPPRESSED", "ACTIVE"] as const;
export type Status = (typeof STATUSES)[number];

/** Days within which findings are to be fixed. */
export type FixWithinDays = Readonly<Partial<Record<Severity, number>>>;

export interface RecordSettings {
  /** Unique among all instances: `project/stack/name`. The metrics' dimension; shown at the end of each mail. */
  readonly scanId: string;
  /** DynamoDB table with string keys `pk` and `sk`; TTL attribute `expiresAt`. */
  readonly tableName: string;
}

export interface MailSettings {
  /** Sender, a verified identity of SES or of a verified domain, with or without a name. */
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly configurationSetName: string;
}

export interface ReportSettings extends RecordSettings {
  readonly topicArn: string;
  /** Default: notices go to the topic only, and there is no digest. */
  readonly mail?: MailSettings;
  readonly fixWithinDays: FixWithinDays;
}

/** CloudWatch namespace of every metric below. */
export const METRIC_NAMESPACE = "AwsPatterns/Inspector";
/** The only dimension; its value is `RecordSettings.scanId`. */
export const METRIC_DIMENSION = "Scan";

type Capitalized<Name extends string> = Capitalize<Lowercase<Name>>;

/**
 * - `DaysToFixCritical` and so on: days from when a finding was opened until it was closed, one value for each.
 * - `OpenFindings`: active findings, once a day.
 * - `OverdueFindings`: active findings that are older than they may become, once a day.
 * - `MessagesSent`: messages that SNS took, and mails that SES took.
 * - `DeliveriesInDoubt`: messages that may or may not have gone out; they go out again after an hour.
 * - `MalformedEvents`: events that cannot be read.
 */
export type MetricName =
  | `DaysToFix${Capitalized<Severity>}`
  | "OpenFindings"
  | "OverdueFindings"
  | "MessagesSent"
  | "DeliveriesInDoubt"
  | "MalformedEvents";

/** `CRITICAL` → `DaysToFixCritical`. */
export function daysToFixMetric(severity: Severity): MetricName {
  return `DaysToFix${severity.charAt(0)}${severity.slice(1).toLowerCase()}` as MetricName;
}
