/** That no version is let through untried, and no weights stay, over every order of the steps of two canaries. */
import * as assert from "node:assert/strict";
import { CanaryFailedError, type CanaryDeps, tryCanary } from "../../../handlers/snapstart/canary";
import type { Call } from "../../../handlers/shared/retry";
import { exploreInterleavings, type Stage, type World } from "../../support/interleavings";

const error = (name: string) => Object.assign(new Error(name), { name });
const ANSWER_LOST = "TimeoutError";
const again: Call = (_, operation) =>
  operation().catch((problem: Error) => (problem.name === ANSWER_LOST ? operation() : Promise.reject(problem)));

/** A deployment of a version: its canary, and then the move of the alias. */
interface Deployment {
  readonly version: string;
  /** Whether its weights stood, and no alarm was on, whenever it looked since it gave them. */
  holds?: boolean;
  /** Whether that was so until it took them back itself. */
  tried?: boolean;
}

/** @param drop what of the calls is left out, to see that the model would notice */
function site(versions: readonly string[], drop?: "RevisionId"): (stage: Stage) => World {
  return (stage) => {
    const alias = { version: "6", weights: {} as Record<string, number>, revision: 0 };
    let [alarm, turns] = ["OK", 0];
    /** Which run gave weights last. */
    let last = "";
    const deployments: Record<string, Deployment> = {};
    const deploy = async (name: string, version: string): Promise<void> => {
      const outside = stage.callFor(name);
      const own: Deployment = (deployments[name] = { version });
      const lambda: CanaryDeps["lambda"] = {
        getAlias: () => outside("read", () => ({ FunctionVersion: alias.version, RevisionId: String(alias.revision) })),
        updateAlias: (input) =>
          outside("weigh", () => {
            if (
              input.RevisionId !== undefined &&
              drop !== "RevisionId" &&
              input.RevisionId !== String(alias.revision)
            ) {
              throw error("PreconditionFailedException");
            }
            for (const each of Object.values(deployments)) if (each !== own) each.holds = false;
            alias.weights = input.RoutingConfig?.AdditionalVersionWeights ?? {};
            alias.revision += 1;
            if (version in alias.weights) [last, own.holds] = [name, true];
            else own.tried = own.holds === true;
            return { RevisionId: String(alias.revision) };
          }),
      };
      const describeAlarms = () =>
        outside("look", () => {
          if (alarm === "ALARM") own.holds = false;
          return { MetricAlarms: [{ AlarmName: "errors", StateValue: alarm } as { StateValue: "ALARM" | "OK" }] };
        });
      let now = 0;
      await tryCanary(
        { functionName: "records", version },
        // Two looks.
        { aliasName: "live", percent: 10, minutes: 1 / 6, alarmNames: ["errors"] },
        {
          lambda,
          cloudwatch: { describeAlarms },
          now: () => now,
          random: () => 0.5,
          sleep: (milliseconds) => Promise.resolve(void (now += milliseconds)),
        },
        { call: again, closing: again },
      );
      await outside("move", () => {
        assert.ok(own.tried === true || alias.version === version, `version ${version} was not tried`);
        Object.assign(alias, { version, weights: {}, revision: alias.revision + 1 });
      });
    };
    const change = (next: string) => ({
      name: `the alarm is ${next}`,
      isPossible: () => turns < 2 && alarm !== next,
      happen: () => {
        [alarm, turns] = [next, turns + 1];
        return [];
      },
    });
    return {
      processes: Object.fromEntries(versions.map((version, n) => [`up ${n}`, () => deploy(`up ${n}`, version)])),
      state: () => JSON.stringify([alias, alarm, turns, last, deployments]),
      check: (ended) => {
        assert.ok(!(alias.version in alias.weights), "the alias has a weight for its own version");
        for (const { error: problem } of Object.values(ended)) {
          if (problem !== undefined) assert.ok(problem instanceof CanaryFailedError, String(problem));
        }
        // Nobody comes after it, whichever was killed before.
        if (last in ended) assert.deepEqual(alias.weights, {}, "weights are left");
      },
      faults: [
        {
          name: "answer lost",
          operations: ["weigh"],
          hasEffect: true,
          error: () => error(ANSWER_LOST),
        },
      ],
      mostFaults: 1,
      happenings: [change("ALARM"), change("OK")],
      mostCalls: 12,
    };
  };
}

describe("canaries, in every order of the steps of two deployments", () => {
  for (const versions of [
    ["7", "7"],
    ["7", "8"],
  ]) {
    it(`let versions ${versions.join(" and ")} through once they were tried, and leave no weights`, async () => {
      const { ends } = await exploreInterleavings(site(versions));
      assert.ok(ends > 10);
    }).timeout(60_000);
  }

  it("would let a version through untried if the alias's revision did not count", () =>
    assert.rejects(
      exploreInterleavings(site(["7", "8"], "RevisionId")),
      /was not tried|weights are left|own version/,
    )).timeout(60_000);
});
