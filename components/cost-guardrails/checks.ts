/** Everything that can be wrong with the arguments of CostGuardrails. */
import { ArgumentChecks } from "../internal/argument-errors";
import { isEmailAddress } from "../internal/email-address";
import {
  ACCOUNT_KINDS,
  type AnomalyDetection,
  type CostBudget,
  type CostGuardrailsArgs,
  DEFAULT_ACTUAL_PERCENTS,
  DEFAULT_FORECAST_PERCENTS,
  DEFAULT_SUBSCRIPTIONS,
  FREQUENCIES,
  MONITORS,
  monitorsOf,
} from "./args";
import { checkGuardrails } from "./guardrail-checks";
import { checkEntries, checkNames, checkOne, type EntryRule, oneOf } from "./list-checks";

/** The stack configuration asks for it before anything is deployed. */
export function checkCostGuardrails(args: CostGuardrailsArgs): ArgumentChecks {
  const checks = new ArgumentChecks();
  const { guardrails = [], budgets = [], anomalies, costAllocationTags = [] } = args;
  const something = guardrails.length + budgets.length + costAllocationTags.length > 0 || anomalies !== undefined;
  checks.require(something, {
    property: "guardrails",
    received: args.guardrails,
    allowed: "at least one of guardrails, budgets, anomalies and costAllocationTags",
    fix: "Say what is to be guarded, for example budgets: [{ name: all, monthlyUsd: 1000 }].",
  });
  checks.require(guardrails.length === 0 || args.accountKind === "management", {
    property: "guardrails",
    received: guardrails.map(({ name }) => name),
    allowed: "nothing, unless accountKind is management",
    fix: "Only an organization's management account has service control policies: deploy them there.",
  });
  checkOne(checks, "accountKind", args.accountKind ?? "standalone", oneOf(ACCOUNT_KINDS));
  checkEmails(checks, "emails", args.emails, 0);
  checkGuardrails(checks, args);
  checkBudgets(checks, args, budgets);
  if (anomalies !== undefined) checkAnomalies(checks, args, anomalies);
  checkTags(checks, args);
  return checks;
}

const EMAIL: EntryRule = {
  test: isEmailAddress,
  allowed: "an e-mail address such as platform@example.com",
  fix: "Give one address, without a display name.",
};

/** AWS sends a notification to 10 addresses at most. */
function checkEmails(
  checks: ArgumentChecks,
  property: string,
  emails: readonly string[] | undefined,
  minimum: 0 | 1,
): void {
  checkEntries(checks, property, emails, EMAIL, minimum);
  checks.require((emails ?? []).length <= 10, {
    property,
    received: emails,
    allowed: "at most 10 addresses",
    fix: "Give the address of a mailing list.",
  });
}

function checkAmount(checks: ArgumentChecks, property: string, value: number | undefined, unit: string): void {
  checks.require(value === undefined || (Number.isFinite(value) && value > 0 && value <= 1e9), {
    property,
    received: value,
    allowed: `a number of ${unit} above 0, at most 1000000000`,
    fix: "Give an amount in that range.",
  });
}

/** AWS Budgets takes 10 notifications for a budget: https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html */
const MAXIMUM_NOTIFICATIONS = 10;

function checkBudgets(
  checks: ArgumentChecks,
  { accountKind }: CostGuardrailsArgs,
  budgets: readonly CostBudget[],
): void {
  const names = budgets.map(({ name }) => name);
  checkNames(checks, "budgets", names, 30);
  budgets.forEach(({ accountId, monthlyUsd, emails, ...percents }, i) => {
    const at = `budgets[${i}]`;
    checkAmount(checks, `${at}.monthlyUsd`, monthlyUsd, "USD");
    checks.require(accountId === undefined || (accountKind === "management" && /^\d{12}$/.test(accountId)), {
      property: `${at}.accountId`,
      received: accountId,
      allowed:
        accountKind === "management" ? "a member account's id: 12 digits" : "nothing, unless accountKind is management",
      fix:
        accountKind === "management"
          ? 'Copy all 12 digits, in quotation marks: "012345678901".'
          : "An account sees its own costs only: remove it.",
    });
    const { actualPercents = DEFAULT_ACTUAL_PERCENTS, forecastPercents = DEFAULT_FORECAST_PERCENTS } = percents;
    checkPercents(checks, `${at}.actualPercents`, actualPercents);
    checkPercents(checks, `${at}.forecastPercents`, forecastPercents);
    const count = actualPercents.length + forecastPercents.length;
    checks.require(count >= 1 && count <= MAXIMUM_NOTIFICATIONS, {
      property: `${at}.actualPercents`,
      received: actualPercents,
      allowed: `1 to ${MAXIMUM_NOTIFICATIONS} percents, together with forecastPercents`,
      fix: "Remove thresholds, or add one.",
    });
    checkEmails(checks, `${at}.emails`, emails, 0);
  });
}

