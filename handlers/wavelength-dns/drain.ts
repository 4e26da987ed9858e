/**
 * The FIFO queue that holds terminating instances back. A message stays in it for the whole hold: its visibility timeout
 * is the alarm clock. It is never sent again by the function that reads it, which Lambda would take for an endless loop.
 */
import * as z from "zod/mini";
import { chunksOf, forEachLimited } from "../shared/batches";
import { type Call, PartlyRefusedError } from "../shared/retry";
import type { DrainQueue, HeldMessages } from "./apis";

/** Limit of SendMessageBatch, and how many of them run at once. */
const SEND_BATCH = 10;
const SENDS_AT_ONCE = 8;

const messageSchema = z.object({
  instanceId: z.string().check(z.startsWith("i-")),
  autoScalingGroupName: z.string().check(z.minLength(1)),
  lifecycleHookName: z.string().check(z.minLength(1)),
  recordName: z.string(),
  /** Which removal of the record this is about, in milliseconds since the epoch; see `Removal`. */
  removedAt: z.number(),
});

/** One hold of one instance. */
export type DrainMessage = Readonly<z.infer<typeof messageSchema>>;

/** Throws where the body is not JSON, or no message of ours. */
export function parseDrainMessage(body: string): DrainMessage {
  return messageSchema.parse(JSON.parse(body));
}

/**
 * Sends the messages. The same hold sent again within five minutes is dropped by the queue; a later copy is harmless.
 * A new removal of the same instance's record is a message of its own.
 */
export async function sendDrainMessages(
  api: DrainQueue,
  call: Call,
  drainQueueUrl: string,
  messages: readonly DrainMessage[],
): Promise<void> {
  await forEachLimited(chunksOf(messages, SEND_BATCH), SENDS_AT_ONCE, async (chunk) => {
    let pending = chunk.map((message, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(message),
      MessageGroupId: message.instanceId,
      MessageDeduplicationId: `${message.instanceId}.${message.removedAt}`,
    }));
    await call("sending drain messages", async () => {
      const { Failed = [] } = await api.sendMessageBatch({ QueueUrl: drainQueueUrl, Entries: pending });
      const fault = Failed.find(({ SenderFault }) => SenderFault === true);
      if (fault) throw new Error(`The drain queue refused a message: ${fault.Code} ${fault.Message ?? ""}`);
      const failed = new Set(Failed.map(({ Id }) => Id));
      pending = pending.filter(({ Id }) => failed.has(Id));
      if (pending.length > 0) throw new PartlyRefusedError(`The drain queue left ${pending.length} messages unsent`);
    });
  });
}

/** A message that was received, and the seconds after which it is to be received again. */
export interface Postponed {
  readonly receiptHandle: string;
  readonly seconds: number;
}

/**
 * Has the queue hand these messages out again, each after its time; at most ten. Gives what was refused, which comes
 * again after the queue's own visibility timeout all the same.
 */
export async function postponeMessages(
  api: HeldMessages,
  call: Call,
  drainQueueUrl: string,
  messages: readonly Postponed[],
): Promise<readonly string[]> {
  if (messages.length === 0) return [];
  const { Failed = [] } = await call("postponing messages", () =>
    api.changeMessageVisibilityBatch({
      QueueUrl: drainQueueUrl,
      Entries: messages.map(({ receiptHandle, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      })),
    }),
  );
  return Failed.map(({ Code, Message }) => `${Code} ${Message ?? ""}`);
}
