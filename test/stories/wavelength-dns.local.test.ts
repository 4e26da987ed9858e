import * as assert from "node:assert/strict";
import { execa } from "execa";
import { ROOT } from "../../local/local-run";

interface StoryJson {
  pattern: string;
  ok: boolean;
  seconds: number;
  checks: { name: string; ok: boolean; detail: string }[];
}

describe("the story of wavelength-dns", () => {
  it("holds, from deployment to an empty account, and is told as JSON on the last line", async () => {
    const { stdout, stderr, exitCode } = await execa("npm", ["run", "story", "--", "wavelength-dns", "--json"], {
      cwd: ROOT,
      reject: false,
    });
    const story = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as StoryJson;
    const failed = story.checks.filter(({ ok }) => !ok);
    assert.deepEqual(failed, [], `${stderr.slice(-4000)}`);
    assert.deepEqual(
      { pattern: story.pattern, ok: story.ok, exitCode },
      { pattern: "wavelength-dns", ok: true, exitCode: 0 },
    );
    assert.ok(story.checks.length >= 12, `${story.checks.length} checks`);
    assert.ok(story.seconds > 0);
  });
});
