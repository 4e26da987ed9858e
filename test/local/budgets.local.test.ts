import * as assert from "node:assert/strict";
import {
  type Budget,
  BudgetsClient,
  CreateBudgetCommand,
  type CreateBudgetCommandInput,
  CreateNotificationCommand,
  CreateSubscriberCommand,
  DeleteBudgetCommand,
  DeleteSubscriberCommand,
  DescribeBudgetCommand,
  DescribeBudgetNotificationsForAccountCommand,
  DescribeNotificationsForBudgetCommand,
  DescribeSubscribersForNotificationCommand,
  type Notification,
  type Subscriber,
  UpdateBudgetCommand,
  UpdateNotificationCommand,
  UpdateSubscriberCommand,
} from "@aws-sdk/client-budgets";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { createRole } from "../support/functions";
import { assumeRole } from "../../local/sessions";

const AccountId = "860000000001";
const mail = (name: string): Subscriber => ({ SubscriptionType: "EMAIL", Address: `${name}@example.com` });
const topic = (name: string): Subscriber => ({
  SubscriptionType: "SNS",
  Address: `arn:aws:sns:us-east-1:${AccountId}:${name}`,
});
const above = (Threshold: number, more: Partial<Notification> = {}): Notification => ({
  NotificationType: "ACTUAL",
  ComparisonOperator: "GREATER_THAN",
  Threshold,
  ThresholdType: "PERCENTAGE",
  ...more,
});

