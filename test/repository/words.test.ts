import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { ROOT } from "./sources";

// In parts, or this file would be found.
const UNUSUAL = ["to" + "ld", "who" + "ever", "a" + "new", "hee" + "d", "men" + "d"];

describe("texts and comments", () => {
  it("use everyday words", () => {
    const patterns = UNUSUAL.flatMap((word) => ["-e", word]);
    const elsewhere = [":!*package-lock.json", ":!components/internal/iam-data"];
    const found = spawnSync("git", ["grep", "-nwi", ...patterns, "--", ".", ...elsewhere], { cwd: ROOT });
    // git ends with 1 where it has found nothing, with more where it could not look.
    assert.equal(found.status, 1, `${String(found.stdout)}${String(found.stderr)}`);
  });
});
