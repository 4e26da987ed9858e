/**
 * What it costs to work on many items, by the list prices of us-east-1 as AWS's pages had them in mid-2026, without what
 * is free: https://aws.amazon.com/step-functions/pricing/ and https://aws.amazon.com/lambda/pricing/
 */

const USD_PER_TRANSITION = 0.025 / 1000;
const USD_PER_EXPRESS_REQUEST = 1 / 1_000_000;
const USD_PER_EXPRESS_GB_SECOND = 0.06 / 3600;
const USD_PER_INVOCATION = 0.2 / 1_000_000;
const USD_PER_LAMBDA_GB_SECOND = 0.0000133334;

/** Express workflows are billed by 64 MB, and by 100 ms. */
const EXPRESS_GB = 64 / 1024;
const EXPRESS_SECONDS = 0.1;

/** What starting a child and invoking its function take, besides the work. */
const OVERHEAD_SECONDS = 0.05;

/** The largest history of an execution, and what one item of an inline map leaves there. */
const HISTORY_EVENTS = 25_000;
const EVENTS_PER_ITEM = 7;

/** Longest invocation of a function. */
const LAMBDA_SECONDS = 900;

export interface Work {
  readonly items: number;
  /** Of the function for one item. */
  readonly seconds: number;
  readonly gigabytes: number;
}

export interface Price extends Record<string, number> {
  /** Transitions of Standard executions. */
  readonly transitions: number;
  readonly usd: number;
  /** With as many at a time as there may be. */
  readonly hours: number;
}

function price(transitions: number, otherUsd: number, seconds: number): Price {
  const round = (value: number, digits: number): number => Number(value.toFixed(digits));
  return { transitions, usd: round(transitions * USD_PER_TRANSITION + otherUsd, 4), hours: round(seconds / 3600, 2) };
}

function functionUsd({ items, seconds, gigabytes }: Work, invocations: number): number {
  return invocations * USD_PER_INVOCATION + items * seconds * gigabytes * USD_PER_LAMBDA_GB_SECOND;
}

/** Express children, each with a batch: the map, its summary, and a transition for each child. */
export function distributed(work: Work, { batch, concurrency }: { batch: number; concurrency: number }): Price {
  const children = Math.ceil(work.items / batch);
  const seconds = batch * work.seconds + OVERHEAD_SECONDS;
  const billed = Math.ceil(seconds / EXPRESS_SECONDS - 1e-9) * EXPRESS_SECONDS;
  const express = children * (USD_PER_EXPRESS_REQUEST + billed * EXPRESS_GB * USD_PER_EXPRESS_GB_SECOND);
  return price(children + 2, express + functionUsd(work, children), (children / concurrency) * seconds);
}

/** Inline maps in Standard executions, as many as their histories ask for: a task for each item, each map, its start. */
export function inline(work: Work, { concurrency }: { concurrency: number }): Price {
  const executions = Math.ceil((work.items * EVENTS_PER_ITEM) / HISTORY_EVENTS);
  const seconds = (work.items / concurrency) * (work.seconds + OVERHEAD_SECONDS);
  return price(work.items + 2 * executions, functionUsd(work, work.items), seconds);
}

/** One function that loops, and is invoked again each time it has run for as long as it may. */
export function looping(work: Work): Price {
  const invocations = Math.ceil((work.items * work.seconds) / LAMBDA_SECONDS);
  return price(0, functionUsd(work, invocations), work.items * work.seconds);
}
