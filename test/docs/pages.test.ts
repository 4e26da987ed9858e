import * as assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { parseConfiguration } from "../../stacks/config";
import { PATTERNS } from "../../stacks/patterns";
import { blocks, documents, prose, read, ROOT } from "./markdown";

const HEADINGS = [
  "What it is for",
  "Diagram",
  "Minimal example",
  "Arguments",
  "What it creates",
  "Permissions",
  "Cost",
  "What happens when X fails",
  "How to operate it",
  "Differences from the original post, and why",
  "Limits",
];

function headings(text: string): string[] {
  // What looks like a heading in a code block is a comment.
  return [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
}

/** As GitHub makes it of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}

describe("the page of every pattern", () => {
  for (const pattern of Object.keys(PATTERNS)) {
    const text = read(join("docs", `${pattern}.md`));

    it(`${pattern}: has the headings that all pages have`, () => {
      assert.deepEqual(headings(text).slice(1), HEADINGS);
    });

    it(`${pattern}: has diagrams, and is in the README's table`, () => {
      assert.ok(blocks(text, "mermaid").length >= 2);
      assert.ok(read("README.md").includes(`| [\`${pattern}\`](docs/${pattern}.md)`));
    });
  }
});

describe("the documents", () => {
  it("show stack files without fault", () => {
    const examples = documents().flatMap((document) =>
      blocks(read(document), "yaml").map((text): [string, string] => [document, text]),
    );
    const complete = examples.filter(([, text]) => text.includes("aws-patterns:patterns") && !text.includes("…"));
    assert.ok(complete.length >= 2);
    for (const [document, text] of complete) {
      const { config } = load(text) as { config: Record<string, unknown> };
      const raw = { accounts: config["aws-patterns:accounts"], patterns: config["aws-patterns:patterns"] };
      assert.equal(parseConfiguration(raw, "example").faults, undefined, document);
    }
  });

  it("link to files and headings that exist", () => {
    for (const document of documents()) {
      for (const [, target = "", , heading] of read(document).matchAll(/\]\((?!https?:)([^)#]*)(#([^)]*))?\)/g)) {
        const path = target === "" ? document : join(document, "..", target);
        assert.ok(existsSync(join(ROOT, path)), `${document} links to ${target}`);
        if (heading !== undefined) assert.ok(headings(read(path)).map(anchor).includes(heading), `#${heading}`);
      }
    }
  });
});
