import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import fc from "fast-check";
import { instanceOf } from "../../../handlers/wavelength-dns/names";
import { makePlan, type Observation, type Plan } from "../../../handlers/wavelength-dns/plan";
import {
  foreignRecords,
  instance,
  observations,
  observed,
  OWNER,
  planSettings,
  recordOf,
  without,
} from "./support/observations";

const plan = (observation: Observation, settings: object = {}): Plan =>
  makePlan(observation, { ...planSettings, ...settings });

/** The record sets after the plan, as Route 53 would have them. */
function applied(observation: Observation, { changes }: Plan): ResourceRecordSet[] {
  const after = new Map(observation.recordSets.map((it) => [it.SetIdentifier ?? "", it]));
  for (const { action, recordSet } of changes) {
    const key = recordSet.SetIdentifier ?? "";
    if (action === "DELETE") assert.deepEqual(after.get(key), recordSet, "a DELETE must name what is there");
    if (action === "CREATE") assert.ok(!after.has(key), "a CREATE must name what is not there");
    if (action === "DELETE") after.delete(key);
    else after.set(key, recordSet);
  }
  return [...after.values()];
}

const settingsArbitrary = fc.record({
  maxRecords: fc.constantFrom(3, 8, 100),
  weights: fc.constantFrom(
    { kind: "equal" } as const,
    { kind: "tag", key: "weight", defaultWeight: 9 } as const,
    { kind: "instanceType", weights: { "t3.medium": 1 }, defaultWeight: 2 } as const,
  ),
});

