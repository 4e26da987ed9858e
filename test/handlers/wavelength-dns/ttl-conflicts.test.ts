/** Weighted records of one name and type have one TTL; Route 53 refuses every batch that would give them another. */
import * as assert from "node:assert/strict";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { FakeInstance } from "../../../fakes/wavelength-dns/fleet";
import { hint, ReconcileBench as Bench } from "./support/reconcile-bench";
import { toRecord } from "../../../fakes/wavelength-dns/queue";
import { awsError } from "../../../fakes/wire";

const canary = (TTL: number): ResourceRecordSet => ({
  Name: "play.example.com",
  Type: "A",
  SetIdentifier: "canary",
  Weight: 1,
  TTL,
  ResourceRecords: [{ Value: "192.0.2.1" }],
});

async function beside(record: ResourceRecordSet, instances: number): Promise<{ bench: Bench; all: FakeInstance[] }> {
  const bench = new Bench({ route53: { requestsPerSecond: 50 } });
  const all = Array.from({ length: instances }, () => bench.fleet.launch());
  bench.settings.ttlSeconds = record.TTL ?? 30;
  assert.deepEqual(await bench.handle(), []);
  bench.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet: record });
  return { bench, all };
}

describe("a weighted record of somebody else", () => {
  it("with another TTL is a conflict that names it, and its TTL, without a try", async () => {
    const bench = new Bench();
    bench.fleet.launch();
    bench.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet: canary(60) });
    assert.deepEqual(await bench.handle(), [hint]);
    assert.deepEqual(bench.telemetry.errors(), ["RecordNameConflictError"]);
    assert.match(bench.telemetry.lines.at(-1)?.text ?? "", /"canary" with a TTL of 60 s where ttlSeconds is 30/);
    assert.equal(bench.wire.count("ChangeResourceRecordSets"), 0);
    assert.equal(bench.telemetry.last("RegisteredInstances"), 0);
  });

  it("with the same TTL is none", async () => {
    const { bench } = await beside(canary(30), 1);
    bench.fleet.launch();
    assert.deepEqual(await bench.handle(), []);
    assert.ok(bench.isConverged());
  });

  it("that is an alias has no TTL to differ", async () => {
    const bench = new Bench();
    bench.fleet.launch();
    const AliasTarget = { HostedZoneId: "Z", DNSName: "other.example.com", EvaluateTargetHealth: false };
    const { Name, Type, SetIdentifier, Weight } = canary(0);
    bench.route53.changeDirectly({
      Action: "CREATE",
      ResourceRecordSet: { Name, Type, SetIdentifier, Weight, AliasTarget },
    });
    assert.deepEqual(await bench.handle(), []);
    assert.ok(bench.isConverged());
  });

  it("does not keep from deleting and draining when ttlSeconds is changed beside it", async () => {
    const { bench, all } = await beside(canary(30), 4);
    const [dead, leaving, moved, staying] = all as [FakeInstance, FakeInstance, FakeInstance, FakeInstance];
    bench.settings.ttlSeconds = 60;
    bench.fleet.kill(dead);
    bench.fleet.scaleIn(leaving);
    bench.fleet.replaceAddress(moved);
    const late = bench.fleet.launch();
    assert.deepEqual(await bench.handle(), [hint]);
    assert.deepEqual(bench.telemetry.errors(), ["RecordNameConflictError"]);
    assert.deepEqual(
      bench.records().owned,
      { [staying.id]: staying.carrierIp },
      "no address that is not an instance's",
    );
    assert.equal(bench.telemetry.last("RegisteredInstances"), 1, "so that no alarm says that there is none");
    const [message] = bench.drains.messages.values();
    assert.match(message?.body ?? "", new RegExp(leaving.id));
    await bench.clock.run(120_000);
    for (let look = 0; look < 4 && leaving.state === "running"; look += 1) {
      const messages = bench.drains.receive(10);
      await bench.clock.finish(bench.release({ Records: messages.map(toRecord) }));
      await bench.clock.run(120_000);
    }
    assert.equal(leaving.state, "terminated");

    bench.settings.ttlSeconds = 30;
    assert.deepEqual(await bench.handle(), []);
    assert.deepEqual(Object.keys(bench.records().owned).sort(), [moved.id, staying.id, late.id].sort());
  });

  it("may come between observation and change: the next plan sees it", async () => {
    const bench = new Bench();
    bench.fleet.launch();
    bench.wire.next("ChangeResourceRecordSets", "before", () =>
      bench.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet: canary(60) }),
    );
    assert.deepEqual(await bench.handle(), [hint]);
    assert.deepEqual(bench.telemetry.errors(), ["RecordNameConflictError"]);
    assert.equal(bench.replans(), 1);
  });
});

describe("ttlSeconds", () => {
  it("is changed for all records in one batch, as Route 53 wants it", async () => {
    const bench = new Bench();
    for (let i = 0; i < 100; i += 1) bench.fleet.launch();
    await bench.handle();
    bench.settings.ttlSeconds = 60;
    bench.fleet.kill([...bench.fleet.instances.values()][0] as FakeInstance);
    assert.deepEqual(await bench.handle(), []);
    assert.deepEqual([...new Set(bench.route53.all().map(({ TTL }) => TTL))], [60]);
    assert.ok(bench.isConverged());
  });
});

describe("whatever Route 53 has against what is written", () => {
  it("deletions go by themselves in the end, and instances drain", async () => {
    const bench = new Bench({ route53: { requestsPerSecond: 50 } });
    const [dead, leaving] = [bench.fleet.launch(), bench.fleet.launch()];
    await bench.handle();
    bench.fleet.kill(dead);
    bench.fleet.scaleIn(leaving);
    bench.fleet.launch();
    bench.wire.refuseNext("ChangeResourceRecordSets", awsError("InvalidChangeBatch", "a rule of tomorrow"), 4);
    assert.deepEqual(await bench.handle(), [hint]);
    assert.deepEqual(bench.telemetry.errors(), ["ConflictingChangesError"]);
    assert.deepEqual(bench.records().owned, {});
    assert.equal(bench.drains.messages.size, 1);
  });

  it("an instance whose own deletion is refused does not drain, others do", async () => {
    const bench = new Bench({ route53: { requestsPerSecond: 50 } });
    const [first, second] = [bench.fleet.launch(), bench.fleet.launch()];
    await bench.handle();
    bench.fleet.scaleIn(first);
    await bench.handle();
    bench.drains.messages.clear();
    await bench.clock.run(300_000);
    bench.fleet.scaleIn(second);
    bench.wire.refuseNext("ChangeResourceRecordSets", awsError("InvalidChangeBatch", "a rule of tomorrow"), 5);
    assert.deepEqual(await bench.handle(), [hint]);
    assert.deepEqual(bench.telemetry.errors(), ["ConflictingChangesError"]);
    assert.deepEqual(
      [...bench.drains.messages.values()].map(({ group }) => group),
      [first.id],
    );
    assert.equal(bench.table.bySortKey().has(`removal#${second.id}`), false);
  });
});
