import * as assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { execa } from "execa";
import { startLocalRun } from "../../local/local-run";
import { type Clone, cloneProject } from "../support/clone";

/** Command lines of processes that mention a string. */
async function processesWith(text: string): Promise<string[]> {
  const { stdout } = await execa("ps", ["-eo", "args"]);
  return stdout.split("\n").filter((line) => line.includes(text));
}

/** Waits for a line of a running command's output. */
async function lineOf(output: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  let seen = "";
  for (;;) {
    const [chunk] = (await once(output, "data")) as [Buffer];
    seen += chunk.toString();
    const found = pattern.exec(seen);
    if (found !== null) return found[0];
  }
}

describe("a local run", () => {
  // What other tests run at the same time has its folders elsewhere.
  let clone: Clone;
  before(() => (clone = cloneProject()));
  after(() => clone?.remove());

  it("has a folder and a port of its own, and leaves neither behind", async () => {
    const { signal } = new AbortController();
    const runs = await Promise.all([startLocalRun(signal), startLocalRun(signal)]);
    try {
      const [one, two] = runs;
      assert.notEqual(one?.folder, two?.folder);
      assert.notEqual(one?.cloud.endpoint, two?.cloud.endpoint);
      for (const { cloud } of runs) assert.equal((await fetch(`${cloud.endpoint}/_ministack/health`)).status, 200);
    } finally {
      for (const run of runs) await run.stop();
    }
    for (const { folder, cloud } of runs) {
      assert.ok(!existsSync(folder), `${folder} is still there`);
      await assert.rejects(fetch(cloud.endpoint));
      assert.deepEqual(await processesWith(folder), []);
    }
  });

  it("ends with everything it started when it is interrupted in the middle of an update", async () => {
    const args = ["-r", "./scripts/register.cjs", "local/start.ts", "wavelength-dns", "--verbose"];
    const start = execa(process.execPath, args, { cwd: clone.folder, all: true, reject: false });
    await lineOf(start.all, /\+ aws:sqs\/queue:Queue/);
    start.kill("SIGINT");
    const { exitCode, all } = await start;
    assert.equal(exitCode, 130);
    assert.match(all, /Stopped\. Everything that was started is gone\./);
    const port = /emulator ready at (http:\/\/127\.0\.0\.1:\d+)/.exec(all)?.[1] ?? "";
    await assert.rejects(fetch(port));
    assert.deepEqual(await processesWith(`${clone.folder}/local/.state/run-`), []);
  });

  // On a terminal all processes get the signal: the CLI, providers and policies, and esbuild, too.
  for (const [stage, line] of [
    ["while the provider is built", /Pulumi CLI/],
    ["while accounts are prepared", /Preparing account/],
    ["in the middle of an update", /\+ aws:sns\/topic:Topic/],
    ["while a story previews a program", /Costs can be distinguished by tags/],
  ] as const) {
    it(`says that it stopped, and leaves nothing, when Ctrl-C is pressed ${stage}`, async () => {
      const args = ["-r", "./scripts/register.cjs", "local/start.ts", "cost-guardrails", "--once", "--verbose"];
      const start = execa(process.execPath, args, { cwd: clone.folder, all: true, reject: false, detached: true });
      await lineOf(start.all, line);
      process.kill(-(start.pid ?? assert.fail()), "SIGINT");
      const { exitCode, all } = await start;
      assert.equal(exitCode, 130, all);
      const said = all.slice(all.indexOf("Stopping ...")).split("\n").slice(1);
      assert.equal(said.pop(), "Stopped. Everything that was started is gone.");
      // What was done in this moment is still reported.
      assert.deepEqual(
        said.filter((line) => !/^ +[\d.]+ s {2}(✔|emulator ready|Python packages)/.test(line)),
        [],
      );
      assert.deepEqual(
        clone.leftovers().filter((name) => name.startsWith("run-")),
        [],
      );
      assert.deepEqual(await processesWith(`${clone.folder}/local/.state/run-`), []);
    });
  }
});
