/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html */
import {
  BudgetsClient,
  CreateBudgetCommand,
  DeleteBudgetCommand,
  DescribeBudgetCommand,
  ListTagsForResourceCommand,
  NotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateBudgetCommand,
} from "@aws-sdk/client-budgets";
import type { Values } from "../../property-values";
import { type Operation, optionalText, type ResourceState, type ResourceType, text } from "../../resource-type";
import { actual, changedTags, ifMissing, settled, tagList, tagRecord } from "../support";
import * as notifications from "./notifications";
import { budgetOf, budgetState, checkBudget } from "./shape";

/** An id is the account's and the budget's name with a colon between them. */
function keyOf(id: string): notifications.BudgetKey {
  const colon = id.indexOf(":");
  if (colon < 0) throw new Error(`received "${id}"; the id of a budget is the account's id, a colon, and its name`);
  return { AccountId: id.slice(0, colon), BudgetName: id.slice(colon + 1) };
}

function arnOf({ AccountId, BudgetName }: notifications.BudgetKey): string {
  return `arn:aws:budgets::${AccountId}:budget/${BudgetName}`;
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(BudgetsClient);
  const key = keyOf(id);
  const question = client.send(new DescribeBudgetCommand({ ...key, ShowFilterExpression: true }));
  const found = (await ifMissing(question, NotFoundException))?.Budget;
  if (found === undefined) return undefined;
  const ResourceARN = arnOf(key);
  const { ResourceTags } = await client.send(new ListTagsForResourceCommand({ ResourceARN }));
  const others = actual(state, { notifications: await notifications.read(client, key, state) });
  const outputs = {
    ...budgetState(state, found),
    ...others,
    accountId: key.AccountId,
    arn: ResourceARN,
    tagsAll: tagRecord(ResourceTags),
  };
  return { id, outputs };
}

async function setTags({ account, tags }: Operation, ResourceARN: string, olds: Values): Promise<void> {
  const client = account.client(BudgetsClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceARN, ResourceTagKeys: removed }));
  if (Object.keys(set).length > 0) {
    await client.send(new TagResourceCommand({ ResourceARN, ResourceTags: tagList(set) }));
  }
}

export const budget: ResourceType = {
  token: "aws:budgets/budget:Budget",
  properties: {
    accountId: "replace",
    autoAdjustData: "update",
    budgetType: "update",
    costFilters: "update",
    costTypes: "update",
    filterExpression: "update",
    limitAmount: "update",
    limitUnit: "update",
    metrics: "update",
    name: "replace",
    notifications: "update",
    plannedLimits: "update",
    timePeriodEnd: "update",
    timePeriodStart: "update",
    timeUnit: "update",
  },
  required: ["budgetType", "timeUnit"],
  computed: ["accountId", "arn", "timePeriodStart"],
  autoName: { property: "name", maxLength: 100 },
  taggable: true,
  defaults: { timePeriodEnd: "2087-06-15_00:00" },
  check: checkBudget,
  async create(operation, inputs) {
    const client = operation.account.client(BudgetsClient);
    const AccountId = optionalText(inputs, "accountId") ?? (await operation.account.id());
    const key = { AccountId, BudgetName: text(inputs, "name") };
    const id = `${AccountId}:${key.BudgetName}`;
    const ResourceTags = tagList(operation.tags);
    await client.send(new CreateBudgetCommand({ AccountId, Budget: budgetOf(inputs), ResourceTags }));
    operation.created(id, { accountId: AccountId, arn: arnOf(key) });
    await notifications.create(client, key, inputs);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const client = operation.account.client(BudgetsClient);
    const key = keyOf(id);
    await client.send(new UpdateBudgetCommand({ AccountId: key.AccountId, NewBudget: budgetOf(news) }));
    await notifications.replace(client, key, olds, news);
    await setTags(operation, arnOf(key), olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    await ifMissing(account.client(BudgetsClient).send(new DeleteBudgetCommand(keyOf(id))), NotFoundException);
  },
};
