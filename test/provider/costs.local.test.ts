import * as assert from "node:assert/strict";
import {
  BudgetsClient,
  CreateSubscriberCommand,
  DescribeBudgetCommand,
  DescribeNotificationsForBudgetCommand,
} from "@aws-sdk/client-budgets";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Values } from "../../local/provider/property-values";
import { Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const ACCOUNT = "111122223333";
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:alarms`;
const account = testAccount({ project: "patterns" });
const BUDGET = "aws:budgets/budget:Budget";
const MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";
const SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription";
const TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag";

const notification = (threshold: number, more: Values = {}): Values => ({
  comparisonOperator: "GREATER_THAN",
  notificationType: "ACTUAL",
  subscriberEmailAddresses: ["owner@example.com", "finance@example.com"],
  threshold,
  thresholdType: "PERCENTAGE",
  ...more,
});
const impact = (value: string): Values => ({
  dimension: {
    key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
    matchOptions: ["GREATER_THAN_OR_EQUAL"],
    values: [value],
  },
});

describe("Budgets and Cost Explorer in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  describe("a budget", () => {
    it("is kept as the program says, with its notifications", async () => {
      const made = await runCourse(account, {
        token: BUDGET,
        inputs: {
          budgetType: "COST",
          timeUnit: "MONTHLY",
          limitAmount: "100",
          limitUnit: "USD",
          costFilters: [{ name: "LinkedAccount", values: ["444455556666"] }],
          costTypes: { includeCredit: false },
          notifications: [
            notification(80, { subscriberSnsTopicArns: [TOPIC] }),
            notification(100, { notificationType: "FORECASTED" }),
          ],
        },
        changed: {
          limitAmount: "250",
          notifications: [notification(90, { subscriberSnsTopicArns: [TOPIC] })],
        },
        changes: ["limitAmount", "notifications[0].threshold", "notifications[1]"],
      });
      assert.equal(made.id, `${ACCOUNT}:${made.output("name")}`);
      assert.equal(made.outputs.arn, `arn:aws:budgets::${ACCOUNT}:budget/${made.output("name")}`);
      assert.equal(made.outputs.accountId, ACCOUNT);
      assert.match(made.output("timePeriodStart"), /^\d{4}-\d{2}-01_00:00$/);
      const key = { AccountId: ACCOUNT, BudgetName: made.output("name") };
      const { Budget } = await account.client(BudgetsClient).send(new DescribeBudgetCommand(key));
      assert.equal(Budget?.CostTypes?.IncludeTax, true);
      assert.equal(Budget.CostTypes.IncludeCredit, false);
      await runDeletion(made);
    });

    it("has its subscribers in the order of the program, and shows those of others", async () => {
      const inputs = { budgetType: "COST", timeUnit: "DAILY", limitAmount: "1", notifications: [notification(50)] };
      const made = await new Managed(BUDGET, account, "subscribed").create(inputs);
      const key = { AccountId: ACCOUNT, BudgetName: made.output("name") };
      const client = account.client(BudgetsClient);
      const { Notifications } = await client.send(new DescribeNotificationsForBudgetCommand(key));
      assert.equal(Notifications?.length, 1);
      const Subscriber = { SubscriptionType: "EMAIL" as const, Address: "stranger@example.com" };
      await client.send(new CreateSubscriberCommand({ ...key, Notification: Notifications[0], Subscriber }));
      await made.refresh();
      assert.deepEqual(
        made.diff(inputs).map(({ path }) => path),
        ["notifications[0].subscriberEmailAddresses[2]"],
      );
      await made.update(inputs);
      await made.refresh();
      assert.deepEqual(made.diff(inputs), []);
      await made.update({ ...inputs, notifications: [] });
      assert.deepEqual((await client.send(new DescribeNotificationsForBudgetCommand(key))).Notifications, []);
      await runDeletion(made);
    });

    it("has planned limits, or adjusts itself, or chooses its costs by an expression", async () => {
      const now = new Date();
      const start = (months: number): string =>
        `${new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months)).toISOString().slice(0, 10)}_00:00`;
      const planned = Array.from({ length: 12 }, (_, i) => ({
        amount: String(100 + i),
        startTime: start(i),
        unit: "USD",
      }));
      await runDeletion(
        await runCourse(account, {
          token: BUDGET,
          inputs: { budgetType: "COST", timeUnit: "MONTHLY", plannedLimits: planned },
          changed: { plannedLimits: planned.map((limit) => ({ ...limit, amount: "7" })) },
          changes: planned.map((_, i) => `plannedLimits[${i}].amount`),
        }),
      );
      await runDeletion(
        await runCourse(account, {
          token: BUDGET,
          inputs: {
            budgetType: "COST",
            timeUnit: "MONTHLY",
            autoAdjustData: { autoAdjustType: "HISTORICAL", historicalOptions: { budgetAdjustmentPeriod: 2 } },
          },
          changed: {
            autoAdjustData: { autoAdjustType: "HISTORICAL", historicalOptions: { budgetAdjustmentPeriod: 3 } },
          },
          changes: ["autoAdjustData.historicalOptions.budgetAdjustmentPeriod"],
        }),
      );
      const service = (name: string): Values => ({ dimensions: { key: "SERVICE", values: [name] } });
      await runDeletion(
        await runCourse(account, {
          token: BUDGET,
          inputs: {
            budgetType: "COST",
            timeUnit: "MONTHLY",
            limitAmount: "10",
            limitUnit: "USD",
            metrics: "UnblendedCost",
            filterExpression: { ors: [service("AWS Lambda"), { not: service("Amazon SQS") }] },
          },
          changed: { filterExpression: service("AWS Lambda") },
          changes: ["filterExpression.dimensions", "filterExpression.ors"],
        }),
      );
    });
  });

  it("keeps an anomaly monitor as the program says", async () => {
    const made = await runCourse(account, {
      token: MONITOR,
      inputs: { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" },
      changed: { name: "services" },
      changes: ["name"],
    });
    assert.match(made.id, new RegExp(`^arn:aws:ce::${ACCOUNT}:anomalymonitor/`));
    assert.deepEqual(
      made.diff({ ...made.inputs, monitorDimension: "LINKED_ACCOUNT" }).map(({ effect }) => effect),
      ["replace"],
    );
    await runDeletion(made);
  });

  it("keeps a custom monitor, whose specification may have gaps", async () => {
    const Values = ["444455556666"];
    const made = await runCourse(account, {
      token: MONITOR,
      inputs: {
        monitorType: "CUSTOM",
        monitorSpecification: JSON.stringify({
          And: null,
          Dimensions: { Key: "LINKED_ACCOUNT", Values, MatchOptions: null },
        }),
      },
      changed: {},
      changes: [],
    });
    await runDeletion(made);
  });

  it("keeps an anomaly subscription as the program says", async () => {
    const monitor = await new Managed(MONITOR, account, "watch").create({
      monitorType: "DIMENSIONAL",
      monitorDimension: "SERVICE",
    });
    const made = await runCourse(account, {
      token: SUBSCRIPTION,
      inputs: {
        frequency: "DAILY",
        monitorArnLists: [monitor.id],
        subscribers: [{ type: "EMAIL", address: "owner@example.com" }],
        thresholdExpression: impact("100"),
      },
      changed: {
        frequency: "IMMEDIATE",
        subscribers: [{ type: "SNS", address: TOPIC }],
        thresholdExpression: { ands: [impact("5"), impact("7")] },
      },
      changes: [
        "frequency",
        "subscribers[0].address",
        "subscribers[0].type",
        "thresholdExpression.ands",
        "thresholdExpression.dimension",
      ],
    });
    assert.equal(made.outputs.accountId, ACCOUNT);
    assert.deepEqual(
      made.diff({ ...made.inputs, name: "other" }).map(({ effect }) => effect),
      ["replace"],
    );
    await runDeletion(made);
    await runDeletion(monitor);
  });

  it("activates a cost allocation tag that AWS knows, and no other", async () => {
    const unknown = new Managed(TAG, account, "unknown").create({ status: "Active", tagKey: "cost-center" });
    await assert.rejects(unknown, /Tag keys not found: cost-center.*24 hours/);
    await account
      .client(SQSClient)
      .send(new CreateQueueCommand({ QueueName: "tagged", tags: { "cost-center": "2100" } }));
    const made = await runCourse(account, {
      token: TAG,
      inputs: { status: "Active", tagKey: "cost-center" },
      changed: { status: "Inactive" },
      changes: ["status"],
    });
    assert.equal(made.outputs.type, "UserDefined");
    await made.update({ status: "Active", tagKey: "cost-center" });
    await made.delete();
    await made.refresh();
    assert.equal(made.outputs.status, "Inactive");
  });
});
