import * as assert from "node:assert/strict";
import type { Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import { allow, failuresOf, trust, withUnknown } from "./support";

const BUDGET = "aws:budgets/budget:Budget";
const MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";
const SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription";
const TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag";
const POLICY = "aws:organizations/policy:Policy";
const ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment";
const UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit";
const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:t";
const notification: Values = {
  comparisonOperator: "GREATER_THAN",
  notificationType: "FORECASTED",
  subscriberEmailAddresses: ["owner@example.com"],
  subscriberSnsTopicArns: [TOPIC],
  threshold: 80,
  thresholdType: "PERCENTAGE",
};
const budget: Values = { budgetType: "COST", timeUnit: "MONTHLY", limitAmount: "100", limitUnit: "USD" };
const impact: Values = {
  key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
  matchOptions: ["GREATER_THAN_OR_EQUAL"],
  values: ["100"],
};
const subscription: Values = {
  frequency: "DAILY",
  monitorArnLists: ["arn:aws:ce::111122223333:anomalymonitor/m"],
  subscribers: [{ type: "EMAIL", address: "owner@example.com" }],
  thresholdExpression: { ands: [{ dimension: impact }, { not: { tags: { key: "a", values: ["b"] } } }] },
};

/** Inputs that are right, with as many properties as go together. */
const SAMPLES: Readonly<Record<string, readonly Values[]>> = {
  [BUDGET]: [
    {
      ...budget,
      accountId: "111122223333",
      costFilters: [{ name: "LinkedAccount", values: ["444455556666"] }],
      costTypes: { includeCredit: false, useAmortized: true },
      name: "b",
      notifications: [notification],
      timePeriodEnd: "2087-06-15_00:00",
      timePeriodStart: "2026-01-01_00:00",
    },
    {
      ...budget,
      filterExpression: {
        ors: [{ dimensions: { key: "SERVICE", values: ["AWS Lambda"] } }, { costCategories: { key: "k" } }],
      },
      metrics: "UnblendedCost",
    },
    {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      plannedLimits: [{ amount: "1.5", startTime: "2026-01-01_00:00", unit: "USD" }],
    },
    {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      autoAdjustData: { autoAdjustType: "HISTORICAL", historicalOptions: { budgetAdjustmentPeriod: 2 } },
    },
  ],
  [MONITOR]: [
    { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE", name: "m" },
    { monitorType: "CUSTOM", monitorSpecification: "{}" },
  ],
  [SUBSCRIPTION]: [
    { ...subscription, accountId: "111122223333", name: "s" },
    { ...subscription, frequency: "IMMEDIATE", subscribers: [{ type: "SNS", address: TOPIC }] },
  ],
  [TAG]: [{ status: "Active", tagKey: "owner" }],
  [POLICY]: [
    { content: allow("sqs:*"), description: "d", name: "p", skipDestroy: true, type: "SERVICE_CONTROL_POLICY" },
    { content: "{}", type: "TAG_POLICY" },
  ],
  [ATTACHMENT]: [
    { policyId: "p-FullAWSAccess", targetId: "r-abcd", skipDestroy: true },
    { policyId: "p-12345678", targetId: "111122223333" },
    { policyId: "p-12345678", targetId: "ou-abcd-12345678" },
  ],
  [UNIT]: [{ name: "u", parentId: "r-abcd" }],
  [KEY]: [
    {
      bypassPolicyLockoutSafetyCheck: true,
      deletionWindowInDays: 7,
      description: "d",
      enableKeyRotation: true,
      isEnabled: true,
      multiRegion: true,
      policy: trust("sns.amazonaws.com"),
      rotationPeriodInDays: 90,
    },
    { customerMasterKeySpec: "RSA_2048", keyUsage: "SIGN_VERIFY" },
  ],
  [ALIAS]: [{ name: "alias/a/b", targetKeyId: "k" }],
};

describe("Checks of organizations, budgets, Cost Explorer and KMS resources", () => {
  it("are tried for every type of these services", () => {
    const types = [...RESOURCES.keys()].filter((token) =>
      /^aws:(budgets|costexplorer|kms|organizations)\//.test(token),
    );
    assert.deepEqual(types.sort(), Object.keys(SAMPLES).sort());
  });

  for (const [token, samples] of Object.entries(SAMPLES)) {
    it(`of ${token} pass right inputs, and whatever of them is not known yet`, () => {
      for (const sample of samples) {
        assert.deepEqual(failuresOf(token, sample), []);
        for (const [property, value] of Object.entries(sample)) {
          for (const changed of withUnknown(value)) {
            const inputs = { ...sample, [property]: changed };
            assert.deepEqual(failuresOf(token, inputs), [], JSON.stringify({ [property]: changed }));
          }
        }
      }
    });
  }

  const deny = { Effect: "Deny", Action: "sqs:*", Resource: "*" };
  const control = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const { limitAmount: _, ...unlimited } = budget;
  for (const [what, token, inputs, expected] of [
    ["a budget without a limit", BUDGET, unlimited, ["limitAmount"]],
    ["a limit in words", BUDGET, { ...budget, limitAmount: "much" }, ["limitAmount"]],
    ["another unit of time", BUDGET, { ...budget, timeUnit: "WEEKLY" }, ["timeUnit"]],
    ["another type", BUDGET, { ...budget, budgetType: "MONEY" }, ["budgetType"]],
    ["a name with a colon", BUDGET, { ...budget, name: "a:b" }, ["name"]],
    ["an ISO time", BUDGET, { ...budget, timePeriodStart: "2026-01-01T00:00:00Z" }, ["timePeriodStart"]],
    [
      "a limit and planned limits",
      BUDGET,
      { ...budget, limitUnit: null, plannedLimits: [{ amount: "1", startTime: "2026-01-01_00:00", unit: "USD" }] },
      ["plannedLimits"],
    ],
    [
      "an expression beside filters, without its metric",
      BUDGET,
      { ...budget, costFilters: [], filterExpression: { tags: { key: "a" } } },
      ["filterExpression", "metrics"],
    ],
    ["a metric beside types of costs", BUDGET, { ...budget, costTypes: {}, metrics: "BlendedCost" }, ["metrics"]],
    [
      "a type of costs that nobody maps",
      BUDGET,
      { ...budget, costTypes: { includeAll: true } },
      ["costTypes.includeAll"],
    ],
    [
      "a notification that nobody gets",
      BUDGET,
      {
        ...budget,
        notifications: [{ ...notification, subscriberEmailAddresses: [], subscriberSnsTopicArns: [] }],
      },
      ["notifications[0]"],
    ],
    [
      "a notification for two topics",
      BUDGET,
      { ...budget, notifications: [{ ...notification, subscriberSnsTopicArns: [TOPIC, `${TOPIC}2`] }] },
      ["notifications[0].subscriberSnsTopicArns"],
    ],
    [
      "a notification without its threshold, of other kinds",
      BUDGET,
      {
        ...budget,
        notifications: [
          {
            ...notification,
            threshold: null,
            comparisonOperator: "ABOVE",
            notificationType: "PAST",
            thresholdType: "SHARE",
          },
        ],
      },
      [
        "notifications[0].threshold",
        "notifications[0].comparisonOperator",
        "notifications[0].notificationType",
        "notifications[0].thresholdType",
      ],
    ],
    ["a monitor of no dimension", MONITOR, { monitorType: "DIMENSIONAL" }, ["monitorDimension"]],
    [
      "a monitor of another dimension",
      MONITOR,
      { monitorType: "DIMENSIONAL", monitorDimension: "AZ" },
      ["monitorDimension"],
    ],
    [
      "a custom monitor of a dimension",
      MONITOR,
      { monitorType: "CUSTOM", monitorDimension: "SERVICE" },
      ["monitorSpecification", "monitorDimension"],
    ],
    [
      "a specification that is no JSON",
      MONITOR,
      { monitorType: "CUSTOM", monitorSpecification: "{" },
      ["monitorSpecification"],
    ],
    ["another frequency", SUBSCRIPTION, { ...subscription, frequency: "HOURLY" }, ["frequency"]],
    [
      "daily alerts to a topic",
      SUBSCRIPTION,
      { ...subscription, subscribers: [{ type: "SNS", address: TOPIC }] },
      ["subscribers[0].type"],
    ],
    [
      "a mail to a topic",
      SUBSCRIPTION,
      { ...subscription, subscribers: [{ type: "EMAIL", address: TOPIC }] },
      ["subscribers[0].address"],
    ],
    [
      "an expression that nobody maps",
      SUBSCRIPTION,
      { ...subscription, thresholdExpression: { dimensions: impact } },
      ["thresholdExpression.dimensions"],
    ],
    ["another status of a tag", TAG, { status: "On", tagKey: "owner" }, ["status"]],
    [
      "a policy with principals",
      POLICY,
      { content: control({ ...deny, Principal: "*" }) },
      ["content.Statement[0].Principal"],
    ],
    ["a policy that is too long", POLICY, { content: control(deny).padEnd(10_241) }, ["content"]],
    ["another type of policy", POLICY, { content: "{}", type: "SCP" }, ["type"]],
    ["a long description", POLICY, { content: control(deny), description: "d".repeat(513) }, ["description"]],
    ["ids of something else", ATTACHMENT, { policyId: "arn:p", targetId: "root" }, ["policyId", "targetId"]],
    ["a unit in an account", UNIT, { parentId: "111122223333" }, ["parentId"]],
    ["a short wait", KEY, { deletionWindowInDays: 1 }, ["deletionWindowInDays"]],
    [
      "rotation of a key pair",
      KEY,
      { customerMasterKeySpec: "RSA_2048", enableKeyRotation: true },
      ["enableKeyRotation"],
    ],
    ["a period of no rotation", KEY, { rotationPeriodInDays: 90 }, ["rotationPeriodInDays"]],
    ["a key policy for nobody", KEY, { policy: allow("kms:*") }, ["policy.Statement[0].Principal"]],
    ["a key store, which nobody maps", KEY, { customKeyStoreId: "cks-1" }, ["customKeyStoreId"]],
    ["an alias without its prefix", ALIAS, { name: "a", targetKeyId: "k" }, ["name"]],
    ["an alias of AWS", ALIAS, { name: "alias/aws/sns", targetKeyId: "k" }, ["name"]],
    ["an alias without a name", ALIAS, { targetKeyId: "k" }, ["name"]],
  ] as [string, string, Values, string[]][]) {
    it(`refuse ${what}`, () => {
      assert.deepEqual(
        failuresOf(token, inputs).map(({ property }) => property),
        expected,
      );
    });
  }
});
