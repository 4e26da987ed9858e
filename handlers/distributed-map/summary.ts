/**
 * What follows the map: reads what its children answered, line by line, and writes `summary.json` beside the manifest.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
import * as z from "zod/mini";
import { faultsOf } from "../shared/faults";
import { streamJsonLines } from "../shared/stream-records";
import { logged } from "../shared/logged";
import { type MapDeps, productionDeps, readObject, writeObject } from "./clients";
import { BadItemError } from "./errors";
import { HottestDays } from "./hottest";
import type { SummarySettings } from "./settings";
import { type ThumbnailCounts, total } from "./thumbnail-counts";

const mapOutput = z.object({ ResultWriterDetails: z.object({ Bucket: z.string(), Key: z.string() }) });

const files = z.array(z.object({ Key: z.string() }));
const manifest = z.object({ ResultFiles: z.object({ FAILED: files, SUCCEEDED: files }) });

/** A child's execution; what it answered is JSON in a text. */
const succeeded = z.object({ Output: z.string() });
const failed = z.object({ Error: z.optional(z.string()) });

const counts = z.object({ pictures: z.number(), bytesBefore: z.number(), bytesAfter: z.number() });
const days = z.array(z.object({ station: z.string(), day: z.string(), temperature: z.number() }));

/** What the execution ends with. */
export interface SummaryAnswer {
  readonly bucket: string;
  readonly key: string;
  /** Children that answered, and children that failed. */
  readonly succeeded: number;
  readonly failed: number;
}

/** Takes answers one by one, and says what they come to. */
interface Collector {
  add(answer: unknown): void;
  result(): object;
}

const COLLECTORS: Readonly<Record<SummarySettings["of"], () => Collector>> = {
  thumbnails() {
    let sum: ThumbnailCounts = total([]);
    return { add: (answer) => (sum = total([sum, counts.parse(answer)])), result: () => sum };
  },
  hottestDay() {
    const kept = new HottestDays();
    return {
      add: (answer) => days.parse(answer).forEach((day) => kept.add(day)),
      result: () => ({ hottest: kept.list() }),
    };
  },
};

/** @throws BadItemError where the map's output or its results are not what AWS documents, and what S3 answers */
export function makeHandler({ of, results }: SummarySettings, deps: MapDeps = productionDeps()) {
  async function summarize(bucket: string, key: string): Promise<SummaryAnswer> {
    const text = new TextDecoder().decode(await readObject(deps, bucket, key));
    const { ResultFiles } = read(manifest, JSON.parse(text), key);
    const collector = COLLECTORS[of]();
    let answered = 0;
    for (const file of ResultFiles.SUCCEEDED) {
      for await (const { Output } of streamJsonLines(deps.s3, { bucket, key: file.Key }, succeeded)) {
        collector.add(JSON.parse(Output));
        answered += 1;
      }
    }
    const errors = new Map<string, number>();
    for (const file of ResultFiles.FAILED) {
      for await (const { Error: name = "unknown" } of streamJsonLines(deps.s3, { bucket, key: file.Key }, failed)) {
        errors.set(name, (errors.get(name) ?? 0) + 1);
      }
    }
    const failures = [...errors.values()].reduce((sum, each) => sum + each, 0);
    const summary = {
      succeeded: answered,
      failed: failures,
      errors: Object.fromEntries(errors),
      ...collector.result(),
    };
    const summaryKey = key.replace(/[^/]*$/, "summary.json");
    await writeObject(deps, {
      Bucket: results.bucket,
      Key: summaryKey,
      Body: JSON.stringify(summary),
      ContentType: "application/json",
    });
    deps.telemetry.info("The summary is written", { key: summaryKey, succeeded: answered, failed: failures });
    return { bucket, key: summaryKey, succeeded: answered, failed: failures };
  }

  return (event: unknown): Promise<SummaryAnswer> =>
    logged(deps, "The summary was not made", async () => {
      const { Bucket, Key } = read(mapOutput, event, "the map's output").ResultWriterDetails;
      const isOwn = Bucket === results.bucket && Key.startsWith(`${results.prefix}/`);
      if (!isOwn) throw new BadItemError(`s3://${Bucket}/${Key} is not in s3://${results.bucket}/${results.prefix}`);
      return summarize(Bucket, Key);
    });
}

function read<T>(schema: z.ZodMiniType<T>, value: unknown, what: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new BadItemError(`${what}: ${faultsOf(error)}`);
}
