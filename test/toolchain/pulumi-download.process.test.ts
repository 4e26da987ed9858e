import * as assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { downloadPulumi } from "../../local/toolchain/pulumi-download";
import { PULUMI_VERSION } from "../../local/toolchain/versions";
import { withMachine } from "./fakes";

describe("downloading the Pulumi CLI", () => {
  const machine = withMachine();

  function target(): string {
    const folder = join(machine().folder, "target");
    mkdirSync(folder);
    return folder;
  }

  const install = `
    const { mkdirSync, writeFileSync } = require("node:fs");
    const [automation, semver, root, version] = process.argv.slice(1);
    if (!require(automation).PulumiCommand.install) throw new Error("not the Automation API");
    if (new (require(semver).SemVer)(version).version !== "${PULUMI_VERSION}") throw new Error("not this version");
    writeFileSync(process.env.TMPDIR + "/archive", "temporary");
    mkdirSync(root + "/bin");`;

  it("succeeds when the installer delivers, and leaves only what it delivered", async () => {
    const script = `${install} writeFileSync(root + "/bin/pulumi-language-nodejs", "", { mode: 0o755 });`;
    const folder = target();
    assert.equal(await downloadPulumi(folder, machine().context, script), undefined);
    assert.deepEqual(readdirSync(folder), ["bin"]);
    assert.equal(machine().said[0], `Pulumi CLI: downloading v${PULUMI_VERSION} (0 s)`);
  });

  it("is no success without the Node.js language host", async () => {
    assert.equal(await downloadPulumi(target(), machine().context, install), "it came without Node.js support");
  });

  it("says why the installer failed", async () => {
    const script = `console.error("Error: Failed to download it: fetch failed"); process.exit(1)`;
    const refusal = await downloadPulumi(target(), machine().context, script);
    assert.equal(refusal, "Error: Failed to download it: fetch failed");
  });

  it("is given up when nothing arrives, however long the installer would go on", async () => {
    const folder = target();
    const refusal = await downloadPulumi(folder, machine().context, "setTimeout(() => undefined, 60_000)", 300);
    assert.equal(refusal, "nothing arrived for 0.3 s");
    assert.ok(!existsSync(join(folder, "download")));
  });

  it("goes on as long as something arrives", async () => {
    const script = `${install}
      const { appendFileSync } = require("node:fs");
      const timer = setInterval(() => appendFileSync(process.env.TMPDIR + "/archive", "more"), 100);
      setTimeout(() => { clearInterval(timer); writeFileSync(root + "/bin/pulumi-language-nodejs", "", { mode: 0o755 }); }, 6500);`;
    // Long enough for a busy machine to start the installer.
    assert.equal(await downloadPulumi(target(), machine().context, script, 5000), undefined);
  });

  it("ends as an abort, not as a refusal, when the run is asked to stop", async () => {
    const context = { ...machine().context, signal: AbortSignal.timeout(200) };
    await assert.rejects(downloadPulumi(target(), context, "setTimeout(() => undefined, 60_000)"), {
      name: "TimeoutError",
    });
  });
});
