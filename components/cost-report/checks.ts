import { ArgumentChecks } from "../internal/argument-errors";
import { checkId } from "../internal/aws-id";
import { plainDomainName } from "../internal/domain-name";
import { isEmailAddress } from "../internal/email-address";
import { nearestName } from "../internal/nearest-name";
import { isRoleArn } from "../internal/partitions";
import { checkSchedule, checkTimeZone, recurringScheduleFault } from "../internal/schedule-expression";
import { checkAlarmTopics } from "../internal/text-checks";
import { domainOf } from "./addresses";
import type { CostReportArgs, ReportSender } from "./args";
import { checkNames, choiceOf } from "./names";

/** Everything that is wrong with the arguments; the stack configuration asks for it before anything is deployed. */
export function checkCostReport(args: CostReportArgs): ArgumentChecks {
  const checks = new ArgumentChecks();
  checkRecipients(checks, args);
  checkSender(checks, args.sender);
  if (args.replyTo !== undefined) checkAddress(checks, "replyTo", args.replyTo);
  const { expression, timeZone, flexibleMinutes } = args.schedule ?? {};
  checkSchedule(checks, "schedule.expression", expression, recurringScheduleFault);
  checkTimeZone(checks, timeZone, "schedule.timeZone");
  checks.wholeNumber("schedule.flexibleMinutes", flexibleMinutes, 0, 1_440, "minutes");
  checkAccounts(checks, args);
  checkNames(checks, args);
  checkNumbers(checks, args);
  checkText(checks, args);
  checkAlarmTopics(checks, args);
  return checks;
}

function checkAddress(checks: ArgumentChecks, property: string, address: string): void {
  checks.require(isEmailAddress(address), {
    property,
    received: address,
    allowed: "an e-mail address such as finance@example.com",
    fix: "Give one address, without a display name.",
  });
}

function checkRecipients(checks: ArgumentChecks, { recipients, accounts }: CostReportArgs): void {
  checks.require(recipients.length > 0 && recipients.length <= 50, {
    property: "recipients",
    received: recipients.length,
    allowed: "1 to 50 recipients",
    fix: "For more, give the address of a mailing list.",
  });
  const reported = accounts !== undefined && "include" in accounts ? accounts.include : undefined;
  const hidden = accounts !== undefined && "exclude" in accounts ? accounts.exclude : [];
  recipients.forEach(({ address, accounts: own }, i) => {
    const at = `recipients[${i}]`;
    checkAddress(checks, `${at}.address`, address);
    const key = address.toLowerCase();
    checks.require(recipients.findIndex((other) => other.address.toLowerCase() === key) === i, {
      property: `${at}.address`,
      received: address,
      allowed: "each address once",
      fix: "Merge the two entries.",
    });
    if (own === undefined) return;
    checkIds(checks, `${at}.accounts`, own);
    own.filter(isAccountId).forEach((id) => {
      const isReported = (reported === undefined || reported.includes(id)) && !hidden.includes(id);
      const near = hidden.includes(id) ? undefined : nearestName(id, reported ?? []);
      checks.require(isReported, {
        property: `${at}.accounts`,
        received: id,
        allowed: "accounts that the report is about",
        fix: `${near === undefined ? "" : `Did you mean "${near}"? `}Add the account to accounts.include, take it out of accounts.exclude, or remove it here.`,
      });
    });
  });
}

function checkSender(checks: ArgumentChecks, { address, name, verification }: ReportSender): void {
  checkAddress(checks, "sender.address", address);
  checks.require(name === undefined || /^[^\p{Cc}"\\<>]{1,128}$/u.test(name), {
    property: "sender.name",
    received: name,
    allowed: "1 to 128 characters, without line breaks, backslashes, quotation marks, < and >",
    fix: "Shorten or simplify the name.",
  });
  if (verification?.kind !== "domain") return;
  if ("id" in verification.hostedZone) {
    checkId(checks, "sender.verification.hostedZone.id", "hosted zone", verification.hostedZone.id);
    return;
  }
  const zone = plainDomainName(verification.hostedZone.name);
  const domain = plainDomainName(domainOf(address));
  checks.require(domain === zone || domain.endsWith(`.${zone}`), {
    property: "sender.verification.hostedZone.name",
    received: verification.hostedZone.name,
    allowed: `a zone that ${domain} belongs to`,
    fix: "Give the public hosted zone of the sender's domain, or another sender.",
  });
}

function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

