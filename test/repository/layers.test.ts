import * as assert from "node:assert/strict";
import { importedParts, sourceOf, sources, type Source } from "./sources";

/** From which parts each may import. What is not listed may import all, and nothing imports from it. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  "index.ts": ["stacks"],
  stacks: ["components", "handlers", "policy"],
  // Beside the stacks, whose settings are among theirs.
  policy: ["stacks", "components", "handlers"],
  components: ["handlers"],
  handlers: [],
  local: ["stacks", "policy", "components", "handlers"],
};

function faultsOf(source: Source): string[] {
  const allowed = LAYERS[source.part];
  if (allowed === undefined) return [];
  return importedParts(source)
    .filter((part) => !allowed.includes(part.replace(/^index$/, "index.ts")))
    .map(
      (part) => `${source.file} imports from ${part}; ${source.part} may import from ${allowed.join(", ") || "itself"}`,
    );
}

describe("the parts of the repository", () => {
  it("import from the layers below them only; nothing that deploys imports the local cloud, tests or benchmarks", () => {
    const all = sources();
    for (const part of Object.keys(LAYERS))
      assert.ok(
        all.some((source) => source.part === part),
        part,
      );
    assert.deepEqual(all.flatMap(faultsOf), []);
  });

  it("are told apart however they are imported", () => {
    const ways: [string, string, RegExp?][] = [
      ["policy/settings.ts", 'import { say } from "../local/console";', /from local; policy may/],
      ["policy/settings.ts", 'import type { Region } from "../stacks/shared-schema";'],
      ["policy/rules/tags.ts", 'import type { LocalRun } from "../../local/local-run";', /from local/],
      ["stacks/read.ts", 'export * from "../test/support/mocks";', /from test/],
      ["stacks/read.ts", 'const { run } = await import("../bench/run");', /from bench/],
      [
        "components/internal/packaging/index.ts",
        'const { read } = require("../../../stacks/read");',
        /from stacks; components may/,
      ],
      [
        "handlers/shared/sqs.ts",
        'import { Component } from "../../components/building-blocks/component";',
        /handlers may import from itself/,
      ],
      ["handlers/shared/sqs.ts", 'import { send } from "./send";'],
      ["index.ts", 'import { startCloud } from "./local/cloud";', /from local/],
      ["index.ts", 'import { read } from "./stacks/read";'],
      ["local/play.ts", 'import { until } from "../test/support/cloud";', /from test/],
      ["test/run.ts", 'import { ensureToolchain } from "../local/toolchain";'],
    ];
    for (const [file, text, fault] of ways) {
      const found = faultsOf(sourceOf(file, text)).join("\n");
      if (fault === undefined) assert.equal(found, "");
      else assert.match(found, fault);
    }
  });
});
