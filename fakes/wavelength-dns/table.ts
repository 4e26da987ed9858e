import type {
  AttributeValue,
  BatchWriteItemCommandInput,
  GetItemCommandInput,
  QueryCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { RemovalTable, StateTable } from "../../handlers/wavelength-dns/apis";
import { holds, updated } from "./expressions";
import { awsError, type Caller, type Wire } from "../wire";

type Item = Record<string, AttributeValue>;

/** A DynamoDB table with keys `pk` and `sk`, consistent, with expressions evaluated. */
export class FakeTable {
  private readonly items = new Map<string, Item>();
  /** Items a query page holds. */
  pageSize = 1000;
  /** How many requests of the next BatchWriteItem are turned back unprocessed. */
  unprocessedNext = 0;
  /** Called with every item after it was written by UpdateItem. */
  onUpdate: (caller: Caller, item: Item) => void = () => undefined;

  constructor(private readonly wire: Wire) {}

  for(caller: Caller): StateTable & RemovalTable {
    return {
      updateItem: (input) => this.wire.call(caller, "UpdateItem", () => this.update(caller, input)),
      query: (input) => this.wire.call(caller, "Query", () => this.query(input)),
      getItem: (input) => this.wire.call(caller, "GetItem", () => this.get(input)),
      batchWriteItem: (input) => this.wire.call(caller, "BatchWriteItem", () => this.write(input)),
    };
  }

  /** Items by sort key, for assertions. */
  bySortKey(): Map<string, Item> {
    return new Map([...this.items.values()].map((item) => [item["sk"]?.S ?? "", item]));
  }

  private update(caller: Caller, input: UpdateItemCommandInput): { Attributes?: Item } {
    const key = input.Key ?? {};
    const current = this.items.get(keyOf(key));
    const values = input.ExpressionAttributeValues ?? {};
    if (input.ConditionExpression !== undefined && !holds(input.ConditionExpression, current ?? {}, values)) {
      throw awsError("ConditionalCheckFailedException", "The conditional request failed");
    }
    const item = updated(input.UpdateExpression ?? "", current ?? { ...key }, values);
    this.items.set(keyOf(key), item);
    this.onUpdate(caller, item);
    return input.ReturnValues === "ALL_NEW" ? { Attributes: { ...item } } : {};
  }

  private query(input: QueryCommandInput): { Items: Item[]; LastEvaluatedKey?: Item } {
    if (input.ConsistentRead !== true) throw awsError("ValidationException", "The fake only reads consistently");
    const all = [...this.items.values()]
      .filter((item) => holds(input.KeyConditionExpression ?? "", item, input.ExpressionAttributeValues ?? {}))
      .sort((a, b) => ((a["sk"]?.S ?? "") < (b["sk"]?.S ?? "") ? -1 : 1));
    const after = input.ExclusiveStartKey?.["sk"]?.S;
    const rest = after === undefined ? all : all.filter((item) => (item["sk"]?.S ?? "") > after);
    const Items = rest.slice(0, this.pageSize);
    const last = Items.at(-1);
    return rest.length > Items.length && last?.["pk"] && last["sk"]
      ? { Items, LastEvaluatedKey: { pk: last["pk"], sk: last["sk"] } }
      : { Items };
  }

  private get(input: GetItemCommandInput): { Item?: Item } {
    const item = this.items.get(keyOf(input.Key ?? {}));
    return item === undefined ? {} : { Item: { ...item } };
  }

  private write(input: BatchWriteItemCommandInput): { UnprocessedItems?: BatchWriteItemCommandInput["RequestItems"] } {
    const [tableName = "", requests = []] = Object.entries(input.RequestItems ?? {})[0] ?? [];
    const keys = requests.map((it) => keyOf(it.PutRequest?.Item ?? it.DeleteRequest?.Key ?? {}));
    if (requests.length === 0 || requests.length > 25 || new Set(keys).size !== keys.length) {
      throw awsError("ValidationException", "1 to 25 requests, each of another item");
    }
    const done = requests.slice(0, requests.length - this.unprocessedNext);
    this.unprocessedNext = 0;
    for (const { PutRequest, DeleteRequest } of done) {
      if (PutRequest?.Item) this.items.set(keyOf(PutRequest.Item), PutRequest.Item);
      if (DeleteRequest?.Key) this.items.delete(keyOf(DeleteRequest.Key));
    }
    return done.length === requests.length ? {} : { UnprocessedItems: { [tableName]: requests.slice(done.length) } };
  }
}

function keyOf(key: Item): string {
  const pk = key["pk"]?.S;
  const sk = key["sk"]?.S;
  if (pk === undefined || sk === undefined) throw awsError("ValidationException", "The key is missing");
  return `${pk}|${sk}`;
}
