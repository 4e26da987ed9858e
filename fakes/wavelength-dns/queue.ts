import type {
  ChangeMessageVisibilityBatchCommandInput,
  ChangeMessageVisibilityBatchResult,
  SendMessageBatchCommandInput,
  SendMessageBatchResult,
} from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { DrainQueue, HeldMessages } from "../../handlers/wavelength-dns/apis";
import type { SimClock } from "../clock";
import { awsError, type Caller, type Wire } from "../wire";

export interface QueueOptions {
  readonly visibilityMs: number;
  readonly maxReceiveCount: number;
  /** A FIFO queue: content-independent deduplication for five minutes, one message of a group at a time. */
  readonly fifo?: boolean;
  /** Queue-level delay. */
  readonly delayMs?: number;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly group: string | undefined;
  readonly sentAt: number;
  /** How many invocations of Lambdas led to it, one by one. */
  readonly chain: number;
  visibleAt: number;
  receiveCount: number;
}

const DEDUPLICATION_MS = 300_000;
/** Lambda does not go on with a chain of so many invocations, each of whose messages caused the next. */
const MAX_CHAIN = 16;
/** Seconds. */
const MAX_VISIBILITY = 43_200;

/** An SQS queue, with what cannot be handled in its dead-letter queue. */
export class FakeQueue {
  readonly messages = new Map<string, Message>();
  readonly deadLetters: Message[] = [];
  private readonly seen = new Map<string, number>();
  private waiting: (() => void)[] = [];
  private count = 0;

  /** Queue-level delay, which a deployment may change. */
  delayMs: number;

  constructor(
    private readonly clock: SimClock,
    private readonly wire: Wire,
    private readonly options: QueueOptions,
  ) {
    this.delayMs = options.delayMs ?? 0;
  }

  for(caller: Caller): DrainQueue & HeldMessages {
    return {
      sendMessageBatch: (input) => this.wire.call(caller, "SendMessageBatch", () => this.sendBatch(caller, input)),
      changeMessageVisibilityBatch: (input) =>
        this.wire.call(caller, "ChangeMessageVisibilityBatch", () => this.changeVisibility(input)),
    };
  }

  send(body: string, group?: string, chain = 0): void {
    const now = this.clock.now();
    const id = `m${(this.count += 1)}`;
    const visibleAt = now + this.delayMs;
    this.messages.set(id, { id, body, group, sentAt: now, visibleAt, receiveCount: 0, chain });
    this.wakeAt(visibleAt);
  }

  /** Takes up to `max` visible messages; those received too often go to the dead letters instead. */
  receive(max: number): Message[] {
    const now = this.clock.now();
    const busyGroups = new Set(
      [...this.messages.values()].filter((it) => it.receiveCount > 0 && it.visibleAt > now).map(({ group }) => group),
    );
    const received: Message[] = [];
    for (const message of this.messages.values()) {
      if (received.length >= max) break;
      if (message.visibleAt > now) continue;
      if (this.options.fifo === true && busyGroups.has(message.group)) continue;
      if (message.receiveCount >= this.options.maxReceiveCount || message.chain >= MAX_CHAIN) {
        this.messages.delete(message.id);
        this.deadLetters.push(message);
        continue;
      }
      message.receiveCount += 1;
      message.visibleAt = now + this.options.visibilityMs;
      this.wakeAt(message.visibleAt);
      received.push(message);
    }
    return received;
  }

  delete(id: string): void {
    this.messages.delete(id);
    // The next message of its group may be waiting for this.
    this.wakeAt(this.clock.now());
  }

