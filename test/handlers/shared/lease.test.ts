import * as assert from "node:assert/strict";
import fc from "fast-check";
import { coalesce, Lease, LeaseLostError } from "../../../handlers/shared/lease";
import { makeCall, OutOfTimeError } from "../../../handlers/shared/retry";
import { SimClock } from "../../../fakes/clock";
import { FakeTable } from "../../../fakes/wavelength-dns/table";
import { awsError, type Caller, Wire } from "../../../fakes/wire";

const TIMEOUT_MS = 30_000;
const GRACE_SECONDS = 5;

interface Work {
  readonly id: string;
  readonly from: number;
  to?: number;
}

/** A table, and invocations that share a lease on it. */
class Site {
  readonly clock: SimClock;
  readonly wire: Wire;
  readonly table: FakeTable;
  /** Every round that was begun; without `to` it failed or was killed. */
  readonly rounds: Work[] = [];
  overlaps = 0;
  private working = new Set<Caller>();
  private count = 0;

  constructor(seed = 1) {
    this.clock = new SimClock(seed);
    this.wire = new Wire(this.clock);
    this.table = new FakeTable(this.wire);
  }

  lease(caller: Caller, lifeMs = TIMEOUT_MS): Lease {
    const expiresAt = Math.ceil((this.clock.now() + lifeMs) / 1000) + GRACE_SECONDS;
    return new Lease(this.table.for(caller), this.callOf(), {
      tableName: "state",
      scope: "zone/name",
      expiresAt,
      now: this.clock.now,
    });
  }

  caller(): Caller {
    return { id: `caller-${(this.count += 1)}`, killed: false };
  }

  run(caller: Caller, workMs: number, options: { fails?: boolean; mustWork?: boolean; killAt?: number } = {}) {
    return coalesce(this.lease(caller), {
      mustWork: options.mustWork ?? false,
      pause: () => this.callOf()("waiting", () => this.clock.sleep(500)),
      onAbandonFailed: () => undefined,
      work: () => this.work(caller, workMs, options),
    });
  }

  item() {
    return this.table.bySortKey().get("lease") ?? {};
  }

  private callOf() {
    const endsAt = this.clock.now() + TIMEOUT_MS;
    return makeCall(this.clock, { remainingMs: () => endsAt - this.clock.now(), marginMs: 1000 });
  }

  private async work(caller: Caller, workMs: number, options: { fails?: boolean; killAt?: number }): Promise<void> {
    const living = [...this.working].filter(({ killed }) => !killed);
    if (living.length > 0) this.overlaps += 1;
    this.working.add(caller);
    const round: Work = { id: caller.id, from: this.clock.now() };
    this.rounds.push(round);
    if (options.killAt !== undefined) {
      await this.clock.sleep(options.killAt);
      caller.killed = true;
      await new Promise<never>(() => undefined);
    }
    await this.clock.sleep(workMs);
    this.working.delete(caller);
    if (options.fails) throw new Error("the work failed");
    round.to = this.clock.now();
  }
}

