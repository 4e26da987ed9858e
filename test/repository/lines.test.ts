import * as assert from "node:assert/strict";
import { countLines, linesOfRepository, overLimit, PARTS } from "../../scripts/count-lines";

describe("the lines of the repository", () => {
  it("stay below the limits of each part", () => {
    const lines = linesOfRepository();
    console.log(
      `      ${Object.entries(lines)
        .map(([part, count]) => `${part} ${count}`)
        .join(", ")}`,
    );
    assert.deepEqual(overLimit(lines), []);
  });

  it("are counted in one part each, without what nobody wrote", () => {
    const texts: Record<string, string> = {
      "index.ts": "a\nb\n",
      "local/provider/engine.ts": "a\n",
      "local/provider/package-lock.json": "a\n",
      "local/play.ts": "a\nb\nc\n",
      "docs/images/a.png": "\n",
      "package.json": "a\n",
    };
    const counted = countLines(Object.keys(texts), (file) => texts[file] ?? "");
    const found = Object.entries(counted).filter(([, count]) => count > 0);
    assert.deepEqual(Object.fromEntries(found), { product: 2, "local/provider": 1, "local, other": 3 });
  });

  it("are too many from the first above the limit", () => {
    const limit = PARTS.docs?.limit ?? 0;
    assert.deepEqual(overLimit({ docs: limit }), []);
    assert.deepEqual(overLimit({ docs: limit + 1 }), [
      `docs has ${limit + 1} lines, and may have ${limit}: scripts/count-lines.ts`,
    ]);
  });
});
