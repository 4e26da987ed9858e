import * as assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as ts from "typescript";
import { ROOT } from "./sources";

const LEFT_OUT = ["node_modules", ".git", ".state", "dist"];
const SCRIPT = ["-r", "./scripts/register.cjs", "scripts/new-pattern/new-pattern.ts"];

describe("npm run new-pattern", () => {
  let folder: string;
  let made: string[];

  const node = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "aws-patterns-new-"));
    cpSync(ROOT, folder, { recursive: true, filter: (path) => !LEFT_OUT.includes(basename(path)) });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const { status, stdout, stderr } = node(...SCRIPT, "queue-sweeper");
    assert.equal(status, 0, stderr);
    made = stdout.trim().split("\n");
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("makes a pattern that type-checks", () => {
    const { config } = ts.readConfigFile(join(folder, "tsconfig.json"), ts.sys.readFile) as { config: unknown };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
    const files = made.filter((file) => file.endsWith(".ts")).map((file) => join(folder, file));
    assert.ok(files.length >= 10);
    const program = ts.createProgram(files, { ...options, noEmit: true });
    const faults = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
    assert.deepEqual(
      faults.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
      [],
    );
  });

  it("makes tests, a page and a story that hold, beside those of the other patterns", () => {
    const tests = made.filter((file) => file.endsWith(".test.ts"));
    assert.equal(tests.length, 2);
    const others = ["test/docs/pages.test.ts", "test/docs/args.process.test.ts", "test/stories/stories.test.ts"];
    const { status, stdout } = node("node_modules/mocha/bin/mocha.js", ...tests, ...others);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /queue-sweeper: has the headings/);
  });

  it("touches the places that docs/adding-a-pattern.md names, of which there are eight, and four tables", () => {
    const page = readFileSync(join(ROOT, "docs", "adding-a-pattern.md"), "utf8");
    const [, table = ""] = /## Places\n(.*?)\n## /s.exec(page) ?? [];
    const places = [...table.matchAll(/^\| `([^`]+)` /gm)].map(([, place = ""]) =>
      place.replace("<pattern>", "queue-sweeper").replace(/\*.*$/, ""),
    );
    assert.equal(places.length, 8);
    const tables = made.filter((file) => !places.some((place) => file.startsWith(place)));
    assert.deepEqual(tables, ["README.md", "components/index.ts", "local/stories/index.ts", "stacks/patterns.ts"]);
    for (const file of tables) assert.ok(table.includes(`\`${file}\``), file);
  });

  it("refuses a name that is taken, or that is none", () => {
    assert.match(
      node(...SCRIPT, "cost-report").stderr,
      /^error: .*components\/cost-report\/args\.ts.* there already\n$/,
    );
    for (const name of ["Sweeper", "sweeper", "queue_sweeper", ""]) {
      assert.match(node(...SCRIPT, name).stderr, /^error: ".*" is no name for a pattern/);
    }
    assert.match(node(...SCRIPT, "sweeper", "queueSweeper").stderr, /^error: "queueSweeper" is no name for a class/);
  });
}).timeout(240_000);
