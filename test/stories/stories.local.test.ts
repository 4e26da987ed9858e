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

describe("the story of every pattern", () => {
  for (const pattern of Object.keys(STORIES)) {
    it(`${pattern}: holds, from deployment to an empty account, and is told as JSON on the last line`, async () => {
      const { stdout, stderr, exitCode } = await execa("npm", ["run", "story", "--", pattern, "--json"], {
        cwd: ROOT,
        reject: false,
      });
      const story = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as StoryJson;
      const failed = story.checks.filter(({ ok }) => !ok);
      assert.deepEqual(failed, [], `${stderr.slice(-4000)}`);
      assert.deepEqual({ pattern: story.pattern, ok: story.ok, exitCode }, { pattern, ok: true, exitCode: 0 });
      assert.ok(story.checks.length >= 10, `${story.checks.length} checks`);
      assert.ok(story.seconds > 0);
    });
  }
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
      assert.match(all, new RegExp(`Preview of ${stack}: \\d+ to create`));
      assert.doesNotMatch(all, /mandatory|advisory|warning/);
    }
  });
});
