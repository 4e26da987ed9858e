/**
 * The Lambdas of pattern wavelength-dns. Two take SQS batches and answer with the messages that failed, so their event
 * source mappings need `ReportBatchItemFailures`; the third is invoked by deployments. All need a timeout well above
 * `MARGIN_MS` (60 s is good).
 */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { callWithin } from "../shared/invocation";
import { coalesce, type CoalesceOptions, Lease } from "../shared/lease";
import type { Call } from "../shared/retry";
import { failing, isRedelivery, readRecords } from "../shared/sqs";
import type { ReconcileDeps, ReleaseDeps, WithdrawDeps } from "./apis";
import { productionReconcileDeps, productionReleaseDeps, productionWithdrawDeps } from "./clients";
import { parseDrainMessage, type Postponed, postponeMessages } from "./drain";
import { type Hint, parseEvent } from "./events";
import { scopeOf } from "./names";
import { partitionOf, reconcileOnce } from "./reconcile";
import { Releaser } from "./release";
import { MAX_TTL_SECONDS, type ReconcileSettings, type ReleaseSettings, type WithdrawSettings } from "./settings";
import { rememberInterruptions } from "./state";
import { withdrawEvent, withdrawRecords } from "./withdraw";

export type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Time kept at the end of an invocation: for the call under way (see clients.ts), the lease, and the answer. */
export const MARGIN_MS = 8000;
/** Clock differences between two machines, and a request still on its way when its sender was killed. */
const LEASE_GRACE_SECONDS = 5;
const PAUSE_MS = 500;

/**
 * The Lambda on the events queue: makes the records at `recordName` match the instances of the group. Which events
 * came only matters where they say what cannot be observed; see events.ts.
 */
export function makeReconcileHandler(
  settings: ReconcileSettings,
  deps: ReconcileDeps = productionReconcileDeps(settings),
): SqsHandler {
  return async (event, context) => {
    const { good, malformed } = readRecords(event.Records, parseEvent);
    reportMalformed(deps, malformed);
    let failed: SQSRecord[] = [];
    if (good.length > 0) {
      try {
        await reconcile(
          settings,
          deps,
          context,
          good.map(({ content }) => content),
          good.some(({ record }) => isRedelivery(record)),
        );
      } catch (error) {
        deps.telemetry.error("The records may not match the instances; the queue will retry", error, {
          messages: good.length,
        });
        failed = good.map(({ record }) => record);
      }
    }
    deps.telemetry.flush();
    return failing([...malformed.map(({ record }) => record), ...failed]);
  };
}

async function reconcile(
  settings: ReconcileSettings,
  deps: ReconcileDeps,
  context: Context,
  hints: readonly Hint[],
  redelivered: boolean,
): Promise<void> {
  const call = callWithin(deps, context, MARGIN_MS);
  const partition = partitionOf(settings);
  const warnings = hints.filter((hint) => hint.kind === "interruption");
  // Before the round is asked for, so that the one who makes it knows of them.
  await rememberInterruptions(deps.table, call, partition, warnings, deps.now());
  const outcome = await coalesce(leaseOf(partition, deps, context, call), {
    mustWork: redelivered,
    work: (round) => {
      const scheduled = round === 0 && hints.every(({ kind }) => kind === "schedule");
      return reconcileOnce({ settings, deps, call, scheduled });
    },
    ...waiting(deps, call),
  });
  deps.telemetry.info("Reconciled", { messages: hints.length, outcome });
}

/** Held for as long as this invocation can live. */
function leaseOf(
  partition: { tableName: string; scope: string },
  deps: Pick<WithdrawDeps, "now" | "table">,
  context: Context,
  call: Call,
): Lease {
  const expiresAt = Math.ceil((deps.now() + context.getRemainingTimeInMillis()) / 1000) + LEASE_GRACE_SECONDS;
  return new Lease(deps.table, call, { ...partition, expiresAt, now: deps.now });
}

function waiting(deps: WithdrawDeps, call: Call): Pick<CoalesceOptions, "pause" | "onAbandonFailed"> {
  return {
    pause: () => call("waiting for the next round", () => deps.sleep(PAUSE_MS * (1 + deps.random()))),
    onAbandonFailed: (error) => deps.telemetry.error("The lease could not be released and has to expire", error),
  };
}

