/** The hook holds members of a warm pool as well, on their way out of it; only DescribeWarmPool tells of them. */
import * as assert from "node:assert/strict";
import { listMembers } from "../../../handlers/wavelength-dns/autoscaling";
import { parseEvent } from "../../../handlers/wavelength-dns/events";
import { GROUP, type FakeInstance } from "../../../fakes/wavelength-dns/fleet";
import { ReleaseBench, TTL_MS } from "./support/release-bench";
import { World } from "../../../fakes/wavelength-dns/world";

function warmBench(): ReleaseBench {
  const bench = new ReleaseBench();
  bench.fleet.hasWarmPool = true;
  return bench;
}

describe("a group with a warm pool", () => {
  it("lets a member go that waits on its way out of the pool, stopped or not", async () => {
    for (const state of ["running", "stopped"] as const) {
      const bench = warmBench();
      const instance = bench.fleet.launch({ lifecycle: "Warmed:Running", state });
      await bench.settle();
      assert.deepEqual(bench.records().owned, {});
      bench.fleet.scaleIn(instance);
      assert.equal(instance.lifecycle, "Warmed:Terminating:Wait");
      await bench.settle();
      for (let look = 0; look < 9 && bench.fleet.released.length === 0; look += 1) await bench.look();
      assert.equal(instance.state, "terminated");
      assert.deepEqual(bench.telemetry.errors(), []);
    }
  });

  it("drains a member that goes back into the pool, and again when that gives it up", async () => {
    const bench = warmBench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    assert.ok(bench.isConverged());
    bench.fleet.scaleIn(instance);
    await bench.settle();
    assert.deepEqual(bench.records().owned, {});
    await bench.lookUntil(() => instance.lifecycle === "Warmed:Running");
    assert.ok(bench.clock.now() >= (bench.route53.history[0]?.forgottenAt ?? Infinity) + TTL_MS);

    bench.fleet.scaleIn(instance);
    // The queue drops a message like one of the last five minutes; the schedule sends it again.
    for (let minute = 0; minute < 7 && bench.drains.messages.size === 0; minute += 1) {
      await bench.clock.run(60_000);
      await bench.settle();
    }
    await bench.lookUntilGone(instance);
    assert.equal(bench.telemetry.sum("ReleasedInstances"), 2);
  });

  it("registers none of the pool's other members, holds none, and has no doubts about them", async () => {
    const bench = warmBench();
    for (const state of ["Pending", "Pending:Wait", "Pending:Proceed", "Running", "Stopped", "Hibernated"]) {
      bench.fleet.launch({ lifecycle: `Warmed:${state}` });
    }
    for (const state of ["Terminating", "Terminating:Proceed"]) bench.fleet.launch({ lifecycle: `Warmed:${state}` });
    const serving = bench.fleet.launch();
    await bench.settle();
    assert.deepEqual(Object.keys(bench.records().owned), [serving.id]);
    assert.equal(bench.drains.messages.size, 0);
    assert.deepEqual(bench.telemetry.errors(), []);
  });
});

describe("listMembers, of a group with a warm pool", () => {
  const caller = { id: "test", killed: false };

  it("reads every page of the pool, and asks for none where there is no pool", async () => {
    const world = new World();
    for (let i = 0; i < 5; i += 1) world.fleet.launch({ lifecycle: "Warmed:Stopped" });
    world.fleet.launch();
    world.fleet.warmPageSize = 2;
    const list = () => world.clock.finish(listMembers(world.fleet.for(caller), (_, operation) => operation(), GROUP));
    assert.equal((await list())?.length, 1);
    assert.equal(world.wire.count("DescribeWarmPool"), 0);
    world.fleet.hasWarmPool = true;
    assert.equal((await list())?.length, 6);
    assert.equal(world.wire.count("DescribeWarmPool"), 3);
  });
});

describe("the event of a warm pool's lifecycle action", () => {
  it("is read like that of the group's", () => {
    const event = {
      version: "0",
      id: "12345678-1234-1234-1234-123456789012",
      "detail-type": "EC2 Instance-terminate Lifecycle Action",
      source: "aws.autoscaling",
      account: "123456789012",
      time: "2026-01-01T00:00:00Z",
      region: "us-east-1",
      resources: [`arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:uuid:autoScalingGroupName/${GROUP}`],
      detail: {
        LifecycleActionToken: "87654321-4321-4321-4321-210987654321",
        AutoScalingGroupName: GROUP,
        LifecycleHookName: "drain",
        EC2InstanceId: "i-1234567890abcdef0",
        LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        Origin: "WarmPool",
        Destination: "EC2",
      },
    };
    assert.deepEqual(parseEvent(JSON.stringify(event)), { kind: "change" });
  });
});
