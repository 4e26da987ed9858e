/**
 * `npm test`: types, lint and every test; `npm run test:unit`: the tests that need nothing but themselves. A test that
 * needs the local cloud lives in a file named `*.local.test.ts`; one that starts other programs (a compiler, the Pulumi
 * SDK's, a shell), in `*.process.test.ts`.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { fail, PlainError } from "../local/console";
import { ensureToolchain } from "../local/toolchain";

interface Counts {
  passed: number;
  failed: number;
  /** Of each test file. */
  seconds?: Record<string, number>;
}

const root = join(__dirname, "..");

/** Test files side by side: those of the local cloud wait most of the time, each for a cloud of its own. */
const PARALLEL = ["--parallel", "--jobs", String(Math.max(2, availableParallelism()))];

/** Parts of paths of the tests that take longest, which begin first, so that nothing waits for them at the end. */
const LONGEST = ["stories/live-changes", "stories/stories", "broken-files", "library", "stack-files", "deployer"];

/**
 * Tests that have processes of their own: to package a function, Pulumi's SDK attaches V8's debugger to its process, where
 * promises take twice as long from then on, and these tests are mostly promises. They run beside the other unit tests:
 * each process loads only what its own part needs.
 */
const HANDLERS = join("test", "handlers");

const HALF_OF_THE_PROCESSORS = Math.floor(availableParallelism() / 2);
const UNIT_OPTIONS = HALF_OF_THE_PROCESSORS > 1 ? ["--parallel", "--jobs", String(HALF_OF_THE_PROCESSORS)] : [];

/** With "--exit", since whatever a failed test leaves open must not keep the run from telling its result. */
const LOCAL_OPTIONS = [
  ...["--timeout", "600000", "--exit", ...PARALLEL],
  // In this order: the second one is TypeScript.
  ...["--require", "./scripts/register.cjs", "--require", "./test/support/leftovers.ts"],
];

/** Seconds of each part of this run, in the order of their end. */
const parts: [name: string, seconds: number][] = [];

async function timed<Result>(name: string, work: Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work;
  parts.push([name, (performance.now() - start) / 1000]);
  return result;
}

function printTimes(files: Record<string, number>): void {
  const slowest = Object.entries(files).sort(([, one], [, two]) => two - one);
  const print = (title: string, rows: [name: string, seconds: number][]): void => {
    console.log(`\n${title}`);
    for (const [name, seconds] of rows) console.log(`${seconds.toFixed(1).padStart(9)}  ${name}`);
  };
  print("Seconds of each part", parts);
  print("Slowest test files (seconds in tests, without hooks)", slowest.slice(0, 10));
}

/** One command that passes or fails as a whole; its output is shown only when it fails. */
async function check(name: string, command: string, args: string[]): Promise<Counts> {
  const result = await execa(command, args, {
    cwd: root,
    reject: false,
    all: true,
    preferLocal: true,
    stdin: "ignore",
  });
  const ok = result.exitCode === 0;
  console.log(`${ok ? "✔" : "✘"} ${name}${ok ? "" : `\n${result.all}`}`);
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** @param until what is printed meanwhile; what this prints is held back until it has ended */
async function mocha(name: string, files: string[], extra: string[], until?: Promise<unknown>): Promise<Counts> {
  if (files.length === 0) return { passed: 0, failed: 0 };
  const title = `\n— ${name}: ${files.length} files`;
  if (until === undefined) console.log(title);
  const folder = mkdtempSync(join(tmpdir(), "aws-patterns-test-"));
  const countsFile = join(folder, "counts.json");
  try {
    const run = execa("mocha", ["--reporter", "test/support/reporter.js", ...extra, ...files], {
      cwd: root,
      reject: false,
      preferLocal: true,
      all: true,
      stdio: until === undefined ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      env: { AWS_PATTERNS_COUNTS_FILE: countsFile },
    });
    const result = await timed(name, run);
    await until;
    if (until !== undefined) console.log(`${title}\n${result.all}`);
    // A run that ends without counts (a syntax error, a crash) is one failure, never an empty success.
    if (!existsSync(countsFile)) return { passed: 0, failed: 1 };
    const counts = JSON.parse(readFileSync(countsFile, "utf8")) as Counts;
    return result.exitCode === 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Once for all test files, and with its progress shown: it may take minutes on a new machine. */
async function prepareToolchain(): Promise<void> {
  await ensureToolchain({
    onProgress: (step, detail) => console.log(detail === undefined ? step : `${step}: ${detail}`),
  });
}

function rank(file: string): number {
  const place = LONGEST.findIndex((part) => file.includes(part));
  return place < 0 ? LONGEST.length : place;
}

function testFiles(selection: string[]): string[] {
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .filter((file) => selection.length === 0 || selection.some((name) => file.includes(name)))
    .map((file) => join("test", file))
    .sort((one, two) => rank(one) - rank(two) || one.localeCompare(two));
}

async function test(selection: string[], { unit: unitOnly }: { unit: boolean }): Promise<void> {
  const files = testFiles(selection);
  if (files.length === 0) throw new PlainError(`No test file's path contains ${selection.join(" or ")}.`);
  const isUnit = (file: string): boolean => !/\.(local|process)\.test\.ts$/.test(file);
  const local = files.filter((file) => !isUnit(file));
  const counts: Counts[] = [];
  if (!unitOnly && selection.length === 0) {
    counts.push(
      ...(await Promise.all([
        timed("types", check("types (tsc)", "tsc", ["--noEmit"])),
        timed("lint", check("lint (eslint)", "eslint", ["--max-warnings", "0", "."])),
        timed("format", check("format (prettier)", "prettier", ["--check", "--log-level", "warn", "."])),
      ])),
    );
  }
  const isHandlers = (file: string): boolean => file.startsWith(HANDLERS);
  const unit = files.filter(isUnit);
  const others = unit.filter((file) => !isHandlers(file));
  const handlers = mocha("handlers", unit.filter(isHandlers), UNIT_OPTIONS);
  counts.push(...(await Promise.all([handlers, mocha("unit", others, UNIT_OPTIONS, handlers)])));
  if (!unitOnly && local.length > 0) {
    await timed("toolchain", prepareToolchain());
    counts.push(await mocha("local cloud and processes", local, LOCAL_OPTIONS));
  }
  const passed = counts.reduce((sum, part) => sum + part.passed, 0);
  const failed = counts.reduce((sum, part) => sum + part.failed, 0);
  printTimes(Object.assign({}, ...counts.map((part) => part.seconds)) as Record<string, number>);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

new Command("npm test --")
  .description("Checks types, lint and format, and runs every test.")
  .argument("[part...]", "run only the test files whose path contains one of these")
  .option("--unit", "only tests that need neither the local cloud nor other programs (npm run test:unit)", false)
  .addHelpText("after", "\nFor example: npm test -- wavelength; npm run test:unit -- components/cost-report")
  .action(test)
  .parseAsync()
  .catch(fail);
