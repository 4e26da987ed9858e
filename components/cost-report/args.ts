import type * as pulumi from "@pulumi/pulumi";
import type { ObservabilityArgs } from "../building-blocks/component";

/** Which of Cost Explorer's costs are reported. */
export type CostMetric = "UnblendedCost" | "BlendedCost" | "AmortizedCost" | "NetUnblendedCost" | "NetAmortizedCost";

/** A choice among accounts: only these, or all but these. */
export type AccountChoice =
  | {
      /** Only these. @format account-id @minItems 1 @uniqueItems */
      include: string[];
    }
  | {
      /** All but these. @format account-id @minItems 1 @uniqueItems */
      exclude: string[];
    };

/** A choice among names: only these, or all but these. */
export type Choice =
  | {
      /** Only these. @minItems 1 @uniqueItems */
      include: string[];
    }
  | {
      /** All but these. @minItems 1 @uniqueItems */
      exclude: string[];
    };

export interface ReportRecipient {
  /** Mail address. @format email */
  address: string;
  /**
   * Ids of the only accounts that this recipient sees.
   *
   * @format account-id @minItems 1 @uniqueItems
   * @default every account of the report
   */
  accounts?: string[];
}

/** A public hosted zone of the sender's domain, or of one above it. */
export type SenderZone =
  | {
      /** Its name. @format domain-name */
      name: string;
    }
  | {
      /** Its id, with or without `/hostedzone/`. @format hosted-zone-id */
      id: pulumi.Input<string>;
    };

/** How SES comes to know that the sender may use the address. */
export type SenderVerification =
  | {
      /** AWS mails a link to the address; somebody follows it once. */
      kind: "link";
    }
  | {
      /** By DKIM records of the address's domain, made in a hosted zone of the account: nobody has to do anything. */
      kind: "domain";
      /** Public hosted zone of the domain, or of one above it: looked up by its name, or given by its id. */
      hostedZone: SenderZone;
    }
  | {
      /** The address, or its domain, is verified in the account and region already. */
      kind: "existing";
      /** Which of the two is verified. */
      identity: "address" | "domain";
    };

export interface ReportSender {
  /** Mail address that reports come from. @format email */
  address: string;
  /** Name shown with it. @format sender-name @default none */
  name?: string;
  /** How SES comes to know that the sender may use the address. @default { kind: link } */
  verification?: SenderVerification;
}

/** When reports are made. */
export interface ReportSchedule {
  /** `cron(...)` or `rate(...)`. @format recurring-schedule @default "cron(18 11 * * ? *)" */
  expression?: string;
  /** IANA time zone of the expression, and of what "today" is. @format time-zone @default "UTC" */
  timeZone?: string;
  /** Minutes within which the report may be made. @integer @minimum 0 @maximum 1440 @unit minutes @default 10 */
  flexibleMinutes?: number;
}

/** What is known of an account without asking AWS; it wins over what AWS says. */
export interface ReportedAccount {
  /** Name shown for the account. @format line-of-128 @default as AWS Organizations has it */
  name?: string;
  /** Who answers for its costs. @format line-of-128 @default as the tag `ownerTag` has it */
  owner?: string;
}

/** A role in another account. */
export interface BillingRole {
  /** ARN of the role. @format role-arn */
  roleArn: string;
  /** External id that its trust policy asks for. @format external-id @default none */
  externalId?: string;
}

export interface ReportLink {
  /** What it says. @format line-of-100 */
  label: string;
  /** Where it goes; https only. @format https-address */
  url: string;
}

/** Where each report's data and page are kept. */
export interface ReportArchive {
  /** What the keys begin with, ending in `/`. @format key-prefix @default "" */
  prefix?: string;
  /**
   * Days that reports and trend pages are kept; trend pages show what is kept.
   *
   * @integer @minimum 1 @maximum 3650 @unit days @default 730
   */
  keepDays?: number;
  /** Whether the archive outlives the component. @default true */
  keepAfterDestroy?: boolean;
}