/**
 * The Lambda that a deployment invokes when it leaves a name: takes our records away, and says how many. Errors come
 * out, so that the deployment fails, and can be run again.
 */
export function makeWithdrawHandler(
  settings: WithdrawSettings,
  depsOf: (place: { owner: string; recordName: string }) => WithdrawDeps = productionWithdrawDeps,
): (event: unknown, context: Context) => Promise<{ withdrawn: number }> {
  return async (event, context) => {
    const { tf, ...place } = withdrawEvent.parse(event);
    if (tf.action !== "delete") return { withdrawn: 0 };
    const { owner } = settings;
    const deps = depsOf({ ...place, owner });
    const call = callWithin(deps, context, MARGIN_MS);
    const lease = leaseOf({ tableName: settings.tableName, scope: scopeOf(place) }, deps, context, call);
    try {
      const withdrawn = await withdrawRecords({ ...place, owner }, deps, call, lease, waiting(deps, call));
      deps.telemetry.info("Withdrew the records", { ...place, withdrawn });
      return { withdrawn };
    } catch (error) {
      deps.telemetry.error("Records of ours may be left; run the deployment again", error, { ...place });
      throw error;
    }
  };
}

/** The Lambda on the drain queue: lets terminating instances go, once no client can be sent to them any more. */
export function makeReleaseHandler(
  settings: ReleaseSettings,
  deps: ReleaseDeps = productionReleaseDeps(settings),
): SqsHandler {
  return async (event, context) => {
    const { good, malformed } = readRecords(event.Records, parseDrainMessage);
    reportMalformed(deps, malformed);
    const call = callWithin(deps, context, MARGIN_MS);
    const releaser = new Releaser(settings, deps, call);
    const failed: SQSRecord[] = [];
    const held: (Postponed & { readonly record: SQSRecord })[] = [];
    await Promise.all(
      good.map(async ({ record, content: { instanceId }, content }) => {
        try {
          const outcome = await releaser.process(content);
          if (outcome.kind === "hold on") {
            held.push({ record, receiptHandle: record.receiptHandle, seconds: outcome.seconds });
          }
          if (outcome.kind === "released") reportReleased(deps, instanceId, outcome.shortened);
          deps.telemetry.info("Processed a held instance", { instanceId, outcome: outcome.kind });
        } catch (error) {
          deps.telemetry.error("The instance stays held; the queue will retry", error, { ...content });
          failed.push(record);
        }
      }),
    );
    await postpone(settings, deps, call, held);
    deps.telemetry.flush();
    // What is held is a failure to the queue alone: it keeps the message, and hands it out again at the time set.
    return failing([...malformed, ...held].map(({ record }) => record).concat(failed));
  };
}

/** A message that cannot be postponed comes again after the queue's visibility timeout, which is no harm. */
async function postpone(
  settings: ReleaseSettings,
  { queue, telemetry }: ReleaseDeps,
  call: Call,
  held: readonly Postponed[],
): Promise<void> {
  try {
    const refused = await postponeMessages(queue, call, settings.drainQueueUrl, held);
    if (refused.length > 0) telemetry.warn("Messages come again later than they should", { refused });
  } catch (error) {
    telemetry.error("Messages come again later than they should", error);
  }
}

function reportReleased({ telemetry }: ReleaseDeps, instanceId: string, shortened: boolean): void {
  telemetry.count("ReleasedInstances", 1);
  if (!shortened) return;
  telemetry.count("ShortenedHolds", 1);
  telemetry.warn("Somebody gave the record of a released instance so long a TTL that caches may still have it", {
    instanceId,
    longestHoldSeconds: MAX_TTL_SECONDS,
  });
}

function reportMalformed(
  { telemetry }: ReconcileDeps | ReleaseDeps,
  malformed: readonly { readonly record: SQSRecord; readonly error: unknown }[],
): void {
  for (const { record, error } of malformed) {
    telemetry.error("A message cannot be read; it will end in the dead-letter queue", error, {
      messageId: record.messageId,
      body: record.body.slice(0, 1000),
    });
  }
  if (malformed.length > 0) telemetry.count("MalformedEvents", malformed.length);
}
