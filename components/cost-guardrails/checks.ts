/** What arguments of CostGuardrails have to keep besides their declaration. */
import { ArgumentChecks, type Rule } from "../internal/argument-checks";
import type { AnomalyDetection, AnomalySubscriptionSettings, CostGuardrailsArgs } from "./args";
import { DEFAULTS, SCHEMA } from "./args.schema";
import { FORMATS } from "./formats";
import { checkGuardrails, checkSizes } from "./guardrail-checks";

/** Everything that is wrong with the arguments; the stack configuration asks for it before anything is deployed. */
export function checkCostGuardrails(args: CostGuardrailsArgs, ...more: Rule<CostGuardrailsArgs>[]): ArgumentChecks {
  const ofAnomalies = [checkMonitors, checkSubscriptions];
  const rules = [checkSomething, checkOrganization, checkGuardrails, checkSizes, checkBudgets, checkTags];
  const all = [...rules, ...ofAnomalies.map(ifAnomalies), ...more];
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, all);
}

/** The monitors that are made for these arguments. */
export function monitorsOf({ accountKind, anomalies }: CostGuardrailsArgs): readonly ("service" | "linkedAccount")[] {
  if (anomalies === undefined) return [];
  return anomalies.monitors ?? (accountKind === "management" ? ["service", "linkedAccount"] : ["service"]);
}

const checkSomething: Rule<CostGuardrailsArgs> = (checks, args) => {
  const { guardrails = [], budgets = [], costAllocationTags = [], anomalies } = args;
  checks.require(guardrails.length + budgets.length + costAllocationTags.length > 0 || anomalies !== undefined, {
    path: "guardrails",
    received: guardrails,
    allowed: "at least one of guardrails, budgets, anomalies and costAllocationTags",
    fix: "Say what is to be guarded, for example budgets: [{ name: all, monthlyUsd: 1000 }].",
  });
};

const checkOrganization: Rule<CostGuardrailsArgs> = (checks, { accountKind, guardrails = [] }) => {
  checks.require(guardrails.length === 0 || accountKind === "management", {
    path: "guardrails",
    received: guardrails,
    allowed: "nothing, unless accountKind is management",
    fix: "Only an organization's management account has service control policies: deploy them there.",
  });
};

/** AWS Budgets takes 10 notifications for a budget: https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html */
const MAXIMUM_NOTIFICATIONS = 10;

const checkBudgets: Rule<CostGuardrailsArgs> = (checks, args) => {
  const advice = { allowed: "a name that no budget before has", fix: "Rename it; resource names are built from it." };
  checks.unique("budgets", args.budgets, "name", advice);
  checks.each(args.budgets, (budget, i) => {
    const at = `budgets[${i}]`;
    checks.rule(() =>
      checks.require(budget.accountId === undefined || args.accountKind === "management", {
        path: `${at}.accountId`,
        received: budget.accountId,
        allowed: "nothing, unless accountKind is management",
        fix: "An account sees its own costs only: remove it.",
      }),
    );
    const defaults = DEFAULTS.CostBudget;
    const { actualPercents = defaults.actualPercents, forecastPercents = defaults.forecastPercents } = budget;
    const count = actualPercents.length + forecastPercents.length;
    checks.require(count >= 1 && count <= MAXIMUM_NOTIFICATIONS, {
      path: `${at}.actualPercents`,
      received: actualPercents,
      allowed: `1 to ${MAXIMUM_NOTIFICATIONS} percents, together with forecastPercents`,
      fix: "Remove thresholds, or add one.",
    });
  });
};

type AnomalyRule = (checks: ArgumentChecks, anomalies: AnomalyDetection, args: CostGuardrailsArgs) => void;

function ifAnomalies(rule: AnomalyRule): Rule<CostGuardrailsArgs> {
  return (checks, args) => {
    if (args.anomalies !== undefined) rule(checks, args.anomalies, args);
  };
}

const checkMonitors: AnomalyRule = (checks, { monitors, existingMonitorArns = [] }, args) => {
  checks.each(monitors, (monitor, i) =>
    checks.require(monitor === "service" || args.accountKind === "management", {
      path: `anomalies.monitors[${i}]`,
      received: monitor,
      allowed: "service, and in a management account linkedAccount",
      fix: "Only a management account sees other accounts' costs: remove it.",
    }),
  );
  checks.require(monitorsOf(args).length + existingMonitorArns.length > 0, {
    path: "anomalies.monitors",
    received: monitors,
    allowed: "at least one monitor, or existingMonitorArns",
    fix: "Name a monitor, or remove anomalies.",
  });
};

const checkSubscriptions: AnomalyRule = (checks, { subscriptions = DEFAULTS.AnomalyDetection.subscriptions }, args) => {
  const advice = { allowed: "a frequency that no other subscription has", fix: "Merge the two." };
  checks.unique("anomalies.subscriptions", subscriptions, "frequency", advice);
  checks.each<AnomalySubscriptionSettings>(subscriptions, ({ frequency, emails }, i) => {
    const path = `anomalies.subscriptions[${i}].emails`;
    if (frequency === "immediate") {
      checks.require(emails === undefined, {
        path,
        received: emails,
        allowed: "nothing: what is reported immediately goes to the SNS topic",
        fix: "Remove it, or choose daily or weekly; people can subscribe to the topic by mail.",
      });
    } else {
      checks.require((emails ?? args.emails ?? []).length > 0, {
        path,
        received: emails,
        allowed: "1 to 10 e-mail addresses, here or in emails",
        fix: "Say who gets the summary.",
      });
    }
  });
};

const checkTags: Rule<CostGuardrailsArgs> = (checks, { accountKind, costAllocationTags = [] }) => {
  checks.require(costAllocationTags.length === 0 || accountKind !== "member", {
    path: "costAllocationTags",
    received: costAllocationTags,
    allowed: "nothing where accountKind is member",
    fix: "The account that pays activates them: the management account, or one without organization.",
  });
};
