/**
 * From what was observed to what has to change: pure, and the same for the same observation in any order.
 * Only records that carry the owner's mark are ever named in a change.
 */
import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { canonicalName, setIdentifierOf } from "./names";
import { conflictOf, hasAddress, isAsDesired, splitByOwner } from "./record-sets";
import type { ReconcileSettings } from "./settings";
import { weightOf } from "./weights";

/** One instance as Auto Scaling sees it. */
export interface Member {
  readonly instanceId: string;
  readonly lifecycleState: string;
  readonly healthStatus: string;
}

/** One instance as EC2 sees it. */
export interface Instance {
  readonly instanceId: string;
  readonly state: string;
  readonly instanceType: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly carrierIp?: string;
  /** Milliseconds since the epoch. */
  readonly launchedAt: number;
}

/** An instance known to have had its record taken away; see state.ts. */
export interface Removal {
  readonly instanceId: string;
  /** Milliseconds since the epoch at which the record was known to be gone from Route 53's own view. */
  readonly removedAt: number;
  /** Longest that a cache may still hold the record once every name server has forgotten it. */
  readonly ttlSeconds: number;
  /** The change that deleted it, where known. */
  readonly changeId?: string;
  /** When every name server was known to have forgotten it, in milliseconds since the epoch. */
  readonly syncedAt?: number;
}

/** A TTL that caches may still go by once the changes are made. */
export interface OutgoingTtl {
  readonly instanceId: string;
  readonly ttlSeconds: number;
}

export interface Observation {
  readonly members: readonly Member[];
  readonly instances: readonly Instance[];
  /** Every record set at the record name, whatever its type and owner. */
  readonly recordSets: readonly ResourceRecordSet[];
  /** Instances that Spot is about to take. */
  readonly interrupted: ReadonlySet<string>;
  readonly removals: ReadonlyMap<string, Removal>;
  /** Longest TTL, in seconds, that an instance's record had a short while ago, so that caches may still go by it. */
  readonly cachedTtlSeconds: ReadonlyMap<string, number>;
  /** Since when instances in service that have a record are seen without a carrier IP, in milliseconds since the epoch. */
  readonly addresslessSince: ReadonlyMap<string, number>;
}

export interface PlannedChange {
  readonly action: "CREATE" | "UPSERT" | "DELETE";
  readonly instanceId: string;
  /** For a DELETE exactly what was observed, as Route 53 asks for. */
  readonly recordSet: ResourceRecordSet;
}

export interface Plan {
  /** Deletions first, each part sorted by identifier. */
  readonly changes: readonly PlannedChange[];
  /** Instances that have a record once the changes are made, sorted. */
  readonly registered: readonly string[];
  /** Instances that should have one but for `maxRecords`, sorted. */
  readonly unregistered: readonly string[];
  /** Instances that wait for the lifecycle hook and have no record once the changes are made, sorted. */
  readonly leaving: readonly string[];
  /** Instances whose remembered removal is not true any more: they have, or get, a record. */
  readonly revived: readonly string[];
  /** TTLs of the records that the changes delete, or give a lower one; each instance once. */
  readonly outgoingTtls: readonly OutgoingTtl[];
  readonly invalidWeights: readonly { readonly instanceId: string; readonly value: string }[];
  /** Instances that lost to another with the same address. */
  readonly sharedAddress: readonly string[];
  /** Records of others that exclude what we would write; where there are any, `changes` has nothing but deletions. */
  readonly conflicts: readonly string[];
}

export const DEFAULT_MAX_RECORDS = 100;

type PlanSettings = Pick<ReconcileSettings, "recordName" | "owner" | "ttlSeconds" | "weights" | "maxRecords">;

type Addressed = Instance & { readonly carrierIp: string };

/** @param doubted instances whose record stays, since the answers about them contradict each other */
export function makePlan(
  observation: Observation,
  settings: PlanSettings,
  doubted: ReadonlySet<string> = new Set(),
): Plan {
  const { owned, foreign } = splitByOwner(observation.recordSets, settings.owner);
  const { addressed, sharedAddress } = onePerAddress(eligible(observation));
  const standing = new Map([...owned].filter(([instanceId]) => doubted.has(instanceId)));
  const taken = standing.size + foreign.filter(({ Type }) => Type === "A").length;
  const capacity = (settings.maxRecords ?? DEFAULT_MAX_RECORDS) - taken;
  const { kept, unregistered } = withinCapacity(addressed, capacity, owned);
  const { desired, invalidWeights } = desiredRecords(kept, standing, settings);

  const conflicts = foreign.flatMap((recordSet) => conflictOf(recordSet, settings.ttlSeconds)).sort();
  const writes = [...desired].filter(([id, recordSet]) => !isAsDesired(owned.get(id), recordSet));
  const blocked = writes.length > 0 && conflicts.length > 0;
  const deletes: PlannedChange[] = [];
  const creations: PlannedChange[] = [];
  const registered = new Set(desired.keys());
  for (const [instanceId, recordSet] of writes) {
    const current = owned.get(instanceId);
    if (blocked) {
      // A record that cannot be corrected stays as long as clients find its instance there.
      if (current === undefined || !hasAddress(current, recordSet)) registered.delete(instanceId);
    } else if (current?.Weight !== undefined) {
      // The record is ours alone, so writing over whatever somebody made of it converges in one change, and cannot be
      // refused for values that changed once more. Only another routing policy has to be deleted out of the way.
      creations.push({ action: "UPSERT", instanceId, recordSet });
    } else {
      if (current !== undefined) deletes.push({ action: "DELETE", instanceId, recordSet: current });
      creations.push({ action: "CREATE", instanceId, recordSet });
    }
  }
  for (const [instanceId, recordSet] of owned) {
    if (!registered.has(instanceId)) deletes.push({ action: "DELETE", instanceId, recordSet });
  }
  return {
    changes: [...bySetIdentifier(deletes), ...bySetIdentifier(creations)],
    registered: [...registered].sort(),
    unregistered,
    leaving: observation.members
      .filter(({ instanceId, lifecycleState }) => waitsForHook(lifecycleState) && !registered.has(instanceId))
      .map(({ instanceId }) => instanceId)
      .sort(),
    revived: [...observation.removals.keys()].filter((id) => owned.has(id) || registered.has(id)).sort(),
    outgoingTtls: outgoingTtls([...deletes, ...creations], owned),
    invalidWeights,
    sharedAddress,
    conflicts: blocked ? conflicts : [],
  };
}

