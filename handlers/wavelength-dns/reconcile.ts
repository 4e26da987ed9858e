/** One round: observe, plan, apply, and send the instances that wait for it on their way out. */
import { type Call } from "../shared/retry";
import type { ReconcileDeps } from "./apis";
import { listMembers } from "./autoscaling";
import { sendDrainMessages } from "./drain";
import { listInstances } from "./ec2";
import { ConflictingChangesError, ContradictoryObservationError, RecordNameConflictError } from "./errors";
import { scopeOf } from "./names";
import { makePlan, type Observation, type Plan, type PlannedChange, type Removal } from "./plan";
import { applyChanges, isRefusedBatch, listRecordSets } from "./route53";
import type { ReconcileSettings } from "./settings";
import { forgetRemovals, readState, rememberRemovals, rememberTtl } from "./state";

/** Plans made in one round before it gives up on somebody who keeps changing the same records. */
const MAX_PLANS = 4;
const REPLAN_PAUSE_MS = 300;

export interface Round {
  readonly settings: ReconcileSettings;
  readonly deps: ReconcileDeps;
  readonly call: Call;
  /** Whether what has to change is drift: nothing but the schedule asked for the round. */
  readonly scheduled: boolean;
}

export async function reconcileOnce(round: Round): Promise<void> {
  const { settings, deps, call } = round;
  const deleted = new Map<string, DeletedRecord>();
  for (let attempt = 1; ; attempt += 1) {
    const observation = await observe(round);
    const plan = makePlan(observation, settings);
    report(round, plan);
    await forgetRemovals(deps.table, call, partitionOf(settings), plan.revived);
    if (plan.outgoingTtlSeconds > observation.rememberedTtlSeconds) {
      await rememberTtl(deps.table, call, partitionOf(settings), plan.outgoingTtlSeconds, deps.now());
    }
    try {
      await apply(round, plan, deleted);
    } catch (error) {
      if (!isRefusedBatch(error)) throw error;
      if (attempt === MAX_PLANS) throw new ConflictingChangesError(settings.recordName, attempt, { cause: error });
      deps.telemetry.warn("Route 53 refused the changes; observing anew", { attempt, reason: String(error) });
      await call("planning anew", () => deps.sleep(REPLAN_PAUSE_MS * (0.5 + deps.random())));
      continue;
    }
    await drain(round, observation, plan, deleted);
    if (plan.conflicts.length > 0) throw new RecordNameConflictError(settings.recordName, plan.conflicts);
    deps.telemetry.count("RegisteredInstances", plan.registered.length);
    return;
  }
}

interface DeletedRecord {
  readonly changeId: string | undefined;
  readonly ttlSeconds: number;
}

async function observe({ settings, deps, call }: Round): Promise<Observation> {
  const [members, instances, recordSets, state] = await Promise.all([
    listMembers(deps.autoScaling, call, settings.autoScalingGroupName),
    listInstances(deps.ec2, call, settings.autoScalingGroupName),
    listRecordSets(deps.route53, call, settings),
    readState(deps.table, call, partitionOf(settings), deps.now()),
  ]);
  const running = instances.filter(({ state }) => state === "running").length;
  if (members === undefined && running > 0) {
    throw new ContradictoryObservationError(settings.autoScalingGroupName, running);
  }
  return { members: members ?? [], instances, recordSets, ...state };
}

async function apply(round: Round, plan: Plan, deleted: Map<string, DeletedRecord>): Promise<void> {
  const { settings, deps, call, scheduled } = round;
  await applyChanges(deps.route53, call, settings, plan.changes, (batch, changeId) => {
    deps.telemetry.count("ChangesApplied", batch.length);
    if (scheduled) deps.telemetry.count("DriftRepaired", batch.length);
    deps.telemetry.info("Changed the records", { changeId, scheduled, changes: batch.map(summary) });
    for (const { action, instanceId, recordSet } of batch) {
      if (action === "DELETE") deleted.set(instanceId, { changeId, ttlSeconds: recordSet.TTL ?? 0 });
    }
  });
}

/**
 * Remembers which records went away, then asks for the release of every instance that waits for it, those of earlier
 * rounds included: whatever a killed invocation left undone is done now, and the queue drops what it has already.
 */
async function drain(
  round: Round,
  observation: Observation,
  plan: Plan,
  deleted: ReadonlyMap<string, DeletedRecord>,
): Promise<void> {
  const { settings, deps, call } = round;
  const removals = new Map(observation.removals);
  for (const id of plan.revived) removals.delete(id);
  const leaving = new Set(plan.leaving);
  const removedAt = deps.now();
  const fresh: Removal[] = [];
  for (const { instanceId } of observation.members) {
    const record = deleted.get(instanceId);
    if (removals.has(instanceId) || plan.registered.includes(instanceId)) continue;
    if (record === undefined && !leaving.has(instanceId)) continue;
    fresh.push({
      instanceId,
      removedAt,
      ttlSeconds: Math.max(settings.ttlSeconds, record?.ttlSeconds ?? 0, observation.rememberedTtlSeconds),
      ...(record?.changeId !== undefined && { changeId: record.changeId }),
    });
  }
  await rememberRemovals(deps.table, call, partitionOf(settings), fresh);
  for (const removal of fresh) removals.set(removal.instanceId, removal);
  const { autoScalingGroupName, lifecycleHookName, recordName } = settings;
  const messages = plan.leaving.map((instanceId) => ({
    instanceId,
    autoScalingGroupName,
    lifecycleHookName,
    recordName,
    removedAt: removals.get(instanceId)?.removedAt ?? removedAt,
    hop: 0,
  }));
  await sendDrainMessages(deps.queue, call, settings.drainQueueUrl, messages);
}

function report({ settings, deps: { telemetry } }: Round, plan: Plan): void {
  for (const { instanceId, value } of plan.invalidWeights) {
    telemetry.warn("The weight tag is no whole number from 0 to 255; using the default", { instanceId, value });
  }
  if (plan.invalidWeights.length > 0) telemetry.count("InvalidWeights", plan.invalidWeights.length);
  if (plan.sharedAddress.length > 0) {
    telemetry.warn("Two instances were seen with one address; the one launched last has it", {
      without: plan.sharedAddress,
    });
  }
  telemetry.count("UnregisteredInstances", plan.unregistered.length);
  if (plan.unregistered.length > 0) {
    telemetry.warn("The name has as many records as it may have", {
      recordName: settings.recordName,
      without: plan.unregistered,
    });
  }
}

function summary({ action, instanceId, recordSet }: PlannedChange): string {
  return `${action} ${instanceId} ${recordSet.ResourceRecords?.map(({ Value }) => Value).join(",") ?? "alias"}`;
}

export function partitionOf(settings: ReconcileSettings): { tableName: string; scope: string } {
  return { tableName: settings.tableName, scope: scopeOf(settings) };
}
