/** One round: observe, plan, apply, and send the instances that wait for it on their way out. */
import { type Call } from "../shared/retry";
import type { ReconcileDeps } from "./apis";
import { listMembers } from "./autoscaling";
import { findDoubts } from "./contradictions";
import { sendDrainMessages } from "./drain";
import { listInstances } from "./ec2";
import { ConflictingChangesError, ContradictoryObservationError, RecordNameConflictError } from "./errors";
import { scopeOf } from "./names";
import { makePlan, type Observation, type Plan, type PlannedChange, type Removal } from "./plan";
import { applyChanges, isRefusedBatch, listRecordSets } from "./route53";
import type { ReconcileSettings } from "./settings";
import { forgetRemovals, readState, rememberAddressless, rememberRemovals, rememberTtls } from "./state";

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
  const partition = partitionOf(settings);
  const deleted = new Map<string, DeletedRecord>();
  for (let attempt = 1; ; attempt += 1) {
    const observation = await observe(round);
    const doubts = findDoubts(observation, settings.owner, deps.now());
    const plan = makePlan(observation, settings, doubts.instanceIds);
    report(round, plan);
    await forgetRemovals(deps.table, call, partition, plan.revived);
    await rememberAddressless(
      deps.table,
      call,
      partition,
      observation.addresslessSince,
      doubts.addressless,
      deps.now(),
    );
    await rememberTtls(deps.table, call, partition, plan.outgoingTtls, deps.now());
    const refusal = await applyUnlessRefused(round, plan.changes, deleted);
    if (refusal !== undefined && attempt < MAX_PLANS) {
      deps.telemetry.warn("Route 53 refused the changes; observing again", { attempt, reason: String(refusal) });
      await call("planning again", () => deps.sleep(REPLAN_PAUSE_MS * (0.5 + deps.random())));
      continue;
    }
    const held = refusal === undefined ? [] : await deleteAlone(round, plan, deleted);
    await drain(round, observation, plan, deleted, held);
    if (refusal !== undefined) throw new ConflictingChangesError(settings.recordName, attempt, { cause: refusal });
    deps.telemetry.count("RegisteredInstances", plan.registered.length);
    if (plan.conflicts.length > 0) throw new RecordNameConflictError(settings.recordName, plan.conflicts);
    if (doubts.contradictions.length > 0) {
      throw new ContradictoryObservationError(settings.autoScalingGroupName, doubts.contradictions);
    }
    return;
  }
}

interface DeletedRecord {
  readonly changeId: string | undefined;
  readonly change: PlannedChange;
}

async function observe({ settings, deps, call }: Round): Promise<Observation> {
  const { autoScalingGroupName } = settings;
  const [members, recordSets, state] = await Promise.all([
    listMembers(deps.autoScaling, call, autoScalingGroupName),
    listRecordSets(deps.route53, call, settings),
    readState(deps.table, call, partitionOf(settings), deps.now()),
  ]);
  // Afterwards, so that an instance which ends between the two answers is not one that runs without being a member.
  const instances = await listInstances(deps.ec2, call, autoScalingGroupName);
  const running = instances.filter(({ state }) => state === "running").length;
  if (members === undefined && running > 0) {
    const contradiction = `Auto Scaling knows no such group, but EC2 has ${running} running instances of it`;
    throw new ContradictoryObservationError(autoScalingGroupName, [contradiction]);
  }
  return { members: members ?? [], instances, recordSets, ...state };
}

/** Makes the changes, and notes what was deleted; gives Route 53's refusal, where it has something against them. */
async function applyUnlessRefused(
  round: Round,
  changes: readonly PlannedChange[],
  deleted: Map<string, DeletedRecord>,
): Promise<unknown> {
  const { settings, deps, call, scheduled } = round;
  try {
    await applyChanges(deps.route53, call, settings, changes, (batch, changeId) => {
      deps.telemetry.count("ChangesApplied", batch.length);
      if (scheduled) deps.telemetry.count("DriftRepaired", batch.length);
      deps.telemetry.info("Changed the records", { changeId, scheduled, changes: batch.map(summary) });
      for (const change of batch) {
        if (change.action === "DELETE") deleted.set(change.instanceId, { changeId, change });
      }
    });
    return undefined;
  } catch (error) {
    if (isRefusedBatch(error)) return error;
    throw error;
  }
}

/**
 * Whatever Route 53 has against what we write, what has to go goes: the deletions by themselves. Gives the instances
 * whose record may still be there.
 */
async function deleteAlone(
  round: Round,
  { changes }: Plan,
  deleted: Map<string, DeletedRecord>,
): Promise<readonly string[]> {
  const deletions = changes.filter(
    (change) => change.action === "DELETE" && deleted.get(change.instanceId)?.change !== change,
  );
  const refusal = await applyUnlessRefused(round, deletions, deleted);
  return refusal === undefined ? [] : deletions.map(({ instanceId }) => instanceId);
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
  held: readonly string[],
): Promise<void> {
  const { settings, deps, call } = round;
  const removals = new Map(observation.removals);
  for (const id of plan.revived) removals.delete(id);
  const leaving = new Set(plan.leaving.filter((id) => !held.includes(id)));
  const removedAt = deps.now();
  const fresh: Removal[] = [];
  for (const { instanceId } of observation.members) {
    const record = deleted.get(instanceId);
    if (removals.has(instanceId) || plan.registered.includes(instanceId)) continue;
    if (record === undefined && !leaving.has(instanceId)) continue;
    fresh.push({
      instanceId,
      removedAt,
      ttlSeconds: Math.max(
        settings.ttlSeconds,
        record?.change.recordSet.TTL ?? 0,
        observation.cachedTtlSeconds.get(instanceId) ?? 0,
      ),
      ...(record?.changeId !== undefined && { changeId: record.changeId }),
    });
  }
  await rememberRemovals(deps.table, call, partitionOf(settings), fresh);
  for (const removal of fresh) removals.set(removal.instanceId, removal);
  const { autoScalingGroupName, lifecycleHookName, recordName } = settings;
  const messages = [...leaving].map((instanceId) => ({
    instanceId,
    autoScalingGroupName,
    lifecycleHookName,
    recordName,
    removedAt: removals.get(instanceId)?.removedAt ?? removedAt,
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
