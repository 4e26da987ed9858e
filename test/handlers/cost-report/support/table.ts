import type { AttributeValue, QueryCommandInput, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { DeliveryTable } from "../../../../handlers/cost-report/apis";
import { holds, updated } from "../../../../fakes/wavelength-dns/expressions";
import { awsError, type Caller, type Wire } from "../../../../fakes/wire";

type Item = Record<string, AttributeValue>;

/** The table of deliveries, consistent, with update and condition expressions evaluated. */
export class FakeDeliveryTable {
  readonly items = new Map<string, Item>();
  /** Items a query page holds. */
  pageSize = 100;

  constructor(private readonly wire: Wire) {}

  for(caller: Caller): DeliveryTable {
    return {
      query: (input) => this.wire.call(caller, "Query", () => this.query(input)),
      updateItem: (input) => this.wire.call(caller, "UpdateItem", () => this.update(input)),
    };
  }

  /** Delivery states by sort key. */
  states(): Record<string, string> {
    return Object.fromEntries(
      [...this.items].map(([key, item]) => [key.split("|")[1] ?? "", item["deliveryState"]?.S ?? ""]).sort(),
    );
  }

  private query(input: QueryCommandInput): { Items: Item[]; LastEvaluatedKey?: Item } {
    if (input.ConsistentRead !== true) throw awsError("ValidationException", "The fake only reads consistently");
    if (input.KeyConditionExpression !== "pk = :report AND begins_with(sk, :day)") {
      throw awsError("ValidationException", `The fake does not understand ${input.KeyConditionExpression}`);
    }
    const values = input.ExpressionAttributeValues ?? {};
    const after = input.ExclusiveStartKey?.["sk"]?.S ?? "";
    const all = [...this.items.values()]
      .filter((item) => item["pk"]?.S === values[":report"]?.S && sk(item).startsWith(values[":day"]?.S ?? "?"))
      .filter((item) => sk(item) > after)
      .sort((a, b) => (sk(a) < sk(b) ? -1 : 1));
    const Items = all.slice(0, this.pageSize);
    const last = Items.at(-1);
    return all.length > Items.length && last?.["pk"] && last["sk"]
      ? { Items, LastEvaluatedKey: { pk: last["pk"], sk: last["sk"] } }
      : { Items };
  }

  private update(input: UpdateItemCommandInput): object {
    const key = `${input.Key?.["pk"]?.S}|${input.Key?.["sk"]?.S}`;
    const current = this.items.get(key);
    const values = input.ExpressionAttributeValues ?? {};
    if (!holds(input.ConditionExpression ?? "", current ?? {}, values)) {
      const error = awsError("ConditionalCheckFailedException", "The conditional request failed");
      const wanted = input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && current !== undefined;
      throw Object.assign(error, wanted ? { Item: { ...current } } : {});
    }
    this.items.set(key, updated(input.UpdateExpression ?? "", current ?? { ...input.Key }, values));
    return {};
  }
}

function sk(item: Item): string {
  return item["sk"]?.S ?? "";
}
