import type { ObservabilityArgs } from "../building-blocks/component";
import type { ReportSender } from "../cost-report/args";

/** What Amazon Inspector scans. `LAMBDA_CODE` needs `LAMBDA`. */
export type ScannedType = "EC2" | "ECR" | "LAMBDA" | "LAMBDA_CODE";

/**
 * The account's part in scanning an organization: https://docs.aws.amazon.com/inspector/latest/user/designating-admin.html
 */
export type InspectorOrganization =
  | {
      /** The management account: it names the delegated administrator, and nothing else is made there. */
      role: "management";
      /** Id of the account that is to look after Inspector for all. @format account-id */
      delegatedAdministrator: string;
    }
  | {
      /** The delegated administrator: it gets the findings of every member. */
      role: "administrator";
      /** What is scanned in accounts that join from now on. @uniqueItems @default what is scanned here */
      autoEnable?: ScannedType[];
      /** Ids of members that were there before, to be scanned too. @format account-id @uniqueItems @default none */
      members?: string[];
    };

/** Findings that fulfil every list that is given, by one of its values each. */
export interface SuppressionMatch {
  /** Such as CVE-2023-30861. @format words @minItems 1 @uniqueItems */
  vulnerabilityIds?: string[];
  /** Ids or ARNs as findings have them. @format words @minItems 1 @uniqueItems */
  resourceIds?: string[];
  /** Names of functions. @format words @minItems 1 @uniqueItems */
  lambdaFunctionNames?: string[];
  /** Names of ECR repositories. @format words @minItems 1 @uniqueItems */
  ecrRepositoryNames?: string[];
  /** Names of packages. @format words @minItems 1 @uniqueItems */
  packages?: string[];
  /** @minItems 1 @uniqueItems */
  severities?: ("CRITICAL" | "HIGH" | "MEDIUM" | "LOW" | "INFORMATIONAL" | "UNTRIAGED")[];
  /** Ids of accounts. @format account-id @minItems 1 @uniqueItems */
  accounts?: string[];
}

/** Findings of which nobody is notified, for a reason, for a time. */
export interface Suppression {
  /** What it is called here and, with the component's name before it, in AWS. @format suppression-name */
  name: string;
  /** Why; the filter's description says it. @format line-of-300 */
  reason: string;
  /** Its last day, in UTC: from the next day on a deployment takes it away, with a warning. @format day */
  expires: string;
  /** Which findings. */
  match: SuppressionMatch;
}

/** Days within which findings are to be fixed, by severity. */
export interface FixWithinDays {
  /** @minimum 1 @maximum 3650 @unit days @default 15 */
  critical?: number;
  /** @minimum 1 @maximum 3650 @unit days @default 30 */
  high?: number;
  /** @minimum 1 @maximum 3650 @unit days @default no limit */
  medium?: number;
  /** @minimum 1 @maximum 3650 @unit days @default no limit */
  low?: number;
}

/** Who gets notices and the daily digest by mail. */
export interface FindingMail {
  /** Who they come from. */
  sender: ReportSender;
  /**
   * Mail addresses.
   *
   * @format email @minItems 1 @maxItems 20 @fix Give 1 to 20 recipients; for more, give the address of a mailing list.
   */
  recipients: string[];
  /**
   * Whether AWS mails recipients a link to verify their addresses, as SES's sandbox asks for; whom the sender's own
   * identity covers needs none.
   *
   * @default false
   */
  verifyRecipients?: boolean;
  /** When the digest is made. @format recurring-schedule @default "cron(0 7 * * ? *)" */
  digestSchedule?: string;
  /** IANA time zone of the schedule. @format time-zone @default "UTC" */
  timeZone?: string;
}

export interface InspectorScanningArgs extends ObservabilityArgs {
  /** What is scanned. @minItems 1 @uniqueItems @default ["EC2", "ECR", "LAMBDA"] */
  resourceTypes?: ScannedType[];
  /** The account's part in scanning an organization. @default none: the account scans itself */
  organization?: InspectorOrganization;
  /**
   * Whether Security Hub CSPM is turned on for the account and region, without standards: Inspector sends its findings
   * there by itself. Where it is on already, leave this out; AWS refuses to turn it on twice.
   *
   * @default false
   */
  securityHub?: boolean;
  /** Findings of which nobody is notified. @default none */
  suppressions?: Suppression[];
  /** Who gets mail. @default nobody: notices go to the topic only, and there is no digest */
  mail?: FindingMail;
  /** Days within which findings are to be fixed; older ones are overdue, with an alarm. */
  fixWithinDays?: FixWithinDays;
}