function checkIds(checks: ArgumentChecks, property: string, ids: readonly string[]): void {
  checks.require(ids.length > 0 && ids.every(isAccountId) && new Set(ids).size === ids.length, {
    property,
    received: ids,
    allowed: "account ids of 12 digits, at least one, each once",
    fix: "Write their digits alone, in quotation marks, so that leading zeros stay.",
  });
}

function checkAccounts(checks: ArgumentChecks, args: CostReportArgs): void {
  const { accounts, knownAccounts, billingRole, ownerTag, lookUpNames = true } = args;
  if (accounts !== undefined) checkIds(checks, ...choiceOf("accounts", accounts));
  const known = Object.keys(knownAccounts ?? {});
  if (known.length > 0) checkIds(checks, "knownAccounts", known);
  for (const [id, account] of Object.entries(knownAccounts ?? {})) {
    for (const key of ["name", "owner"] as const) {
      const text = account[key];
      checks.require(text === undefined || isLine(text, 128), {
        property: `knownAccounts.${id}.${key}`,
        received: text,
        allowed: "1 to 128 characters in one line",
        fix: "Shorten it.",
      });
    }
  }
  checks.require(billingRole === undefined || isRoleArn(billingRole.roleArn), {
    property: "billingRole.roleArn",
    received: billingRole?.roleArn,
    allowed: "the ARN of an IAM role: arn:<partition>:iam::<account id>:role/<name>",
    fix: "Copy the role's ARN.",
  });
  const externalId = billingRole?.externalId;
  checks.require(externalId === undefined || /^[\w+=,.@:/-]{2,1224}$/.test(externalId), {
    property: "billingRole.externalId",
    received: externalId,
    allowed: "2 to 1,224 letters, digits and _+=,.@:/-",
    fix: "Use the external id that the role's trust policy asks for.",
  });
  checks.require(ownerTag === undefined || /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(ownerTag), {
    property: "ownerTag",
    received: ownerTag,
    allowed: "the key of a tag: at most 128 letters, digits, spaces and _.:/=+-@",
    fix: "Give the key as AWS Organizations shows it.",
  });
  checks.require(ownerTag === undefined || lookUpNames, {
    property: "ownerTag",
    received: ownerTag,
    allowed: "nothing while lookUpNames is false: owners are in AWS Organizations, too",
    fix: "Remove one of the two, or give owners in knownAccounts.",
  });
}

function checkNumbers(checks: ArgumentChecks, args: CostReportArgs): void {
  checks.wholeNumber("settlingDays", args.settlingDays, 1, 7, "days");
  checks.wholeNumber("trendDays", args.trendDays, 2, 28, "days");
  checks.wholeNumber("accountsInline", args.accountsInline, 1, 50, "accounts");
  checks.wholeNumber("servicesInline", args.servicesInline, 1, 30, "services");
  checks.wholeNumber("archive.keepDays", args.archive?.keepDays, 1, 3_650, "days");
  const bands = args.bands ?? [];
  checks.require(
    bands.every((limit, i) => limit > (bands[i - 1] ?? 0) && limit <= 1000),
    {
      property: "bands",
      received: bands,
      allowed: "four percentages above 0 and up to 1,000, each above the one before",
      fix: "For example [2, 5, 10, 15].",
    },
  );
}

/** Whether it says something, within a length and without line breaks. */
function isLine(text: string, most: number): boolean {
  return text.length <= most && /\S/.test(text) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

function checkText(checks: ArgumentChecks, { title, links = [], archive }: CostReportArgs): void {
  checks.require(title === undefined || isLine(title, 100), {
    property: "title",
    received: title,
    allowed: "1 to 100 characters in one line",
    fix: "Shorten the title.",
  });
  checks.require(links.length <= 10, {
    property: "links",
    received: links.length,
    allowed: "at most 10 links",
    fix: "Link to a page that has the others.",
  });
  links.forEach(({ label, url }, i) => {
    checks.require(isLine(label, 100), {
      property: `links[${i}].label`,
      received: label,
      allowed: "a text to click on, 1 to 100 characters in one line",
      fix: "Say what the link leads to.",
    });
    checks.require(url.length <= 2_000 && URL.canParse(url) && new URL(url).protocol === "https:", {
      property: `links[${i}].url`,
      received: url,
      allowed: "an https address of up to 2,000 characters",
      fix: "Begin it with https://, and leave out what need not be in it.",
    });
  });
  const prefix = archive?.prefix;
  checks.require(
    prefix === undefined || prefix === "" || /^[A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/-]{0,200}\/$/.test(prefix),
    {
      property: "archive.prefix",
      received: prefix,
      allowed: "letters, digits and -_.!'()/ ending in /, not beginning with it",
      fix: "For example costs/.",
    },
  );
}
