/**
 * Memory of a function that streams a CSV of 1 GB beside one of 100 MB, each in a process of its own; and, by public
 * prices, state transitions, dollars and hours for many items, beside inline maps and beside one function that loops.
 */
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { STATE } from "../local/local-run";
import { distributed, inline, looping, type Price, type Work } from "./distributed-map/prices";
import { atMost, type Goal } from "./support/benchmark";

const MEGABYTE = 1_000_000;
const SIZES = { "100 MB": 100 * MEGABYTE, "1 GB": 1000 * MEGABYTE };

/** A thumbnail, about. */
const WORK = { seconds: 0.1, gigabytes: 1 };
const CONCURRENCY = 40;

export interface MapBench {
  readonly ours: Record<string, number>;
  readonly peers: Record<string, Record<string, number>>;
  readonly ratio: Record<string, number>;
  readonly goals: Goal[];
}

/** Largest resident set of a process that streams so many bytes, in MB. */
async function streamed(file: string, bytes: number): Promise<number> {
  const { stdout } = await execa(process.execPath, [file, String(bytes)]);
  const { megabytes, length } = JSON.parse(stdout) as { megabytes: number; length: number };
  if (length < bytes) throw new Error(`${length} bytes were streamed in place of ${bytes}`);
  return megabytes;
}

function named(items: number, figures: Price): [string, number][] {
  return Object.entries(figures).map(([name, value]) => [`${name} for ${items}`, value]);
}

function prices(of: (work: Work) => Price): Record<string, number> {
  return Object.fromEntries([1e4, 1e5, 1e6].flatMap((items) => named(items, of({ items, ...WORK }))));
}

export async function run(): Promise<MapBench> {
  const file = join(STATE, "bench-distributed-map.cjs");
  await build({
    entryPoints: [join(__dirname, "distributed-map", "stream.ts")],
    bundle: true,
    platform: "node",
    outfile: file,
  });
  const small = await streamed(file, SIZES["100 MB"]);
  const large = await streamed(file, SIZES["1 GB"]);
  const memory = Math.round((1000 * large) / small) / 1000;
  return {
    ours: {
      "MB of memory for 100 MB": small,
      "MB of memory for 1 GB": large,
      ...prices((work) => distributed(work, { batch: 1, concurrency: CONCURRENCY })),
    },
    peers: {
      "distributed, batches of 100": prices((work) => distributed(work, { batch: 100, concurrency: CONCURRENCY })),
      "inline maps": prices((work) => inline(work, { concurrency: CONCURRENCY })),
      "one function that loops": prices(looping),
    },
    ratio: { memory },
    goals: [atMost("memory for 1 GB beside that for 100 MB", memory, 1.1)],
  };
}
