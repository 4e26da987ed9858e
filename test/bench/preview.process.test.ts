import * as assert from "node:assert/strict";
import { execa } from "execa";
import { figuresOf, furtherCosts, growthsBetween, middle, ratiosTo } from "../../bench/preview/figures";
import { watchProcesses } from "../../bench/preview/processes";
import { settingsOf } from "../../bench/preview/stacks";
import { configurationOf } from "../../stacks/stack-file";

describe("the stacks of the preview bench", () => {
  it("are valid configurations of the size asked for", () => {
    const { deployments } = configurationOf("bench", settingsOf({ accounts: 3, instances: 4 }));
    assert.equal(deployments.length, 12);
    assert.equal(new Set(deployments.map(({ account }) => account.id)).size, 3);
    assert.equal(new Set(deployments.map(({ name }) => name)).size, 12);
  });

  it("are in accounts of their own when numbered apart", () => {
    const [first] = configurationOf("bench", settingsOf({ accounts: 1, instances: 1 })).deployments;
    const [last] = configurationOf("bench", settingsOf({ accounts: 1, instances: 1, firstAccount: 100 })).deployments;
    assert.equal(first?.account.id, "300000000001");
    assert.equal(last?.account.id, "300000000100");
  });
});

describe("the figures of the preview bench", () => {
  const small = { seconds: 4, resources: 100, programBytes: 200_000_000, treeBytes: 500_000_000, cpuSeconds: 5 };
  const large = { seconds: 16, resources: 400, programBytes: 400_000_000, treeBytes: 2_500_000_000, cpuSeconds: 20 };

  it("are medians, figure by figure", () => {
    const slow = { ...large, programBytes: 1 };
    assert.deepEqual(middle([small, large, slow]), { ...large, programBytes: 200_000_000 });
  });

  it("are reported for the whole and for each resource", () => {
    assert.deepEqual(figuresOf("instances1", small), {
      instances1Resources: 100,
      instances1Seconds: 4,
      instances1CpuSeconds: 5,
      instances1MsPerResource: 40,
      instances1ProgramMegabytes: 200,
      instances1TreeMegabytes: 500,
      instances1ProgramKilobytesPerResource: 2000,
      instances1TreeKilobytesPerResource: 5000,
    });
  });

  it("tell linear growth from better and worse", () => {
    assert.deepEqual(growthsBetween(small, large, "1 to 4"), {
      "growth of time, 1 to 4 (1 is linear)": 1,
      "growth of processor time, 1 to 4 (1 is linear)": 1,
      "growth of the program's memory, 1 to 4 (1 is linear)": 0.5,
      "growth of all memory, 1 to 4 (1 is linear)": 1.16,
    });
  });

  it("tell what a further resource costs apart from what every preview costs", () => {
    const huge = { seconds: 40, resources: 1000, programBytes: 800_000_000, treeBytes: 1, cpuSeconds: 80 };
    assert.deepEqual(furtherCosts(small, large, huge, "late beside early"), {
      "time for a further resource, late beside early (1 is linear)": 1,
      "processor time for a further resource, late beside early (1 is linear)": 2,
      "program's memory for a further resource, late beside early (1 is linear)": 1,
    });
  });

  it("are compared with a peer's where the peer has them", () => {
    const ours = { ...figuresOf("one", small), ...figuresOf("four", large) };
    const peer = figuresOf("one", { ...small, seconds: 8, treeBytes: 1_000_000_000 });
    assert.deepEqual(ratiosTo("slow", ours, peer), {
      "oneSeconds / slow": 0.5,
      "oneCpuSeconds / slow": 1,
      "oneProgramMegabytes / slow": 1,
      "oneTreeMegabytes / slow": 0.5,
    });
  });
});

describe("watchProcesses", () => {
  const hold = (bytes: number, more: string): string =>
    `const held = Buffer.alloc(${bytes}, 1); ${more}; setTimeout(() => held, 1500);`;

  it("counts what a process and its children hold", async () => {
    const child = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(hold(100e6, ""))}])`;
    const command = execa(process.execPath, ["-e", hold(50e6, child)]);
    const { programBytes, treeBytes, cpuSeconds } = await watchProcesses(command.pid ?? 0, command);
    assert.ok(treeBytes > 150e6, `${treeBytes} bytes`);
    assert.ok(cpuSeconds > 0, `${cpuSeconds} s`);
    assert.equal(programBytes, 0, "no Pulumi program is among them");
  });

  it("knows a Pulumi program by how the language host starts it", async () => {
    const command = execa(process.execPath, ["-e", hold(50e6, ""), "node_modules/@pulumi/pulumi/cmd/run/index.js"]);
    const { programBytes, treeBytes } = await watchProcesses(command.pid ?? 0, command);
    assert.ok(programBytes > 50e6, `${programBytes} bytes`);
    assert.ok(treeBytes > 50e6, `${treeBytes} bytes`);
  });

  it("ends when the process fails", async () => {
    const command = execa(process.execPath, ["-e", "process.exit(3)"]);
    const memory = watchProcesses(command.pid ?? 0, command);
    await assert.rejects(command, { exitCode: 3 });
    assert.equal((await memory).programBytes, 0);
  });
});
