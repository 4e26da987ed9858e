import * as assert from "node:assert/strict";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Context } from "aws-lambda";
import { makeWithdrawHandler } from "../../../handlers/wavelength-dns/handler";
import { toRecord } from "../../../fakes/wavelength-dns/queue";
import { awsError } from "../../../fakes/wire";
import { NAME, World, ZONE } from "../../../fakes/wavelength-dns/world";

const PLACE = { hostedZoneId: ZONE, recordName: NAME };
const NEIGHBOUR: ResourceRecordSet = {
  Name: NAME,
  Type: "A",
  SetIdentifier: "i-0123456789abcdef0",
  Weight: 1,
  TTL: 30,
  ResourceRecords: [{ Value: "192.0.2.1" }],
};

class Bench extends World {
  constructor() {
    super({ route53: { requestsPerSecond: 50 } });
    this.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet: NEIGHBOUR });
  }

  /** Three instances with records, beside the neighbour's. */
  async registered(): Promise<this> {
    for (let i = 0; i < 3; i += 1) this.fleet.launch();
    await this.clock.finish(this.reconcileAll());
    assert.equal(Object.keys(this.records().owned).length, 3);
    return this;
  }

  async reconcileAll(): Promise<void> {
    this.schedule();
    const messages = this.events.receive(1000);
    assert.deepEqual(await this.reconcile({ Records: messages.map(toRecord) }), { batchItemFailures: [] });
  }

  withdraw(action: string, place: object = PLACE): Promise<{ withdrawn: number }> {
    const caller = { id: "withdrawal", killed: false };
    const deps = {
      now: this.clock.now,
      random: this.clock.random,
      sleep: (milliseconds: number) => this.clock.sleep(milliseconds),
      telemetry: this.telemetry,
      route53: this.route53.for(caller),
      table: this.table.for(caller),
    };
    const endsAt = this.clock.now() + 120_000;
    const context = {
      awsRequestId: caller.id,
      getRemainingTimeInMillis: () => endsAt - this.clock.now(),
    } as Context;
    const { owner, tableName } = this.settings;
    const handler = makeWithdrawHandler({ owner, tableName }, () => deps);
    return this.clock.finish(handler({ ...place, tf: { action, prev_input: null } }, context));
  }
}

describe("the withdraw handler", () => {
  it("takes every record of ours away when the name is given up, and no other", async () => {
    const bench = await new Bench().registered();
    assert.deepEqual(await bench.withdraw("delete"), { withdrawn: 3 });
    assert.deepEqual(bench.records().owned, {});
    assert.equal(bench.records().foreign.length, 1);
    assert.deepEqual(await bench.withdraw("delete"), { withdrawn: 0 }, "once more does no harm");
    assert.equal(bench.table.bySortKey().get("lease")?.["holder"], undefined, "the lease is free again");
  });

  it("does nothing when the name is taken, or another one is", async () => {
    const bench = await new Bench().registered();
    const calls = bench.wire.count("ListResourceRecordSets");
    for (const action of ["create", "update"]) assert.deepEqual(await bench.withdraw(action), { withdrawn: 0 });
    assert.equal(bench.wire.count("ListResourceRecordSets"), calls);
    assert.equal(Object.keys(bench.records().owned).length, 3);
  });

  it("waits for a round that is under way", async () => {
    const bench = await new Bench().registered();
    bench.fleet.launch();
    const round = bench.reconcileAll();
    assert.ok((await bench.withdraw("delete")).withdrawn >= 3);
    await bench.clock.finish(round);
    assert.deepEqual(bench.records().owned, {});
    assert.deepEqual(bench.staleWrites, []);
  });

  it("looks again when somebody changed a record of ours meanwhile", async () => {
    const bench = await new Bench().registered();
    bench.wire.refuseNext("ChangeResourceRecordSets", awsError("InvalidChangeBatch", "values do not match", 400), 1);
    assert.deepEqual(await bench.withdraw("delete"), { withdrawn: 3 });
  });

  it("has nothing to do in a zone that is gone", async () => {
    const bench = await new Bench().registered();
    bench.wire.refuseNext("ListResourceRecordSets", awsError("NoSuchHostedZone", "gone", 404), 1);
    assert.deepEqual(await bench.withdraw("delete"), { withdrawn: 0 });
  });

  for (const call of ["ListResourceRecordSets", "ChangeResourceRecordSets"]) {
    it(`fails with what to do, and lets go of the lease, when ${call} is denied`, async () => {
      const bench = await new Bench().registered();
      bench.wire.refuseNext(call, awsError("AccessDenied", "not authorized", 403), 9);
      await assert.rejects(bench.withdraw("delete"), {
        name: "WithdrawalDeniedError",
        message: `Not allowed to take the records of ${NAME} in hosted zone ${ZONE} away; give that name and zone again, run pulumi up, and change them after that`,
      });
      assert.equal(bench.table.bySortKey().get("lease")?.["holder"], undefined);
      assert.equal(Object.keys(bench.records().owned).length, 3);
    });
  }

  it("refuses an event without a place", async () => {
    await assert.rejects(new Bench().withdraw("delete", { hostedZoneId: ZONE }), { name: "$ZodError" });
  });
});