describe("makePlan", () => {
  it("creates a weighted A record for an instance in service", () => {
    const { changes, registered } = plan(observed({ instances: [instance("i-1")] }));
    assert.deepEqual(changes, [{ action: "CREATE", instanceId: "i-1", recordSet: recordOf("i-1", "155.146.0.1") }]);
    assert.deepEqual(registered, ["i-1"]);
  });

  it("plans nothing for a record that is as it should be", () => {
    const recordSets = [recordOf("i-1", "155.146.0.1")];
    assert.deepEqual(plan(observed({ instances: [instance("i-1")], recordSets })).changes, []);
  });

  const differences: Record<string, Partial<ResourceRecordSet>> = {
    "another weight": { Weight: 7 },
    "another TTL": { TTL: 60 },
    "another address": { ResourceRecords: [{ Value: "155.146.9.9" }] },
    "a second address": { ResourceRecords: [{ Value: "155.146.0.1" }, { Value: "155.146.9.9" }] },
    "a health check": { HealthCheckId: "abc" },
  };
  for (const [what, difference] of Object.entries(differences)) {
    it(`writes over a record of ours that got ${what}`, () => {
      const recordSets = [recordOf("i-1", "155.146.0.1", difference)];
      const { changes } = plan(observed({ instances: [instance("i-1")], recordSets }));
      assert.deepEqual(changes, [{ action: "UPSERT", instanceId: "i-1", recordSet: recordOf("i-1", "155.146.0.1") }]);
    });
  }

  it("deletes and creates a record of ours that was given another routing policy", () => {
    const unweighted = without(recordOf("i-1", "155.146.0.1", { Region: "us-east-1" }), "Weight");
    const { changes } = plan(observed({ instances: [instance("i-1")], recordSets: [unweighted] }));
    assert.deepEqual(
      changes.map(({ action }) => action),
      ["DELETE", "CREATE"],
    );
    assert.deepEqual(changes[0]?.recordSet, unweighted);
  });

  it("deletes the record of an instance that is gone, with exactly the observed values", () => {
    const odd = recordOf("i-1", "155.146.0.1", { TTL: 299, Weight: 3, HealthCheckId: "abc" });
    assert.deepEqual(plan(observed({ recordSets: [odd] })).changes, [
      { action: "DELETE", instanceId: "i-1", recordSet: odd },
    ]);
  });

  const absences: Record<string, Partial<Observation>> = {
    "not in service": { members: [{ instanceId: "i-1", lifecycleState: "Standby", healthStatus: "Healthy" }] },
    unhealthy: { members: [{ instanceId: "i-1", lifecycleState: "InService", healthStatus: "Unhealthy" }] },
    "no member of the group": { members: [] },
    "about to be taken by Spot": { interrupted: new Set(["i-1"]) },
    stopped: { instances: [instance("i-1", { state: "stopped" })] },
  };
  for (const [what, overrides] of Object.entries(absences)) {
    it(`has no record for an instance that is ${what}`, () => {
      assert.deepEqual(plan(observed({ instances: [instance("i-1")], ...overrides })).registered, []);
    });
  }

  it("has no record for an instance without a carrier IP", () => {
    assert.deepEqual(plan(observed({ instances: [without(instance("i-1"), "carrierIp")] })).registered, []);
  });

  it("gives an address that two instances are seen with to the one launched last", () => {
    const instances = [instance("i-1", { launchedAt: 1 }), instance("i-2", { launchedAt: 2 })];
    const result = plan(observed({ instances, recordSets: [recordOf("i-1", "155.146.0.1")] }));
    assert.deepEqual(
      result.changes.map(({ action, instanceId }) => `${action} ${instanceId}`),
      ["DELETE i-1", "CREATE i-2"],
    );
    assert.deepEqual(result.sharedAddress, ["i-1"]);
  });

  it("stops at the number of records that a name may have, those of others included", () => {
    const instances = [1, 2, 3].map((n) => instance(`i-${n}`, { carrierIp: `155.146.0.${n}`, launchedAt: 10 - n }));
    const recordSets = [recordOf("i-1", "155.146.0.1"), recordOf("x", "10.0.0.1", { SetIdentifier: "canary" })];
    const result = plan(observed({ instances, recordSets }), { maxRecords: 3 });
    assert.deepEqual(result.registered, ["i-1", "i-3"], "who has a record keeps it, then the oldest");
    assert.deepEqual(result.unregistered, ["i-2"]);
  });

  it("names the instances that wait for the hook", () => {
    const members = [
      { instanceId: "i-2", lifecycleState: "Terminating:Wait", healthStatus: "Healthy" },
      { instanceId: "i-1", lifecycleState: "Terminating:Wait", healthStatus: "Unhealthy" },
      { instanceId: "i-3", lifecycleState: "Terminating:Proceed", healthStatus: "Healthy" },
    ];
    const instances = ["i-1", "i-2", "i-3"].map((id) => instance(id));
    assert.deepEqual(plan(observed({ members, instances })).leaving, ["i-1", "i-2"]);
  });

  it("says that a remembered removal is over when the record is there or comes back", () => {
    const removal = (instanceId: string) => [instanceId, { instanceId, removedAt: 1, ttlSeconds: 30 }] as const;
    const result = plan(
      observed({
        instances: [instance("i-1")],
        recordSets: [recordOf("i-2", "155.146.0.2")],
        removals: new Map([removal("i-1"), removal("i-2"), removal("i-3")]),
      }),
    );
    assert.deepEqual(result.revived, ["i-1", "i-2"]);
  });

  describe("beside records that exclude weighted ones", () => {
    const simple: ResourceRecordSet = { Name: "play.example.com.", Type: "A", TTL: 60, ResourceRecords: [] };
    const conflicts: Record<string, [ResourceRecordSet, string]> = {
      simple: [simple, "a simple A record"],
      alias: [
        { ...simple, AliasTarget: { HostedZoneId: "Z", DNSName: "x", EvaluateTargetHealth: false } },
        "a simple A record",
      ],
      CNAME: [{ ...simple, Type: "CNAME" }, "a CNAME record"],
      latency: [{ ...simple, SetIdentifier: "x", Region: "us-east-1" }, 'the non-weighted A record "x"'],
    };
    for (const [kind, [recordSet, text]] of Object.entries(conflicts)) {
      it(`creates nothing, and says why (${kind})`, () => {
        const result = plan(observed({ instances: [instance("i-1")], recordSets: [recordSet] }));
        assert.deepEqual(result.changes, []);
        assert.deepEqual(result.conflicts, [text]);
      });
    }

    it("sees no conflict while there is nothing to create", () => {
      assert.deepEqual(plan(observed({ recordSets: [simple] })).conflicts, []);
    });

    it("has nothing against weighted aliases of others, or other types", () => {
      const alias = { HostedZoneId: "Z", DNSName: "x", EvaluateTargetHealth: false };
      const recordSets: ResourceRecordSet[] = [
        { Name: "play.example.com.", Type: "A", SetIdentifier: "canary", Weight: 1, AliasTarget: alias },
        { Name: "play.example.com.", Type: "TXT", TTL: 60, ResourceRecords: [{ Value: '"v"' }] },
      ];
      assert.equal(plan(observed({ instances: [instance("i-1")], recordSets })).changes.length, 1);
    });
  });

  it("ends where the observation says: a second plan is empty", () => {
    fc.assert(
      fc.property(observations, settingsArbitrary, (observation, settings) => {
        const first = plan(observation, settings);
        const recordSets = applied(observation, first);
        assert.deepEqual(plan({ ...observation, recordSets }, settings).changes, []);
        const owned = recordSets.flatMap((it) => instanceOf(OWNER, it) ?? []).sort();
        assert.deepEqual(owned, first.registered);
      }),
      { numRuns: 500 },
    );
  });

  it("never names a record of others, whatever its identifier", () => {
    fc.assert(
      fc.property(observations, fc.array(foreignRecords), (observation, more) => {
        const recordSets = [...observation.recordSets, ...more];
        const foreign = new Set(recordSets.filter((it) => instanceOf(OWNER, it) === undefined));
        for (const { recordSet } of plan({ ...observation, recordSets }).changes) {
          assert.ok(instanceOf(OWNER, recordSet) !== undefined);
          assert.ok(!foreign.has(recordSet));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("registers exactly the eligible instances, one an address, within capacity", () => {
    fc.assert(
      fc.property(observations, settingsArbitrary, (observation, settings) => {
        const serving = new Map(observation.members.map((it) => [it.instanceId, it]));
        const eligible = observation.instances.filter((it) => {
          const member = serving.get(it.instanceId);
          return (
            member?.lifecycleState === "InService" &&
            member.healthStatus === "Healthy" &&
            it.state === "running" &&
            it.carrierIp !== undefined &&
            !observation.interrupted.has(it.instanceId)
          );
        });
        const addresses = new Set(eligible.map(({ carrierIp }) => carrierIp));
        const foreign = observation.recordSets.filter((it) => instanceOf(OWNER, it) === undefined).length;
        const result = plan(observation, settings);
        const expected = Math.min(addresses.size, Math.max(0, settings.maxRecords - foreign));
        assert.equal(result.registered.length, expected);
        assert.equal(result.registered.length + result.unregistered.length, addresses.size);
        for (const id of result.registered) assert.ok(eligible.some(({ instanceId }) => instanceId === id));
      }),
      { numRuns: 500 },
    );
  });

  it("does not depend on the order of what was observed, and leaves it as it was", () => {
    fc.assert(
      fc.property(observations, fc.infiniteStream(fc.nat()), (observation, chance) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, key: Number(chance.next().value) }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const before = inspect(observation, { depth: null });
        const first = plan(observation);
        assert.equal(inspect(observation, { depth: null }), before);
        const other = {
          ...observation,
          instances: shuffled(observation.instances),
          members: shuffled(observation.members),
        };
        assert.deepEqual(plan({ ...other, recordSets: shuffled(observation.recordSets) }), first);
      }),
    );
  });

  it("deletes first, so that addresses that are gone go first", () => {
    fc.assert(
      fc.property(observations, (observation) => {
        const actions = plan(observation).changes.map(({ action }) => action);
        assert.ok(
          actions.lastIndexOf("DELETE") < actions.findIndex((it) => it !== "DELETE") ||
            !actions.some((it) => it !== "DELETE"),
        );
      }),
    );
  });
});
