import * as assert from "node:assert/strict";
import type { SQSBatchResponse } from "aws-lambda";
import { scheduledMessage } from "../../../handlers/wavelength-dns/events";
import { setIdentifierOf } from "../../../handlers/wavelength-dns/names";
import { recordOf } from "./support/observations";
import { type Message, toRecord } from "./support/queue";
import { awsError } from "./support/wire";
import { World, type WorldOptions } from "./support/world";

const hint = JSON.stringify({
  source: "aws.ec2",
  "detail-type": "EC2 Instance State-change Notification",
  time: "2026-01-01T00:00:00Z",
  detail: { "instance-id": "i-1", state: "running" },
});

/** A world whose queue is not polled: tests invoke the Lambda themselves. */
class Bench extends World {
  private sent = 0;

  constructor(options: WorldOptions = {}) {
    super({ deliver: () => undefined, ...options });
  }

  /** One invocation with these bodies; gives the bodies that failed, or undefined where it was killed. */
  async handle(bodies: string[] = [hint], options: { receiveCount?: number; timeoutMs?: number } = {}) {
    return this.clock.finish(this.begin(bodies, options));
  }

  async begin(bodies: string[] = [hint], { receiveCount = 1, timeoutMs = 60_000 } = {}): Promise<string[] | undefined> {
    const messages = bodies.map((body): Message => {
      this.sent += 1;
      return { id: `m${this.sent}`, body, group: undefined, sentAt: 0, visibleAt: 0, receiveCount };
    });
    const response: SQSBatchResponse | undefined = await this.reconcile({ Records: messages.map(toRecord) }, timeoutMs);
    const failed = new Set(response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    return response && messages.filter(({ id }) => failed.has(id)).map(({ body }) => body);
  }

  get writes(): number {
    return this.route53.applied.length;
  }

  /** How often a refused batch led to a new observation. */
  replans(): number {
    return this.telemetry.lines.filter(({ message }) => message.includes("observing anew")).length;
  }

  holder(): unknown {
    return this.table.bySortKey().get("lease")?.["holder"];
  }
}

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

    it("observes anew when somebody else deleted the record it wanted to delete", async () => {
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

    it("observes anew when somebody else changed the record it wanted to delete", async () => {
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
      ["after the change, before it is told", "ChangeResourceRecordSets", "after"],
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
