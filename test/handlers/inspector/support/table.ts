import type {
  AttributeValue,
  GetItemCommandInput,
  QueryCommandInput,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { holds, updated } from "../../../../fakes/wavelength-dns/expressions";
import { awsError } from "../../../../fakes/wire";
import type { FindingTable, OutboxTable } from "../../../../handlers/inspector/apis";
import { type Item, type Notice, readFinding, readNotice } from "../../../../handlers/inspector/items";
import type { Known } from "../../../../handlers/inspector/plan";

/** How a call reaches the table: at once, or when it is its turn. */
export type Outside = <T>(operation: string, effect: () => T) => Promise<T>;

interface Conditional {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

const keyOf = ({ pk, sk }: Item): string => `${pk?.S}\n${sk?.S}`;

/** The table, consistent; conditions and updates are evaluated, transactions are one step. */
export class FakeTable {
  readonly items = new Map<string, Item>();
  /** Every state that the findings were in, in order. */
  readonly history: Known[] = [];
  pageSize = 2;

  for(outside: Outside): FindingTable & OutboxTable {
    return {
      getItem: (input) => outside("GetItem", () => this.get(input)),
      query: (input) => outside("Query", () => this.query(input)),
      updateItem: (input) => outside("UpdateItem", () => this.update(input)),
      transactWriteItems: (input) => outside("TransactWriteItems", () => this.transact(input)),
    };
  }

  of<T>(prefix: string, read: (item: Item) => T): T[] {
    return [...this.items]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, item]) => read(item));
  }

  findings = (): Known[] => this.of("finding\n", readFinding);
  notices = (): Notice[] => this.of("notice|", readNotice);

  private get({ Key = {}, ConsistentRead }: GetItemCommandInput): { Item?: Item } {
    if (ConsistentRead !== true) throw awsError("ValidationException", "The fake only reads consistently");
    const found = this.items.get(keyOf(Key));
    return found === undefined ? {} : { Item: found };
  }

  private query(input: QueryCommandInput): { Items: Item[]; LastEvaluatedKey?: Item } {
    const { KeyConditionExpression = "", FilterExpression, ExpressionAttributeValues = {}, ExclusiveStartKey } = input;
    if (input.ConsistentRead !== true) throw awsError("ValidationException", "The fake only reads consistently");
    const after = ExclusiveStartKey === undefined ? "" : keyOf(ExclusiveStartKey);
    const all = this.of("", (item) => item).filter(
      (item) => holds(KeyConditionExpression, item, ExpressionAttributeValues) && keyOf(item) > after,
    );
    const page = all.slice(0, this.pageSize);
    const last = page.at(-1);
    return {
      Items: page.filter((item) => FilterExpression === undefined || holds(FilterExpression, item, {})),
      ...(all.length > page.length &&
        last?.["pk"] &&
        last["sk"] && { LastEvaluatedKey: { pk: last["pk"], sk: last["sk"] } }),
    };
  }

  private isMet(input: Conditional, key: string): boolean {
    const { ConditionExpression, ExpressionAttributeValues = {} } = input;
    return (
      ConditionExpression === undefined ||
      holds(ConditionExpression, this.items.get(key) ?? {}, ExpressionAttributeValues)
    );
  }

  private update(input: UpdateItemCommandInput): object {
    const key = keyOf(input.Key ?? {});
    const before = this.items.get(key);
    if (!this.isMet(input, key)) {
      throw Object.assign(awsError("ConditionalCheckFailedException"), before && { Item: { ...before } });
    }
    const { ExpressionAttributeNames = {} } = input;
    const expression = (input.UpdateExpression ?? "").replace(
      /#\w+/g,
      (name) => ExpressionAttributeNames[name] ?? name,
    );
    this.items.set(key, updated(expression, before ?? { ...input.Key }, input.ExpressionAttributeValues ?? {}));
    return {};
  }

  private transact({ TransactItems = [] }: TransactWriteItemsCommandInput): object {
    const steps = TransactItems.map(({ Put, Update }) => {
      if (Put?.Item !== undefined) {
        const item = Put.Item;
        const key = keyOf(item);
        return { isMet: this.isMet(Put, key), apply: () => void this.items.set(key, item) };
      }
      if (Update?.Key === undefined) throw awsError("ValidationException", "The fake knows Put and Update");
      const input = Update as UpdateItemCommandInput;
      return { isMet: this.isMet(input, keyOf(Update.Key)), apply: () => void this.update(input) };
    });
    if (steps.some(({ isMet }) => !isMet)) {
      throw Object.assign(awsError("TransactionCanceledException"), {
        CancellationReasons: steps.map(({ isMet }) => ({ Code: isMet ? "None" : "ConditionalCheckFailed" })),
      });
    }
    for (const { apply } of steps) apply();
    this.history.push(
      ...TransactItems.flatMap(({ Put }) => (Put?.Item?.["pk"]?.S === "finding" ? [readFinding(Put.Item)] : [])),
    );
    return {};
  }
}
