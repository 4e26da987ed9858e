import * as assert from "node:assert/strict";
import { ADDRESSLESS_PATIENCE_MS, findDoubts } from "../../../handlers/wavelength-dns/contradictions";
import type { FakeInstance } from "../../../fakes/wavelength-dns/fleet";
import { instance, observed, OWNER, recordOf, without } from "./support/observations";
import { hint, ReconcileBench as Bench } from "./support/reconcile-bench";

async function registered(count: number): Promise<{ bench: Bench; instances: FakeInstance[] }> {
  const bench = new Bench({ route53: { requestsPerSecond: 50 } });
  const instances = Array.from({ length: count }, () => bench.fleet.launch());
  assert.deepEqual(await bench.handle(), []);
  return { bench, instances };
}

/** Runs the handler while EC2's answers lack these instances. */
async function handleWithout(bench: Bench, hidden: readonly FakeInstance[]): Promise<string[] | undefined> {
  for (const { id } of hidden) bench.fleet.unknownToEc2.add(id);
  const failed = await bench.handle();
  bench.fleet.unknownToEc2.clear();
  return failed;
}

describe("the reconcile handler, when Auto Scaling and EC2 contradict each other", () => {
  for (const [what, hidden] of [
    ["nothing", 5],
    ["a part", 2],
    ["all but one", 1],
  ] as const) {
    it(`takes no record away when EC2 tells ${what} of five instances in service`, async () => {
      const { bench, instances } = await registered(5);
      const before = bench.records().owned;
      assert.deepEqual(await handleWithout(bench, instances.slice(0, hidden)), [hint]);
      assert.deepEqual(bench.telemetry.errors(), ["ContradictoryObservationError"]);
      assert.deepEqual(bench.records().owned, before);
      assert.equal(bench.telemetry.last("RegisteredInstances"), 5);
      assert.deepEqual(await bench.handle(), []);
      assert.equal(bench.writes, 1, "and has nothing to repair afterwards");
    });
  }

  it("does all the rest meanwhile: what is new comes, what leaves goes and drains", async () => {
    const { bench, instances } = await registered(3);
    const [unknown, leaving, sick] = instances as [FakeInstance, FakeInstance, FakeInstance];
    const fresh = bench.fleet.launch();
    bench.fleet.scaleIn(leaving);
    bench.fleet.setHealth(sick, "Unhealthy");
    assert.deepEqual(await handleWithout(bench, [unknown]), [hint]);
    assert.deepEqual(Object.keys(bench.records().owned).sort(), [unknown.id, fresh.id].sort());
    assert.equal(bench.drains.messages.size, 1);
  });

  it("gives records that it leaves alone the TTL of the others", async () => {
    const { bench, instances } = await registered(2);
    bench.settings.ttlSeconds = 60;
    assert.deepEqual(await handleWithout(bench, instances.slice(0, 1)), [hint]);
    assert.deepEqual(
      bench.route53.all().map(({ TTL }) => TTL),
      [60, 60],
    );
    assert.deepEqual(bench.telemetry.errors(), ["ContradictoryObservationError"]);
  });

  it("believes Auto Scaling when it says so, too: the contradiction ends with it", async () => {
    const { bench, instances } = await registered(2);
    const [gone] = instances as [FakeInstance];
    bench.fleet.setHealth(gone, "Unhealthy");
    assert.deepEqual(await handleWithout(bench, [gone]), []);
    assert.equal(Object.keys(bench.records().owned).length, 1);
  });

  it("takes no record away when Auto Scaling lists none of the instances that EC2 runs for the group", async () => {
    const { bench, instances } = await registered(3);
    for (const it of instances) it.lifecycle = undefined;
    assert.deepEqual(await bench.handle(), [hint]);
    assert.deepEqual(bench.telemetry.errors(), ["ContradictoryObservationError"]);
    assert.deepEqual(bench.records().owned, Object.fromEntries(instances.map(({ id, carrierIp }) => [id, carrierIp])));
  });

  describe("about a carrier IP", () => {
    it("keeps the record for a while, anyone else who has one, and then believes it", async () => {
      const { bench, instances } = await registered(2);
      const [missing, other] = instances as [FakeInstance, FakeInstance];
      missing.carrierIp = undefined;
      for (const waitMs of [0, ADDRESSLESS_PATIENCE_MS / 2]) {
        await bench.clock.run(waitMs + 1);
        assert.deepEqual(await bench.handle(), [hint]);
        assert.equal(Object.keys(bench.records().owned).length, 2);
      }
      await bench.clock.run(ADDRESSLESS_PATIENCE_MS / 2);
      assert.deepEqual(await bench.handle(), []);
      assert.deepEqual(Object.keys(bench.records().owned), [other.id]);
      await bench.handle();
      assert.equal(bench.table.bySortKey().has(`addressless#${missing.id}`), false);
    });

    it("begins again with each time that it is missing", async () => {
      const { bench, instances } = await registered(1);
      const [it] = instances as [FakeInstance];
      const address = it.carrierIp;
      it.carrierIp = undefined;
      assert.deepEqual(await bench.handle(), [hint]);
      it.carrierIp = address;
      assert.deepEqual(await bench.handle(), []);
      await bench.clock.run(2 * ADDRESSLESS_PATIENCE_MS);
      it.carrierIp = undefined;
      assert.deepEqual(await bench.handle(), [hint]);
      assert.equal(Object.keys(bench.records().owned).length, 1);
    });

    it("needs no patience where another instance has the address now", async () => {
      const { bench, instances } = await registered(2);
      const [from, to] = instances as [FakeInstance, FakeInstance];
      to.carrierIp = from.carrierIp;
      from.carrierIp = undefined;
      assert.deepEqual(await bench.handle(), []);
      assert.deepEqual(bench.records().owned, { [to.id]: to.carrierIp });
    });
  });
});

