import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { ROOT } from "./sources";

// In parts, or this file would be found.
const UNUSUAL = ["to" + "ld", "who" + "ever", "a" + "new", "hee" + "d", "men" + "d"];

describe("texts and comments", () => {
  it("use everyday words", function () {
    const patterns = UNUSUAL.flatMap((word) => ["-e", word]);
    const elsewhere = [":!*package-lock.json", ":!components/internal/iam-data"];
    try {
      assert.equal(
        execFileSync("git", ["grep", "-nwi", ...patterns, "--", ".", ...elsewhere], { cwd: ROOT, encoding: "utf8" }),
        "",
      );
    } catch (error) {
      // Nothing was found.
      if ((error as { status?: number }).status !== 1) throw error;
    }
  });
});
