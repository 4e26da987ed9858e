/** Alarms, dashboards, costs and policies of the organization. */
import type { Values } from "../../../local/provider/property-values";
import { allow } from "../support";
import type { Samples } from "./sample";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms";

const board = (markdown: string): string =>
  JSON.stringify({ widgets: [{ type: "text", x: 0, y: 0, width: 6, height: 3, properties: { markdown } }] });

const notification = (threshold: number, notificationType = "ACTUAL"): Values => ({
  comparisonOperator: "GREATER_THAN",
  notificationType,
  subscriberEmailAddresses: ["owner@example.com", "finance@example.com"],
  subscriberSnsTopicArns: [TOPIC],
  threshold,
  thresholdType: "PERCENTAGE",
});

const atLeast = (of: string, value: string): Values => ({
  dimension: { key: `ANOMALY_TOTAL_IMPACT_${of}`, matchOptions: ["GREATER_THAN_OR_EQUAL"], values: [value] },
});
const impact = (value: string): Values => ({ ands: [atLeast("ABSOLUTE", value), atLeast("PERCENTAGE", "40")] });
const owner = (address: string): Values[] => [{ address, type: "EMAIL" }];

export const operations: Samples = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    inputs: {
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      metricName: "Errors",
      namespace: "AWS/Lambda",
      period: 60,
      statistic: "Sum",
      threshold: 0,
      dimensions: { FunctionName: "one" },
    },
    changes: [
      { comparisonOperator: "LessThanThreshold", threshold: 2 },
      { evaluationPeriods: 3, datapointsToAlarm: 2 },
      { metricName: "Throttles", namespace: "Own", unit: "Count" },
      { period: 300, statistic: "Maximum", treatMissingData: "notBreaching" },
      { dimensions: { FunctionName: "two", Stage: "test" }, alarmDescription: "too many" },
      { alarmActions: [TOPIC], okActions: [TOPIC], insufficientDataActions: [TOPIC], actionsEnabled: false },
      { statistic: null, extendedStatistic: "p99" },
    ],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    inputs: { dashboardName: "overview", dashboardBody: board("one") },
    changes: { dashboardBody: board("two") },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    inputs: { retentionInDays: 7, logGroupClass: "STANDARD" },
    changes: [{ retentionInDays: 30 }, { retentionInDays: 0 }],
  },
  "aws:budgets/budget:Budget": {
    inputs: {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "100",
      limitUnit: "USD",
      costFilters: [{ name: "LinkedAccount", values: ["444455556666"] }],
      notifications: [notification(80), notification(100, "FORECASTED")],
    },
    notRead: ["costFilters"],
    changes: [
      { limitAmount: "250" },
      { notifications: [notification(90)] },
      { costFilters: [{ name: "Service", values: ["AWS Lambda"] }] },
      { timeUnit: "QUARTERLY" },
      { budgetType: "USAGE", limitUnit: "GB" },
    ],
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    inputs: { name: "services", monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" },
    changes: { name: "all-services" },
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    inputs: {
      frequency: "DAILY",
      monitorArnLists: ["{monitor.id}"],
      subscribers: owner("owner@example.com"),
      thresholdExpression: impact("100"),
    },
    changes: {
      frequency: "WEEKLY",
      monitorArnLists: ["{monitor 2.id}", "{monitor.id}"],
      subscribers: owner("finance@example.com"),
      thresholdExpression: impact("200"),
    },
  },
  "aws:costexplorer/costAllocationTag:CostAllocationTag": {
    inputs: { tagKey: "{tagged.name}", status: "Active" },
    changes: { status: "Inactive" },
    remains: true,
  },
  "aws:organizations/policy:Policy": {
    inputs: { content: allow("sqs:*"), description: "queues" },
    changes: { content: allow("sns:*"), description: "topics", name: "renamed" },
  },
  "aws:organizations/policyAttachment:PolicyAttachment": {
    inputs: { policyId: "{policy.id}", targetId: "444455556666" },
  },
};
