import * as assert from "node:assert/strict";
import { execa } from "execa";
import { ROOT } from "../../local/local-run";
import { PATTERNS } from "../../stacks/patterns";

function node(script: string, ...args: string[]) {
  return execa(process.execPath, ["-r", "./scripts/register.cjs", script, ...args], {
    cwd: ROOT,
    reject: false,
    all: true,
  });
}

describe("the commands", () => {
  it("say what there is when asked for help", async () => {
    const start = await node("local/start.ts", "--help");
    assert.equal(start.exitCode, 0);
    assert.match(start.stdout, /wavelength-dns/);
    assert.match(start.stdout, /--once/);
    const preview = await node("local/preview.ts", "--help");
    assert.equal(preview.exitCode, 0);
    assert.match(preview.stdout, /dev, local, prod/);
    const test = await node("test/run.ts", "--help");
    assert.equal(test.exitCode, 0);
    assert.match(test.stdout, /--unit/);
    const story = await node("local/story.ts", "--help");
    assert.equal(story.exitCode, 0);
    assert.match(story.stdout, /--json/);
  });

  it("refuse an unknown pattern with the names that exist, before anything is started", async () => {
    for (const script of ["local/start.ts", "local/story.ts"]) {
      const { exitCode, all } = await node(script, "wavelength-dn");
      assert.equal(exitCode, 1);
      assert.equal(
        all,
        `There is no pattern "wavelength-dn". Patterns: ${Object.keys(PATTERNS).sort().join(", ")}. Did you mean "wavelength-dns"?`,
      );
    }
  });

  it("list the stacks where none is named, and say that no test is", async () => {
    const { exitCode, all } = await node("local/preview.ts");
    assert.deepEqual([exitCode, all], [1, "Which stack? npm run preview -- dev | local | prod"]);
    const nothing = await node("test/run.ts", "nosuch", "nor-this");
    assert.deepEqual([nothing.exitCode, nothing.all], [1, "No test file's path contains nosuch or nor-this."]);
  });

  it("refuse an unknown stack with the names that exist, before anything is started", async () => {
    const { exitCode, all } = await node("local/preview.ts", "prodd");
    assert.equal(exitCode, 1);
    assert.equal(all, 'There is no stack "prodd". Stacks: dev, local, prod. Did you mean "prod"?');
  });
});
