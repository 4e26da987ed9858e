/**
 * Records of objects in S3 that are larger than a function's memory: rows of CSV files and JSON lines, one at a time, in
 * as much memory for a terabyte as for a megabyte. A connection that breaks is taken up at the byte where it broke, of
 * the same version of the object (`Range`, `If-Match`), so that no record is lost or comes twice.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { parse } from "csv-parse";
import { type $ZodType, safeParse } from "zod/v4/core";
import { faultsOf } from "./faults";
import { isRetryable } from "./retry";

export interface RecordSource {
  readonly bucket: string;
  readonly key: string;
}

export interface StreamOptions {
  /** Connections in a row that may break without a byte having come. Default 5. */
  readonly attempts?: number;
  /** Ends the stream early, with its reason. */
  readonly signal?: AbortSignal;
  /** Waits before the next connection; for tests. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

export interface CsvOptions extends StreamOptions {
  /** Names of the columns. Default: those in the first row. */
  readonly headers?: readonly string[];
  /** What stands between two fields. Default: a comma. */
  readonly delimiter?: string;
}

/** A record that is not what the caller's schema says, or that cannot be parsed. */
export class BadRecordError extends Error {
  override readonly name = "BadRecordError";
  constructor({ bucket, key }: RecordSource, record: number, why: string, options?: ErrorOptions) {
    super(`s3://${bucket}/${key}, record ${record}: ${why}`, options);
  }
}

/** The object was overwritten while it was read: what follows belongs to other records. */
export class ObjectChangedError extends Error {
  override readonly name = "ObjectChangedError";
  constructor({ bucket, key }: RecordSource, options?: ErrorOptions) {
    super(`s3://${bucket}/${key} was overwritten while it was read; read it again from its beginning`, options);
  }
}

/** Longest wait for the next connection, in milliseconds; the first is a twentieth of it. */
const LONGEST_WAIT_MS = 4000;

/** Longest line of JSON lines; a longer one would fill the memory. AWS's own limit for an item is 8 MB. */
const LONGEST_LINE = 8 * 1024 * 1024;

const isBroken = (error: unknown): boolean =>
  isRetryable(error) ||
  (error instanceof Error && /aborted|premature|ECONNRESET|socket/i.test(`${error.name} ${error.message}`));

const isChanged = (error: unknown): boolean =>
  error instanceof Error && (error.name === "PreconditionFailed" || error.name === "412");

/** The bytes of an object, over as many connections as it takes. */
export async function* objectBytes(
  client: Pick<S3Client, "send">,
  source: RecordSource,
  { attempts = 5, signal, wait = sleep }: StreamOptions = {},
): AsyncGenerator<Uint8Array> {
  let received = 0;
  let total = Infinity;
  let etag: string | undefined;
  const connect = (): Promise<GetObjectCommandOutput> =>
    client.send(
      new GetObjectCommand({
        Bucket: source.bucket,
        Key: source.key,
        ...(etag !== undefined && { IfMatch: etag }),
        ...(received > 0 && { Range: `bytes=${received}-` }),
      }),
      { ...(signal !== undefined && { abortSignal: signal }) },
    );
  for (let failures = 0; received < total;) {
    try {
      const { Body, ContentLength = 0, ContentRange, ETag } = await connect();
      if (received > 0 && ContentRange?.startsWith(`bytes ${received}-`) !== true) {
        throw new Error(
          `asked for s3://${source.bucket}/${source.key} from byte ${received} on, S3 sent ${ContentRange}`,
        );
      }
      etag ??= ETag;
      if (total === Infinity) total = received + ContentLength;
      for await (const chunk of (Body ?? Readable.from([])) as AsyncIterable<Uint8Array>) {
        signal?.throwIfAborted();
        received += chunk.length;
        failures = 0;
        yield chunk;
      }
      if (received < total) throw Object.assign(new Error("the connection ended early"), { code: "ECONNRESET" });
    } catch (error) {
      signal?.throwIfAborted();
      if (isChanged(error)) throw new ObjectChangedError(source, { cause: error });
      failures += 1;
      if (!isBroken(error) || failures >= attempts) throw error;
      await wait(Math.min(LONGEST_WAIT_MS, (LONGEST_WAIT_MS / 20) * 2 ** (failures - 1)));
    }
  }
}

/** What the schema makes of a record. */
function checked<T>(source: RecordSource, schema: $ZodType<T>, record: unknown, number: number): T {
  const { success, data, error } = safeParse(schema, record);
  if (success) return data;
  throw new BadRecordError(source, number, faultsOf(error, "the record"), { cause: error });
}

/**
 * The rows of a CSV file, as maps by column.
 *
 * ```ts
 * const Row = z.object({ STATION: z.string(), TMAX: z.coerce.number() });
 * for await (const { STATION, TMAX } of streamCsv(new S3Client(), { bucket, key }, Row)) { … }
 * ```
 *
 * @throws BadRecordError, ObjectChangedError, and what S3 answers
 */
export async function* streamCsv<T>(
  client: Pick<S3Client, "send">,
  source: RecordSource,
  schema: $ZodType<T>,
  { headers, delimiter = ",", ...options }: CsvOptions = {},
): AsyncGenerator<T> {
  const bytes = Readable.from(objectBytes(client, source, options), { objectMode: false });
  const rows = parse({ bom: true, columns: headers === undefined ? true : [...headers], delimiter });
  // A pipe hands no error on.
  bytes.on("error", (error) => rows.destroy(error));
  let number = 0;
  try {
    for await (const row of bytes.pipe(rows) as AsyncIterable<unknown>) {
      number += 1;
      yield checked(source, schema, row, number);
    }
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code !== "string" || !code.startsWith("CSV_")) throw error;
    throw new BadRecordError(source, number + 1, (error as Error).message, { cause: error });
  } finally {
    bytes.destroy();
  }
}

/** Lines of text, without their ends; a line may be cut anywhere, within a letter too. */
async function* lines(source: RecordSource, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let number = 1;
  for await (const chunk of bytes) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    if (rest.length > LONGEST_LINE)
      throw new BadRecordError(source, number, `is longer than ${LONGEST_LINE} characters`);
    number += parts.length;
    yield* parts;
  }
  yield rest + decoder.decode();
}

/** The values of a file of JSON lines; empty lines are passed over. Otherwise as `streamCsv`. */
export async function* streamJsonLines<T>(
  client: Pick<S3Client, "send">,
  source: RecordSource,
  schema: $ZodType<T>,
  options: StreamOptions = {},
): AsyncGenerator<T> {
  let number = 0;
  for await (const line of lines(source, objectBytes(client, source, options))) {
    number += 1;
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new BadRecordError(source, number, (error as Error).message, { cause: error });
    }
    yield checked(source, schema, value, number);
  }
}
