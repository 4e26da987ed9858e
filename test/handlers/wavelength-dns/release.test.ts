import * as assert from "node:assert/strict";
import { setIdentifierOf } from "../../../handlers/wavelength-dns/names";
import type { FakeInstance } from "./support/fleet";
import { toRecord } from "./support/queue";
import { awsError } from "./support/wire";
import { World, type WorldOptions } from "./support/world";

const TTL_MS = 30_000;
const DRAIN_MS = 35_000;

/** A world whose instances wait for the hook; the drain queue is emptied by hand. */
class Bench extends World {
  constructor(options: WorldOptions = {}) {
    super({ ...options, route53: { propagationMs: [20_000, 20_000], requestsPerSecond: 50, ...options.route53 } });
  }

  /** One reconciliation of whatever events there are. */
  async settle(): Promise<void> {
    this.schedule();
    const messages = this.events.receive(1000);
    const response = await this.clock.finish(this.reconcile({ Records: messages.map(toRecord) }));
    assert.deepEqual(response, { batchItemFailures: [] });
    for (const { id } of messages) this.events.delete(id);
  }

  async launched(count: number): Promise<FakeInstance[]> {
    const instances = Array.from({ length: count }, () => this.fleet.launch());
    await this.settle();
    return instances;
  }

  /** Invokes the release Lambda with what the drain queue has now; gives how many messages it had, and how many failed. */
  async releaseDue(): Promise<{ received: number; failed: number }> {
    const messages = this.drains.receive(10);
    if (messages.length === 0) return { received: 0, failed: 0 };
    const response = await this.clock.finish(this.release({ Records: messages.map(toRecord) }));
    const failed = new Set(response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id } of messages) if (response && !failed.has(id)) this.drains.delete(id);
    return { received: messages.length, failed: failed.size };
  }

  /** Lets one hold of the queue pass, and releases. */
  async hold(): Promise<{ received: number; failed: number }> {
    await this.clock.run(DRAIN_MS + 500);
    return this.releaseDue();
  }
}

