import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

describe("the repository", () => {
  it("pins every package by version and integrity, and names no download address", () => {
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
      packages: Record<string, { version?: string; integrity?: string; resolved?: string; link?: boolean }>;
    };
    for (const [path, entry] of Object.entries(lock.packages)) {
      // This repository's own packages: the root, and those in folders with the links to them.
      if (!path.includes("node_modules/")) continue;
      if (entry.link === true) {
        assert.ok(entry.resolved !== undefined && entry.resolved in lock.packages, `${path} leads elsewhere`);
        continue;
      }
      assert.ok(entry.version, `${path} has no version`);
      assert.ok(entry.integrity, `${path} has no integrity hash`);
      assert.equal(entry.resolved, undefined, `${path} names a download address`);
    }
  });
});
