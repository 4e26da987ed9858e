/** What waits to be reported: the groups of hours that are over, and their notices. */
import type { QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { pages } from "../shared/pages";
import type { Call } from "../shared/retry";
import type { OutboxTable } from "./apis";
import {
  type Group,
  groupKey,
  groupName,
  hourOf,
  type Item,
  type Notice,
  readFinding,
  readGroup,
  readNotice,
  SENT_KEPT_SECONDS,
  toItem,
} from "./items";
import type { Known } from "./plan";

export class Outbox {
  constructor(
    private readonly table: OutboxTable,
    private readonly call: Call,
    private readonly tableName: string,
    private readonly now: () => number,
  ) {}

  /** Groups of hours that are over at a moment, and of which not everybody has been notified, oldest first. */
  async due(at: number): Promise<Group[]> {
    const items = await this.query("reading what is to be reported", {
      KeyConditionExpression: "pk = :pk AND sk < :hour",
      FilterExpression: "attribute_not_exists(done)",
      ExpressionAttributeValues: toItem({ ":pk": "group", ":hour": hourOf(at) }),
    });
    return items.map(readGroup);
  }

  /** From now on nothing joins the group, so that its message has everything. */
  async close(group: Group): Promise<Notice[]> {
    await this.set(group, "closing a group", "SET closed = :true", toItem({ ":true": true }));
    const items = await this.query("reading a group's notices", {
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: toItem({ ":pk": `notice|${groupName(group)}` }),
    });
    return items.map(readNotice);
  }

  /** Everybody was notified. */
  async finish(group: Group): Promise<void> {
    const expiresAt = Math.floor(this.now() / 1000) + SENT_KEPT_SECONDS;
    const values = toItem({ ":true": true, ":expiresAt": expiresAt });
    await this.set(group, "marking a group as reported", "SET done = :true, expiresAt = :expiresAt", values);
  }

  /** Every finding that is known, those included that were closed in the last 90 days. */
  async findings(): Promise<Known[]> {
    const items = await this.query("reading the findings", {
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: toItem({ ":pk": "finding" }),
    });
    return items.map(readFinding);
  }

  private async set(group: Group, doing: string, expression: string, values: Item): Promise<void> {
    await this.call(doing, () =>
      this.table.updateItem({
        TableName: this.tableName,
        Key: groupKey(group),
        UpdateExpression: expression,
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: values,
      }),
    );
  }

  private async query(doing: string, input: Omit<QueryCommandInput, "TableName">): Promise<Item[]> {
    const items: Item[] = [];
    const ask = (ExclusiveStartKey: Item | undefined) =>
      this.call(doing, () =>
        this.table.query({
          TableName: this.tableName,
          ConsistentRead: true,
          ...input,
          ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
        }),
      );
    for await (const { Items = [] } of pages(ask, ({ LastEvaluatedKey }) => LastEvaluatedKey)) items.push(...Items);
    return items;
  }
}