describe("the release handler", () => {
  it("lets an instance go after its record left every name server and then every cache", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    assert.deepEqual(await bench.hold(), { received: 1, failed: 0 });
    assert.equal(instance.state, "running", "in sync, but caches may have asked just before");
    assert.deepEqual(await bench.hold(), { received: 1, failed: 0 });
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
    await bench.hold();
    await bench.hold();
    assert.ok(instances.every(({ state }) => state === "terminated"));
    assert.equal(bench.wire.count("GetChange"), 1);
    assert.equal(bench.wire.count("ListResourceRecordSets"), listings + 1);
  });

  it("holds on while the change is not in sync", async () => {
    const bench = new Bench({ route53: { propagationMs: [100_000, 100_000] } });
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    for (let i = 0; i < 3; i += 1) assert.deepEqual(await bench.hold(), { received: 1, failed: 0 });
    assert.equal(instance.state, "running", "in sync by now, and caches have to forget");
    await bench.hold();
    assert.equal(instance.state, "terminated");
  });

  it("fails when the change does not come into sync for minutes", async () => {
    const bench = new Bench({ route53: { propagationMs: [9_000_000, 9_000_000] } });
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    let result = { received: 0, failed: 0 };
    for (let i = 0; i < 9; i += 1) result = await bench.hold();
    assert.deepEqual(result, { received: 1, failed: 1 });
    assert.deepEqual(bench.telemetry.errors(), ["ChangePendingError"]);
    assert.equal(instance.state, "running");
  });

  it("holds an instance that never had a record as long as one whose change is unknown", async () => {
    const bench = new Bench();
    const instance = bench.fleet.launch();
    bench.fleet.scaleIn(instance);
    await bench.settle();
    const began = bench.clock.now();
    for (let i = 0; i < 5 && instance.state === "running"; i += 1) assert.equal((await bench.hold()).failed, 0);
    assert.equal(instance.state, "terminated");
    assert.ok(bench.clock.now() - began >= 60_000 + TTL_MS);
    assert.equal(bench.wire.count("GetChange"), 0);
  });

  it("goes by time when Route 53 has forgotten the change", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    bench.wire.refuseNext("GetChange", awsError("NoSuchChange", "gone", 404), 99);
    for (let i = 0; i < 3; i += 1) assert.deepEqual(await bench.hold(), { received: 1, failed: 0 });
    assert.equal(instance.state, "terminated");
  });

  it("holds as long as caches keep a record that somebody gave a longer TTL", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    const ResourceRecordSet = { ...bench.route53.all()[0], TTL: 100, Name: "play.example.com", Type: "A" as const };
    bench.route53.changeDirectly({ Action: "UPSERT", ResourceRecordSet });
    bench.fleet.scaleIn(instance);
    await bench.settle();
    for (let i = 0; i < 9 && instance.state === "running"; i += 1) await bench.hold();
    assert.equal(instance.state, "terminated");
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
    for (let i = 0; i < 20 && instance.state === "running"; i += 1) await bench.hold();
    assert.equal(instance.state, "terminated");
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
    for (let i = 0; i < 20 && instance.state === "running"; i += 1) await bench.hold();
    assert.ok((bench.fleet.released[0]?.at ?? Infinity) < leftAt + 120_000);
  });

  it("fails for an instance whose record is back", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    const [record] = bench.route53.all();
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.hold();
    bench.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet: record });
    assert.deepEqual(await bench.hold(), { received: 1, failed: 1 });
    assert.deepEqual(bench.telemetry.errors(), ["RecordStillPresentError"]);
    assert.equal(instance.state, "running");
  });

  it("begins anew when a record came back and went away again, and drops the old message", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    const [record] = bench.route53.all();
    bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.hold();
    bench.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet: record });
    await bench.settle();
    assert.deepEqual(bench.records().owned, {});
    assert.equal(bench.drains.messages.size, 2);
    for (let i = 0; i < 6 && instance.state === "running"; i += 1) assert.equal((await bench.hold()).failed, 0);
    assert.equal(instance.state, "terminated");
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
    await bench.hold();
    await bench.hold();
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
    await bench.hold();
    bench.fleet.groupExists = false;
    assert.deepEqual(await bench.hold(), { received: 2, failed: 0 });
    assert.equal(bench.telemetry.sum("ReleasedInstances"), 0);
  });

  it("rides out contention and throttling", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    bench.wire.refuseNext("GetChange", awsError("Throttling", "Rate exceeded"), 2);
    await bench.hold();
    bench.wire.refuseNext("CompleteLifecycleAction", awsError("ResourceContention"), 2);
    bench.wire.refuseNext("GetItem", awsError("ThrottlingException"), 2);
    assert.deepEqual(await bench.hold(), { received: 1, failed: 0 });
    assert.equal(instance.state, "terminated");
  });

  it("fails the message that it cannot finish, and finishes the others", async () => {
    const bench = new Bench();
    const instances = await bench.launched(3);
    for (const instance of instances) bench.fleet.scaleIn(instance);
    await bench.settle();
    await bench.hold();
    bench.wire.refuseNext("CompleteLifecycleAction", awsError("AccessDenied", "no", 403));
    assert.deepEqual(await bench.hold(), { received: 3, failed: 1 });
    assert.equal(instances.filter(({ state }) => state === "terminated").length, 2);
    await bench.clock.run(60_000);
    assert.deepEqual(await bench.releaseDue(), { received: 1, failed: 0 });
    assert.ok(instances.every(({ state }) => state === "terminated"));
  });

  it("fails the messages whose hold it could not prolong, and prolongs it in the retry", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    bench.wire.refuseNext("SendMessageBatch", awsError("AccessDenied", "no", 403));
    assert.deepEqual(await bench.hold(), { received: 1, failed: 1 });
    await bench.clock.run(60_000);
    await bench.releaseDue();
    await bench.hold();
    assert.equal(instance.state, "terminated");
  });

  it("fails messages that cannot be read, and only those", async () => {
    const bench = new Bench();
    const [instance] = (await bench.launched(1)) as [FakeInstance];
    bench.fleet.scaleIn(instance);
    await bench.settle();
    for (const body of ["{", "{}", JSON.stringify({ instanceId: "x" })]) bench.drains.send(body, body);
    assert.deepEqual(await bench.hold(), { received: 4, failed: 3 });
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
    await bench.hold();
    await bench.hold();
    assert.equal(instance.state, "terminated");
  });
});
