import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./sources";

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** What the lint of imports finds in a folder. */
function violationsIn(folder: string): string[] {
  const cli = join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
  const configuration = join(ROOT, ".dependency-cruiser.mjs");
  const options = ["--config", configuration, "--output-type", "json", "."];
  const { stdout, stderr } = spawnSync(process.execPath, [cli, ...options], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(stderr, "");
  const { summary } = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } };
  return summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`).sort();
}

const BROKEN: Readonly<Record<string, string>> = {
  "policy/settings.ts": 'import { say } from "../local/console"; say();',
  "policy/rules/tags.ts":
    'import type { Say } from "../../local/console"; export const tag: Say | undefined = undefined;',
  "policy/rule.ts": 'export type Rule = import("../local/console").Say;',
  "stacks/read.ts": 'export * from "../test/mocks";',
  "stacks/run.ts": 'export const run = () => import("../bench/run");',
  "components/read.ts": 'export const { read } = require("../stacks/read");',
  "handlers/sqs.ts": 'import { read } from "../components/read"; read();',
  "bench/run.ts": 'import { mocks } from "../test/mocks"; export const run = mocks;',
  "index.ts": 'import { say } from "./local/console"; import { run } from "./stacks/run"; say(); void run();',
  "local/console.ts": "export const say = () => undefined; export type Say = typeof say;",
  "test/mocks.ts": 'import { say } from "../local/console"; export const mocks = say;',
  "handlers/a.ts": 'import type { B } from "./b"; export interface A { b: B }',
  "handlers/b.ts": 'import type { A } from "./a"; export interface B { a: A }',
};

describe("the imports of the repository", () => {
  it("go to the layers below only, and in no circles", () => {
    assert.deepEqual(violationsIn(ROOT), []);
  });

  it("are refused else, in whichever way they are written", () => {
    const folder = mkdtempSync(join(tmpdir(), "aws-patterns-imports-"));
    try {
      for (const [file, text] of Object.entries(BROKEN)) {
        mkdirSync(join(folder, dirname(file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
      writeFileSync(join(folder, "tsconfig.json"), "{}");
      symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
      assert.deepEqual(violationsIn(folder), [
        "layers-of-bench: bench/run.ts -> test/mocks.ts",
        "layers-of-components: components/read.ts -> stacks/read.ts",
        "layers-of-handlers: handlers/sqs.ts -> components/read.ts",
        "layers-of-index.ts: index.ts -> local/console.ts",
        "layers-of-policy: policy/rule.ts -> local/console.ts",
        "layers-of-policy: policy/rules/tags.ts -> local/console.ts",
        "layers-of-policy: policy/settings.ts -> local/console.ts",
        "layers-of-stacks: stacks/read.ts -> test/mocks.ts",
        "layers-of-stacks: stacks/run.ts -> bench/run.ts",
        "no-circles: handlers/a.ts -> handlers/b.ts",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
