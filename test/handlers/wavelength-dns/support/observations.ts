/** Observations for the planner's tests: made by hand, or by chance. */
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import fc from "fast-check";
import { setIdentifierOf } from "../../../../handlers/wavelength-dns/names";
import type { Instance, Observation, Removal } from "../../../../handlers/wavelength-dns/plan";

export const OWNER = "project/stack/name";
export const NAME = "play.example.com.";
export const planSettings = {
  recordName: "play.example.com",
  owner: OWNER,
  ttlSeconds: 30,
  weights: { kind: "equal" },
} as const;

export function instance(instanceId: string, overrides: Partial<Instance> = {}): Instance {
  return {
    instanceId,
    state: "running",
    instanceType: "t3.medium",
    tags: {},
    carrierIp: "155.146.0.1",
    launchedAt: 0,
    ...overrides,
  };
}

export function recordOf(instanceId: string, address: string, overrides: Partial<ResourceRecordSet> = {}) {
  const recordSet: ResourceRecordSet = {
    Name: NAME,
    Type: "A",
    SetIdentifier: setIdentifierOf(OWNER, instanceId),
    Weight: 100,
    TTL: 30,
    ResourceRecords: [{ Value: address }],
    ...overrides,
  };
  return recordSet;
}

export function without<T extends object, Key extends keyof T>(object: T, key: Key): Omit<T, Key> {
  const copy = { ...object };
  delete copy[key];
  return copy;
}

/** Members in service for every instance, unless given. */
export function observed(overrides: Partial<Observation> & { readonly instances?: readonly Instance[] }): Observation {
  const instances = overrides.instances ?? [];
  return {
    members: instances.map(({ instanceId }) => ({ instanceId, lifecycleState: "InService", healthStatus: "Healthy" })),
    instances,
    recordSets: [],
    interrupted: new Set<string>(),
    removals: new Map<string, Removal>(),
    cachedTtlSeconds: new Map<string, number>(),
    addresslessSince: new Map<string, number>(),
    ...overrides,
  };
}

const ids = fc.integer({ min: 1, max: 12 }).map((n) => `i-${n.toString(16).padStart(17, "0")}`);
const addresses = fc.integer({ min: 1, max: 12 }).map((n) => `155.146.0.${n}`);

const instances = fc.record({
  instanceId: ids,
  state: fc.constantFrom("running", "running", "running", "pending", "stopped", "shutting-down", "terminated"),
  instanceType: fc.constantFrom("t3.medium", "r5.2xlarge", "g4dn.2xlarge"),
  tags: fc.dictionary(fc.constantFrom("weight", "Name"), fc.constantFrom("0", "7", "255", "256", "-1", "many", "")),
  launchedAt: fc.integer({ min: 0, max: 5 }),
  carrierIp: fc.option(addresses, { nil: undefined }),
});

const members = fc.record({
  instanceId: ids,
  lifecycleState: fc.constantFrom("InService", "InService", "Pending", "Standby", "Terminating:Wait", "Terminating"),
  healthStatus: fc.constantFrom("Healthy", "Healthy", "Healthy", "Unhealthy"),
});

const ownedRecords = fc
  .tuple(ids, addresses, fc.constantFrom(100, 100, 1, 0), fc.constantFrom(30, 30, 60), fc.boolean())
  .map(([id, address, Weight, TTL, checked]) =>
    recordOf(id, address, { Weight, TTL, ...(checked && { HealthCheckId: "somebody-else-s" }) }),
  );

/** Records of others, of which many try hard to look like ours. */
export const foreignRecords: fc.Arbitrary<ResourceRecordSet> = fc
  .tuple(
    fc.oneof(
      ids,
      ids.map((id) => `${id}.0123456789abcdef`),
      ids.map((id) => setIdentifierOf("project/stack/other", id)),
      ids.map((id) => setIdentifierOf(OWNER, id).slice(0, -1)),
      ids.map((id) => `${setIdentifierOf(OWNER, id)}.`),
      ids.map((id) => setIdentifierOf(OWNER, id).toUpperCase()),
      fc.string({ minLength: 1, maxLength: 20 }),
    ),
    addresses,
    fc.integer({ min: 0, max: 255 }),
  )
  .map(([SetIdentifier, Value, Weight]) => recordOf("", Value, { SetIdentifier, Weight }));

export const observations: fc.Arbitrary<Observation> = fc
  .record({
    instances: fc.uniqueArray(instances, { selector: ({ instanceId }) => instanceId, maxLength: 12 }),
    members: fc.uniqueArray(members, { selector: ({ instanceId }) => instanceId, maxLength: 12 }),
    recordSets: fc.uniqueArray(fc.oneof(ownedRecords, foreignRecords), {
      selector: ({ SetIdentifier }) => SetIdentifier,
      maxLength: 16,
    }),
    interrupted: fc.array(ids, { maxLength: 3 }),
    removed: fc.array(ids, { maxLength: 4 }),
  })
  .map(({ instances, members, recordSets, interrupted, removed }) => ({
    instances: instances.map(({ carrierIp, ...rest }) => (carrierIp === undefined ? rest : { ...rest, carrierIp })),
    members,
    recordSets,
    interrupted: new Set(interrupted),
    removals: new Map(removed.map((instanceId) => [instanceId, { instanceId, removedAt: 1, ttlSeconds: 30 }])),
    cachedTtlSeconds: new Map<string, number>(),
    addresslessSince: new Map<string, number>(),
  }));
