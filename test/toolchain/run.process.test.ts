import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ask, findOnPath, run } from "../../local/toolchain/run";
import { withMachine } from "./fakes";

const shell = (script: string) => ({ command: "sh", args: ["-c", script], cwd: __dirname, variables: process.env });

/** Starts a grandchild that would live for a minute, tells its id, and waits for it. */
const longScript = "sleep 60 & echo pid $!; wait";

async function untilGone(pid: number): Promise<void> {
  const patience = Date.now() + 5000;
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    assert.ok(Date.now() < patience, `process ${pid} is still there`);
    await delay(20);
  }
}

describe("finding a program", () => {
  const machine = withMachine();

  it("takes the first executable file on PATH, and skips folders that are excluded", () => {
    const { bin, folder } = machine();
    mkdirSync(join(bin, "tool"));
    writeFileSync(join(folder, "plain"), "");
    chmodSync(join(folder, "plain"), 0o644);
    const second = machine().executable("tool", "true", join(folder, "second"));
    const third = machine().executable("tool", "true", join(folder, "third"));
    const variables = { PATH: ["relative", bin, join(folder, "second"), join(folder, "third")].join(":") };
    assert.equal(findOnPath("tool", variables), second);
    assert.equal(
      findOnPath("tool", variables, (place) => place.endsWith("second")),
      third,
    );
    assert.equal(findOnPath("plain", { PATH: folder }), undefined);
    assert.equal(findOnPath("tool", {}), undefined);
  });

  it("asks it with exactly the environment given, and takes failure for no answer", async () => {
    const tool = machine().executable("tool", 'echo "${SECRET-none} $1"; exit "$2"');
    assert.equal(await ask(tool, ["hello", "0"], { SECRET: "given" }), "given hello");
    assert.equal(await ask(tool, ["hello", "0"], {}), "none hello");
    assert.equal(await ask(tool, ["hello", "3"], {}), undefined);
    assert.equal(await ask(join(machine().bin, "absent"), [], {}), undefined);
  });
});

describe("running a command", () => {
  it("passes on its lines as they come, and says how it ended", async () => {
    const lines: string[] = [];
    const outcome = await run({ ...shell("echo one; echo two >&2; exit 4"), onLine: (line) => lines.push(line) });
    assert.deepEqual(lines.sort(), ["one", "two"]);
    assert.equal(outcome.ok, false);
    assert.deepEqual(outcome.output.split("\n").sort(), ["one", "two"]);
    assert.deepEqual(await run(shell("echo fine")), { ok: true, output: "fine" });
  });

  it("keeps the end of a long output", async () => {
    const { output } = await run(shell("i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo line $i; done"));
    assert.equal(output.split("\n").length, 200);
    assert.ok(output.endsWith("line 500"));
  });

  it("reports a program that does not exist as a failure", async () => {
    const outcome = await run({ ...shell(""), command: "no-such-program-here" });
    assert.equal(outcome.ok, false);
    assert.match(outcome.output, /ENOENT/);
  });

  it("ends a command and its children when asked to", async () => {
    const controller = new AbortController();
    let pid = 0;
    const onLine = (line: string): void => {
      pid = Number(line.replace("pid ", ""));
      controller.abort(new Error("enough"));
    };
    await assert.rejects(run({ ...shell(longScript), signal: controller.signal, onLine }), /enough/);
    await untilGone(pid);
    await assert.rejects(run({ ...shell("true"), signal: controller.signal }), /enough/);
  });

  it("leaves no process behind when this one is killed outright", async () => {
    const script = `
      const { run } = require(${JSON.stringify(join(__dirname, "../../local/toolchain/run"))});
      void run({ command: "sh", args: ["-c", ${JSON.stringify(longScript)}], cwd: "/", variables: process.env, onLine: console.log });`;
    const args = ["-r", "./scripts/register.cjs", "-e", script];
    const parent = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [data] = (await once(parent.stdout, "data")) as [Buffer];
    parent.kill("SIGKILL");
    await untilGone(Number(/pid (\d+)/.exec(data.toString())?.[1]));
  });
});
