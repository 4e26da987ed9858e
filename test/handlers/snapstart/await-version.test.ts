import * as assert from "node:assert/strict";
import type { Context } from "aws-lambda";
import { type AwaitVersionDeps, makeAwaitVersion } from "../../../handlers/snapstart/await-version";

type Seen =
  | {
      State: "Pending" | "Active" | "Inactive" | "Failed";
      StateReason?: string;
      SnapStart?: { OptimizationStatus: "On" | "Off" };
    }
  | Error;

/** A gate to which Lambda says one state after the other, the last one for ever; a sleep takes its time at once. */
function gateThatSees(states: readonly Seen[], allowedMs = 60_000) {
  let nowMs = 0;
  const asked: (string | undefined)[] = [];
  const deps: AwaitVersionDeps = {
    now: () => nowMs,
    random: () => 0.5,
    sleep: (milliseconds) => {
      nowMs += milliseconds;
      return Promise.resolve();
    },
    telemetry: { info: () => undefined, error: () => undefined },
    lambda: {
      getFunctionConfiguration({ Qualifier }) {
        const seen = states[Math.min(asked.length, states.length - 1)] as Seen;
        asked.push(Qualifier);
        return seen instanceof Error ? Promise.reject(seen) : Promise.resolve(seen);
      },
      getAlias: () => assert.fail("no canary was asked for"),
      updateAlias: () => assert.fail("no canary was asked for"),
    },
    cloudwatch: { describeAlarms: () => assert.fail("no canary was asked for") },
  };
  const handler = makeAwaitVersion(undefined, deps);
  const context = { getRemainingTimeInMillis: () => allowedMs - nowMs } as Context;
  return { wait: () => handler({ functionName: "records", version: "7" }, context), asked };
}

const ACTIVE: Seen = { State: "Active", SnapStart: { OptimizationStatus: "On" } };

describe("the gate of versions", () => {
  it("lets a version through when it is active and has a snapshot", async () => {
    const { wait, asked } = gateThatSees([{ State: "Pending" }, { State: "Pending" }, ACTIVE]);
    assert.deepEqual(await wait(), { version: "7" });
    assert.deepEqual(asked, ["7", "7", "7"]);
  });

  it("asks again when Lambda throttles", async () => {
    const throttled = Object.assign(new Error("slow down"), { name: "TooManyRequestsException" });
    assert.deepEqual(await gateThatSees([throttled, ACTIVE]).wait(), { version: "7" });
  });

  const REFUSED: [what: string, state: Seen, said: RegExp][] = [
    [
      "failed",
      { State: "Failed", StateReason: "the hook threw" },
      /VersionFailedError: version 7 of records is Failed: the hook threw/,
    ],
    ["is idle", { State: "Inactive" }, /VersionFailedError: .* is Inactive: no reason given/],
    [
      "has no snapshot",
      { State: "Active", SnapStart: { OptimizationStatus: "Off" } },
      /VersionFailedError: .* SnapStart is off/,
    ],
    ["is pending for too long", { State: "Pending" }, /VersionPendingError: .* still being initialized/],
    ["may not be read", Object.assign(new Error("no"), { name: "AccessDeniedException" }), /AccessDeniedException/],
  ];
  for (const [what, state, said] of REFUSED) {
    it(`lets no version through that ${what}`, () =>
      assert.rejects(gateThatSees([state]).wait(), (error: Error) => said.test(`${error.name}: ${error.message}`)));
  }
});
