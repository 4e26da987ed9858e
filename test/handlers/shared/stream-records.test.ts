import * as assert from "node:assert/strict";
import { Readable } from "node:stream";
import type { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as fc from "fast-check";
import { z } from "zod";
import {
  BadRecordError,
  ObjectChangedError,
  objectBytes,
  streamCsv,
  streamJsonLines,
  type StreamOptions,
} from "../../../handlers/shared/stream-records";

const source = { bucket: "data", key: "all.csv" };
const fast: StreamOptions = { wait: () => Promise.resolve() };

/** How a connection ends before its time. */
type Break = "error" | "end";

/** S3 with one object, whose connections break after so many bytes each; the last one holds. */
class FakeS3 {
  readonly asked: { range: string | undefined; ifMatch: string | undefined }[] = [];
  etag = '"one"';
  /** Bytes that were taken. */
  given = 0;
  constructor(
    private readonly bytes: Uint8Array,
    private readonly breaks: readonly (readonly [after: number, how: Break])[] = [],
    private readonly chunk = 7,
  ) {}

  readonly client = {
    send: ({ input: { Range, IfMatch } }: GetObjectCommand) => {
      const broken = this.breaks[this.asked.length];
      this.asked.push({ range: Range, ifMatch: IfMatch });
      if (IfMatch !== undefined && IfMatch !== this.etag) {
        return Promise.reject(Object.assign(new Error("changed"), { name: "PreconditionFailed" }));
      }
      const from = Number(/^bytes=(\d+)-$/.exec(Range ?? "bytes=0-")?.[1]);
      const rest = this.bytes.subarray(from);
      return Promise.resolve({
        Body: Readable.from(this.chunks(rest, broken)),
        ContentLength: rest.length,
        ETag: this.etag,
        ...(Range !== undefined && { ContentRange: `bytes ${from}-${this.bytes.length - 1}/${this.bytes.length}` }),
      });
    },
  } as unknown as Pick<S3Client, "send">;

  private *chunks(bytes: Uint8Array, broken: readonly [number, Break] | undefined): Generator<Uint8Array> {
    const end = Math.min(bytes.length, broken?.[0] ?? Infinity);
    for (let at = 0; at < end; at += this.chunk) {
      this.given += this.chunk;
      yield bytes.subarray(at, Math.min(end, at + this.chunk));
    }
    if (broken?.[1] === "error") throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
  }
}

async function all<T>(records: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const record of records) list.push(record);
  return list;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const breaks = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom<Break>("error", "end")), {
  maxLength: 4,
});

describe("streaming records", () => {
  it("gives every JSON line once and in order, wherever connections break and lines are cut", async () => {
    const value = fc.record({ id: fc.integer(), text: fc.string({ unit: "grapheme" }) }, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(fc.array(value), breaks, fc.integer({ min: 1, max: 20 }), async (values, broken, chunk) => {
        const s3 = new FakeS3(encode(values.map((each) => `${JSON.stringify(each)}\n`).join("\n")), broken, chunk);
        const schema = z.object({ id: z.number(), text: z.string() });
        assert.deepEqual(await all(streamJsonLines(s3.client, source, schema, fast)), values);
      }),
    );
  });

  it("gives every CSV row once and in order, line breaks within fields included", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", " ") });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), breaks, async (rows, broken) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((row) => row.map(quoted).join(",")).join("\n");
        const s3 = new FakeS3(encode(`\ufeffa,b\n${text}`), broken);
        const schema = z.object({ a: z.string(), b: z.string() });
        const wanted = rows.map(([a, b]) => ({ a, b }));
        assert.deepEqual(await all(streamCsv(s3.client, source, schema, fast)), wanted);
      }),
    );
  });

  it("takes a broken connection up at its byte, of the same version only", async () => {
    const s3 = new FakeS3(encode('{"a":1}\n{"a":2}\n'), [[10, "error"]]);
    await all(streamJsonLines(s3.client, source, z.unknown(), fast));
    assert.deepEqual(s3.asked, [
      { range: undefined, ifMatch: undefined },
      { range: "bytes=10-", ifMatch: '"one"' },
    ]);
  });

  it("gives up where the object has changed meanwhile", async () => {
    const s3 = new FakeS3(encode('{"a":1}\n{"a":2}\n'), [[10, "error"]]);
    const wait = (): Promise<void> => Promise.resolve(void (s3.etag = '"two"'));
    await assert.rejects(all(streamJsonLines(s3.client, source, z.unknown(), { wait })), ObjectChangedError);
  });

  it("gives up after five connections without a byte, and at once where S3 refuses", async () => {
    const broken = new FakeS3(
      encode("text"),
      Array.from({ length: 9 }, () => [0, "error"] as const),
    );
    await assert.rejects(all(objectBytes(broken.client, source, fast)), /aborted/);
    assert.equal(broken.asked.length, 5);
    let calls = 0;
    const refusing = {
      send: () => ((calls += 1), Promise.reject(Object.assign(new Error("no"), { name: "NoSuchKey" }))),
    };
    await assert.rejects(all(objectBytes(refusing as never, source, fast)), /no/);
    assert.equal(calls, 1);
  });

  it("refuses a range that it did not ask for, which would make records wrong", async () => {
    const whole = { Body: Readable.from([encode("ab")]), ContentLength: 4, ETag: "e" };
    const answers = [whole, { ...whole, Body: Readable.from([encode("abcd")]) }];
    const client = { send: () => Promise.resolve(answers.shift()) } as never;
    await assert.rejects(all(objectBytes(client, source, fast)), /from byte 2 on/);
  });

  it("says which record is wrong, and why", async () => {
    const rows = streamCsv(new FakeS3(encode("a,b\n1,2\nx,3\n")).client, source, z.object({ a: z.coerce.number() }));
    await assert.rejects(all(rows), /BadRecordError: s3:\/\/data\/all\.csv, record 2: a: /);
    const short = streamCsv(new FakeS3(encode("a,b\n1,2\n3\n")).client, source, z.unknown());
    await assert.rejects(all(short), BadRecordError);
    const lines = streamJsonLines(new FakeS3(encode('{"a":1}\n{"a":\n')).client, source, z.unknown());
    await assert.rejects(all(lines), /record 2: /);
    const endless = streamJsonLines(
      new FakeS3(encode("x".repeat(9 * 2 ** 20)), [], 2 ** 20).client,
      source,
      z.unknown(),
    );
    await assert.rejects(all(endless), /longer than/);
  });

  it("reads an empty object, given columns, another delimiter, and stops when asked to", async () => {
    assert.deepEqual(await all(streamCsv(new FakeS3(encode("")).client, source, z.unknown())), []);
    const options = { headers: ["a", "b"], delimiter: "\t" };
    const rows = streamCsv(new FakeS3(encode("1\t2\n")).client, source, z.unknown(), options);
    assert.deepEqual(await all(rows), [{ a: "1", b: "2" }]);
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(all(objectBytes(new FakeS3(encode("ab")).client, source, { signal })), /enough/);
  });

  it("reads no further than its reader does", async () => {
    const s3 = new FakeS3(encode("a\n".repeat(1_000_000)), [], 1000);
    let read = 0;
    for await (const row of streamCsv(s3.client, source, z.unknown())) {
      assert.ok(row);
      if ((read += 1) === 10) break;
    }
    assert.deepEqual([read, s3.asked.length], [10, 1]);
    assert.ok(s3.given < 500_000, `${s3.given} bytes`);
  });
});
