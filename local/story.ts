/** `npm run story -- PATTERN [--json]`: one pattern's story. */
import { join } from "node:path";
import { Command } from "commander";
import { fail, logTo, progressToStandardError } from "./console";
import { STATE, withLocalRun } from "./local-run";
import { chosenOf, playStories } from "./play";
import { readByCli } from "./read-by-cli";

const command = new Command("npm run story --")
  .description("Deploys one pattern to the local cloud and plays its story.")
  .argument("<pattern>", "the pattern, as in Pulumi.local.yaml")
  .option("--json", "the last line of standard output is the result as JSON; progress goes to standard error", false)
  .option("--verbose", "also each resource, and the toolchain's parts", false)
  .action(async (pattern: string, { json, verbose }: { json: boolean; verbose: boolean }) => {
    if (json) progressToStandardError();
    logTo(join(STATE, "story.log"), { verbose });
    const chosen = await chosenOf([pattern]);
    const results = await withLocalRun(
      (run) => playStories(run, chosen, async () => {}),
      (base) => readByCli(base, chosen.file),
    );
    const ok = results.length > 0 && results.every((result) => result.ok);
    const seconds = Math.max(...results.map((result) => result.seconds));
    const checks = results.flatMap((result) => result.checks.map(({ name, ok, detail }) => ({ name, ok, detail })));
    const skipped = results.find((result) => result.skipped !== undefined)?.skipped;
    if (json)
      console.log(JSON.stringify({ pattern, ok, seconds, checks, ...(skipped === undefined ? {} : { skipped }) }));
    process.exitCode = ok ? 0 : 1;
  });

command.parseAsync().catch(fail);
