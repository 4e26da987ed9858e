import * as assert from "node:assert/strict";
import { scheduledMessage } from "../../../handlers/wavelength-dns/event-patterns";
import { setIdentifierOf } from "../../../handlers/wavelength-dns/names";
import { recordOf } from "./support/observations";
import { hint, ReconcileBench as Bench } from "./support/reconcile-bench";

describe("the reconcile handler", () => {
  it("registers instances in service, in one change batch for all", async () => {
    const bench = new Bench();
    for (let i = 0; i < 5; i += 1) bench.fleet.launch();
    bench.fleet.launch({ lifecycle: "Pending" });
    assert.deepEqual(await bench.handle(), []);
    assert.ok(bench.isConverged());
    assert.equal(bench.writes, 1);
    assert.equal(bench.telemetry.last("RegisteredInstances"), 5);
    assert.equal(bench.telemetry.sum("ChangesApplied"), 5);
    assert.equal(bench.telemetry.flushed, 1);
    assert.equal(bench.holder(), undefined);
  });

  it("makes no write call when everything is as it should be", async () => {
    const bench = new Bench();
    bench.fleet.launch();
    await bench.handle();
    await bench.handle();
    assert.equal(bench.wire.count("ChangeResourceRecordSets"), 1);
    assert.equal(bench.wire.count("BatchWriteItem"), 0);
    assert.equal(bench.wire.count("SendMessageBatch"), 0);
  });

  it("reads every page of everything", async () => {
    const bench = new Bench({ route53: { maxPerName: 1000, requestsPerSecond: 50 }, settings: { maxRecords: 1000 } });
    bench.fleet.pageSize = 7;
    bench.table.pageSize = 3;
    for (let i = 0; i < 650; i += 1) bench.fleet.launch();
    await bench.handle();
    assert.ok(bench.isConverged());
    assert.deepEqual(await bench.handle(), []);
    assert.equal(bench.writes, 1);
  });

  it("counts as drift what only the schedule found", async () => {
    const bench = new Bench();
    const instance = bench.fleet.launch();
    await bench.handle();
    assert.equal(bench.telemetry.sum("DriftRepaired"), 0);
    bench.fleet.kill(instance);
    bench.fleet.launch();
    await bench.handle([JSON.stringify(scheduledMessage)]);
    assert.equal(bench.telemetry.sum("DriftRepaired"), 2);
  });

  it("takes the record of an instance that Spot warned of, and gives it back if it was spared", async () => {
    const bench = new Bench();
    const instance = bench.fleet.launch();
    await bench.handle();
    const warning = JSON.stringify({
      source: "aws.ec2",
      "detail-type": "EC2 Spot Instance Interruption Warning",
      time: new Date(bench.clock.now()).toISOString(),
      detail: { "instance-id": instance.id, "instance-action": "terminate" },
    });
    await bench.handle([hint, warning]);
    assert.deepEqual(bench.records().owned, {});
    await bench.clock.run(605_000);
    await bench.handle([warning]);
    assert.deepEqual(Object.keys(bench.records().owned), [instance.id], "an old warning delivered again means nothing");
  });

  it("warns of weight tags that are no weights, and counts them", async () => {
    const bench = new Bench({ settings: { weights: { kind: "tag", key: "weight", defaultWeight: 50 } } });
    bench.fleet.launch({ tags: { weight: "lots" } });
    bench.fleet.launch({ tags: { weight: "7" } });
    await bench.handle();
    assert.deepEqual(
      bench.route53
        .all()
        .map(({ Weight }) => Weight)
        .sort(),
      [50, 7],
    );
    assert.equal(bench.telemetry.sum("InvalidWeights"), 1);
  });

  it("serves as many instances as the name may have records, and counts the others", async () => {
    const bench = new Bench();
    for (let i = 0; i < 103; i += 1) bench.fleet.launch();
    assert.deepEqual(await bench.handle(), []);
    assert.equal(bench.telemetry.last("RegisteredInstances"), 100);
    assert.equal(bench.telemetry.last("UnregisteredInstances"), 3);
  });

  it("leaves the records of others at the name alone, those that look like ours too", async () => {
    const bench = new Bench();
    const instance = bench.fleet.launch();
    const foreign = [
      recordOf("", "198.51.100.1", { SetIdentifier: "canary", Weight: 1 }),
      recordOf("", "198.51.100.2", { SetIdentifier: instance.id }),
      recordOf("", "198.51.100.3", { SetIdentifier: `${instance.id}.0123456789abcdef` }),
      recordOf("", "198.51.100.4", { SetIdentifier: setIdentifierOf("project/stack/other", instance.id) }),
    ];
    bench.route53.changeDirectly(...foreign.map((it) => ({ Action: "CREATE" as const, ResourceRecordSet: it })));
    const before = bench.records().foreign;
    await bench.handle();
    bench.fleet.kill(instance);
    await bench.handle();
    assert.deepEqual(bench.records(), { owned: {}, foreign: before });
    assert.equal(bench.writes, 3, "theirs, our creation, our deletion");
  });

  describe("with messages that cannot be read", () => {
    it("fails those alone, and does the work for the others", async () => {
      const bench = new Bench();
      bench.fleet.launch();
      assert.deepEqual(await bench.handle(["{", hint, '{"source":"aws.s3"}']), ["{", '{"source":"aws.s3"}']);
      assert.ok(bench.isConverged());
      assert.equal(bench.telemetry.sum("MalformedEvents"), 2);
    });

    it("does no work for those alone", async () => {
      const bench = new Bench();
      bench.fleet.launch();
      assert.deepEqual(await bench.handle(["nonsense"]), ["nonsense"]);
      assert.equal(bench.wire.count("UpdateItem"), 0);
      assert.equal(bench.telemetry.flushed, 1);
    });
  });

  it("sends every instance that waits for the hook on its way, with or without a record of its own", async () => {
    const bench = new Bench();
    const registered = bench.fleet.launch();
    await bench.handle();
    bench.fleet.scaleIn(registered);
    bench.fleet.scaleIn(bench.fleet.launch());
    await bench.handle();
    await bench.handle();
    const messages = [...bench.drains.messages.values()].map(({ body }) => JSON.parse(body) as { instanceId: string });
    assert.deepEqual(messages.map(({ instanceId }) => instanceId).sort(), [...bench.fleet.instances.keys()].sort());
    assert.equal(bench.table.bySortKey().get(`removal#${registered.id}`)?.["changeId"]?.S, "C2");
  });
});
