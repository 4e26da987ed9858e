/**
 * A lease with coalescing, in one DynamoDB item: one invocation at a time does the work, and what others ask for
 * meanwhile becomes one more round of it.
 *
 * Every invocation first raises `requested`. One that then finds the lease taken may leave: the holder lets go only on
 * the condition that `requested` is still what it read before it began its last round, so it will see that more was
 * asked for, and go round again. The lease outlives the invocation that holds it, never the other way round, so a
 * live holder cannot be joined by a second writer; a holder that was killed is followed when `expiresAt` has passed.
 */
import { randomUUID } from "node:crypto";
import type { UpdateItemCommandInput, UpdateItemCommandOutput } from "@aws-sdk/client-dynamodb";
import type { Call } from "./retry";

export interface LeaseTable {
  updateItem(input: UpdateItemCommandInput): Promise<Omit<UpdateItemCommandOutput, "$metadata">>;
}

export interface LeaseOptions {
  readonly tableName: string;
  /** Partition key `pk` of the item; its sort key `sk` is "lease". */
  readonly scope: string;
  /** Epoch seconds after which this invocation cannot be alive any more, clock differences included. */
  readonly expiresAt: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Somebody took the lease over: this invocation lived past `expiresAt`, and must not write any more. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

export const LEASE_SORT_KEY = "lease";

const isFree = "attribute_not_exists(holder) OR expiresAt <= :now";

export class Lease {
  /**
   * Drawn again for each lease, of which an invocation makes one. The request id would not do: Lambda may give an event to
   * two invocations at the same time, with the same id, and each would take the other's lease for its own.
   */
  private readonly holder = randomUUID();

  constructor(
    private readonly table: LeaseTable,
    private readonly call: Call,
    private readonly options: LeaseOptions,
  ) {}

  /** Asks for one more round; says whether the lease was held at that very moment. */
  async request(): Promise<{ held: boolean }> {
    const { Attributes } = await this.call("asking for a round", () =>
      this.update({
        UpdateExpression: "ADD requested :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
        ReturnValues: "ALL_NEW",
      }),
    );
    const expiresAt = Number(Attributes?.["expiresAt"]?.N ?? 0);
    return { held: Attributes?.["holder"] !== undefined && expiresAt > this.nowSeconds() };
  }

  /** Takes the lease, or keeps it; gives `requested` as it was at that moment, or undefined where another has it. */
  async take(): Promise<number | undefined> {
    const attributes = await this.conditionally("taking the lease", {
      UpdateExpression: "SET holder = :holder, expiresAt = :expiresAt",
      ConditionExpression: `${isFree} OR holder = :holder`,
      ExpressionAttributeValues: {
        ":holder": { S: this.holder },
        ":expiresAt": { N: String(this.options.expiresAt) },
        ":now": { N: String(this.nowSeconds()) },
      },
      ReturnValues: "ALL_NEW",
    });
    return attributes && Number(attributes["requested"]?.N ?? 0);
  }

  /** Lets go if nothing was asked for since `seen` was read; false where there was, or the lease is lost. */
  async release(seen: number): Promise<boolean> {
    const attributes = await this.conditionally("releasing the lease", {
      UpdateExpression: "REMOVE holder, expiresAt",
      ConditionExpression: "holder = :holder AND requested = :seen",
      ExpressionAttributeValues: { ":holder": { S: this.holder }, ":seen": { N: String(seen) } },
      ReturnValues: "ALL_NEW",
    });
    return attributes !== undefined;
  }

  /** Lets go whatever was asked for: the caller fails its messages, and their redelivery asks again. */
  async abandon(): Promise<void> {
    try {
      await this.update({
        UpdateExpression: "REMOVE holder, expiresAt",
        ConditionExpression: "holder = :holder",
        ExpressionAttributeValues: { ":holder": { S: this.holder } },
      });
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  }

  private async conditionally(
    doing: string,
    input: Omit<UpdateItemCommandInput, "TableName" | "Key">,
  ): Promise<NonNullable<UpdateItemCommandOutput["Attributes"]> | undefined> {
    try {
      return (await this.call(doing, () => this.update(input))).Attributes ?? {};
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  }

  private update(
    input: Omit<UpdateItemCommandInput, "TableName" | "Key">,
  ): Promise<Omit<UpdateItemCommandOutput, "$metadata">> {
    const { tableName, scope } = this.options;
    return this.table.updateItem({
      TableName: tableName,
      Key: { pk: { S: scope }, sk: { S: LEASE_SORT_KEY } },
      ...input,
    });
  }

  private nowSeconds(): number {
    return Math.floor(this.options.now() / 1000);
  }
}

function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

export interface CoalesceOptions {
  /**
   * True for a message that was delivered before: the invocation that had it may be dead and still hold the lease, so
   * leaving it to "the holder" could leave it to nobody. Then wait for the lease, and do the work.
   */
  readonly mustWork: boolean;
  /**
   * Waits a little before the lease is tried again, and before another round, so that a burst of requests becomes one
   * round a second rather than as many as there is time for. Throws when the invocation has no time left.
   */
  readonly pause: () => Promise<void>;
  /** One round, always from a fresh observation; `round` counts from 0. */
  readonly work: (round: number) => Promise<void>;
  /** Called when an abandoned lease could not be released and will have to expire. */
  readonly onAbandonFailed: (error: unknown) => void;
}

/** Asks for a round of work, and does it unless another invocation will. The work's errors come out as they are. */
export async function coalesce(lease: Lease, options: CoalesceOptions): Promise<"worked" | "left to the holder"> {
  const { held } = await lease.request();
  if (held && !options.mustWork) return "left to the holder";
  try {
    let seen = await lease.take();
    while (seen === undefined) {
      if (!options.mustWork) return "left to the holder";
      await options.pause();
      seen = await lease.take();
    }
    for (let round = 0; ; round += 1) {
      await options.work(round);
      if (await lease.release(seen)) return "worked";
      await options.pause();
      seen = await lease.take();
      if (seen === undefined) throw new LeaseLostError("Another invocation took the lease over");
    }
  } catch (error) {
    // Also after a take whose answer was lost: the lease may be ours without our knowing.
    await lease.abandon().catch(options.onAbandonFailed);
    throw error;
  }
}
