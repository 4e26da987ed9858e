/** `npm start [-- PATTERN…]`: the local cloud, every pattern deployed to it, their stories played. */
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { bold, fail, green, print, red, say } from "./console";
import { type LocalRun, withLocalRun } from "./local-run";
import { chosenOf, playStories, type StoryResult } from "./play";
import { readByCli } from "./read-by-cli";
import { STORIES } from "./stories";
import { REPORT, writeReport } from "./report";

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
async function waitForPeople(endpoint: string, signal: AbortSignal): Promise<void> {
  print(`\nEverything is deployed. The local cloud answers at ${endpoint}, e.g.`);
  print(`  AWS_ACCESS_KEY_ID=100000000001 AWS_SECRET_ACCESS_KEY=local aws --endpoint-url ${endpoint} \\`);
  print(`    --region us-east-1 route53 list-hosted-zones`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    await terminal.question(bold("Enter destroys everything and ends. "), { signal });
  } finally {
    terminal.close();
  }
}

async function start(patterns: string[], { once }: { once: boolean }): Promise<boolean> {
  const chosen = await chosenOf(patterns);
  const play = (run: LocalRun): Promise<StoryResult[]> =>
    playStories(run, chosen, async (soFar) => {
      await writeReport(soFar);
      if (!once && process.stdin.isTTY && process.stdout.isTTY) await waitForPeople(run.cloud.endpoint, run.signal);
    });
  const results = await withLocalRun(play, (base) => readByCli(base, chosen.file));
  await writeReport(results);
  print(`\n${table(results)}\n`);
  say(`Report: ${REPORT}`);
  return results.length > 0 && results.every(({ ok }) => ok);
}

const command = new Command("npm start --")
  .description("Deploys patterns to a local cloud with the real Pulumi engine and plays their stories.")
  .argument("[pattern...]", "patterns to deploy; all of Pulumi.local.yaml when none is named")
  .option("--once", "end after the stories, also on a terminal", false)
  .addHelpText("after", `\nPatterns: ${Object.keys(STORIES).join(", ")}\nExit code 0 only if every story held.`)
  .action(async (patterns: string[], options: { once: boolean }) => {
    process.exitCode = (await start(patterns, options)) ? 0 : 1;
  });

command.parseAsync().catch(fail);
