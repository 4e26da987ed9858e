import * as assert from "node:assert/strict";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { benchCommand, benchmarkNames } from "../../bench/support/command";

const ROOT = join(__dirname, "../..");
const FIXTURES = join(__dirname, "fixtures");

async function bench(...args: string[]) {
  const output: string[] = [];
  const progress: string[] = [];
  const command = benchCommand({
    folder: FIXTURES,
    print: (text) => output.push(text),
    progress: (line) => progress.push(line),
  });
  await command.exitOverride().parseAsync(["node", "bench", ...args]);
  return { output: output.join("\n"), progress };
}

describe("npm run bench", () => {
  it("says what there is when no name is given", async () => {
    const { output } = await bench();
    assert.match(output, /^Usage: npm run bench -- \[options\] \[name\]/);
    assert.match(output, /^ {2}fake +Counts to three, beside one who cannot\.$/m);
    assert.match(output, /^ {2}broken +Fails\.$/m);
  });

  it("refuses an unknown name with the names that exist and the nearest one", async () => {
    await assert.rejects(bench("fakes"), {
      name: "PlainError",
      message: 'There is no benchmark "fakes". Benchmarks: broken, fake, helper. Did you mean "fake"?',
    });
  });

  it("refuses a file that is no benchmark", async () => {
    await assert.rejects(bench("helper"), {
      name: "PlainError",
      message: "bench/helper.ts is no benchmark: it exports no run().",
    });
  });

  it("prints exactly what scripts are promised with --json, and progress elsewhere", async () => {
    const { output, progress } = await bench("fake", "--json");
    assert.equal(
      output,
      '{"bench":"fake","ours":{"counted":3,"bytes":1234567},' +
        '"peers":{"the one who cannot":{"counted":30}},"ratio":{"counted":0.1}}',
    );
    assert.deepEqual(progress, ["counting"]);
  });

  it("shows ours beside the peers', ratios, and goals met and missed", async () => {
    const { output } = await bench("fake");
    const lines = stripVTControlCharacters(output)
      .split("\n")
      .map((line) => line.trim().replaceAll(/ {2,}/g, " | "));
    assert.ok(lines.includes("ours | the one who cannot"), output);
    assert.ok(lines.includes("counted | 3 | 30"), output);
    assert.ok(lines.includes("bytes | 1,234,567 | -"), output);
    assert.ok(lines.includes("counted | 0.1"), output);
    assert.ok(lines.includes("Goals: 1 of 2 goals missed"), output);
    assert.ok(lines.includes("met | numbers: 3, at most 3 wanted"), output);
    assert.ok(lines.includes("MISSED | megabytes: 1.235, at most 1 wanted"), output);
    assert.ok(lines.includes("Numbers are whole."), output);
  });

  it("passes on why a benchmark could not run", async () => {
    await assert.rejects(bench("broken"), { message: "the disk is full" });
  });

  it("finds the project's benchmarks, and not its own command", () => {
    const names = benchmarkNames(join(ROOT, "bench"));
    for (const name of ["dns", "package"]) assert.ok(names.includes(name), name);
    assert.ok(!names.includes("run"));
  });

  it("ends with code 1 and one line for an unknown name, with nothing on standard output", async () => {
    const run = await execa(process.execPath, ["-r", "./scripts/register.cjs", "bench/run.ts", "packages"], {
      cwd: ROOT,
      reject: false,
    });
    assert.equal(run.exitCode, 1);
    assert.equal(run.stdout, "");
    assert.match(run.stderr, /^There is no benchmark "packages"\. .* Did you mean "package"\?$/);
  });
});
