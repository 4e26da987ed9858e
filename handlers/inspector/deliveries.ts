/**
 * Whether a message went out, by message and channel (the topic, or a recipient's address). Neither SNS nor SES knows a
 * message again, so the item says beforehand that it will be sent:
 *
 *   (none) → held → sent
 *      ↑       ↓
 *      └───────┘  it was answered that the message was not taken
 *
 * The holder may send it. A holder that dies may or may not have sent; then the message goes out again, but no
 * sooner than an hour after the holder can have sent it. So each message goes out at least once, as long as runs go on,
 * and never twice within an hour.
 */
import { randomUUID } from "node:crypto";
import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { Call } from "../shared/retry";
import type { OutboxTable } from "./apis";
import { HOUR_MS, SENT_KEPT_SECONDS, toItem } from "./items";

export interface DeliveriesOptions {
  readonly tableName: string;
  /** Milliseconds since the epoch after which this invocation cannot be alive any more. */
  readonly endsAt: number;
  readonly now: () => number;
}

/** Whether to send a message now, never, or not now. */
export type Verdict = "due" | "sent" | "held";

export class Deliveries {
  /** Another one for each invocation. */
  private readonly fence = randomUUID();

  /** @param closing for what came of a message: goes on where `call` would not begin anything new any more */
  constructor(
    private readonly table: OutboxTable,
    private readonly calls: { readonly call: Call; readonly closing: Call },
    private readonly options: DeliveriesOptions,
  ) {}

  /** The last thing before a message is sent, which only the invocation that is answered "due" may do. */
  async claim(message: string, channel: string): Promise<Verdict> {
    const { endsAt, now } = this.options;
    const expiresAt = Math.floor(now() / 1000) + SENT_KEPT_SECONDS;
    const before = await this.update(this.calls.call, message, channel, "claiming a message", {
      UpdateExpression: "SET holder = :fence, heldUntil = :heldUntil, expiresAt = :expiresAt",
      // A repetition whose first answer was lost finds its own fence.
      ConditionExpression:
        "attribute_not_exists(sentAt) AND (attribute_not_exists(holder) OR holder = :fence OR heldUntil < :now)",
      ExpressionAttributeValues: toItem({
        ":fence": this.fence,
        ":heldUntil": endsAt + HOUR_MS,
        ":expiresAt": expiresAt,
        ":now": now(),
      }),
    });
    return before === "written" ? "due" : before;
  }

  async markSent(message: string, channel: string): Promise<void> {
    await this.update(this.calls.closing, message, channel, "marking a message as sent", {
      UpdateExpression: "SET sentAt = :now",
      ConditionExpression: "holder = :fence",
      ExpressionAttributeValues: toItem({ ":fence": this.fence, ":now": this.options.now() }),
    });
  }

  /** The message was not taken: it may be sent again at once. */
  async release(message: string, channel: string): Promise<void> {
    await this.update(this.calls.closing, message, channel, "releasing a message", {
      UpdateExpression: "REMOVE holder, heldUntil",
      ConditionExpression: "holder = :fence",
      ExpressionAttributeValues: toItem({ ":fence": this.fence }),
    });
  }

  private async update(
    call: Call,
    message: string,
    channel: string,
    doing: string,
    input: Omit<UpdateItemCommandInput, "TableName" | "Key">,
  ): Promise<"written" | "sent" | "held"> {
    try {
      await call(doing, () =>
        this.table.updateItem({
          TableName: this.options.tableName,
          Key: toItem({ pk: `delivery|${message}`, sk: channel }),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          ...input,
        }),
      );
      return "written";
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ConditionalCheckFailedException") throw error;
      const { Item } = error as { Item?: Record<string, unknown> };
      return Item?.["sentAt"] === undefined ? "held" : "sent";
    }
  }
}