function checkPercents(checks: ArgumentChecks, property: string, percents: readonly number[]): void {
  percents.forEach((percent, i) => {
    checks.require(percent > 0 && percent <= 1_000 && percents.indexOf(percent) === i, {
      property: `${property}[${i}]`,
      received: percent,
      allowed: "a number of percents above 0, at most 1000, once",
      fix: "Give a value in that range that is not in the list before.",
    });
  });
}

/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalyMonitor.html */
const MONITOR_ARN: EntryRule = {
  test: (arn) => /^arn:[\w-]+:ce::\d+:anomalymonitor\/[\w-]+$/.test(arn),
  allowed: "the ARN of a monitor, which ends with :ce::<account>:anomalymonitor/<id>",
  fix: "Copy it from the answer of aws ce get-anomaly-monitors.",
};

function checkAnomalies(checks: ArgumentChecks, args: CostGuardrailsArgs, anomalies: AnomalyDetection): void {
  const { monitors, existingMonitorArns = [], subscriptions = DEFAULT_SUBSCRIPTIONS } = anomalies;
  existingMonitorArns.forEach((arn, i) => {
    // What is not known yet is AWS's own answer.
    if (typeof arn === "string") checkOne(checks, `anomalies.existingMonitorArns[${i}]`, arn, MONITOR_ARN);
  });
  monitors?.forEach((monitor, i) => {
    if (!checkOne(checks, `anomalies.monitors[${i}]`, monitor, oneOf(MONITORS))) return;
    const isPossible = monitor === "service" || args.accountKind === "management";
    checks.require(isPossible && monitors.indexOf(monitor) === i, {
      property: `anomalies.monitors[${i}]`,
      received: monitor,
      allowed: "service, and in a management account linkedAccount, each once",
      fix: isPossible ? "Remove one of the two." : "Only a management account sees other accounts' costs: remove it.",
    });
  });
  checks.require(monitorsOf(args).length + existingMonitorArns.length > 0, {
    property: "anomalies.monitors",
    received: monitors,
    allowed: "at least one monitor, or existingMonitorArns",
    fix: "Name a monitor, or remove anomalies.",
  });
  checks.require(subscriptions.length > 0, {
    property: "anomalies.subscriptions",
    received: subscriptions,
    allowed: "at least one subscription",
    fix: "Add one, or remove anomalies: nobody would be told.",
  });
  const frequencies = subscriptions.map(({ frequency }) => frequency);
  subscriptions.forEach(({ frequency, impactUsd, impactPercent, emails }, i) => {
    const at = `anomalies.subscriptions[${i}]`;
    if (!checkOne(checks, `${at}.frequency`, frequency, oneOf(FREQUENCIES))) return;
    checks.require(frequencies.indexOf(frequency) === i, {
      property: `${at}.frequency`,
      received: frequency,
      allowed: "a frequency that no other subscription has",
      fix: "Merge the two.",
    });
    checkAmount(checks, `${at}.impactUsd`, impactUsd, "USD");
    checkAmount(checks, `${at}.impactPercent`, impactPercent, "percents");
    const recipients = emails ?? args.emails ?? [];
    if (frequency === "immediate") {
      checks.require(emails === undefined, {
        property: `${at}.emails`,
        received: emails,
        allowed: "nothing: what is told immediately goes to the SNS topic",
        fix: "Remove it, or choose daily or weekly; people can subscribe to the topic by mail.",
      });
    } else if (
      checks.require(recipients.length > 0, {
        property: `${at}.emails`,
        received: emails,
        allowed: "1 to 10 e-mail addresses, here or in emails",
        fix: "Say who gets the summary.",
      })
    ) {
      checkEmails(checks, `${at}.emails`, emails, 1);
    }
  });
}

const TAG_KEY: EntryRule = {
  test: (key) => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key),
  allowed: "a tag's key: at most 128 letters, digits, spaces and _.:/=+-@",
  fix: "Copy the key from a resource that has the tag.",
};

function checkTags(checks: ArgumentChecks, { accountKind, costAllocationTags = [] }: CostGuardrailsArgs): void {
  checks.require(costAllocationTags.length === 0 || accountKind !== "member", {
    property: "costAllocationTags",
    received: costAllocationTags,
    allowed: "nothing where accountKind is member",
    fix: "The account that pays activates them: the management account, or one without organization.",
  });
  checkEntries(checks, "costAllocationTags", costAllocationTags, TAG_KEY, 0);
  checks.require(costAllocationTags.length <= 500, {
    property: "costAllocationTags",
    received: costAllocationTags.length,
    allowed: "at most 500 keys, AWS's limit",
    fix: "Remove keys.",
  });
}
