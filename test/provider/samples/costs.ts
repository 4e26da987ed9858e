import type { Values } from "../../../local/provider/property-values";
import { allow } from "../support";
import type { Sample } from "./sample";

const ACCOUNT = "111122223333";
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:alarms`;
const POLICY = "aws:organizations/policy:Policy";

const notification = (threshold: number): Values => ({
  comparisonOperator: "GREATER_THAN",
  notificationType: "ACTUAL",
  subscriberEmailAddresses: ["owner@example.com", "finance@example.com"],
  subscriberSnsTopicArns: [TOPIC],
  threshold,
  thresholdType: "PERCENTAGE",
});

const impact = (value: string): Values => ({
  ands: [
    {
      dimension: { key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE", matchOptions: ["GREATER_THAN_OR_EQUAL"], values: [value] },
    },
    {
      dimension: { key: "ANOMALY_TOTAL_IMPACT_PERCENTAGE", matchOptions: ["GREATER_THAN_OR_EQUAL"], values: ["40"] },
    },
  ],
});

export const costs: readonly Sample[] = [
  {
    token: "aws:budgets/budget:Budget",
    program: () => ({
      inputs: {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: "100",
        limitUnit: "USD",
        costFilters: [{ name: "LinkedAccount", values: ["444455556666"] }],
        notifications: [notification(80), { ...notification(100), notificationType: "FORECASTED" }],
      },
      notRead: ["costFilters"],
      changes: [
        { limitAmount: "250" },
        { notifications: [notification(90)] },
        { costFilters: [{ name: "Service", values: ["AWS Lambda"] }] },
        { timeUnit: "QUARTERLY" },
        { budgetType: "USAGE", limitUnit: "GB" },
      ],
    }),
  },
  {
    token: "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    program: () => ({
      inputs: { name: "services", monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" },
      changes: [{ name: "all-services" }],
    }),
  },
  {
    token: "aws:costexplorer/anomalySubscription:AnomalySubscription",
    program: async (make) => {
      const monitor = (dimension: string) =>
        make("aws:costexplorer/anomalyMonitor:AnomalyMonitor", {
          monitorType: "DIMENSIONAL",
          monitorDimension: dimension,
        });
      const [one, other] = [await monitor("SERVICE"), await monitor("LINKED_ACCOUNT")];
      return {
        inputs: {
          frequency: "DAILY",
          monitorArnLists: [one.id],
          subscribers: [{ address: "owner@example.com", type: "EMAIL" }],
          thresholdExpression: impact("100"),
        },
        changes: [
          { frequency: "WEEKLY" },
          { monitorArnLists: [other.id, one.id] },
          { subscribers: [{ address: "finance@example.com", type: "EMAIL" }] },
          { thresholdExpression: impact("200") },
        ],
      };
    },
  },
  {
    token: "aws:costexplorer/costAllocationTag:CostAllocationTag",
    program: async (make) => {
      // AWS knows the keys of tags that are on something.
      await make("aws:sqs/queue:Queue", { tags: { "cost-center": "edge" } });
      return {
        inputs: { tagKey: "cost-center", status: "Active" },
        changes: [{ status: "Inactive" }],
        remains: true,
      };
    },
  },
  {
    token: POLICY,
    program: () => ({
      inputs: { content: allow("sqs:*"), description: "queues" },
      changes: [{ content: allow("sns:*") }, { description: "topics" }, { name: "renamed" }],
    }),
  },
  {
    token: "aws:organizations/policyAttachment:PolicyAttachment",
    program: async (make) => ({
      inputs: { policyId: (await make(POLICY, { content: allow("sqs:*") })).id, targetId: "444455556666" },
    }),
  },
];
