/** A budget in Pulumi's notation and in that of AWS, and what is wrong with one. */
import type { Budget, Spend } from "@aws-sdk/client-budgets";
import { containsUnknown, isObject, type Value, type Values } from "../../property-values";
import { type CheckFailure, objects, optionalText, text, texts } from "../../resource-type";
import { checkEach, checkOneOf } from "../checks";
import { expression } from "../cost-expression";
import {
  boolean,
  checkShape,
  like,
  nested,
  nestedList,
  number,
  presentState,
  type Shape,
  text as string,
  texts as strings,
  toAws,
} from "../shape";
import { actual } from "../support";

export const FILE = "local/provider/services/budgets/shape.ts";
const TIME = /^\d{4}-\d{2}-\d{2}_\d{2}:\d{2}$/;

const DEFAULT_COST_TYPES: Values = Object.fromEntries([
  ...[
    "Credit",
    "Discount",
    "OtherSubscription",
    "Recurring",
    "Refund",
    "Subscription",
    "Support",
    "Tax",
    "Upfront",
  ].map((name) => [`include${name}`, true] as const),
  ...["Amortized", "Blended"].map((name) => [`use${name}`, false] as const),
]);

/** What AWS has under the same names and in the same structure. */
const PLAIN: Shape = {
  autoAdjustData: nested({
    autoAdjustType: string,
    historicalOptions: nested({ budgetAdjustmentPeriod: number, lookbackAvailablePeriods: number }),
  }),
  budgetType: string,
  costTypes: nested(Object.fromEntries(Object.keys(DEFAULT_COST_TYPES).map((name) => [name, boolean]))),
  filterExpression: nested(expression({ costCategories: "costCategories", dimensions: "dimensions" })),
  timeUnit: string,
};

const NOTIFICATION: Shape = {
  comparisonOperator: string,
  notificationType: string,
  subscriberEmailAddresses: strings,
  subscriberSnsTopicArns: strings,
  threshold: number,
  thresholdType: string,
};

const OTHERS: Shape = {
  costFilters: nestedList({ name: string, values: strings }),
  notifications: nestedList(NOTIFICATION),
  plannedLimits: nestedList({ amount: string, startTime: string, unit: string }),
};

/** The package writes times as `2017-01-01_12:00`, in UTC. */
export function timeOf(value: string): Date {
  return new Date(`${value.replace("_", "T")}:00Z`);
}

function timeText(value: Date | undefined): string | undefined {
  return value?.toISOString().slice(0, 16).replace("T", "_");
}

function limitOf(inputs: Values): Spend | undefined {
  const [Amount, Unit] = [optionalText(inputs, "limitAmount"), optionalText(inputs, "limitUnit")];
  return Amount === undefined ? undefined : { Amount, Unit: Unit ?? "USD" };
}

function plannedOf(inputs: Values): Record<string, Spend> | undefined {
  const planned = objects(inputs, "plannedLimits").map((limit): [string, Spend] => [
    String(timeOf(text(limit, "startTime")).getTime() / 1000),
    { Amount: text(limit, "amount"), Unit: text(limit, "unit") },
  ]);
  return planned.length === 0 ? undefined : Object.fromEntries(planned);
}

function filtersOf(inputs: Values): Record<string, string[]> | undefined {
  const filters = objects(inputs, "costFilters").map((filter) => [text(filter, "name"), texts(filter, "values")]);
  return filters.length === 0 ? undefined : (Object.fromEntries(filters) as Record<string, string[]>);
}

/** The budget to send for what the program gives. */
export function budgetOf(inputs: Values): Budget {
  const [start, end] = [optionalText(inputs, "timePeriodStart"), optionalText(inputs, "timePeriodEnd")];
  const costTypes = isObject(inputs.costTypes) ? { costTypes: { ...DEFAULT_COST_TYPES, ...inputs.costTypes } } : {};
  const metrics = optionalText(inputs, "metrics");
  return {
    ...toAws<Pick<Budget, "BudgetType" | "TimeUnit">>(PLAIN, { ...inputs, ...costTypes }),
    BudgetName: text(inputs, "name"),
    BudgetLimit: limitOf(inputs),
    PlannedBudgetLimits: plannedOf(inputs),
    CostFilters: filtersOf(inputs),
    ...(metrics === undefined ? {} : { Metrics: [metrics as "UnblendedCost"] }),
    TimePeriod: {
      Start: start === undefined ? undefined : timeOf(start),
      End: end === undefined ? undefined : timeOf(end),
    },
  };
}

/** AWS writes 100 as 100.0. */
function amountLike(given: Value | undefined, answered: string | undefined): Value | undefined {
  return given !== undefined && Number(given) === Number(answered) ? given : answered;
}

function plannedState(state: Values, budget: Budget): Value {
  const given = objects(state, "plannedLimits");
  const limits = Object.entries(budget.PlannedBudgetLimits ?? {}).map(([seconds, { Amount, Unit = "" }]): Values => {
    const startTime = timeText(new Date(Number(seconds) * 1000)) ?? "";
    const same = given.find((limit) => limit.startTime === startTime);
    return { amount: amountLike(same?.amount, Amount) ?? "", startTime, unit: Unit };
  });
  return like(given, limits) ?? limits;
}

