import type { SQSBatchResponse, SQSRecord } from "aws-lambda";

/** The answer that returns these messages to the queue, and no others. */
export function failing(records: readonly SQSRecord[]): SQSBatchResponse {
  return { batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Whether the queue has handed the message out before, to an invocation that did not finish it. */
export function isRedelivery(record: SQSRecord): boolean {
  return Number(record.attributes.ApproximateReceiveCount) > 1;
}

export interface ReadRecords<Content> {
  readonly good: readonly { readonly record: SQSRecord; readonly content: Content }[];
  readonly malformed: readonly { readonly record: SQSRecord; readonly error: unknown }[];
}

/** Sorts a batch into messages that can be read and messages that cannot, so that these do not stop those. */
export function readRecords<Content>(
  records: readonly SQSRecord[],
  parse: (body: string) => Content,
): ReadRecords<Content> {
  const good: { record: SQSRecord; content: Content }[] = [];
  const malformed: { record: SQSRecord; error: unknown }[] = [];
  for (const record of records) {
    try {
      good.push({ record, content: parse(record.body) });
    } catch (error) {
      malformed.push({ record, error });
    }
  }
  return { good, malformed };
}
