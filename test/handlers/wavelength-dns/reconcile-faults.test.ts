import * as assert from "node:assert/strict";
import { hint, ReconcileBench as Bench } from "./support/reconcile-bench";
import { awsError } from "../../../fakes/wire";

describe("the reconcile handler, in trouble", () => {
  describe("when Route 53 is in the way", () => {
    const passing = {
      throttling: [awsError("Throttling", "Rate exceeded"), 4],
      "a prior request": [awsError("PriorRequestNotComplete"), 3],
      "trouble of its own": [awsError("InternalFailure", "oops", 500), 2],
    } as const;
    for (const [what, [error, times]] of Object.entries(passing)) {
      it(`waits and tries again (${what})`, async () => {
        const bench = new Bench();
        bench.fleet.launch();
        bench.wire.refuseNext("ChangeResourceRecordSets", error, times);
        bench.wire.refuseNext("ListResourceRecordSets", awsError("Throttling", "Rate exceeded"), 2);
        assert.deepEqual(await bench.handle(), []);
        assert.ok(bench.isConverged());
        assert.equal(bench.writes, 1);
      });
    }

    it("gives up in time when throttling does not end, and lets the lease go", async () => {
      const bench = new Bench();
      bench.fleet.launch();
      bench.wire.refuseNext("ChangeResourceRecordSets", awsError("Throttling", "Rate exceeded"), 99);
      const began = bench.clock.now();
      assert.deepEqual(await bench.handle([hint], { timeoutMs: 20_000 }), [hint]);
      assert.ok(bench.clock.now() - began < 20_000);
      assert.deepEqual(bench.telemetry.errors(), ["OutOfTimeError"]);
      assert.equal(bench.holder(), undefined);
    });

    it("finds its change made when only the answer was lost", async () => {
      const bench = new Bench();
      bench.fleet.launch();
      bench.wire.loseNextAnswer("ChangeResourceRecordSets");
      assert.deepEqual(await bench.handle(), []);
      assert.ok(bench.isConverged());
      assert.equal(bench.writes, 1);
    });

    it("names a zone that is missing, and fails the messages", async () => {
      const bench = new Bench();
      bench.fleet.launch();
      bench.route53.zoneExists = false;
      assert.deepEqual(await bench.handle(), [hint]);
      assert.deepEqual(bench.telemetry.errors(), ["HostedZoneMissingError"]);
      assert.equal(bench.wire.count("ListResourceRecordSets"), 1, "no use in trying again");
      assert.equal(bench.holder(), undefined);
    });

    it("names a zone that went missing before the change", async () => {
      const bench = new Bench();
      bench.fleet.launch();
      bench.wire.next("ChangeResourceRecordSets", "before", () => (bench.route53.zoneExists = false));
      assert.deepEqual(await bench.handle(), [hint]);
      assert.deepEqual(bench.telemetry.errors(), ["HostedZoneMissingError"]);
    });

    it("names a record that excludes ours, without trying", async () => {
      const bench = new Bench();
      bench.fleet.launch();
      const ResourceRecordSet = {
        Name: "play.example.com",
        Type: "A" as const,
        TTL: 60,
        ResourceRecords: [{ Value: "1.1.1.1" }],
      };
      bench.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet });
      assert.deepEqual(await bench.handle(), [hint]);
      assert.deepEqual(bench.telemetry.errors(), ["RecordNameConflictError"]);
      assert.equal(bench.wire.count("ChangeResourceRecordSets"), 0);
    });
  });

  describe("when the world moves between observation and change", () => {
    it("registers an instance that just died, and removes it in the round that its death asks for", async () => {
      const bench = new Bench();
      const instance = bench.fleet.launch();
      bench.wire.next("ChangeResourceRecordSets", "before", () => bench.fleet.kill(instance));
      const first = bench.begin();
      await bench.clock.run(30);
      assert.deepEqual(await bench.handle(), [], "the death is left to the holder");
      assert.deepEqual(await bench.clock.finish(first), []);
      assert.deepEqual(bench.records().owned, {});
    });

    it("observes again when somebody else deleted the record it wanted to delete", async () => {
      const bench = new Bench();
      const [gone, other] = [bench.fleet.launch(), bench.fleet.launch()];
      await bench.handle();
      bench.fleet.kill(gone);
      bench.fleet.kill(other);
      const [ResourceRecordSet] = bench.route53.all();
      bench.wire.next("ChangeResourceRecordSets", "before", () =>
        bench.route53.changeDirectly({ Action: "DELETE", ResourceRecordSet }),
      );
      assert.deepEqual(await bench.handle(), []);
      assert.deepEqual(bench.records().owned, {});
      assert.equal(bench.replans(), 1);
    });

    it("observes again when somebody else changed the record it wanted to delete", async () => {
      const bench = new Bench();
      bench.fleet.kill(bench.fleet.launch());
      const instance = bench.fleet.launch();
      await bench.handle();
      bench.fleet.kill(instance);
      const ResourceRecordSet = { ...bench.route53.all()[0], TTL: 5, Name: "play.example.com", Type: "A" as const };
      bench.wire.next("ChangeResourceRecordSets", "before", () =>
        bench.route53.changeDirectly({ Action: "UPSERT", ResourceRecordSet }),
      );
      assert.deepEqual(await bench.handle(), []);
      assert.deepEqual(bench.records().owned, {});
    });

    it("writes over what somebody else made of a record it wanted to change, at the first try", async () => {
      const bench = new Bench();
      const instance = bench.fleet.launch();
      await bench.handle();
      bench.fleet.replaceAddress(instance);
      const ResourceRecordSet = { ...bench.route53.all()[0], TTL: 5, Name: "play.example.com", Type: "A" as const };
      bench.wire.next("ChangeResourceRecordSets", "before", () =>
        bench.route53.changeDirectly({ Action: "UPSERT", ResourceRecordSet }),
      );
      assert.deepEqual(await bench.handle(), []);
      assert.ok(bench.isConverged());
      assert.equal(bench.route53.all()[0]?.TTL, 30);
      assert.equal(bench.replans(), 0);
    });

    it("gives up on somebody who never stops, after a few plans", async () => {
      const bench = new Bench();
      bench.fleet.launch();
      bench.wire.refuseNext("ChangeResourceRecordSets", awsError("InvalidChangeBatch", "already exists"), 99);
      assert.deepEqual(await bench.handle(), [hint]);
      assert.deepEqual(bench.telemetry.errors(), ["ConflictingChangesError"]);
      assert.equal(bench.wire.count("ChangeResourceRecordSets"), 4);
    });
  });

  it("finishes in the retry what a failed second batch left undone", async () => {
    const bench = new Bench({ route53: { maxPerName: 3000, requestsPerSecond: 50 }, settings: { maxRecords: 3000 } });
    for (let i = 0; i < 1500; i += 1) bench.fleet.launch();
    bench.wire.next("ChangeResourceRecordSets", "before", () =>
      bench.wire.refuseNext("ChangeResourceRecordSets", awsError("AccessDenied", "no", 403)),
    );
    assert.deepEqual(await bench.handle(), [hint]);
    assert.equal(Object.keys(bench.records().owned).length, 1000);
    assert.deepEqual(await bench.handle([hint], { receiveCount: 2 }), []);
    assert.ok(bench.isConverged());
    assert.deepEqual(
      bench.route53.applied.map(({ changes }) => changes.length),
      [1000, 500],
    );
  });

  describe("when it is killed", () => {
    const moments = [
      ["between plan and change", "ChangeResourceRecordSets", "before"],
      ["after the change, before it is reported", "ChangeResourceRecordSets", "after"],
      ["after the change, before the release of the lease", "BatchWriteItem", "after"],
    ] as const;
    for (const [when, operation, moment] of moments) {
      it(`is followed when its lease has expired, by its own messages (${when})`, async () => {
        const bench = new Bench();
        const leaving = bench.fleet.launch();
        await bench.handle();
        bench.fleet.scaleIn(leaving);
        bench.fleet.launch();
        bench.wire.killNextCaller(operation, moment);
        assert.equal(await bench.handle(), undefined);
        assert.notEqual(bench.holder(), undefined);
        assert.deepEqual(await bench.handle(), [], "a new message relies on the holder");
        const changed = bench.writes;
        await bench.clock.run(10_000);
        assert.equal(bench.writes, changed, "the lease is still held");
        assert.deepEqual(await bench.handle([hint], { receiveCount: 2, timeoutMs: 120_000 }), []);
        assert.ok(bench.isConverged());
        assert.equal(bench.drains.messages.size, 1);
        assert.equal(bench.holder(), undefined);
      });
    }
  });

  describe("when the table or the drain queue is in the way", () => {
    it("waits for a throttled table", async () => {
      const bench = new Bench();
      bench.fleet.scaleIn(bench.fleet.launch());
      for (const operation of ["UpdateItem", "Query", "BatchWriteItem"]) {
        bench.wire.refuseNext(operation, awsError("ProvisionedThroughputExceededException"), 2);
      }
      assert.deepEqual(await bench.handle(), []);
      assert.equal(bench.drains.messages.size, 1);
    });

    it("fails the messages when the table stays away, before anything is changed", async () => {
      const bench = new Bench();
      bench.fleet.launch();
      bench.wire.refuseNext("UpdateItem", awsError("ResourceNotFoundException", "no such table"), 99);
      assert.deepEqual(await bench.handle(), [hint]);
      assert.equal(bench.writes, 0);
    });

    it("fails the messages when the drain queue refuses, and sends again in the retry", async () => {
      const bench = new Bench();
      const instance = bench.fleet.launch();
      await bench.handle();
      bench.fleet.scaleIn(instance);
      bench.wire.refuseNext("SendMessageBatch", awsError("AccessDenied", "no", 403));
      assert.deepEqual(await bench.handle(), [hint]);
      assert.deepEqual(bench.records().owned, {}, "the record is gone all the same");
      assert.deepEqual(await bench.handle([hint], { receiveCount: 2 }), []);
      assert.equal(bench.drains.messages.size, 1);
    });
  });

  it("begins nothing that it has no time for", async () => {
    const bench = new Bench();
    bench.fleet.launch();
    assert.deepEqual(await bench.handle([hint], { timeoutMs: 7000 }), [hint]);
    assert.equal(bench.wire.counts.size, 0);
    assert.deepEqual(bench.telemetry.errors(), ["OutOfTimeError"]);
  });

  it("does not believe that a group with running instances does not exist", async () => {
    const bench = new Bench();
    const instance = bench.fleet.launch();
    await bench.handle();
    bench.fleet.groupExists = false;
    assert.deepEqual(await bench.handle(), [hint]);
    assert.deepEqual(bench.telemetry.errors(), ["ContradictoryObservationError"]);
    assert.deepEqual(Object.keys(bench.records().owned), [instance.id]);
    bench.fleet.kill(instance);
    assert.deepEqual(await bench.handle(), []);
    assert.deepEqual(bench.records().owned, {}, "a group that is really gone leaves no record");
  });
});
