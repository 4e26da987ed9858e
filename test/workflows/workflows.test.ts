import * as assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { load } from "js-yaml";
import { cacheFolder } from "../../local/toolchain";

const FOLDER = join(__dirname, "..", "..", ".github", "workflows");
const ACTIONLINT = "v1.7.7";

interface Job {
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  steps: { uses?: string; run?: string }[];
}

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

/** actionlint, built once for each version into the cache folder. */
async function actionlint(): Promise<string> {
  const bin = join(cacheFolder(process.env), `actionlint-${ACTIONLINT}`);
  const executable = join(bin, "actionlint");
  if (existsSync(executable)) return executable;
  mkdirSync(bin, { recursive: true });
  const build = await execa("go", ["install", `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`], {
    env: { GOBIN: bin },
    reject: false,
  });
  assert.equal(
    build.exitCode,
    0,
    `actionlint is a Go program: install Go to check the workflows.\n${build.stderr ?? ""}`,
  );
  return executable;
}

describe("the workflows", () => {
  const files = readdirSync(FOLDER);

  for (const file of files) {
    const text = readFileSync(join(FOLDER, file), "utf8");
    const workflow = load(text) as Workflow;

    it(`${file}: pins every action by digest, with its version beside it`, () => {
      const uses = text.split("\n").filter((line) => /\buses:/.test(line));
      assert.ok(uses.length > 0);
      for (const line of uses) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it(`${file}: gives every job the least permissions and a time limit`, () => {
      assert.deepEqual(workflow.permissions, { contents: "read" });
      for (const [name, job] of Object.entries(workflow.jobs)) {
        assert.ok(job.permissions, `${name} has no permissions`);
        assert.ok((job["timeout-minutes"] ?? 0) > 0, `${name} has no timeout-minutes`);
      }
    });

    it(`${file}: puts nothing from outside into a shell`, () => {
      for (const { steps } of Object.values(workflow.jobs)) {
        for (const { run } of steps) assert.ok(run === undefined || !run.includes("${{"), run);
      }
    });
  }

  it("are clean for actionlint", async () => {
    const { all, exitCode } = await execa(
      await actionlint(),
      files.map((file) => join(FOLDER, file)),
      {
        reject: false,
        all: true,
      },
    );
    assert.equal(exitCode, 0, all);
  }).timeout(300_000);
});
