import type * as pulumi from "@pulumi/pulumi";
import type { ObservabilityArgs } from "../building-blocks/component";

/** Which of Cost Explorer's costs are reported. */
export type CostMetric = "UnblendedCost" | "BlendedCost" | "AmortizedCost" | "NetUnblendedCost" | "NetAmortizedCost";

/** A choice among many: only these, or all but these. */
export type Choice =
  | {
      /** Only these. */
      include: string[];
    }
  | {
      /** All but these. */
      exclude: string[];
    };

export interface ReportRecipient {
  /** Mail address. */
  address: string;
  /** Ids (12 digits) of the only accounts that this recipient sees. Default: every account of the report. */
  accounts?: string[];
}

/** How SES comes to know that the sender may use the address. */
export type SenderVerification =
  /** AWS mails a link to the address; somebody follows it once. */
  | { kind: "link" }
  /** By DKIM records of the address's domain, made in a hosted zone of the account: nobody has to do anything. */
  | {
      kind: "domain";
      /** Public hosted zone of the domain, or of one above it: looked up by its name, or given by its id, with or without `/hostedzone/`. */
      hostedZone: { name: string } | { id: pulumi.Input<string> };
    }
  /** The address, or its domain, is verified in the account and region already. */
  | {
      kind: "existing";
      /** Which of the two is verified. */
      identity: "address" | "domain";
    };

export interface ReportSender {
  /** Mail address that reports come from. */
  address: string;
  /** Name shown with it. Default: none. */
  name?: string;
  /** Default: `{ kind: "link" }`. */
  verification?: SenderVerification;
}

/** When reports are made. */
export interface ReportSchedule {
  /** `cron(...)` or `rate(...)`. Default: `cron(18 11 * * ? *)`, every day at 11:18, as in the seed. */
  expression?: string;
  /** IANA time zone of the expression, and of what "today" is. Default: UTC. */
  timeZone?: string;
  /** Minutes within which the report may be made, 0 to 1,440. Default: 10. */
  flexibleMinutes?: number;
}

/** What is known of an account without asking AWS; it wins over what AWS says. */
export interface ReportedAccount {
  /** Name shown for the account. */
  name?: string;
  /** Who answers for its costs. */
  owner?: string;
}

/** Where each report's data and page are kept. */
export interface ReportArchive {
  /** What the keys begin with, ending in `/`. Default: nothing. */
  prefix?: string;
  /** Days that reports and trend pages are kept, 1 to 3,650; trend pages show what is kept. Default: 730. */
  keepDays?: number;
  /** Whether the archive outlives the component. Default: true. */
  keepAfterDestroy?: boolean;
}

export interface CostReportArgs extends ObservabilityArgs {
  /** Who gets the report, 1 to 50. */
  recipients: ReportRecipient[];
  /** Who it comes from. */
  sender: ReportSender;
  /** Where answers go. Default: the sender. */
  replyTo?: string;
  /**
   * Whether AWS mails recipients a link to verify their addresses, and the function may send to these identities, as
   * SES's sandbox asks for; whom the sender's own identity covers needs none. Default: false.
   */
  verifyRecipients?: boolean;
  /** When it is made. Default: every day at 11:18 UTC. */
  schedule?: ReportSchedule;
  /** Heading of the mail. Default: `AWS costs`. */
  title?: string;
  /**
   * Subject of the mail, up to 200 characters, with placeholders: `{title}`, `{day}` (Sun 1 Nov 2026), `{date}`
   * (2026-11-01), `{total}`, `{previous}` (the day before), `{difference}`, `{change}` (in percent), `{monthToDate}`,
   * `{forecast}`, `{accounts}` (how many). Default: `{title} {day}: {total} ({change})`.
   */
  subject?: string;
  /**
   * Which costs, as Cost Explorer names them: `UnblendedCost`, `BlendedCost`, `AmortizedCost`, `NetUnblendedCost` or
   * `NetAmortizedCost`. Default: `UnblendedCost`.
   */
  metric?: CostMetric;
  /**
   * Record types as Cost Explorer names them, e.g. `{ exclude: ["Credit", "Refund", "Tax"] }`; it ignores a name that
   * it does not know. Default: all.
   */
  recordTypes?: Choice;
  /** Record types newer than this version's list, so that `recordTypes` may name them too. Default: none. */
  otherRecordTypes?: string[];
  /** Ids of accounts. Default: all that Cost Explorer answers for. */
  accounts?: Choice;
  /**
   * Names and owners by account id, e.g. `{ "222222222222": { name: "web", owner: "web@example.com" } }`, each of up to 128 characters. Default: as
   * AWS Organizations has them.
   */
  knownAccounts?: Record<string, ReportedAccount>;
  /** Tag of accounts in AWS Organizations that holds the owner. Default: none. */
  ownerTag?: string;
  /** Whether AWS Organizations is asked for names. Default: true; without the permission Cost Explorer's are taken. */
  lookUpNames?: boolean;
  /** Role to assume for Cost Explorer and Organizations, usually in the management account. Default: none. */
  billingRole?: { roleArn: string; externalId?: string };
  /** The day reported is today minus this many days, 1 to 7; Cost Explorer is final after some days. Default: 1. */
  settlingDays?: number;
  /** Days of the trend, the day reported included, 2 to 28. Default: 7. */
  trendDays?: number;
  /** Limits, in percent, between the five colours of a change, ascending. Default: 2, 5, 10, 15. */
  bands?: [number, number, number, number];
  /** Most accounts in the mail itself, 1 to 50; the others are in its attached files. Default: 10. */
  accountsInline?: number;
  /** Services shown for an account before the others are folded, 1 to 30. Default: 8. */
  servicesInline?: number;
  /**
   * How the month is read. `shared`: by one query for everything. `separate`: by a query of its own without services,
   * which has far fewer pages in a large organization. `auto`: shared where its answer fits a page, else separate.
   * Default: `auto`.
   */
  monthQuery?: "auto" | "shared" | "separate";
  /** Links at the end of the mail, up to 10; https only. Default: none. */
  links?: { label: string; url: string }[];
  /** Default: kept for two years, and when the component goes. */
  archive?: ReportArchive;
}

export const DEFAULT_SCHEDULE = "cron(18 11 * * ? *)";
export const DEFAULT_FLEXIBLE_MINUTES = 10;
export const DEFAULT_KEEP_DAYS = 730;
