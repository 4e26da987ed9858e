/** What subscriptions have in common. */
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentChecks } from "./argument-checks";
import type { PolicyStatement } from "./policy";
import { lastingPolicy } from "./role-policy";
import type { CallbackLambda } from "../building-blocks/callback-lambda";
import type { DeadLetterQueue } from "../building-blocks/dead-letter-queue";
import type { WorkQueue } from "../building-blocks/work-queue";

/** Lets the function's role do what its event source needs. */
export function grant(name: string, lambda: CallbackLambda, statement: PolicyStatement, opts: pulumi.ResourceOptions) {
  return lastingPolicy(name, lambda.role, [statement], opts);
}

/** What a queue's messages are gathered by. */
export interface QueueBatches {
  readonly queue: WorkQueue;
  readonly batchSize?: number;
  readonly batchingWindowSeconds?: number;
}

/**
 * Batches of a FIFO queue are of at most 10 messages and are not gathered; others above 10 are.
 *
 * @param at where the numbers are, with a point at its end: `source.`
 */
export function checkQueueBatches(
  checks: ArgumentChecks,
  at: string,
  { queue: { fifo }, batchSize, batchingWindowSeconds = 0 }: QueueBatches,
): void {
  const isSmall = batchSize === undefined || batchSize <= 10;
  checks.require(isSmall || (!fifo && batchingWindowSeconds > 0), {
    path: `${at}batchSize`,
    received: batchSize,
    allowed: fifo ? "at most 10 for a FIFO queue" : "at most 10 without a batching window",
    fix: fifo ? "Lower it." : "Set batchingWindowSeconds to at least 1, or lower batchSize.",
  });
  checks.require(!fifo || batchingWindowSeconds === 0, {
    path: `${at}batchingWindowSeconds`,
    received: batchingWindowSeconds,
    allowed: "0 for a FIFO queue",
    fix: "Remove it.",
  });
}

/** An asynchronously invoked function needs a dead-letter queue; without one, failed events would vanish. */
export function checkDeadLetters(checks: ArgumentChecks, path: string, lambda: CallbackLambda): void {
  checks.require(lambda.deadLetters !== undefined, {
    path: `${path}.asynchronous`,
    received: undefined,
    allowed: "a function with `asynchronous`",
    fix: "Events reach it asynchronously: give its CallbackLambda `asynchronous: {}`, which adds a dead-letter queue.",
  });
}

/** The dead-letter queue of a function that has been checked for it. */
export function deadLettersOf({ deadLetters }: CallbackLambda): DeadLetterQueue {
  if (deadLetters === undefined) throw new Error("checkDeadLetters comes first");
  return deadLetters;
}
