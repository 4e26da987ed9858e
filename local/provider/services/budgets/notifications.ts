/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateNotification.html */
import {
  BudgetsClient,
  CreateNotificationCommand,
  DeleteNotificationCommand,
  DescribeNotificationsForBudgetCommand,
  DescribeSubscribersForNotificationCommand,
  type Notification,
  NotFoundException,
  type Subscriber,
} from "@aws-sdk/client-budgets";
import { isEqual, type Value, type Values } from "../../property-values";
import { objects, optionalNumber, text, texts } from "../../resource-type";
import { like } from "../shape";
import { allPages, ifMissing } from "../support";

/** Which budget: the account it belongs to, and its name. */
export interface BudgetKey {
  AccountId: string;
  BudgetName: string;
}

function notificationOf(values: Values): Notification {
  return {
    ComparisonOperator: text(values, "comparisonOperator") as "GREATER_THAN",
    NotificationType: text(values, "notificationType") as "ACTUAL",
    Threshold: optionalNumber(values, "threshold") ?? 0,
    ThresholdType: text(values, "thresholdType") as "PERCENTAGE",
  };
}

function subscribersOf(values: Values): Subscriber[] {
  const of = (SubscriptionType: "EMAIL" | "SNS", property: string): Subscriber[] =>
    texts(values, property).map((Address) => ({ Address, SubscriptionType }));
  return [...of("EMAIL", "subscriberEmailAddresses"), ...of("SNS", "subscriberSnsTopicArns")];
}

export async function create(client: BudgetsClient, key: BudgetKey, inputs: Values): Promise<void> {
  for (const values of objects(inputs, "notifications")) {
    const Subscribers = subscribersOf(values);
    await client.send(new CreateNotificationCommand({ ...key, Notification: notificationOf(values), Subscribers }));
  }
}

/** AWS changes no notification's subscribers as a whole: when anything differs, the old ones go and the new ones come. */
export async function replace(client: BudgetsClient, key: BudgetKey, olds: Values, news: Values): Promise<void> {
  if (isEqual(olds.notifications ?? [], news.notifications ?? [])) return;
  for (const values of objects(olds, "notifications")) {
    const deletion = client.send(new DeleteNotificationCommand({ ...key, Notification: notificationOf(values) }));
    await ifMissing(deletion, NotFoundException);
  }
  await create(client, key, news);
}

function subscribers(client: BudgetsClient, key: BudgetKey, Notification: Notification): Promise<Subscriber[]> {
  return allPages(async (NextToken) => {
    const question = new DescribeSubscribersForNotificationCommand({ ...key, Notification, NextToken });
    const answer = await ifMissing(client.send(question), NotFoundException);
    return { items: answer?.Subscribers, token: answer?.NextToken };
  });
}

async function valuesOf(client: BudgetsClient, key: BudgetKey, notification: Notification): Promise<Values> {
  const all = await subscribers(client, key, notification);
  const addresses = (type: string): string[] =>
    all.flatMap(({ Address = "", SubscriptionType }) => (SubscriptionType === type ? [Address] : []));
  return {
    comparisonOperator: notification.ComparisonOperator ?? "",
    notificationType: notification.NotificationType ?? "",
    subscriberEmailAddresses: addresses("EMAIL"),
    subscriberSnsTopicArns: addresses("SNS"),
    threshold: notification.Threshold ?? 0,
    // AWS leaves out what is the default.
    thresholdType: notification.ThresholdType ?? "PERCENTAGE",
  };
}

/** The notifications with their subscribers, in the state's notation. */
export async function read(client: BudgetsClient, key: BudgetKey, state: Values): Promise<Value | undefined> {
  const notifications = await allPages(async (NextToken) => {
    const answer = await client.send(new DescribeNotificationsForBudgetCommand({ ...key, NextToken }));
    return { items: answer.Notifications, token: answer.NextToken };
  });
  const all: Values[] = [];
  for (const notification of notifications) all.push(await valuesOf(client, key, notification));
  return all.length === 0 ? undefined : (like(state.notifications, all) ?? all);
}