export interface CostReportArgs extends ObservabilityArgs {
  /**
   * Who gets the report.
   *
   * @minItems 1 @maxItems 50
   * @fix Give 1 to 50 recipients; for more, give the address of a mailing list.
   */
  recipients: ReportRecipient[];
  /** Who it comes from. */
  sender: ReportSender;
  /** Where answers go. @format email @default the sender */
  replyTo?: string;
  /**
   * Whether AWS mails recipients a link to verify their addresses, and the function may send to these identities, as
   * SES's sandbox asks for; whom the sender's own identity covers needs none.
   *
   * @default false
   */
  verifyRecipients?: boolean;
  /** When it is made. @default every day at 11:18 UTC */
  schedule?: ReportSchedule;
  /** Heading of the mail. @format line-of-100 @default "AWS costs" */
  title?: string;
  /**
   * Subject of the mail, up to 200 characters, with placeholders: `{title}`, `{day}` (Sun 1 Nov 2026), `{date}`
   * (2026-11-01), `{total}`, `{previous}` (the day before), `{difference}`, `{change}` (in percent), `{monthToDate}`,
   * `{forecast}`, `{accounts}` (how many).
   *
   * @default "{title} {day}: {total} ({change})"
   */
  subject?: string;
  /** Which costs, as Cost Explorer names them. @default "UnblendedCost" */
  metric?: CostMetric;
  /**
   * Record types as Cost Explorer names them, e.g. `{ exclude: ["Credit", "Refund", "Tax"] }`; it ignores a name that
   * it does not know.
   *
   * @default all
   */
  recordTypes?: Choice;
  /**
   * Record types newer than this version's list, so that `recordTypes` may name them too.
   *
   * @format words @uniqueItems
   * @default none
   */
  otherRecordTypes?: string[];
  /** Ids of accounts. @default all that Cost Explorer answers for */
  accounts?: AccountChoice;
  /**
   * Names and owners by account id, e.g. `{ "222222222222": { name: "web", owner: "web@example.com" } }`.
   *
   * @propertyNames account-id
   * @default as AWS Organizations has them
   */
  knownAccounts?: Record<string, ReportedAccount>;
  /** Tag of accounts in AWS Organizations that holds the owner. @format tag-key @default none */
  ownerTag?: string;
  /** Whether AWS Organizations is asked for names; without the permission Cost Explorer's are taken. @default true */
  lookUpNames?: boolean;
  /** Role to assume for Cost Explorer and Organizations, usually in the management account. @default none */
  billingRole?: BillingRole;
  /**
   * The day reported is today minus this many days; Cost Explorer is final after some days.
   *
   * @integer @minimum 1 @maximum 7 @unit days @default 1
   */
  settlingDays?: number;
  /** Days of the trend, the day reported included. @integer @minimum 2 @maximum 28 @unit days @default 7 */
  trendDays?: number;
  /**
   * Limits between the five colours of a change, ascending.
   *
   * @exclusiveMinimum 0 @maximum 1000 @unit percents
   * @default [2, 5, 10, 15]
   */
  bands?: [number, number, number, number];
  /**
   * Most accounts in the mail itself; the others are in its attached files.
   *
   * @integer @minimum 1 @maximum 50 @unit accounts @default 10
   */
  accountsInline?: number;
  /**
   * Services shown for an account before the others are folded.
   *
   * @integer @minimum 1 @maximum 30 @unit services @default 8
   */
  servicesInline?: number;
  /**
   * How the month is read. `shared`: by one query for everything. `separate`: by a query of its own without services,
   * which has far fewer pages in a large organization. `auto`: shared where its answer fits a page, else separate.
   *
   * @default "auto"
   */
  monthQuery?: "auto" | "shared" | "separate";
  /**
   * Links at the end of the mail.
   *
   * @maxItems 10
   * @fix Link to a page that has the others.
   * @default none
   */
  links?: ReportLink[];
  /** Where reports are kept. @default for two years, and when the component goes */
  archive?: ReportArchive;
}