  /** Resolves when there may be something to receive. */
  arrival(): Promise<void> {
    if ([...this.messages.values()].some(({ visibleAt }) => visibleAt <= this.clock.now())) return this.clock.sleep(50);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wakeAt(time: number): void {
    this.clock.at(time, () => {
      const waiting = this.waiting;
      this.waiting = [];
      for (const wake of waiting) wake();
    });
  }

  private changeVisibility(input: ChangeMessageVisibilityBatchCommandInput): ChangeMessageVisibilityBatchResult {
    const entries = input.Entries ?? [];
    if (entries.length === 0 || entries.length > 10) throw awsError("TooManyEntriesInBatchRequest");
    const now = this.clock.now();
    const Failed = entries.flatMap(({ Id, ReceiptHandle, VisibilityTimeout = -1 }) => {
      const message = [...this.messages.values()].find((it) => receiptHandleOf(it) === ReceiptHandle);
      const inRange =
        Number.isInteger(VisibilityTimeout) && VisibilityTimeout >= 0 && VisibilityTimeout <= MAX_VISIBILITY;
      if (message === undefined || message.visibleAt <= now || !inRange) {
        return { Id, SenderFault: true, Code: inRange ? "ReceiptHandleIsInvalid" : "InvalidParameterValue" };
      }
      message.visibleAt = now + VisibilityTimeout * 1000;
      this.wakeAt(message.visibleAt);
      return [];
    });
    return { Successful: [], Failed };
  }

  private sendBatch(caller: Caller, input: SendMessageBatchCommandInput): SendMessageBatchResult {
    const entries = input.Entries ?? [];
    if (entries.length === 0 || entries.length > 10) throw awsError("TooManyEntriesInBatchRequest");
    const now = this.clock.now();
    for (const { MessageBody, MessageGroupId, MessageDeduplicationId } of entries) {
      if (this.options.fifo === true && (!MessageGroupId || !MessageDeduplicationId))
        throw awsError("MissingParameter");
      const last = this.seen.get(MessageDeduplicationId ?? "");
      if (MessageDeduplicationId !== undefined) {
        if (last !== undefined && now - last < DEDUPLICATION_MS) continue;
        this.seen.set(MessageDeduplicationId, now);
      }
      this.send(MessageBody ?? "", MessageGroupId, (caller.chain ?? 0) + 1);
    }
    return { Successful: [], Failed: [] };
  }
}

function receiptHandleOf({ id, receiveCount }: Message): string {
  return `${id}/${receiveCount}`;
}

/** The longest chain that a batch's messages stand at the end of, as Lambda reads it from their trace headers. */
export function chainOf({ Records }: SQSEvent): number {
  return Math.max(
    0,
    ...Records.map(({ attributes: { AWSTraceHeader = "" } }) => Number(AWSTraceHeader.split(":")[1] ?? 0)),
  );
}

export function toRecord(message: Message): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: receiptHandleOf(message),
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: "events",
      AWSTraceHeader: `Lineage=1:${message.chain}`,
      ApproximateFirstReceiveTimestamp: String(message.sentAt),
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:events",
    awsRegion: "us-east-1",
  };
}

export interface PollerOptions {
  readonly batchSize: number;
  readonly windowMs: number;
}

/** Undefined when the function was killed or timed out. */
export type Invoke = (event: SQSEvent) => Promise<SQSBatchResponse | undefined>;

/** One concurrent poller of an event source mapping with ReportBatchItemFailures; polls for ever. */
export async function poll(clock: SimClock, queue: FakeQueue, options: PollerOptions, invoke: Invoke): Promise<never> {
  for (;;) {
    const batch = queue.receive(options.batchSize);
    if (batch.length === 0) {
      await queue.arrival();
      continue;
    }
    const windowEnds = clock.now() + options.windowMs;
    while (clock.now() < windowEnds && batch.length < options.batchSize) {
      await clock.sleep(Math.min(100, windowEnds - clock.now()));
      batch.push(...queue.receive(options.batchSize - batch.length));
    }
    const response = await invoke({ Records: batch.map(toRecord) });
    if (response === undefined) continue;
    const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id } of batch) if (!failed.has(id)) queue.delete(id);
  }
}
