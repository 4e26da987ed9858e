/**
 * Who got which day's report, as one item for each report, day and recipient, so that nobody gets a day twice.
 *
 * SES has no key by which it would know a mail again. So the item says, before SES is called, that it will be:
 *
 *   (none) → sending → sent
 *      ↑        ↓
 *      └───── failed  (SES answered that it did not take the mail)
 *
 * Only one invocation can write `sending`, and only that one may then call SES. Which one it is says a fence that every
 * invocation draws for itself: the request id would not do, since Lambda may deliver an event twice, with the same id, to
 * two invocations that run at the same time. An invocation that dies before `sending` leaves nothing behind. One that
 * dies while `sending` may or may not have sent: such a delivery is "in doubt", never repeated, and reported as an error,
 * for people to decide. So a mail goes out at most once, always; and exactly once unless the Lambda dies, or SES's answer
 * is lost, in the moment of sending.
 */
import { randomUUID } from "node:crypto";
import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { pages } from "../shared/pages";
import type { Call } from "../shared/retry";
import type { DeliveryTable } from "./apis";
import type { Day } from "../shared/days";

/** Cost Explorer has no days older than 14 months, so that none can be sent again after that. */
export const KEPT_SECONDS = 460 * 86_400;

type Item = Record<string, AttributeValue>;

export type DeliveryState = "sending" | "sent" | "failed";

export interface Delivery {
  readonly state: DeliveryState;
  /** Milliseconds since the epoch after which the sender cannot be alive any more. */
  readonly heldUntil: number;
}

/** How the table is called. */
export interface DeliveryCalls {
  readonly call: Call;
  /** For what came of a mail: goes on where `call` would not begin anything new any more. */
  readonly closing: Call;
}

export interface DeliveriesOptions {
  readonly tableName: string;
  readonly reportId: string;
  readonly date: Day;
  /** Milliseconds since the epoch after which this invocation cannot be alive any more. */
  readonly heldUntil: number;
  readonly now: () => number;
}

/** What an invocation has to do about a delivery. */
export type Verdict = "due" | "done" | "in doubt" | "left to another";

export class Deliveries {
  /** Another one for each invocation. */
  private readonly fence = randomUUID();

  constructor(
    private readonly table: DeliveryTable,
    private readonly calls: DeliveryCalls,
    private readonly options: DeliveriesOptions,
  ) {}

  /** The day's deliveries by recipient, read consistently. */
  async read(): Promise<Map<string, Delivery>> {
    const prefix = sortKey(this.options.date, "");
    const found = new Map<string, Delivery>();
    const ask = (ExclusiveStartKey: Item | undefined) =>
      this.calls.call("reading the deliveries", () =>
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
    switch (delivery?.state) {
      case undefined:
      case "failed":
        return "due";
      case "sent":
        return "done";
      case "sending":
        return delivery.heldUntil < this.options.now() ? "in doubt" : "left to another";
    }
  }

  /** The last thing before SES is called, which only the invocation that is answered "due" may do. */
  async begin(recipient: string): Promise<Verdict> {
    const found = await this.update(this.calls.call, recipient, "marking a delivery as being sent", {
      UpdateExpression: "SET deliveryState = :sending, holder = :fence, heldUntil = :heldUntil, expiresAt = :expiresAt",
      // An earlier version claimed deliveries before it sent them; such a claim is void once somebody else is sending.
      // A repetition whose first answer was lost finds its own fence.
      ConditionExpression:
        "attribute_not_exists(deliveryState) OR deliveryState = :failed OR deliveryState = :claimed OR " +
        "(deliveryState = :sending AND holder = :fence)",
      ExpressionAttributeValues: {
        ":sending": { S: "sending" },
        ":failed": { S: "failed" },
        ":claimed": { S: "claimed" },
        ":fence": { S: this.fence },
        ":heldUntil": { N: String(this.options.heldUntil) },
        ":expiresAt": { N: String(Math.floor(this.options.now() / 1000) + KEPT_SECONDS) },
      },
    });
    if (found === "written") return "due";
    const verdict = this.judge(found);
    // It became due between the two looks at it; the invocation that made it so is at it.
    return verdict === "due" ? "left to another" : verdict;
  }

  async markSent(recipient: string, messageId: string): Promise<void> {
    const details = { messageId: { S: messageId }, sentAt: { N: String(this.options.now()) } };
    await this.conclude(recipient, "sent", details);
  }

  /** SES has not taken the mail: it may be tried again. */
  async markFailed(recipient: string, reason: string): Promise<void> {
    await this.conclude(recipient, "failed", { failure: { S: reason.slice(0, 1000) } });
  }

  private async conclude(recipient: string, state: "sent" | "failed", details: Item): Promise<void> {
    const values = Object.fromEntries(Object.entries(details).map(([name, value]) => [`:${name}`, value]));
    await this.update(this.calls.closing, recipient, `marking a delivery as ${state}`, {
      UpdateExpression: `SET deliveryState = :state${Object.keys(details)
        .map((name) => `, ${name} = :${name}`)
        .join("")}`,
      // A repetition whose first answer was lost finds it done.
      ConditionExpression: "holder = :fence AND (deliveryState = :sending OR deliveryState = :state)",
      ExpressionAttributeValues: {
        ":fence": { S: this.fence },
        ":sending": { S: "sending" },
        ":state": { S: state },
        ...values,
      },
    });
  }

  private async update(
    call: Call,
    recipient: string,
    doing: string,
    input: Omit<UpdateItemCommandInput, "TableName" | "Key">,
  ): Promise<"written" | Delivery | undefined> {
    const { tableName, reportId, date } = this.options;
    try {
      await call(doing, () =>
        this.table.updateItem({
          TableName: tableName,
          Key: { pk: { S: reportId }, sk: { S: sortKey(date, recipient) } },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          ...input,
        }),
      );
      return "written";
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      const { Item: item } = error as { Item?: Item };
      return item && readDelivery(item);
    }
  }
}

export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

export function sortKey(date: Day, recipient: string): string {
  return `${date}#${recipient}`;
}

function readDelivery(item: Item): Delivery {
  const state = item["deliveryState"]?.S;
  return {
    state: state === "sending" || state === "sent" ? state : "failed",
    heldUntil: Number(item["heldUntil"]?.N ?? 0),
  };
}
