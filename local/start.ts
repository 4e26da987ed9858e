/** `npm start [-- PATTERN…]`: the local cloud, every pattern deployed to it, their stories played. */
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { bold, dim, fail, green, logTo, print, red, say } from "./console";
import { type LocalRun, STATE, withLocalRun } from "./local-run";
import { chosenOf, type Pause, playStories, type StoryResult } from "./play";
import { readByCli } from "./read-by-cli";
import { STORIES } from "./stories";
import { REPORT, writeReport } from "./report";

const LOG = join(STATE, "start.log");

function table(results: readonly StoryResult[]): string {
  const width = Math.max(...results.map((each) => each.name.length));
  const rows = results.map(({ name: instance, ok, seconds, checks, skipped }) => {
    const name = instance.padEnd(width);
    if (skipped !== undefined) return ["-", name, `skipped, as ${skipped}`];
    const held = `${checks.filter((check) => check.ok).length}/${checks.length} checks`;
    return [ok ? green("✔") : red("✘"), name, held.padStart(14), `${seconds.toFixed(1)} s`.padStart(9)];
  });
  return rows.map((row) => `  ${row.join("  ")}`).join("\n");
}

/** Lets people look at what is deployed; Enter goes on. */
async function waitForPeople({ commands }: Pause, { cloud, signal }: LocalRun): Promise<void> {
  print(`\nEverything is deployed. In another terminal, with the AWS CLI:\n`);
  print(`  export AWS_ENDPOINT_URL=${cloud.endpoint} AWS_SECRET_ACCESS_KEY=local AWS_PAGER=`);
  for (const [{ name, id, region }, ofAccount] of commands) {
    print(`\n  export AWS_ACCESS_KEY_ID=${id} AWS_DEFAULT_REGION=${region}  ${dim(`# account ${name}`)}`);
    for (const command of ofAccount) print(`  ${command}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    await terminal.question(bold("\nEnter destroys everything and ends. "), { signal });
  } finally {
    terminal.close();
  }
}

interface Options {
  readonly once: boolean;
  readonly verbose: boolean;
}

async function start(patterns: string[], { once, verbose }: Options): Promise<boolean> {
  logTo(LOG, { verbose });
  const chosen = await chosenOf(patterns);
  const play = (run: LocalRun): Promise<StoryResult[]> =>
    playStories(run, chosen, async (pause) => {
      await writeReport(pause.results);
      if (!once && process.stdin.isTTY && process.stdout.isTTY) await waitForPeople(pause, run);
    });
  const results = await withLocalRun(play, (base) => readByCli(base, chosen.file));
  await writeReport(results);
  print(`\n${table(results)}\n`);
  say(`Report: ${REPORT}`);
  say(`Log, with every resource: ${LOG}`);
  return results.length > 0 && results.every(({ ok }) => ok);
}

const command = new Command("npm start --")
  .description("Deploys patterns to a local cloud with the real Pulumi engine and plays their stories.")
  .argument("[pattern...]", "patterns to deploy; all of Pulumi.local.yaml when none is named")
  .option("--once", "end after the stories, also on a terminal", false)
  .option("--verbose", "also what is in the log: each resource, and the toolchain's parts", false)
  .addHelpText("after", `\nPatterns: ${Object.keys(STORIES).join(", ")}\nExit code 0 only if every story held.`)
  .action(async (patterns: string[], options: Options) => {
    process.exitCode = (await start(patterns, options)) ? 0 : 1;
  });

command.parseAsync().catch(fail);
