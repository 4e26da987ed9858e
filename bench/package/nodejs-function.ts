/** What CDK's `NodejsFunction` uploads for the same function, with nothing but its defaults. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../../local/local-run";
import type { Progress } from "../support/benchmark";
import { addFolder, type Files } from "./archive";

const PEERS = join(ROOT, "bench", "peers");

/** @param folder an empty folder */
export async function nodejsFunctionFiles(folder: string, progress: Progress): Promise<Files> {
  await installPeers(progress);
  const entry = join(__dirname, "nodejs-function-entry.ts");
  // The working directory is where CDK looks for esbuild; it then bundles there, without Docker.
  await execa(process.execPath, [join(PEERS, "nodejs-function.mjs"), entry, ROOT, folder], { cwd: ROOT });
  const asset = (await readdir(folder)).find((name) => name.startsWith("asset."));
  if (asset === undefined) throw new Error("CDK left no asset behind");
  const files = new Map<string, Uint8Array>();
  await addFolder(files, join(folder, asset), "");
  return files;
}

/** Installs what bench/peers/package-lock.json pins, once. */
async function installPeers(progress: Progress): Promise<void> {
  const check = await execa("npm", ["ls", "--all"], { cwd: PEERS, reject: false });
  if (check.exitCode === 0) return;
  progress("installing aws-cdk-lib, which is compared with (once)");
  await execa("npm", ["ci", "--no-audit", "--no-fund"], { cwd: PEERS, stdout: "ignore" });
}