describe("the local cloud's budgets", () => {
  let cloud: TestCloud;
  let client: BudgetsClient;
  let names = 0;

  before(async () => {
    cloud = await startTestCloud();
    client = new BudgetsClient(cloud.as(AccountId));
  });
  after(() => cloud.stop());

  const budget = (more: Partial<Budget> = {}): Budget => ({
    BudgetName: `budget-${names++}`,
    BudgetType: "COST",
    TimeUnit: "MONTHLY",
    BudgetLimit: { Amount: "100", Unit: "USD" },
    ...more,
  });
  const create = async (
    more: Partial<Budget> = {},
    NotificationsWithSubscribers: CreateBudgetCommandInput["NotificationsWithSubscribers"] = [],
  ): Promise<string> => {
    const Budget = budget(more);
    await client.send(new CreateBudgetCommand({ AccountId, Budget, NotificationsWithSubscribers }));
    return Budget.BudgetName ?? "";
  };
  const notifications = async (BudgetName: string) =>
    (await client.send(new DescribeNotificationsForBudgetCommand({ AccountId, BudgetName }))).Notifications;
  const subscribers = async (BudgetName: string, Notification: Notification) => {
    const question = new DescribeSubscribersForNotificationCommand({ AccountId, BudgetName, Notification });
    return (await client.send(question)).Subscribers;
  };

  it("have what AWS fills in, and forget nothing on an update", async () => {
    const BudgetName = await create({ CostTypes: { IncludeCredit: false } });
    const read = async () => (await client.send(new DescribeBudgetCommand({ AccountId, BudgetName }))).Budget;
    const made = await read();
    assert.deepEqual(made?.BudgetLimit, { Amount: "100.0", Unit: "USD" });
    assert.equal(made.CostTypes?.IncludeCredit, false);
    assert.equal(made.CostTypes.IncludeTax, true);
    assert.equal(made.TimePeriod?.Start?.getUTCDate(), 1);
    const NewBudget = budget({ BudgetName, BudgetLimit: { Amount: "12.50", Unit: "USD" } });
    await client.send(new UpdateBudgetCommand({ AccountId, NewBudget }));
    const changed = await read();
    assert.deepEqual(changed?.BudgetLimit, { Amount: "12.50", Unit: "USD" });
    assert.deepEqual(changed.TimePeriod, made.TimePeriod);
  });

  it("notify a topic and mail addresses, each threshold its own", async () => {
    const [actual, forecast] = [above(80), above(100, { NotificationType: "FORECASTED" })];
    const BudgetName = await create({}, [
      { Notification: actual, Subscribers: [topic("alarms"), mail("owner")] },
      { Notification: forecast, Subscribers: [mail("owner")] },
    ]);
    assert.deepEqual(
      (await notifications(BudgetName))?.map((n) => [n.NotificationType, n.Threshold, n.NotificationState]),
      [
        ["ACTUAL", 80, "OK"],
        ["FORECASTED", 100, "OK"],
      ],
    );
    assert.deepEqual(await subscribers(BudgetName, actual), [topic("alarms"), mail("owner")]);
    const key = { AccountId, BudgetName };
    await client.send(new UpdateNotificationCommand({ ...key, OldNotification: actual, NewNotification: above(90) }));
    const Notification = above(90);
    await client.send(
      new UpdateSubscriberCommand({
        ...key,
        Notification,
        OldSubscriber: mail("owner"),
        NewSubscriber: mail("finance"),
      }),
    );
    await client.send(new CreateSubscriberCommand({ ...key, Notification, Subscriber: mail("owner") }));
    assert.deepEqual(await subscribers(BudgetName, Notification), [topic("alarms"), mail("finance"), mail("owner")]);
    await assert.rejects(subscribers(BudgetName, actual), { name: "NotFoundException" });
    await client.send(new DeleteSubscriberCommand({ ...key, Notification: forecast, Subscriber: mail("owner") }));
    assert.equal((await notifications(BudgetName))?.length, 1);
    const all = await client.send(new DescribeBudgetNotificationsForAccountCommand({ AccountId }));
    assert.deepEqual(
      all.BudgetNotificationsForAccount?.map((b) => [b.BudgetName, b.Notifications?.map((n) => n.Threshold)]),
      [[BudgetName, [90]]],
    );
    await client.send(new DeleteBudgetCommand(key));
    await assert.rejects(notifications(BudgetName), { name: "NotFoundException" });
  });

  it("refuse subscribers that are too many, twice there, or no addresses", async () => {
    const BudgetName = await create();
    const notify = (...Subscribers: Subscriber[]) =>
      client.send(new CreateNotificationCommand({ AccountId, BudgetName, Notification: above(50), Subscribers }));
    const mails = Array.from({ length: 11 }, (_, i) => mail(`m${i}`));
    await assert.rejects(notify(topic("a"), topic("b")), { name: "CreationLimitExceededException" });
    await assert.rejects(notify(...mails), { name: "CreationLimitExceededException" });
    await assert.rejects(notify(mail("a"), mail("a")), { name: "DuplicateRecordException" });
    await assert.rejects(notify({ SubscriptionType: "EMAIL", Address: "nobody" }), {
      name: "InvalidParameterException",
    });
    await assert.rejects(notify({ SubscriptionType: "SNS", Address: "nobody@example.com" }), {
      name: "InvalidParameterException",
    });
    await notify(topic("a"), ...mails.slice(2));
    const add = (Subscriber: Subscriber) =>
      client.send(new CreateSubscriberCommand({ AccountId, BudgetName, Notification: above(50), Subscriber }));
    await assert.rejects(add(topic("b")), { name: "CreationLimitExceededException" });
    await assert.rejects(add(mail("m2")), { name: "DuplicateRecordException" });
    await add(mail("m0"));
    await assert.rejects(add(mail("m1")), { name: "CreationLimitExceededException" });
  });

  it("are refused when their parts do not go together", async () => {
    const refused = (more: Partial<Budget>, message: RegExp) =>
      assert.rejects(create(more), { name: "InvalidParameterException", message }, String(message));
    const PlannedBudgetLimits = { "1": { Amount: "1", Unit: "USD" } };
    await refused({ BudgetLimit: undefined }, /BudgetLimit is required/);
    await refused({ PlannedBudgetLimits }, /cannot both be specified/);
    await refused({ BudgetLimit: undefined, PlannedBudgetLimits }, /the next 12 periods/);
    await refused(
      { BudgetType: "USAGE", CostTypes: {}, BudgetLimit: { Amount: "x", Unit: "GB" } },
      /regular expression/,
    );
    await refused({ BudgetType: "USAGE", CostTypes: { IncludeTax: true } }, /for COST budgets only/);
    await refused({ BudgetName: "a:b" }, /'budget\.budgetName' failed to satisfy constraint/);
    await refused({ TimePeriod: { Start: new Date(2e12), End: new Date(1e12) } }, /must come before/);
    await refused({ BudgetLimit: undefined, AutoAdjustData: { AutoAdjustType: "HISTORICAL" } }, /HistoricalOptions/);
    await assert.rejects(client.send(new CreateBudgetCommand({ AccountId: "860000000002", Budget: budget() })), {
      name: "AccessDeniedException",
    });
  });

  it("are guarded by the two actions that IAM has for them, each budget on its own", async () => {
    const Resource = `arn:aws:budgets::${AccountId}:budget/guarded`;
    await create({ BudgetName: "guarded" });
    await create({ BudgetName: "other" });
    const settings = cloud.as(AccountId);
    const reader = await createRole(settings, "reader", "lambda.amazonaws.com", [
      { Action: "budgets:ViewBudget", Resource },
    ]);
    const limited = new BudgetsClient(await assumeRole(settings, reader));
    await limited.send(new DescribeBudgetCommand({ AccountId, BudgetName: "guarded" }));
    const denied = { name: "AccessDeniedException" };
    await assert.rejects(limited.send(new DescribeBudgetCommand({ AccountId, BudgetName: "other" })), denied);
    const NewBudget = budget({ BudgetName: "guarded" });
    await assert.rejects(limited.send(new UpdateBudgetCommand({ AccountId, NewBudget })), denied);
    const writer = await createRole(settings, "writer", "lambda.amazonaws.com", [
      { Action: "budgets:ModifyBudget", Resource },
    ]);
    await new BudgetsClient(await assumeRole(settings, writer)).send(new UpdateBudgetCommand({ AccountId, NewBudget }));
  });
});
