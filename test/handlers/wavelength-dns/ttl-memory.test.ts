/**
 * No instance is let go while a cache may go by a TTL that its record once had: shown over every point at which an
 * invocation may be killed or an answer lost, and every point at which a deployment may change the TTL.
 */
import * as assert from "node:assert/strict";
import { assertHeld } from "./support/held";
import type { FakeInstance } from "../../../fakes/wavelength-dns/fleet";
import type { Caller } from "../../../fakes/wire";
import { World } from "../../../fakes/wavelength-dns/world";

const LONG = 300;
const SHORT = 30;

/** To be killed before a call is the same as after the one before it. */
type Fault = "killed" | "answer lost";

/** One thing that happens, at the moment of a call counted from the beginning of the story. */
interface Point {
  readonly call: number;
  readonly fault: Fault;
}

class Deployment extends World {
  constructor() {
    super({ settings: { ttlSeconds: LONG, drainSeconds: LONG + 5 }, route53: { requestsPerSecond: 50 } });
    this.start().scheduleEvery(60_000);
  }

  setTtl(seconds: number): void {
    this.settings.ttlSeconds = seconds;
    this.settings.drainSeconds = seconds + 5;
    this.drains.delayMs = 1000 * this.settings.drainSeconds;
  }

  /** Has the fault happen, and the deployment change the TTL to the short one, at their calls from now on. */
  arm({ call, fault }: Point, lowerAt: number): void {
    let first: number | undefined;
    this.wire.onCall = (caller: Caller, index: number, when): void => {
      first ??= index;
      if (when === "before" && index - first === lowerAt) this.setTtl(SHORT);
      if (index - first !== call) return;
      if (when === "before") return;
      if (fault === "killed") caller.killed = true;
      else {
        throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      }
    };
  }

  async begin(): Promise<FakeInstance> {
    const instance = this.fleet.launch();
    await this.clock.run(20_000);
    assert.equal(this.route53.all()[0]?.TTL, LONG);
    return instance;
  }

  async end(instance: FakeInstance): Promise<void> {
    await this.clock.runUntil(() => instance.state === "terminated", 3_000_000, "the release");
    this.wire.onCall = () => undefined;
    assertHeld(this);
    assert.deepEqual(this.drains.deadLetters, []);
  }
}

const faults: readonly Fault[] = ["killed", "answer lost"];
/** Calls of the two or three rounds around the deletion; all later ones are alike. */
const CALLS = 25;

describe("a TTL that was lowered", () => {
  it("is remembered when the same round deletes the record, whatever is killed or lost when", async () => {
    let deletedLong = 0;
    for (const lowerAt of [0, 8, 10, 12]) {
      for (let call = 0; call < CALLS; call += 1) {
        for (const fault of faults) {
          const world = new Deployment();
          const instance = await world.begin();
          world.arm({ call, fault }, lowerAt);
          world.fleet.scaleIn(instance);
          await world.end(instance).catch((error: unknown) => {
            throw new Error(`lowered at call ${lowerAt}, ${fault} call ${call}: ${String(error)}`);
          });
          if (world.route53.history.at(-1)?.recordSet.TTL === LONG) deletedLong += 1;
        }
      }
    }
    assert.ok(deletedLong > 50, "too few deletions of a long TTL to show anything");
  });

  it("is remembered when the record is given the lower one first", async () => {
    for (const waitMs of [0, 61_000, 200_000]) {
      for (let call = 0; call < CALLS; call += 1) {
        for (const fault of faults) {
          const world = new Deployment();
          const instance = await world.begin();
          world.arm({ call, fault }, 0);
          world.schedule();
          await world.clock.run(waitMs);
          world.fleet.scaleIn(instance);
          await world.end(instance).catch((error: unknown) => {
            throw new Error(`left after ${waitMs} ms, ${fault} call ${call}: ${String(error)}`);
          });
        }
      }
    }
  });

  it("is remembered again when it was raised and lowered once more", async () => {
    for (const [raiseMs, lowerMs, leaveMs] of [
      [100_000, 250_000, 130_000],
      [100_000, 200_000, 1000],
      [300_000, 300_000, 290_000],
    ] as const) {
      for (const middle of [LONG, 200]) {
        const world = new Deployment();
        const instance = await world.begin();
        world.setTtl(SHORT);
        await world.clock.run(raiseMs);
        world.setTtl(middle);
        await world.clock.run(lowerMs);
        assert.equal(world.route53.all()[0]?.TTL, middle);
        world.setTtl(SHORT);
        world.schedule();
        await world.clock.run(leaveMs);
        world.fleet.scaleIn(instance);
        await world.end(instance);
      }
    }
  });
});
