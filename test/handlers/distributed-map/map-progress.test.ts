import * as assert from "node:assert/strict";
import { RedriveExecutionCommand } from "@aws-sdk/client-sfn";
import * as fc from "fast-check";
import { lengths, progressText, regionOf, watch } from "../../../handlers/distributed-map/map-progress";

const ARN = "arn:aws:states:eu-west-1:111111111111:execution:machine:run";

/** Step Functions with a run that is further each time it is asked. */
function fakeClient(states: readonly (readonly [status: string, succeeded: number])[]) {
  const sent: string[] = [];
  let at = -1;
  const send = (command: object): Promise<unknown> => {
    sent.push(command.constructor.name);
    if (command.constructor.name === "DescribeExecutionCommand") at = Math.min(at + 1, states.length - 1);
    const [status, succeeded = 0] = states[at] ?? [];
    if (command instanceof RedriveExecutionCommand) return Promise.resolve({});
    const itemCounts = { total: 4, succeeded, failed: 0, running: 4 - succeeded, pending: 0 };
    return Promise.resolve({ status, mapRuns: [{ mapRunArn: "run" }], itemCounts });
  };
  return { client: { send } as never, sent };
}

describe("npm run map-progress", () => {
  it("draws a bar of its width, each part within one of its share", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1e6), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 80 }),
        (parts, width) => {
          const total = parts.reduce((sum, part) => sum + part, 0);
          const drawn = lengths(parts, width);
          assert.equal(
            drawn.reduce((sum, part) => sum + part, 0),
            total === 0 ? 0 : width,
          );
          parts.forEach((part, i) => assert.ok(Math.abs((drawn[i] ?? 0) - (total && (part / total) * width)) <= 1));
        },
      ),
    );
  });

  it("tells how many items have succeeded, failed, run and wait", () => {
    const counts = { total: 10, succeeded: 4, failed: 1, timedOut: 1, aborted: 0, running: 2, pending: 2 };
    assert.equal(progressText(counts, 10), "[####xx>>..] 60 % 4 succeeded, 2 failed, 2 running, 2 pending of 10");
    const none = { total: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0, running: 0, pending: 0 };
    assert.match(progressText(none, 4), /^\[ {4}\] 0 %/);
  });

  it("writes plain lines into a log, one for each change, and one line over and over on a terminal", async () => {
    const states = [
      ["RUNNING", 1],
      ["RUNNING", 1],
      ["SUCCEEDED", 4],
    ] as const;
    for (const [isTTY, lines] of [
      [false, 3],
      [true, 2],
    ] as const) {
      let text = "";
      const output = { isTTY, write: (part: string) => (text += part) };
      const status = await watch(fakeClient(states).client, ARN, output, { intervalMs: 0 });
      assert.equal(status, "SUCCEEDED");
      assert.equal(text.trim().split("\n").length, lines);
      assert.equal(text.includes("\r"), isTTY);
      assert.ok(text.endsWith("4 succeeded, 0 failed, 0 running, 0 pending of 4\nSUCCEEDED\n"));
    }
  });

  it("redrives first, where asked to", async () => {
    const { client, sent } = fakeClient([["FAILED", 0]]);
    assert.equal(await watch(client, ARN, { write: () => undefined }, { redrive: true }), "FAILED");
    assert.equal(sent[0], "RedriveExecutionCommand");
  });

  it("finds the region in the ARN, and refuses what is no Standard execution", () => {
    assert.equal(regionOf(ARN), "eu-west-1");
    for (const wrong of ["run", ARN.replace("execution", "express"), ARN.replace(":run", "")]) {
      assert.throws(() => regionOf(wrong), /is no ARN of a Standard execution/);
    }
  });
});
