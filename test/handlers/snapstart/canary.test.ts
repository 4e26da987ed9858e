import * as assert from "node:assert/strict";
import type { DescribeAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import type { Context } from "aws-lambda";
import { makeAwaitVersion } from "../../../handlers/snapstart/await-version";

const SETTINGS = { aliasName: "live", percent: 10, minutes: 1, alarmNames: ["errors", "latency"] };

interface Scene {
  /** What the alias stands for; nothing where there is none. */
  readonly live?: string;
  /** When an alarm goes off, in milliseconds. */
  readonly alarmAt?: number;
  /** What CloudWatch knows no alarm of. */
  readonly missing?: string;
  /** When somebody else changes the alias, in milliseconds. */
  readonly changedAt?: number;
  /** Which call AWS refuses, from 0 on. */
  readonly refused?: number;
  readonly allowedMs?: number;
}

/** A gate with an alias and alarms; a sleep takes its time at once. */
function gateWith(scene: Scene) {
  const { live, alarmAt = Infinity, missing, changedAt = Infinity, refused = -1, allowedMs = 840_000 } = scene;
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
          : answer({ FunctionVersion: live, RevisionId: "0" }),
      updateAlias: async ({ RoutingConfig, RevisionId }) => {
        await answer(undefined);
        const current = String(nowMs >= changedAt ? -1 : seen.length);
        if (RevisionId !== undefined && RevisionId !== current) {
          throw Object.assign(new Error("stale"), { name: "PreconditionFailedException" });
        }
        weights = RoutingConfig?.AdditionalVersionWeights ?? {};
        seen.push(weights);
        return { RevisionId: String(seen.length) };
      },
    },
    cloudwatch: {
      describeAlarms: ({ AlarmNames = [], AlarmTypes }) => {
        assert.deepEqual(AlarmTypes, ["MetricAlarm", "CompositeAlarm"]);
        const StateValue = nowMs >= alarmAt ? "ALARM" : "INSUFFICIENT_DATA";
        const found = AlarmNames.filter((name) => name !== missing).map((AlarmName) => ({ AlarmName, StateValue }));
        const isComposite = ({ AlarmName }: { AlarmName: string }) => AlarmName === "latency";
        const [CompositeAlarms, MetricAlarms] = [found.filter(isComposite), found.filter((it) => !isComposite(it))];
        return answer({ CompositeAlarms, MetricAlarms } as DescribeAlarmsCommandOutput);
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

  const REFUSED: [what: string, scene: Scene, said: RegExp, seen: Record<string, number>[]][] = [
    [
      "an alarm goes off",
      { alarmAt: 30_000 },
      /^version 7 .* taken back: alarm errors, latency is on/,
      [{ "7": 0.1 }, {}],
    ],
    ["an alarm is on before", { alarmAt: 0 }, /^version 7 .* not tried: alarm errors, latency is on/, []],
    ["an alarm is not there", { missing: "latency" }, /not tried: there is no alarm latency; correct canary\.al/, []],
    ["somebody changes the alias before", { changedAt: 0 }, /has changed alias live; deploy again/, [{}]],
    ["somebody changes it meanwhile", { changedAt: 30_000 }, /has changed alias live; deploy again/, [{ "7": 0.1 }]],
  ];
  for (const [what, scene, message, seen] of REFUSED) {
    it(`is not let through when ${what}`, async () => {
      const gate = gateWith({ live: "6", ...scene });
      await assert.rejects(gate.wait(), { name: "CanaryFailedError", message });
      assert.deepEqual(gate.seen, seen);
    });
  }

  it("does not begin without the time for it", async () => {
    const late = gateWith({ live: "6", allowedMs: 70_000 });
    await assert.rejects(late.wait(), { name: "VersionPendingError", message: /deploy again/ });
    assert.deepEqual(late.seen, []);
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

  it("says that weights are left where they cannot be taken back after an alarm", async () => {
    const message = /taken back: alarm errors, latency is on; but alias live may still have weights.*AccessDenied/;
    // Alias, alarms, weights, alarms, weights.
    await assert.rejects(gateWith({ live: "6", alarmAt: 5000, refused: 4 }).wait(), {
      name: "CanaryFailedError",
      message,
    });
  });
});
