import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { writePolicyPack } from "../../policy/bundle";

const ROOT = join(__dirname, "..", "..");

/** Within the project, where its packages are found; not in git. */
const STATE = join(ROOT, "local", ".state");

/**
 * What a policy pack prints when it is started by the analyzer that comes with the CLI, in the pack's folder: the port
 * that it listens on.
 */
function portOf(folder: string): Promise<string> {
  return portPrinted("run-policy-pack", ["127.0.0.1:1", "."], folder);
}

/** The same when it is started by a program of the Pulumi SDK. */
async function portPrinted(program: string, args: string[], cwd: string): Promise<string> {
  const runner = require.resolve(`@pulumi/pulumi/cmd/${program}`);
  const child = spawn(process.execPath, [runner, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  try {
    const failed = ended.then(() => Promise.reject(new Error(String(child.stderr.read()))));
    const [printed] = (await Promise.race([once(child.stdout, "data"), failed])) as [Buffer];
    return printed.toString().trim();
  } finally {
    child.kill();
    await ended;
  }
}

describe("the policy pack's start", () => {
  it("works from its own folder, compiled by Pulumi, in the project's version", async () => {
    assert.match(await portOf(join(ROOT, "policy")), /^\d+$/);
    const version = (folder: string) =>
      (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
    assert.equal(version(join(ROOT, "policy")), version(ROOT));
  });

  it("works as a CLI with a Node.js language host starts it: as a plugin, in the stack's folder", async () => {
    assert.match(await portPrinted("run-plugin", [join(ROOT, "policy"), "127.0.0.1:1"], ROOT), /^\d+$/);
  });

  it("works as one file, for any runtime, with the stack's settings beside it", async () => {
    mkdirSync(STATE, { recursive: true });
    const folder = mkdtempSync(join(STATE, "policy-pack-"));
    try {
      const packed = await writePolicyPack(folder, {
        runtime: "other",
        settings: { severities: { imdsv2: "advisory" } },
      });
      assert.match(await portOf(packed.directory), /^\d+$/);
      assert.deepEqual(load(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8")), { runtime: "other" });
      const configuration = JSON.parse(readFileSync(packed.configurationFile, "utf8")) as unknown;
      assert.deepEqual(configuration, { imdsv2: { enforcementLevel: "advisory" } });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
