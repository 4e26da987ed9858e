import * as assert from "node:assert/strict";
import { execa } from "execa";
import { ROOT } from "../../local/local-run";
import { stackNames } from "../../stacks/stack-file";
import { STORIES } from "../../local/stories";

interface StoryJson {
  pattern: string;
  ok: boolean;
  seconds: number;
  checks: { name: string; ok: boolean; detail: string }[];
}

describe("npm start", () => {
  it("deploys every pattern, plays the stories side by side, and ends with an empty account", async function () {
    // On a new machine it builds the sample applications first.
    this.timeout(1_800_000);
    const { all, exitCode } = await execa("npm", ["start", "--", "--once"], { cwd: ROOT, reject: false, all: true });
    const failed = all.split("\n").filter((line) => line.includes("✘"));
    assert.deepEqual(failed, [], all.slice(-4000));
    assert.equal(exitCode, 0, all.slice(-4000));
    for (const pattern of Object.keys(STORIES)) {
      // Where there is no JDK, say.
      if (new RegExp(`- {2}${pattern} +skipped, as`).test(all)) continue;
      const [, held, checks] = new RegExp(`✔ {2}${pattern} +(\\d+)/(\\d+) checks`).exec(all) ?? [];
      assert.ok(Number(checks) >= 5 && held === checks, `${pattern}: ${held} of ${checks} checks`);
    }
  });
});

describe("npm run story", () => {
  it("plays one story, and tells it as JSON on the last line", async () => {
    const pattern = "cost-guardrails";
    const { stdout, stderr, exitCode } = await execa("npm", ["run", "story", "--", pattern, "--json"], {
      cwd: ROOT,
      reject: false,
    });
    const story = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as StoryJson;
    const failed = story.checks.filter(({ ok }) => !ok);
    assert.deepEqual(failed, [], stderr.slice(-4000));
    assert.deepEqual({ pattern: story.pattern, ok: story.ok, exitCode }, { pattern, ok: true, exitCode: 0 });
    assert.ok(story.seconds > 0);
  });
});

describe("the preview of every stack", () => {
  it("shows what would be made, with no violation of the policy pack", async () => {
    for (const stack of await stackNames()) {
      const { all, exitCode } = await execa("npm", ["run", "preview", "--", stack], {
        cwd: ROOT,
        reject: false,
        all: true,
      });
      assert.equal(exitCode, 0, all.slice(-4000));
      assert.match(all, new RegExp(`Preview of ${stack}: \\d+ resources to create`));
      assert.doesNotMatch(all, /mandatory|advisory|warning/);
    }
  });
});
