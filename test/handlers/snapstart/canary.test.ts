import * as assert from "node:assert/strict";
import type { Context } from "aws-lambda";
import { makeAwaitVersion } from "../../../handlers/snapstart/await-version";

const SETTINGS = { aliasName: "live", percent: 10, minutes: 1, alarmNames: ["errors", "latency"] };

interface Scene {
  /** What the alias stands for; nothing where there is none. */
  readonly live?: string;
  /** When an alarm goes off, in milliseconds. */
  readonly alarmAt?: number;
  /** Which call AWS refuses, from 0 on. */
  readonly refused?: number;
  readonly allowedMs?: number;
}

/** A gate with an alias and alarms; a sleep takes its time at once. */
function gateWith({ live, alarmAt = Infinity, refused = -1, allowedMs = 840_000 }: Scene) {
  let nowMs = 0;
  let calls = 0;
  let weights: Record<string, number> = {};
  const seen: Record<string, number>[] = [];
  const answer = <T>(value: T): Promise<T> =>
    calls++ === refused
      ? Promise.reject(Object.assign(new Error("no"), { name: "AccessDeniedException" }))
      : Promise.resolve(value);
  const handler = makeAwaitVersion(SETTINGS, {
    now: () => nowMs,
    random: () => 0.5,
    sleep: (milliseconds) => {
      nowMs += milliseconds;
      return Promise.resolve();
    },
    telemetry: { info: () => undefined, error: () => undefined },
    lambda: {
      getFunctionConfiguration: () => Promise.resolve({ State: "Active", SnapStart: { OptimizationStatus: "On" } }),
      getAlias: () =>
        live === undefined
          ? Promise.reject(Object.assign(new Error("none"), { name: "ResourceNotFoundException" }))
          : answer({ FunctionVersion: live }),
      updateAlias: async ({ RoutingConfig }) => {
        await answer(undefined);
        weights = RoutingConfig?.AdditionalVersionWeights ?? {};
        seen.push(weights);
      },
    },
    cloudwatch: {
      describeAlarms: ({ AlarmNames, StateValue }) => {
        assert.deepEqual([AlarmNames, StateValue], [SETTINGS.alarmNames, "ALARM"]);
        return answer({ MetricAlarms: nowMs >= alarmAt ? [{ AlarmName: "errors" }] : [] });
      },
    },
  });
  const context = { getRemainingTimeInMillis: () => allowedMs - nowMs } as Context;
  return {
    wait: () => handler({ functionName: "records", version: "7" }, context),
    seen,
    weights: () => weights,
    calls: () => calls,
    seconds: () => nowMs / 1000,
  };
}

describe("the canary of a version", () => {
  it("gets its share for the time, and then all requests", async () => {
    const gate = gateWith({ live: "6" });
    assert.deepEqual(await gate.wait(), { version: "7" });
    assert.deepEqual(gate.seen, [{ "7": 0.1 }, {}]);
    assert.equal(gate.seconds(), 60);
  });

  it("is taken back when an alarm goes off", async () => {
    const gate = gateWith({ live: "6", alarmAt: 30_000 });
    await assert.rejects(gate.wait(), { name: "CanaryFailedError", message: /version 7 .* is taken back: errors/ });
    assert.deepEqual(gate.seen, [{ "7": 0.1 }, {}]);
    assert.equal(gate.seconds(), 30);
  });

  it("does not begin while an alarm is on, or without the time for it", async () => {
    const alarmed = gateWith({ live: "6", alarmAt: 0 });
    await assert.rejects(alarmed.wait(), { name: "CanaryFailedError" });
    const late = gateWith({ live: "6", allowedMs: 70_000 });
    await assert.rejects(late.wait(), { name: "VersionPendingError", message: /deploy again/ });
    assert.deepEqual([...alarmed.seen, ...late.seen], []);
  });

  it("is none for the first version, and for the one that is live", async () => {
    for (const scene of [{}, { live: "7" }]) {
      const gate = gateWith(scene);
      assert.deepEqual(await gate.wait(), { version: "7" });
      assert.deepEqual(gate.seen, []);
    }
  });

  it("leaves no weights, whichever call AWS refuses, but the last", async () => {
    const whole = gateWith({ live: "6" });
    await whole.wait();
    for (let refused = 0; refused < whole.calls(); refused++) {
      const gate = gateWith({ live: "6", refused });
      await assert.rejects(gate.wait(), { name: "AccessDeniedException" });
      const isLast = refused === whole.calls() - 1;
      assert.deepEqual(gate.weights(), isLast ? { "7": 0.1 } : {}, `call ${refused}`);
    }
  });
});