describe("findDoubts", () => {
  const doubted = (overrides: Parameters<typeof observed>[0]) => [
    ...findDoubts(observed({ recordSets: [recordOf("i-1", "155.146.0.1")], ...overrides }), OWNER, 0).instanceIds,
  ];
  const member = (lifecycleState: string, healthStatus = "Healthy") => [
    { instanceId: "i-1", lifecycleState, healthStatus },
  ];

  it("doubts nothing that the two agree about, or that one of them may say alone", () => {
    assert.deepEqual(doubted({ instances: [instance("i-1")] }), []);
    assert.deepEqual(doubted({}), [], "neither knows it");
    for (const state of ["pending", "stopping", "stopped", "shutting-down", "terminated"]) {
      assert.deepEqual(doubted({ instances: [instance("i-1", { state })] }), [], state);
      assert.deepEqual(doubted({ members: [], instances: [instance("i-1", { state })] }), [], state);
    }
    for (const state of ["Standby", "Terminating", "Terminating:Wait", "Detaching", "Pending", "Warmed:Running"]) {
      assert.deepEqual(doubted({ members: member(state) }), [], state);
    }
    assert.deepEqual(doubted({ members: member("InService", "Unhealthy") }), []);
    assert.deepEqual(doubted({ members: member("InService"), interrupted: new Set(["i-1"]) }), []);
  });

  it("has nothing to doubt where there is no record of ours", () => {
    const instances = [without(instance("i-1"), "carrierIp")];
    const theirs = recordOf("i-1", "155.146.0.1", { SetIdentifier: "i-1.0123456789abcdef" });
    for (const recordSets of [[], [theirs]]) {
      assert.deepEqual(doubted({ members: member("InService"), recordSets }), []);
      assert.deepEqual(doubted({ instances, recordSets }), []);
      assert.deepEqual(doubted({ members: [], instances: [instance("i-1")], recordSets }), []);
    }
  });
});
