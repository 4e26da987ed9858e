/** `npm run bench -- NAME [--json]`: finds the benchmarks of a folder, runs one, shows its figures. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command, type Help } from "commander";
import { PlainError } from "../../local/console";
import { nearest } from "../../stacks/faults";
import type { Benchmark, BenchResult, Progress } from "./benchmark";
import { describeResult } from "./table";

export interface CommandOptions {
  /** Folder whose files are the benchmarks. */
  readonly folder: string;
  /** Takes what belongs on standard output. */
  readonly print: (text: string) => void;
  readonly progress: Progress;
}

/** Names of the benchmarks in a folder: its files, but for the command's own. */
export function benchmarkNames(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isFile() ? (/^([\w-]+)\.ts$/.exec(entry.name)?.[1] ?? []) : []))
    .filter((name) => name !== "run")
    .sort();
}

/** First sentence of a file's opening comment. */
function summary(folder: string, name: string): string {
  const text = readFileSync(join(folder, `${name}.ts`), "utf8");
  const comment = /^\/\*\*(.*?)\*\//s.exec(text)?.[1] ?? "";
  const words = comment
    .replaceAll(/^\s*\*/gm, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return /^.*?\.(?=\s|$)/.exec(words)?.[0] ?? words;
}

async function load(folder: string, name: string): Promise<Benchmark> {
  const known = benchmarkNames(folder);
  if (!known.includes(name)) {
    throw new PlainError(`There is no benchmark "${name}". Benchmarks: ${known.join(", ")}. ${nearest(name, known)}`);
  }
  const module = (await import(join(folder, name))) as Partial<Benchmark>;
  if (module.run === undefined) throw new PlainError(`bench/${name}.ts is no benchmark: it exports no run().`);
  return { run: module.run };
}

/** Exactly what scripts are promised, whatever else a benchmark reports. */
function machineReadable(bench: string, { ours, peers, ratio }: BenchResult): string {
  return JSON.stringify({ bench, ours, peers, ratio });
}

export function benchCommand({ folder, print, progress }: CommandOptions): Command {
  const names = benchmarkNames(folder);
  const width = Math.max(...names.map((name) => name.length));
  const summaries = (help: Help): string[] =>
    names.map((name) => help.formatItem(name, width, summary(folder, name), help));
  return new Command("npm run bench --")
    .description("Measures this project beside what it is an alternative to.")
    .argument("[name]", "the benchmark to run")
    .option("--json", "the last line of standard output is the result as JSON, in place of a table", false)
    .addHelpText("after", ({ command }) => {
      const help = command.createHelp();
      help.helpWidth = process.stdout.columns || 100;
      return `\nBenchmarks:\n${summaries(help).join("\n")}\n\nA missed goal is said, and no failure.`;
    })
    .configureOutput({ writeOut: (text) => print(text.trimEnd()) })
    .action(async (name: string | undefined, { json }: { json: boolean }, command: Command) => {
      if (name === undefined) return command.outputHelp();
      const benchmark = await load(folder, name);
      const result = await benchmark.run(progress);
      print(json ? machineReadable(name, result) : `\n${describeResult(name, result)}`);
    });
}
