/**
 * Where Auto Scaling and EC2 contradict each other about an instance that has a record. Both answer from copies that may
 * be stale or incomplete, and a record that is taken away in error is an outage, while one that stays a little longer
 * is what happens at a sudden death as well.
 */
import { instanceOf } from "./names";
import type { Instance, Member, Observation } from "./plan";

/** How long a record stays whose instance, in service, is seen without a carrier IP: longer than EC2's copies lag. */
export const ADDRESSLESS_PATIENCE_MS = 120_000;

export interface Doubts {
  /** Instances whose record stays as it is. */
  readonly instanceIds: ReadonlySet<string>;
  /** Instances in service, with a record, that miss their carrier IP. It may be true, so is doubted for a while only. */
  readonly addressless: ReadonlySet<string>;
  /** What contradicts what, for people. */
  readonly contradictions: readonly string[];
}

type Doubt = "unknown to EC2" | "unknown to Auto Scaling" | "without an address";

export function findDoubts(observation: Observation, owner: string, now: number): Doubts {
  const members = new Map(observation.members.map((it) => [it.instanceId, it]));
  const instances = new Map(observation.instances.map((it) => [it.instanceId, it]));
  const addresses = new Set(observation.instances.flatMap(({ carrierIp }) => carrierIp ?? []));
  const found: Record<Doubt, string[]> = {
    "unknown to EC2": [],
    "unknown to Auto Scaling": [],
    "without an address": [],
  };
  const addressless = new Set<string>();
  for (const recordSet of observation.recordSets) {
    const id = instanceOf(owner, recordSet);
    if (id === undefined || observation.interrupted.has(id)) continue;
    const doubt = doubtAbout(members.get(id), instances.get(id));
    if (doubt === undefined) continue;
    if (doubt === "without an address") {
      // An address that another instance has was moved there.
      if (recordSet.ResourceRecords?.some(({ Value = "" }) => addresses.has(Value))) continue;
      addressless.add(id);
      if (now - (observation.addresslessSince.get(id) ?? now) >= ADDRESSLESS_PATIENCE_MS) continue;
    }
    found[doubt].push(id);
  }
  return {
    instanceIds: new Set(Object.values(found).flat()),
    addressless,
    contradictions: [
      ...reported("Auto Scaling has in service, but EC2 does not know", found["unknown to EC2"]),
      ...reported("EC2 runs for the group, but Auto Scaling does not list", found["unknown to Auto Scaling"]),
      ...reported("Auto Scaling has in service, but EC2 tells no carrier IP of", found["without an address"]),
    ],
  };
}

function doubtAbout(member: Member | undefined, instance: Instance | undefined): Doubt | undefined {
  // What leaves the group loses its tag, and so is not among the group's instances at EC2.
  if (member === undefined) return instance?.state === "running" ? "unknown to Auto Scaling" : undefined;
  if (member.lifecycleState !== "InService" || member.healthStatus !== "Healthy") return undefined;
  if (instance === undefined) return "unknown to EC2";
  return instance.state === "running" && instance.carrierIp === undefined ? "without an address" : undefined;
}

function reported(what: string, instanceIds: readonly string[]): string[] {
  return instanceIds.length === 0 ? [] : [`${what} ${[...instanceIds].sort().join(", ")}`];
}