describe("coalesce", () => {
  it("does the work, and leaves the lease free", async () => {
    const site = new Site();
    assert.equal(await site.clock.finish(site.run(site.caller(), 100)), "worked");
    assert.equal(site.rounds.length, 1);
    assert.equal(site.item()["holder"], undefined);
    assert.equal(site.item()["expiresAt"], undefined, "or the table's TTL would delete the counter");
  });

  it("leaves its work to the holder, who goes round once more", async () => {
    const site = new Site();
    const first = site.run(site.caller(), 5000);
    await site.clock.run(1000);
    const others = await site.clock.finish(Promise.all([1, 2, 3].map(() => site.run(site.caller(), 100))), 500);
    assert.deepEqual(others, Array(3).fill("left to the holder"));
    assert.equal(await site.clock.finish(first), "worked");
    assert.deepEqual(
      site.rounds.map(({ id }) => id),
      ["caller-1", "caller-1"],
    );
  });

  it("releases the lease of work that failed, whatever was asked for meanwhile", async () => {
    const site = new Site();
    await assert.rejects(site.clock.finish(site.run(site.caller(), 100, { fails: true })), {
      message: "the work failed",
    });
    assert.equal(site.item()["holder"], undefined);
    assert.equal(await site.clock.finish(site.run(site.caller(), 100)), "worked");
  });

  it("follows a killed holder when its lease has expired, not before", async () => {
    const site = new Site();
    const dead = site.caller();
    void site.run(dead, 0, { killAt: 2000 });
    await site.clock.run(10_000);
    assert.equal(await site.clock.finish(site.run(site.caller(), 100)), "left to the holder");
    const start = site.rounds[0]?.from ?? 0;
    await site.clock.run(TIMEOUT_MS + GRACE_SECONDS * 1000);
    assert.equal(await site.clock.finish(site.run(site.caller(), 100)), "worked");
    assert.ok((site.rounds[1]?.from ?? 0) >= start + TIMEOUT_MS);
  });

  it("waits for the lease when its message was delivered before", async () => {
    const site = new Site();
    void site.run(site.caller(), 0, { killAt: 1000 });
    await site.clock.run(25_000);
    assert.equal(await site.clock.finish(site.run(site.caller(), 100, { mustWork: true })), "worked");
    assert.equal(site.rounds.length, 2);
  });

  it("fails when it has no time left to wait", async () => {
    const site = new Site();
    void site.run(site.caller(), 0, { killAt: 1000 });
    await site.clock.run(1000);
    const waiting = site.run(site.caller(), 100, { mustWork: true });
    await assert.rejects(site.clock.finish(waiting), OutOfTimeError);
  });

  it("rides out a throttled table", async () => {
    const site = new Site();
    site.wire.refuseNext("UpdateItem", awsError("ProvisionedThroughputExceededException"), 3);
    assert.equal(await site.clock.finish(site.run(site.caller(), 100)), "worked");
    assert.equal(site.item()["holder"], undefined);
  });

  for (const nth of [1, 2, 3]) {
    it(`is not confused when the answer to its update number ${nth} is lost`, async () => {
      const site = new Site();
      for (let i = 1; i < nth; i += 1) site.wire.next("UpdateItem", "after", () => undefined);
      site.wire.loseNextAnswer("UpdateItem");
      assert.equal(await site.clock.finish(site.run(site.caller(), 100)), "worked");
      assert.equal(site.item()["holder"], undefined);
      assert.ok(site.rounds.length >= 1);
    });
  }

  it("fails when somebody took the lease over", async () => {
    const site = new Site();
    const running = site.run(site.caller(), 5000);
    await site.clock.run(1000);
    site.item()["holder"] = { S: "somebody else" };
    await assert.rejects(site.clock.finish(running), LeaseLostError);
    assert.deepEqual(site.item()["holder"], { S: "somebody else" }, "a lease of others is not released");
  });

  it("never has two workers, and no request is left without a round that began after it", async () => {
    const rarely = fc.nat(9).map((n) => n === 0);
    const invocation = fc.record({
      at: fc.integer({ min: 0, max: 4000 }),
      workMs: fc.integer({ min: 1, max: 1500 }),
      fails: rarely,
      killed: rarely,
    });
    const property = fc.asyncProperty(
      fc.integer(),
      fc.array(invocation, { minLength: 1, maxLength: 12, size: "max" }),
      async (seed, invocations) => {
        const site = new Site(seed);
        const answered: { at: number }[] = [];
        const redeliver: number[] = [];
        const start = site.clock.now();
        const began = invocations.map(({ at, workMs, fails, killed }) =>
          site.clock.sleep(at).then(async () => {
            const caller = site.caller();
            const result = site.run(caller, workMs, { fails, ...(killed && { killAt: workMs / 2 }) });
            result.then(
              () => answered.push({ at: start + at }),
              () => redeliver.push(start + at),
            );
            if (killed) redeliver.push(start + at);
          }),
        );
        await site.clock.finish(Promise.all(began));
        await site.clock.run(TIMEOUT_MS);
        // What failed or was killed comes again, as the queue would have it.
        const again = redeliver.map(() => site.run(site.caller(), 10, { mustWork: true }));
        await site.clock.finish(Promise.all(again));
        assert.equal(site.overlaps, 0);
        assert.equal(site.item()["holder"], undefined);
        for (const at of [...answered.map((it) => it.at), ...redeliver]) {
          assert.ok(
            site.rounds.some(({ from, to }) => from >= at && to !== undefined),
            "no finished round began after the request",
          );
        }
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });
});
