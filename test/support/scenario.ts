import type { StubAnswers } from "./aws-stub";

/** One invocation of one function of a pattern. */
export interface Scenario {
  event: unknown;
  /** What AWS answers; every other call is refused. */
  answers: StubAnswers;
  /** The calls that the function makes, each once, sorted. */
  calls: string[];
  /** What the function answers. */
  answer?: unknown;
  /** What it throws, for a function that anyone who invokes it waits for. */
  error?: RegExp;
}

/** The functions of a pattern, by the end of their names. */
export type Scenarios = Readonly<Record<string, readonly Scenario[]>>;

/** An SQS event with a message for each body; texts are sent as they are. */
export function sqsEvent(bodies: readonly unknown[]): unknown {
  return {
    Records: bodies.map((body, i) => ({
      messageId: `message-${i}`,
      receiptHandle: `receipt-${i}`,
      body: typeof body === "string" ? body : JSON.stringify(body),
      attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1767225600000" },
      messageAttributes: {},
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:111111111111:queue",
      awsRegion: "us-east-1",
    })),
  };
}

/** The answer that sends these messages back to the queue. */
export function failing(...messages: number[]): unknown {
  return { batchItemFailures: messages.map((i) => ({ itemIdentifier: `message-${i}` })) };
}
