import * as assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, buildApp } from "../../local/toolchain/apps";

describe("the build of a sample application", () => {
  const folder = mkdtempSync(join(tmpdir(), "aws-patterns-app-"));
  after(() => rmSync(folder, { recursive: true }));
  let builds = 0;
  const app = (build: App["build"]): App => ({
    folder,
    sources: ["package.json", "src"],
    built: "dist",
    record: "built-of",
    commands: "a moment",
    build,
  });
  const build = async (): Promise<void> => {
    builds += 1;
    await Promise.resolve(mkdirSync(join(folder, "dist"), { recursive: true }));
  };

  it("runs once, and again when a source has changed, the build has gone, or the last one failed", async () => {
    mkdirSync(join(folder, "src", "deep"), { recursive: true });
    for (const file of ["package.json", "src/deep/page.ts", "other"]) writeFileSync(join(folder, file), file);
    const built = async (): Promise<number> => {
      builds = 0;
      await buildApp(app(build));
      return builds;
    };
    assert.deepEqual([await built(), await built()], [1, 0]);
    appendFileSync(join(folder, "other"), "is no source");
    assert.equal(await built(), 0);
    appendFileSync(join(folder, "src/deep/page.ts"), "is one");
    await assert.rejects(buildApp(app(() => Promise.reject(new Error("no room")))), /no room/);
    assert.deepEqual([await built(), await built()], [1, 0]);
    rmSync(join(folder, "dist"), { recursive: true });
    assert.equal(await built(), 1);
  });
});
