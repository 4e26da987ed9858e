/**
 * Who got which day's report, as one item for each report, day and recipient, so that nobody gets a day twice.
 *
 * SES has no key by which it would know a mail again. So the item says, before SES is called, that it will be:
 *
 *   (none) → claimed → sending → sent
 *                   ↘    ↓
 *                     failed  (SES answered that it did not take the mail)
 *
 * An invocation that dies while `claimed` has sent nothing: when it cannot be alive any more, or when the same
 * invocation is retried by Lambda, its claim is taken over. One that dies while `sending` may or may not have sent: such
 * a delivery is "in doubt", never repeated, and reported as an error, for people to decide. So a mail goes out at most
 * once, always; and exactly once unless the Lambda dies, or SES's answer is lost, in the moment of sending.
 */
import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { pages } from "../shared/pages";
import type { Call } from "../shared/retry";
import type { DeliveryTable } from "./apis";
import type { Day } from "./days";

/** Cost Explorer has no days older than 14 months, so that none can be sent again after that. */
const KEPT_SECONDS = 460 * 86_400;

type Item = Record<string, AttributeValue>;

export type DeliveryState = "claimed" | "sending" | "sent" | "failed";

export interface Delivery {
  readonly state: DeliveryState;
  readonly holder: string;
  /** Milliseconds since the epoch after which the holder cannot be alive any more. */
  readonly heldUntil: number;
}

export interface DeliveriesOptions {
  readonly tableName: string;
  readonly reportId: string;
  readonly date: Day;
  /** This invocation; Lambda's retries of it have the same id. */
  readonly holder: string;
  /** Milliseconds since the epoch after which this invocation cannot be alive any more. */
  readonly heldUntil: number;
  readonly now: () => number;
}

/** What an invocation has to do about a delivery. */
export type Verdict = "due" | "done" | "in doubt" | "left to another";

export class Deliveries {
  constructor(
    private readonly table: DeliveryTable,
    private readonly call: Call,
    private readonly options: DeliveriesOptions,
  ) {}

  /** The day's deliveries by recipient, read consistently. */
  async read(): Promise<Map<string, Delivery>> {
    const prefix = sortKey(this.options.date, "");
    const found = new Map<string, Delivery>();
    const ask = (ExclusiveStartKey: Item | undefined) =>
      this.call("reading the deliveries", () =>
        this.table.query({
          TableName: this.options.tableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :report AND begins_with(sk, :day)",
          ExpressionAttributeValues: { ":report": { S: this.options.reportId }, ":day": { S: prefix } },
          ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
        }),
      );
    for await (const page of pages(ask, ({ LastEvaluatedKey }) => LastEvaluatedKey)) {
      for (const item of page.Items ?? []) found.set((item["sk"]?.S ?? "").slice(prefix.length), readDelivery(item));
    }
    return found;
  }

  judge(delivery: Delivery | undefined): Verdict {
    if (delivery === undefined || delivery.state === "failed") return "due";
    if (delivery.state === "sent") return "done";
    const { holder, now } = this.options;
    const isOver = delivery.holder === holder || delivery.heldUntil < now();
    if (!isOver) return "left to another";
    return delivery.state === "claimed" ? "due" : "in doubt";
  }

  /** Makes the delivery this invocation's own; says what it is otherwise. */
  async claim(recipient: string): Promise<Verdict> {
    const taken = await this.update(recipient, "claiming a delivery", {
      UpdateExpression:
        "SET deliveryState = :claimed, holder = :holder, heldUntil = :heldUntil, expiresAt = :expiresAt",
      ConditionExpression:
        "attribute_not_exists(deliveryState) OR deliveryState = :failed OR " +
        "(deliveryState = :claimed AND (holder = :holder OR heldUntil < :now))",
      ExpressionAttributeValues: {
        ":claimed": { S: "claimed" },
        ":failed": { S: "failed" },
        ":holder": { S: this.options.holder },
        ":heldUntil": { N: String(this.options.heldUntil) },
        ":now": { N: String(this.options.now()) },
        ":expiresAt": { N: String(Math.floor(this.options.now() / 1000) + KEPT_SECONDS) },
      },
    });
    if (taken === "taken") return "due";
    const verdict = this.judge(taken);
    // It became due between the two looks at it; whoever made it so is at it.
    return verdict === "due" ? "left to another" : verdict;
  }

  /** The last thing before SES is called. False where the claim has been lost. */
  async markSending(recipient: string): Promise<boolean> {
    return this.move(recipient, "claimed", "sending", "marking a delivery as being sent", {});
  }

  async markSent(recipient: string, messageId: string): Promise<void> {
    const details = { messageId: { S: messageId }, sentAt: { N: String(this.options.now()) } };
    await this.move(recipient, "sending", "sent", "marking a delivery as sent", details);
  }

  /** SES has not taken the mail: it may be tried again. */
  async markFailed(recipient: string, reason: string): Promise<void> {
    const details = { failure: { S: reason.slice(0, 1000) } };
    await this.move(recipient, "sending", "failed", "marking a delivery as failed", details);
  }

  private async move(
    recipient: string,
    from: DeliveryState,
    to: DeliveryState,
    doing: string,
    details: Item,
  ): Promise<boolean> {
    const values = Object.fromEntries(Object.entries(details).map(([name, value]) => [`:${name}`, value]));
    const moved = await this.update(recipient, doing, {
      UpdateExpression: `SET deliveryState = :to${Object.keys(details)
        .map((name) => `, ${name} = :${name}`)
        .join("")}`,
      // A repetition whose first answer was lost finds it done.
      ConditionExpression: "holder = :holder AND (deliveryState = :from OR deliveryState = :to)",
      ExpressionAttributeValues: {
        ":holder": { S: this.options.holder },
        ":from": { S: from },
        ":to": { S: to },
        ...values,
      },
    });
    return moved === "taken";
  }

  private async update(
    recipient: string,
    doing: string,
    input: Omit<UpdateItemCommandInput, "TableName" | "Key">,
  ): Promise<"taken" | Delivery | undefined> {
    const { tableName, reportId, date } = this.options;
    try {
      await this.call(doing, () =>
        this.table.updateItem({
          TableName: tableName,
          Key: { pk: { S: reportId }, sk: { S: sortKey(date, recipient) } },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          ...input,
        }),
      );
      return "taken";
    } catch (error) {
      if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
      const { Item: item } = error as { Item?: Item };
      return item && readDelivery(item);
    }
  }
}

export function sortKey(date: Day, recipient: string): string {
  return `${date}#${recipient}`;
}

function readDelivery(item: Item): Delivery {
  return {
    state: (item["deliveryState"]?.S ?? "failed") as DeliveryState,
    holder: item["holder"]?.S ?? "",
    heldUntil: Number(item["heldUntil"]?.N ?? 0),
  };
}
