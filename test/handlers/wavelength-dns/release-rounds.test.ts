/**
 * Lambda stops a chain of about 16 invocations in which each one's message causes the next, and a redrive policy counts
 * every delivery: a hold must get by with few, and without messages of its own.
 */
import * as assert from "node:assert/strict";
import { RELEASE_DELIVERIES } from "../../../handlers/wavelength-dns/settings";
import { assertHeld } from "./support/held";
import { awsError } from "../../../fakes/wire";
import { World } from "../../../fakes/wavelength-dns/world";

/** An instance that leaves while every change takes so long; gives how often its message was handed out. */
async function leave(ttlSeconds: number, drainSeconds: number, syncMs: number, prepare?: (world: World) => void) {
  const world = new World({
    settings: { ttlSeconds, drainSeconds },
    route53: { propagationMs: [syncMs, syncMs] },
    // The schedule would send the message again and again, which the queue drops for five minutes only.
    deliver: (event, send) => send(event),
  }).start();
  const instance = world.fleet.launch();
  await world.clock.run(20_000);
  prepare?.(world);
  world.fleet.scaleIn(instance);
  let deliveries = 0;
  const release = world.release.bind(world);
  world.release = (event, timeoutMs) => {
    deliveries = Math.max(deliveries, ...event.Records.map((it) => Number(it.attributes.ApproximateReceiveCount)));
    return release(event, timeoutMs);
  };
  await world.clock.runUntil(() => instance.state === "terminated", 7_200_000, "the release");
  await world.clock.run(1000);
  return { world, deliveries };
}

describe("the rounds of a hold", () => {
  it("are as few as the redrive policy reckons with, whatever TTL, margin and propagation", async () => {
    let most = 0;
    for (const [ttl, drain] of [
      [1, 1],
      [1, 20],
      [5, 5],
      [30, 90],
      [30, 30],
      [300, 360],
      [840, 900],
    ] as const) {
      for (let syncMs = 0; syncMs <= 300_000; syncMs += drain === 1 ? 2500 : 15_000) {
        const { world, deliveries } = await leave(ttl, drain, syncMs);
        assertHeld(world);
        assert.deepEqual(world.telemetry.errors(), []);
        assert.deepEqual(world.drains.deadLetters, []);
        most = Math.max(most, deliveries);
      }
    }
    assert.equal(most, RELEASE_DELIVERIES);
  });

  it("are not stopped at TTL 1, margin 0 and a slow propagation, since they send nothing", async () => {
    const { world, deliveries } = await leave(1, 1, 299_000);
    assert.equal(world.wire.count("SendMessageBatch"), 1, "only the reconciler sends");
    assert.ok(deliveries > 5);
    assert.equal(world.telemetry.sum("ReleasedInstances"), 1);
  });

  it("end in the release even where a change takes half an hour, each look an error by then", async () => {
    const { world } = await leave(1, 1, 1_800_000);
    assertHeld(world);
    assert.ok(world.telemetry.errors().every((name) => name === "ChangePendingError"));
    assert.deepEqual(world.drains.deadLetters, []);
  });

  it("leave room for faults between the looks", async () => {
    const { world } = await leave(1, 1, 299_000, (it) => {
      it.wire.refuseNext("GetChange", awsError("AccessDenied", "no", 403), 5);
      it.wire.refuseNext("ChangeMessageVisibilityBatch", awsError("AccessDenied", "no", 403), 3);
    });
    assert.deepEqual(world.drains.deadLetters, []);
    assertHeld(world);
  });
});

describe("the simulated Lambda", () => {
  it("stops a chain of messages, each sent on behalf of the one before", async () => {
    const { clock, drains } = new World({ settings: { drainSeconds: 1 } });
    let runs = 0;
    drains.send("0", "i-1");
    for (let round = 0; round < 20; round += 1) {
      await clock.run(1001);
      const [message] = drains.receive(1);
      if (message === undefined) break;
      runs += 1;
      drains.delete(message.id);
      const Entries = [{ Id: "0", MessageBody: "x", MessageGroupId: "i-1", MessageDeduplicationId: String(round) }];
      const caller = { id: "loop", chain: message.chain, killed: false };
      await clock.finish(Promise.resolve(drains.for(caller).sendMessageBatch({ QueueUrl: "url", Entries })));
    }
    assert.equal(runs, 16);
    assert.equal(drains.deadLetters.length, 1);
  });
});
