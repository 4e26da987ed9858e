#!/usr/bin/env node
/**
 * `npm run map-progress -- EXECUTION_ARN`, or `npx -p aws-patterns map-progress EXECUTION_ARN`: how far a run of
 * DistributedMap is.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  type MapRunItemCounts,
  RedriveExecutionCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";

/** What `progressText` shows of a map run's items. */
export type ItemCounts = Pick<
  MapRunItemCounts,
  "aborted" | "failed" | "pending" | "running" | "succeeded" | "timedOut" | "total"
>;

const BAR_WIDTH = 40;

/** Parts of a whole as lengths that come to `width` together, each within one of its share. */
export function lengths(parts: readonly number[], width: number): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  let before = 0;
  return parts.map((part) => {
    const from = total === 0 ? 0 : Math.round((before / total) * width);
    before += part;
    return total === 0 ? 0 : Math.round((before / total) * width) - from;
  });
}

/** `[####x>>....]`, and the numbers: succeeded, failed, running, pending. */
export function progressText(counts: ItemCounts, width = BAR_WIDTH): string {
  const { succeeded = 0, running = 0, pending = 0, total = 0 } = counts;
  const failed = (counts.failed ?? 0) + (counts.timedOut ?? 0) + (counts.aborted ?? 0);
  const bar = lengths([succeeded, failed, running, pending], width)
    .map((length, i) => ("#x>."[i] ?? "").repeat(length))
    .join("");
  const percent = total === 0 ? 0 : Math.floor((100 * (succeeded + failed)) / total);
  const numbers = `${succeeded} succeeded, ${failed} failed, ${running} running, ${pending} pending of ${total}`;
  return `[${bar.padEnd(width, " ")}] ${percent} % ${numbers}`;
}

/** Where lines go: on a terminal one that is written over, elsewhere a new one when something has changed. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly redrive?: boolean;
  readonly intervalMs?: number;
}

/** @returns the status with which the execution ended */
export async function watch(
  client: Pick<SFNClient, "send">,
  executionArn: string,
  output: Output,
  { redrive = false, intervalMs = output.isTTY === true ? 1000 : 10_000 }: ProgressOptions = {},
): Promise<string> {
  if (redrive) await client.send(new RedriveExecutionCommand({ executionArn }));
  for (let last = ""; ; await sleep(intervalMs)) {
    // First, so that what is counted after it is final when it has ended.
    const { status = "UNKNOWN" } = await client.send(new DescribeExecutionCommand({ executionArn }));
    const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
    const texts: string[] = [];
    for (const { mapRunArn } of mapRuns) {
      const { itemCounts } = await client.send(new DescribeMapRunCommand({ mapRunArn }));
      if (itemCounts !== undefined) texts.push(progressText(itemCounts));
    }
    const text = texts.join("; ") || "no map run yet";
    const isOver = status !== "RUNNING";
    if (output.isTTY === true) output.write(`\r\u001b[K${text}${isOver ? "\n" : ""}`);
    else if (text !== last || isOver) output.write(`${text}\n`);
    last = text;
    if (isOver) {
      output.write(`${status}\n`);
      return status;
    }
  }
}

/** The region of an execution. */
export function regionOf(executionArn: string): string {
  const [, region] = /^arn:[\w-]+:states:([a-z0-9-]+):\d{12}:execution:[^:]+:[^:]+$/.exec(executionArn) ?? [];
  if (region === undefined) {
    throw new Error(
      `"${executionArn}" is no ARN of a Standard execution, such as ` +
        "arn:<partition>:states:us-east-1:111111111111:execution:machine:name",
    );
  }
  return region;
}

const HELP = `map-progress [--redrive] EXECUTION_ARN

Shows the items of a distributed map that have succeeded (#) and failed (x), are running (>) or pending (.).
--redrive redrives the execution first: only what had not succeeded runs again.
Exit code 0 only if the execution succeeded.`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { redrive: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  const [executionArn, ...others] = positionals;
  if (values.help || executionArn === undefined || others.length > 0) {
    process.stdout.write(`${HELP}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const client = new SFNClient({ region: regionOf(executionArn) });
  const status = await watch(client, executionArn, process.stdout, { redrive: values.redrive });
  process.exitCode = status === "SUCCEEDED" ? 0 : 1;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