/** Held by the hook on its way out of the group, or of its warm pool. */
function waitsForHook(lifecycleState: string): boolean {
  return lifecycleState === "Terminating:Wait" || lifecycleState === "Warmed:Terminating:Wait";
}

/** What is deleted, and what is written over with a lower TTL: caches may go by the record that is there now. */
function outgoingTtls(
  changes: readonly PlannedChange[],
  owned: ReadonlyMap<string, ResourceRecordSet>,
): readonly OutgoingTtl[] {
  const outgoing = new Map<string, number>();
  for (const { action, instanceId, recordSet } of changes) {
    const { TTL = 0 } = owned.get(instanceId) ?? {};
    if (action === "DELETE" || TTL > (recordSet.TTL ?? 0)) outgoing.set(instanceId, TTL);
  }
  return [...outgoing]
    .map(([instanceId, ttlSeconds]) => ({ instanceId, ttlSeconds }))
    .sort((a, b) => compare(a.instanceId, b.instanceId));
}

/** The planned changes in Route 53's form. */
export function toChanges(changes: readonly PlannedChange[]): Change[] {
  return changes.map(({ action, recordSet }) => ({ Action: action, ResourceRecordSet: recordSet }));
}

/** In service, healthy, running, with a carrier IP, and not about to be taken by Spot. */
function eligible({ members, instances, interrupted }: Observation): Addressed[] {
  const serving = new Set(
    members
      .filter(({ lifecycleState, healthStatus }) => lifecycleState === "InService" && healthStatus === "Healthy")
      .map(({ instanceId }) => instanceId),
  );
  return instances.filter(
    (instance): instance is Addressed =>
      instance.carrierIp !== undefined &&
      instance.state === "running" &&
      serving.has(instance.instanceId) &&
      !interrupted.has(instance.instanceId),
  );
}

/**
 * While an address moves from one instance to another, both may be seen with it. Two records would double its share of
 * the traffic, so the instance launched last has it: addresses move to replacements, not back.
 */
function onePerAddress(instances: readonly Addressed[]): { addressed: Addressed[]; sharedAddress: string[] } {
  const byAddress = new Map<string, Addressed>();
  const sharedAddress: string[] = [];
  for (const instance of [...instances].sort(byLaunch).reverse()) {
    if (byAddress.has(instance.carrierIp)) sharedAddress.push(instance.instanceId);
    else byAddress.set(instance.carrierIp, instance);
  }
  return { addressed: [...byAddress.values()].sort(byLaunch), sharedAddress: sharedAddress.sort() };
}

/** Those with a record keep it, then the oldest come first: a full name does not flap. */
function withinCapacity(
  instances: readonly Addressed[],
  capacity: number,
  owned: ReadonlyMap<string, ResourceRecordSet>,
): { kept: Addressed[]; unregistered: string[] } {
  const order = [...instances].sort(
    (a, b) => Number(owned.has(b.instanceId)) - Number(owned.has(a.instanceId)) || byLaunch(a, b),
  );
  const room = Math.max(0, capacity);
  return {
    kept: order.slice(0, room),
    unregistered: order
      .slice(room)
      .map((it) => it.instanceId)
      .sort(),
  };
}

/** The records that there should be: those of the instances, and those that stand as they are but for the common TTL. */
function desiredRecords(
  instances: readonly Addressed[],
  standing: ReadonlyMap<string, ResourceRecordSet>,
  settings: PlanSettings,
): { desired: Map<string, ResourceRecordSet>; invalidWeights: { instanceId: string; value: string }[] } {
  const desired = new Map<string, ResourceRecordSet>();
  const invalidWeights: { instanceId: string; value: string }[] = [];
  for (const [instanceId, recordSet] of standing) {
    const isPlain = recordSet.Weight !== undefined && recordSet.TTL !== undefined;
    desired.set(instanceId, isPlain ? { ...recordSet, TTL: settings.ttlSeconds } : recordSet);
  }
  for (const instance of instances) {
    const { instanceId } = instance;
    const { weight, invalid } = weightOf(instance, settings.weights);
    if (invalid !== undefined) invalidWeights.push({ instanceId, value: invalid });
    desired.set(instanceId, {
      Name: canonicalName(settings.recordName),
      Type: "A",
      SetIdentifier: setIdentifierOf(settings.owner, instanceId),
      Weight: weight,
      TTL: settings.ttlSeconds,
      ResourceRecords: [{ Value: instance.carrierIp }],
    });
  }
  return { desired, invalidWeights: invalidWeights.sort((a, b) => compare(a.instanceId, b.instanceId)) };
}

function bySetIdentifier(changes: readonly PlannedChange[]): PlannedChange[] {
  return [...changes].sort((a, b) => compare(a.instanceId, b.instanceId));
}

function byLaunch(a: Instance, b: Instance): number {
  return a.launchedAt - b.launchedAt || compare(a.instanceId, b.instanceId);
}

/** By code unit, the same wherever it runs. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
