/**
 * A process of its own, as a function is: streams a generated CSV of so many bytes through the helper, keeps the hottest
 * days, and prints its largest resident set in MB.
 */
import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod/mini";
import { HottestDays } from "../../handlers/distributed-map/hottest";
import { streamCsv } from "../../handlers/shared/stream-records";

const CHUNK_ROWS = 1000;
const HEADER = "STATION,DATE,NAME,TMAX\n";

/** A thousand rows at a time, which differ; the object is as long as it says. */
function* chunks(bytes: number): Generator<Buffer> {
  let left = bytes;
  for (let n = 0; left > 0; n += CHUNK_ROWS) {
    const rows = Array.from({ length: CHUNK_ROWS }, (_, i) => {
      const row = n + i;
      return `ST${row % 5000},2022-${String(1 + (row % 12)).padStart(2, "0")}-01,"Station, at ${row}",${(row * 7) % 400}\n`;
    });
    const chunk = Buffer.from(`${n === 0 ? HEADER : ""}${rows.join("")}`);
    // It ends with a whole row.
    yield chunk;
    left -= chunk.length;
  }
}

async function main(bytes: number): Promise<void> {
  let length = 0;
  for (const chunk of chunks(bytes)) length += chunk.length;
  const client = {
    send: () => Promise.resolve({ Body: Readable.from(chunks(bytes)), ContentLength: length, ETag: '"e"' }),
  } as unknown as Pick<S3Client, "send">;
  const Row = z.object({ STATION: z.string(), DATE: z.string(), TMAX: z.string() });
  const kept = new HottestDays();
  for await (const { STATION, DATE, TMAX } of streamCsv(client, { bucket: "b", key: "k" }, Row)) {
    kept.add({ station: STATION, day: DATE, temperature: Number(TMAX) });
  }
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ megabytes: Math.round(megabytes * 10) / 10, stations: kept.list().length, length }));
}

void main(Number(process.argv[2]));