/** What AWS has, in the state's notation; the notifications are asked for on their own. */
export function budgetState(state: Values, budget: Budget): Values {
  const filters = Object.entries(budget.CostFilters ?? {}).map(([name, values]): Values => ({ name, values }));
  return {
    ...presentState(PLAIN, state, budget),
    ...actual(state, {
      costFilters: like(state.costFilters, filters) ?? filters,
      limitAmount: amountLike(state.limitAmount, budget.BudgetLimit?.Amount),
      limitUnit: budget.BudgetLimit?.Unit,
      metrics: budget.Metrics?.[0],
      name: budget.BudgetName,
      plannedLimits: plannedState(state, budget),
      timePeriodEnd: timeText(budget.TimePeriod?.End),
      timePeriodStart: timeText(budget.TimePeriod?.Start),
      timeUnit: budget.TimeUnit,
    }),
  };
}

function checkTime(property: string, value: Value | undefined): CheckFailure[] {
  if (typeof value !== "string" || containsUnknown(value)) return [];
  if (TIME.test(value) && !Number.isNaN(timeOf(value).getTime())) return [];
  return [{ property, reason: `received "${value}"; expected a time such as 2030-01-01_00:00, in UTC` }];
}

function checkTogether(inputs: Values): CheckFailure[] {
  const given = (...names: string[]): string[] => names.filter((name) => (inputs[name] ?? null) !== null);
  const apart = (one: string, ...others: string[]): CheckFailure[] =>
    given(one).flatMap((property) =>
      given(...others).map((other) => ({ property, reason: `received together with ${other}; give one of them` })),
    );
  const amounts = given("limitAmount", "plannedLimits", "autoAdjustData");
  return [
    ...apart("plannedLimits", "limitAmount", "limitUnit"),
    ...apart("filterExpression", "costFilters"),
    ...apart("metrics", "costTypes"),
    ...(given("filterExpression").length > given("metrics").length
      ? [{ property: "metrics", reason: "missing, and required with filterExpression" }]
      : []),
    ...(amounts.length === 0
      ? [{ property: "limitAmount", reason: "missing; give limitAmount, plannedLimits or autoAdjustData" }]
      : []),
  ];
}

function checkAmount(property: string, value: Value | undefined): CheckFailure[] {
  if (value === undefined || value === null || containsUnknown(value)) return [];
  if (/^\d{1,15}(\.\d+)?$/.test(String(value))) return [];
  return [{ property, reason: `received ${JSON.stringify(value)}; expected an amount such as "100.0"` }];
}

function checkNotification(notification: Values, path: string): CheckFailure[] {
  const { subscriberEmailAddresses: mails, subscriberSnsTopicArns: topics } = notification;
  const subscribers = [...(Array.isArray(mails) ? mails : []), ...(Array.isArray(topics) ? topics : [])];
  const isClear = !containsUnknown(mails) && !containsUnknown(topics);
  return [
    ...["comparisonOperator", "notificationType", "threshold", "thresholdType"]
      .filter((name) => (notification[name] ?? null) === null)
      .map((name) => ({ property: `${path}.${name}`, reason: "missing, and required" })),
    ...checkOneOf(`${path}.comparisonOperator`, notification.comparisonOperator, [
      "GREATER_THAN",
      "LESS_THAN",
      "EQUAL_TO",
    ]),
    ...checkOneOf(`${path}.notificationType`, notification.notificationType, ["ACTUAL", "FORECASTED"]),
    ...checkOneOf(`${path}.thresholdType`, notification.thresholdType, ["PERCENTAGE", "ABSOLUTE_VALUE"]),
    ...(isClear && (subscribers.length === 0 || subscribers.length > 11)
      ? [
          {
            property: path,
            reason: `received ${subscribers.length} subscribers; 1 topic and 10 mail addresses at most`,
          },
        ]
      : []),
    ...(isClear && Array.isArray(topics) && topics.length > 1
      ? [{ property: `${path}.subscriberSnsTopicArns`, reason: `received ${topics.length}; at most one topic` }]
      : []),
  ];
}

export function checkBudget(inputs: Values): CheckFailure[] {
  const { name } = inputs;
  const badName = typeof name === "string" && !containsUnknown(name) && !/^[^:\\]{1,100}$/.test(name);
  return [
    ...checkShape({ ...PLAIN, ...OTHERS }, inputs, FILE),
    ...checkTogether(inputs),
    ...checkAmount("limitAmount", inputs.limitAmount),
    ...checkOneOf("timeUnit", inputs.timeUnit, ["DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY", "CUSTOM"]),
    ...checkOneOf("budgetType", inputs.budgetType, [
      ...["USAGE", "COST", "RI_UTILIZATION", "RI_COVERAGE"],
      ...["SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"],
    ]),
    ...checkTime("timePeriodStart", inputs.timePeriodStart),
    ...checkTime("timePeriodEnd", inputs.timePeriodEnd),
    ...checkEach(inputs, "plannedLimits", (limit, path) => [
      ...checkAmount(`${path}.amount`, limit.amount),
      ...checkTime(`${path}.startTime`, limit.startTime),
    ]),
    ...checkEach(inputs, "notifications", checkNotification),
    ...(badName ? [{ property: "name", reason: `received "${name}"; 1 to 100 characters without : and \\` }] : []),
  ];
}
