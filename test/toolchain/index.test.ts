import * as assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ensureToolchain, ToolchainError, type ToolchainOptions } from "../../local/toolchain";
import { fakePython, withMachine } from "./fakes";

describe("the toolchain", () => {
  const machine = withMachine();

  /** A machine that has everything; a `pip` that does as asked. */
  function options(pip = "true"): ToolchainOptions {
    machine().executable("pulumi", "echo v3.260.0");
    machine().executable("pulumi-language-nodejs", "true");
    machine().executable("python3", fakePython("3.12.1", true, pip));
    const requirements = join(machine().folder, "requirements.txt");
    writeFileSync(requirements, "six==1.17.0\n");
    const { cache, variables, onProgress } = machine();
    return { cacheDirectory: cache, variables, onProgress, requirements };
  }

  it("says where the programs are, and how to run the Pulumi CLI apart from the user's own", async () => {
    const toolchain = await ensureToolchain(options());
    assert.deepEqual(readdirSync(toolchain.pulumi).sort(), ["pulumi", "pulumi-language-nodejs"]);
    assert.ok(toolchain.python.startsWith(machine().cache));
    assert.ok(!("lambdaNode" in toolchain));
    const { PATH, PULUMI_HOME = "", ...rest } = toolchain.environment;
    assert.equal(PATH, `${toolchain.pulumi}${delimiter}${machine().bin}`);
    assert.ok(PULUMI_HOME.startsWith(join(machine().cache, "pulumi-homes")));
    assert.deepEqual(readdirSync(join(PULUMI_HOME, "plugins")).length, 2);
    assert.deepEqual(rest, {
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "false",
    });
  });

  it("fails at once when a part of it fails, and ends the other parts", async () => {
    const slow = options("sleep 60");
    machine().variables["AWS_PATTERNS_LAMBDA_NODE"] = "newest";
    const start = Date.now();
    await assert.rejects(ensureToolchain(slow), (error) => error instanceof ToolchainError);
    assert.ok(Date.now() - start < 20_000);
    assert.deepEqual(
      readdirSync(machine().cache).filter((name) => name.includes("python")),
      [],
    );
  });

  it("stops when asked to", async () => {
    const start = Date.now();
    const signal = AbortSignal.timeout(500);
    await assert.rejects(ensureToolchain({ ...options("sleep 60"), signal }), { name: "TimeoutError" });
    assert.ok(Date.now() - start < 20_000);
  });

  it("says in one line that its cache folder cannot be written", async () => {
    const given = options();
    writeFileSync(machine().cache, "a file where the folder should be");
    await assert.rejects(
      ensureToolchain(given),
      /^ToolchainError: The cache folder .* cannot be written \(\w+\)\. Make/,
    );
  });
});
