/**
 * From what was observed to what has to change: pure, and the same for the same observation in any order.
 * Only records that carry the owner's mark are ever named in a change.
 */
import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import { canonicalName, instanceOf, setIdentifierOf } from "./names";
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
}

export interface Observation {
  readonly members: readonly Member[];
  readonly instances: readonly Instance[];
  /** Every record set at the record name, whatever its type and owner. */
  readonly recordSets: readonly ResourceRecordSet[];
  /** Instances that Spot is about to take. */
  readonly interrupted: ReadonlySet<string>;
  readonly removals: ReadonlyMap<string, Removal>;
  /** Longest TTL, in seconds, that records had a short while ago, so that caches may still go by it. 0 where unknown. */
  readonly rememberedTtlSeconds: number;
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
  /** Longest TTL, in seconds, among the records whose TTL the changes lower; 0 where they lower none. */
  readonly outgoingTtlSeconds: number;
  readonly invalidWeights: readonly { readonly instanceId: string; readonly value: string }[];
  /** Instances that lost to another with the same address. */
  readonly sharedAddress: readonly string[];
  /** Records of others that exclude ours; where there are any, `changes` has no creations. */
  readonly conflicts: readonly string[];
}

export const DEFAULT_MAX_RECORDS = 100;

type PlanSettings = Pick<ReconcileSettings, "recordName" | "owner" | "ttlSeconds" | "weights" | "maxRecords">;

type Addressed = Instance & { readonly carrierIp: string };

export function makePlan(observation: Observation, settings: PlanSettings): Plan {
  const { owned, foreign } = splitByOwner(observation.recordSets, settings.owner);
  const { addressed, sharedAddress } = onePerAddress(eligible(observation));
  const capacity = (settings.maxRecords ?? DEFAULT_MAX_RECORDS) - foreign.filter(({ Type }) => Type === "A").length;
  const { kept, unregistered } = withinCapacity(addressed, capacity, owned);

  const deletes: PlannedChange[] = [];
  const writes: PlannedChange[] = [];
  let outgoingTtlSeconds = 0;
  const invalidWeights: { instanceId: string; value: string }[] = [];
  for (const instance of kept) {
    const { instanceId } = instance;
    const { weight, invalid } = weightOf(instance, settings.weights);
    if (invalid !== undefined) invalidWeights.push({ instanceId, value: invalid });
    const recordSet = desiredRecord(instance, weight, settings);
    const current = owned.get(instanceId);
    if (current === undefined) {
      writes.push({ action: "CREATE", instanceId, recordSet });
    } else if (!isAsDesired(current, recordSet)) {
      const { TTL = 0 } = current;
      if (TTL > settings.ttlSeconds) outgoingTtlSeconds = Math.max(outgoingTtlSeconds, TTL);
      // The record is ours alone, so writing over whatever somebody made of it converges in one change, and cannot be
      // refused for values that changed once more. Only another routing policy has to be deleted out of the way.
      if (current.Weight !== undefined) writes.push({ action: "UPSERT", instanceId, recordSet });
      else {
        deletes.push({ action: "DELETE", instanceId, recordSet: current });
        writes.push({ action: "CREATE", instanceId, recordSet });
      }
    }
  }
  const registered = new Set(kept.map(({ instanceId }) => instanceId));
  for (const [instanceId, recordSet] of owned) {
    if (!registered.has(instanceId)) deletes.push({ action: "DELETE", instanceId, recordSet });
  }
  const conflicts = writes.length > 0 ? foreign.filter(excludesWeighted).map(describe).sort() : [];
  return {
    changes: [...bySetIdentifier(deletes), ...(conflicts.length > 0 ? [] : bySetIdentifier(writes))],
    registered: [...registered].sort(),
    unregistered,
    leaving: observation.members
      .filter(({ instanceId, lifecycleState }) => lifecycleState === "Terminating:Wait" && !registered.has(instanceId))
      .map(({ instanceId }) => instanceId)
      .sort(),
    revived: [...observation.removals.keys()].filter((id) => owned.has(id) || registered.has(id)).sort(),
    outgoingTtlSeconds,
    invalidWeights: invalidWeights.sort((a, b) => compare(a.instanceId, b.instanceId)),
    sharedAddress,
    conflicts,
  };
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

function splitByOwner(
  recordSets: readonly ResourceRecordSet[],
  owner: string,
): { owned: Map<string, ResourceRecordSet>; foreign: ResourceRecordSet[] } {
  const owned = new Map<string, ResourceRecordSet>();
  const foreign: ResourceRecordSet[] = [];
  for (const recordSet of recordSets) {
    const instanceId = instanceOf(owner, recordSet);
    if (instanceId === undefined) foreign.push(recordSet);
    else owned.set(instanceId, recordSet);
  }
  return { owned, foreign };
}

function desiredRecord(instance: Addressed, weight: number, settings: PlanSettings): ResourceRecordSet {
  return {
    Name: canonicalName(settings.recordName),
    Type: "A",
    SetIdentifier: setIdentifierOf(settings.owner, instance.instanceId),
    Weight: weight,
    TTL: settings.ttlSeconds,
    ResourceRecords: [{ Value: instance.carrierIp }],
  };
}

/** Same weight, TTL and address, and nothing more: a health check or an alias put into our record is a difference. */
function isAsDesired(current: ResourceRecordSet, desired: ResourceRecordSet): boolean {
  const extra = Object.entries(current).filter(([key, value]) => value !== undefined && !(key in desired));
  return (
    extra.length === 0 &&
    current.Weight === desired.Weight &&
    current.TTL === desired.TTL &&
    current.ResourceRecords?.length === 1 &&
    current.ResourceRecords[0]?.Value === desired.ResourceRecords?.[0]?.Value
  );
}

/** Route 53 has one routing policy per name and type, and nothing beside a CNAME. */
function excludesWeighted({ Type, Weight }: ResourceRecordSet): boolean {
  return Type === "CNAME" || (Type === "A" && Weight === undefined);
}

function describe({ Type, SetIdentifier }: ResourceRecordSet): string {
  if (Type === "CNAME") return "a CNAME record";
  return SetIdentifier === undefined ? "a simple A record" : `the non-weighted A record "${SetIdentifier}"`;
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
