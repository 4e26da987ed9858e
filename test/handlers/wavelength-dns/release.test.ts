import * as assert from "node:assert/strict";
import { setIdentifierOf } from "../../../handlers/wavelength-dns/names";
import type { FakeInstance } from "../../../fakes/wavelength-dns/fleet";
import { toRecord } from "../../../fakes/wavelength-dns/queue";
import { DRAIN_MS, ReleaseBench as Bench, TTL_MS } from "./support/release-bench";
import { awsError } from "../../../fakes/wire";

describe("the release handler", () => {
  it("lets an instance go after its record left every name server and then every cache", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    assert.deepEqual(await bench.look(), { received: 1, kept: 1 });
    assert.equal(instance.state, "running", "in sync, but caches may have asked just before");
    assert.deepEqual(await bench.look(), { received: 1, kept: 0 });
    assert.equal(instance.state, "terminated");
    const at = bench.fleet.released[0]?.at ?? 0;
    const [served] = bench.route53.history;
    assert.ok(at >= (served?.forgottenAt ?? Infinity) + TTL_MS);
    assert.ok(at >= (served?.removedAt ?? Infinity) + DRAIN_MS);
    assert.equal(bench.telemetry.sum("ReleasedInstances"), 1);
    assert.equal(bench.drains.messages.size, 0);
  });

  it("asks Route 53 once for a change that concerns many, and lists the records once", async () => {
    const bench = new Bench();
    const instances = await bench.launched(8);
    for (const instance of instances) bench.fleet.scaleIn(instance);
    await bench.settle();
    const listings = bench.wire.count("ListResourceRecordSets");
    await bench.look();
    await bench.look();
    assert.ok(instances.every(({ state }) => state === "terminated"));
    assert.equal(bench.wire.count("GetChange"), 1);
    assert.equal(bench.wire.count("ListResourceRecordSets"), listings + 1);
  });

  it("holds on while the change is not in sync", async () => {
    const bench = new Bench({ route53: { propagationMs: [100_000, 100_000] } });
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.lookUntilGone(instance);
    assert.ok((bench.fleet.released[0]?.at ?? 0) >= (bench.route53.history[0]?.forgottenAt ?? Infinity) + TTL_MS);
    assert.deepEqual(bench.telemetry.errors(), []);
  });

  it("fails when the change does not come into sync for minutes", async () => {
    const bench = new Bench({ route53: { propagationMs: [9_000_000, 9_000_000] } });
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    const began = bench.clock.now();
    await bench.lookUntil(() => bench.telemetry.errors().length > 0);
    assert.equal(bench.drains.messages.size, 1);
    assert.deepEqual(bench.telemetry.errors(), ["ChangePendingError"]);
    const waited = bench.clock.now() - began;
    assert.ok(waited >= 300_000 && waited < 365_000, `${waited} ms`);
    assert.equal(instance.state, "running");
  });

  it("holds an instance that never had a record as long as one whose change is unknown", async () => {
    const bench = new Bench();
    const instance = bench.fleet.launch();
    bench.fleet.scaleIn(instance);
    await bench.settle();
    const began = bench.clock.now();
    await bench.lookUntilGone(instance);
    assert.ok(bench.clock.now() - began >= 60_000 + TTL_MS);
    assert.equal(bench.wire.count("GetChange"), 0);
  });

  it("goes by time when Route 53 has forgotten the change", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    bench.wire.refuseNext("GetChange", awsError("NoSuchChange", "gone", 404), 99);
    await bench.lookUntilGone(instance);
  });

  it("holds as long as caches keep a record that somebody gave a longer TTL", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    const ResourceRecordSet = { ...bench.route53.all()[0], TTL: 100, Name: "play.example.com", Type: "A" as const };
    bench.route53.changeDirectly({ Action: "UPSERT", ResourceRecordSet });
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.lookUntilGone(instance);
    const forgottenAt = bench.route53.history.at(-1)?.forgottenAt ?? Infinity;
    assert.ok((bench.fleet.released[0]?.at ?? 0) >= forgottenAt + 100_000);
  });

  it("holds as long as caches keep a record whose TTL was lowered just before", async () => {
    const bench = new Bench({ settings: { ttlSeconds: 300 } });
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.settings.ttlSeconds = 30;
    await bench.settle();
    const loweredAt = bench.clock.now();
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.lookUntilGone(instance);
    assert.ok((bench.fleet.released[0]?.at ?? 0) >= loweredAt + 300_000);
  });

  it("holds no longer than needed once the caches have forgotten a former TTL", async () => {
    const bench = new Bench({ settings: { ttlSeconds: 300 } });
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.settings.ttlSeconds = 30;
    await bench.settle();
    await bench.clock.run(500_000);
    const leftAt = bench.clock.now();
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.lookUntilGone(instance);
    assert.ok((bench.fleet.released[0]?.at ?? Infinity) < leftAt + 120_000);
  });

  it("fails for an instance whose record is back", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    const [record] = bench.route53.all();
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.look();
    bench.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet: record });
    assert.deepEqual(await bench.look(), { received: 1, kept: 1 });
    assert.deepEqual(bench.telemetry.errors(), ["RecordStillPresentError"]);
    assert.equal(instance.state, "running");
  });

  it("begins again when a record came back and went away again, and drops the old message", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    const [record] = bench.route53.all();
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.look();
    bench.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet: record });
    await bench.settle();
    assert.deepEqual(bench.records().owned, {});
    assert.equal(bench.drains.messages.size, 2);
    await bench.lookUntilGone(instance);
    assert.deepEqual(bench.telemetry.errors(), []);
    assert.ok((bench.fleet.released[0]?.at ?? 0) >= (bench.route53.history.at(-1)?.forgottenAt ?? Infinity) + TTL_MS);
    assert.equal(bench.telemetry.sum("ReleasedInstances"), 1);
  });

  it("keeps a returned instance's earlier removal from counting, as a warm pool would need", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    instance.lifecycle = "InService";
    await bench.settle();
    assert.ok(bench.isConverged());
    assert.equal(bench.table.bySortKey().has(`removal#${instance.id}`), false);
    await bench.look();
    await bench.look();
    assert.equal(instance.state, "running");
    assert.equal(bench.drains.messages.size, 0);
  });

  it("takes an instance that nothing holds any more as done", async () => {
    const bench = new Bench();
    const [one, two] = (await bench.launched(2)) as [FakeInstance, FakeInstance];
    bench.fleet.scaleIn(one);
    bench.fleet.scaleIn(two);
    await bench.settle();
    bench.fleet.kill(one);
    await bench.look();
    bench.fleet.groupExists = false;
    assert.deepEqual(await bench.look(), { received: 2, kept: 0 });
    assert.equal(bench.telemetry.sum("ReleasedInstances"), 0);
  });

  it("rides out contention and throttling", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    bench.wire.refuseNext("GetChange", awsError("Throttling", "Rate exceeded"), 2);
    await bench.look();
    bench.wire.refuseNext("CompleteLifecycleAction", awsError("ResourceContention"), 2);
    bench.wire.refuseNext("GetItem", awsError("ThrottlingException"), 2);
    assert.deepEqual(await bench.look(), { received: 1, kept: 0 });
    assert.equal(instance.state, "terminated");
  });

  it("fails the message that it cannot finish, and finishes the others", async () => {
    const bench = new Bench();
    const instances = await bench.launched(3);
    for (const instance of instances) bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.look();
    bench.wire.refuseNext("CompleteLifecycleAction", awsError("AccessDenied", "no", 403));
    assert.deepEqual(await bench.look(), { received: 3, kept: 1 });
    assert.equal(instances.filter(({ state }) => state === "terminated").length, 2);
    assert.deepEqual(await bench.look(), { received: 1, kept: 0 });
    assert.ok(instances.every(({ state }) => state === "terminated"));
  });

  it("goes on when the queue hands messages out again that it could not postpone", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    bench.wire.refuseNext("ChangeMessageVisibilityBatch", awsError("AccessDenied", "no", 403));
    assert.deepEqual(await bench.look(), { received: 1, kept: 1 });
    assert.deepEqual(bench.telemetry.errors(), ["AccessDenied"]);
    assert.equal(await bench.lookUntilGone(instance), 1);
  });

  it("fails messages that cannot be read, and only those", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    for (const body of ["{", "{}", JSON.stringify({ instanceId: "x" })]) bench.drains.send(body, body);
    await bench.clock.run(DRAIN_MS + 500);
    assert.deepEqual(await bench.releaseDue(), { received: 4, kept: 4 });
    assert.equal(bench.telemetry.sum("MalformedEvents"), 3);
  });

  it("begins nothing that it has no time for", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.clock.run(DRAIN_MS + 500);
    const Records = bench.drains.receive(10).map(toRecord);
    const response = await bench.clock.finish(bench.release({ Records }, 5000));
    assert.equal(response?.batchItemFailures.length, 1);
    assert.deepEqual(bench.telemetry.errors(), ["OutOfTimeError"]);
  });

  it("is not kept by records of others that look like the instance's", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    const [record] = bench.route53.all();
    const SetIdentifier = setIdentifierOf("project/stack/other", instance.id);
    bench.route53.changeDirectly({
      Action: "CREATE",
      ResourceRecordSet: { ...record, SetIdentifier, Name: "play.example.com", Type: "A" },
    });
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.look();
    await bench.look();
    assert.equal(instance.state, "terminated");
  });
});
