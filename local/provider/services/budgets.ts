/** AWS Budgets. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html */
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import type { Account } from "../account";
import { isEqual, type Value, type Values } from "../property-values";
import { objects, type Service, text, texts } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-budgets",
  client: "BudgetsClient",
  missing: ["NotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

interface Key {
  readonly AccountId: string;
  readonly BudgetName: string;
}

const keyOf = (id: string): Key => ({ AccountId: id.split(":")[0] ?? "", BudgetName: id.slice(id.indexOf(":") + 1) });

function notificationOf(values: Values): Structure {
  return {
    ComparisonOperator: text(values, "comparisonOperator"),
    NotificationType: text(values, "notificationType"),
    Threshold: Number(values.threshold),
    ThresholdType: text(values, "thresholdType"),
  };
}

/** AWS changes no notification's subscribers as a whole: when anything differs, the old ones go and the new ones come. */
async function setNotifications(account: Account, key: Key, olds: Values, news: Values): Promise<void> {
  if (isEqual(olds.notifications ?? [], news.notifications ?? [])) return;
  for (const values of objects(olds, "notifications")) {
    await api.find(account, "DeleteNotification", { ...key, Notification: notificationOf(values) });
  }
  for (const values of objects(news, "notifications")) {
    const of = (SubscriptionType: string, property: string): Structure[] =>
      texts(values, property).map((Address) => ({ Address, SubscriptionType }));
    const Subscribers = [...of("EMAIL", "subscriberEmailAddresses"), ...of("SNS", "subscriberSnsTopicArns")];
    await api.send(account, "CreateNotification", { ...key, Notification: notificationOf(values), Subscribers });
  }
}

async function addressesOf(account: Account, key: Key, Notification: Structure): Promise<Values> {
  const found: Structure[] = [];
  for await (const page of api.pages(account, "DescribeSubscribersForNotification", { ...key, Notification })) {
    found.push(...((page.Subscribers ?? []) as Structure[]));
  }
  const of = (type: string): string[] =>
    found.filter(({ SubscriptionType }) => SubscriptionType === type).map(({ Address }) => String(Address));
  return { subscriberEmailAddresses: of("EMAIL"), subscriberSnsTopicArns: of("SNS") };
}

async function notifications(account: Account, key: Key, given: Value | undefined): Promise<Value[]> {
  const all: Values[] = [];
  for await (const page of api.pages(account, "DescribeNotificationsForBudget", { ...key })) {
    for (const one of (page.Notifications ?? []) as Structure[]) {
      all.push({
        comparisonOperator: String(one.ComparisonOperator),
        notificationType: String(one.NotificationType),
        threshold: Number(one.Threshold),
        // AWS leaves out what is the default.
        thresholdType: String(one.ThresholdType ?? "PERCENTAGE"),
        ...(await addressesOf(account, key, one)),
      });
    }
  }
  return inOrderOf(all, given);
}

const EMPTY = { subscriberEmailAddresses: [], subscriberSnsTopicArns: [] };

/** AWS keeps notifications and their subscribers as sets: those that are the program's come as the program has them. */
function inOrderOf(all: Values[], given: Value | undefined): Value[] {
  const sorted = (value: Value): Value => {
    const one: Values = { ...EMPTY, ...(value as Values) };
    const lists = Object.keys(EMPTY).map((name) => [name, [...texts(one, name)].sort()]);
    return { ...one, ...Object.fromEntries(lists) };
  };
  const programs = Array.isArray(given) ? given : [];
  const kept = programs.filter((one) => all.some((other) => isEqual(sorted(one), sorted(other))));
  return [...kept, ...all.filter((one) => !kept.some((other) => isEqual(sorted(one), sorted(other))))];
}

const budget = resource(
  {
    token: "aws:budgets/budget:Budget",
    service: api,
    id: "{accountId}:{name}",
    inside: ["Budget", "NewBudget"],
    create: "CreateBudget",
    read: "DescribeBudget",
    updates: ["UpdateBudget"],
    delete: { call: "DeleteBudget", only: [] },
    replace: ["accountId", "name"],
    update: ["budgetType", "costFilters", "limitAmount", "limitUnit", "notifications", "timeUnit"],
    required: ["budgetType", "timeUnit"],
    computed: ["accountId", "arn"],
    autoName: { property: "name", maxLength: 100 },
    taggable: true,
    names: { limitAmount: "BudgetLimit.Amount", limitUnit: "BudgetLimit.Unit" },
    allowed: {
      budgetType: "BudgetType",
      "notifications.comparisonOperator": "ComparisonOperator",
      "notifications.notificationType": "NotificationType",
      "notifications.thresholdType": "ThresholdType",
      timeUnit: "TimeUnit",
    },
    async request(request, _values, { account }, call) {
      if (call === "CreateBudget") request.AccountId ??= await account.id();
    },
    async outputs(_, { accountId, limitAmount, name, notifications: given }, { account }) {
      const key = { AccountId: String(accountId), BudgetName: String(name) };
      const found = await notifications(account, key, given);
      return {
        // AWS answers 100.0 for 100.
        limitAmount: typeof limitAmount === "string" ? limitAmount.replace(/\.0$/, "") : (limitAmount ?? null),
        arn: `arn:aws:budgets::${key.AccountId}:budget/${key.BudgetName}`,
        ...(found.length === 0 && given === undefined ? {} : { notifications: found }),
      };
    },
  },
  (base) => ({
    async create(operation, inputs) {
      const { id } = await base.create(operation, { ...inputs, notifications: [] });
      operation.created(id);
      await setNotifications(operation.account, keyOf(id), {}, inputs);
      return { id, outputs: (await base.read(operation, id, inputs))?.outputs ?? {} };
    },
    async update(operation, id, olds, news) {
      await setNotifications(operation.account, keyOf(id), olds, news);
      return (await base.update?.(operation, id, olds, news)) ?? {};
    },
  }),
);

export const budgets: Service = { resources: [budget] };
