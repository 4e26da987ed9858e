import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { steps, telling, type Context } from "./context";
import { lastMeaningfulLine } from "./errors";
import { isExecutable, run } from "./run";
import { PULUMI_VERSION } from "./versions";

/** A download that brings nothing for this long is given up, at the start as later. */
const longestStallMs = 15_000;
const longestMs = 10 * 60_000;

/**
 * Runs the Automation API's installer in a process of its own: it has no means of being stopped otherwise, and passes
 * its work on to a shell.
 */
const installer = `
const [automation, semver, root, version] = process.argv.slice(1);
const { PulumiCommand } = require(automation);
const { SemVer } = require(semver);
PulumiCommand.install({ root, version: new SemVer(version) }).then(
  () => process.exit(0),
  (error) => { console.error(error.message); process.exit(1); },
);
`;

/** Downloads the Pulumi CLI into `folder`/bin. Returns undefined on success, else why it did not work. */
export async function downloadPulumi(
  folder: string,
  context: Context,
  script: string = installer,
  stallMs: number = longestStallMs,
): Promise<string | undefined> {
  const temporary = join(folder, "download");
  await mkdir(temporary);
  const guard = watchGrowth(folder, stallMs);
  try {
    const outcome = await telling(
      (elapsed) => context.onProgress(steps.pulumi, `downloading v${PULUMI_VERSION} (${elapsed})`),
      run({
        command: process.execPath,
        args: ["-e", script, ...modules(), folder, PULUMI_VERSION],
        cwd: folder,
        // The installer's own temporary files go where their growth can be watched.
        variables: { ...context.variables, TMPDIR: temporary },
        signal: context.signal ? AbortSignal.any([context.signal, guard.signal]) : guard.signal,
      }),
    );
    if (!outcome.ok) return lastMeaningfulLine(outcome.output);
    return isExecutable(join(folder, "bin", "pulumi-language-nodejs")) ? undefined : "it came without Node.js support";
  } catch (error) {
    context.signal?.throwIfAborted();
    if (guard.signal.aborted) return String(guard.signal.reason);
    throw error;
  } finally {
    guard.stop();
    await rm(temporary, { recursive: true, force: true });
  }
}

function modules(): [automation: string, semver: string] {
  const automation = require.resolve("@pulumi/pulumi/automation");
  // The installer compares versions with the SDK's own copy of semver.
  return [automation, createRequire(automation).resolve("semver")];
}

function watchGrowth(folder: string, stallMs: number): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const start = Date.now();
  let size = 0;
  let grown = start;
  const look = async (): Promise<void> => {
    const now = Date.now();
    const current = await sizeOf(folder);
    if (current !== size) [size, grown] = [current, now];
    if (now - grown > stallMs) controller.abort(`nothing arrived for ${stallMs / 1000} s`);
    else if (now - start > longestMs) controller.abort(`it took over ${longestMs / 60_000} min`);
  };
  const timer = setInterval(() => void look().catch(() => undefined), Math.min(1000, stallMs / 4));
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}

async function sizeOf(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    // Files come and go while the installer works.
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    total += found?.size ?? 0;
  }
  return total;
}
