import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../../local/local-run";
import type { Progress } from "./benchmark";

/**
 * Installs, once, what the lock file of a folder under bench/peers pins.
 *
 * @param what is installed, for people who wait
 * @returns the folder
 */
export async function installedPeers(what: string, progress: Progress, ...path: readonly string[]): Promise<string> {
  const cwd = join(ROOT, "bench", "peers", ...path);
  // npm writes this file last.
  const installed = join(cwd, "node_modules", ".package-lock.json");
  const lock = join(cwd, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return cwd;
  progress(`installing ${what}, which is compared with (once)`);
  await execa("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], { cwd, stdout: "ignore" });
  return cwd;
}
