/** What CDK's `NodejsFunction` uploads for the same function, with nothing but its defaults. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../../local/local-run";
import type { Progress } from "../support/benchmark";
import { installedPeers } from "../support/peers";
import { addFolder, type Files } from "./archive";

/** @param folder an empty folder */
export async function nodejsFunctionFiles(folder: string, progress: Progress): Promise<Files> {
  const peers = await installedPeers("aws-cdk-lib", progress);
  const entry = join(__dirname, "nodejs-function-entry.ts");
  // The working directory is where CDK looks for esbuild; it then bundles there, without Docker.
  await execa(process.execPath, [join(peers, "nodejs-function.mjs"), entry, ROOT, folder], { cwd: ROOT });
  const asset = (await readdir(folder)).find((name) => name.startsWith("asset."));
  if (asset === undefined) throw new Error("CDK left no asset behind");
  const files = new Map<string, Uint8Array>();
  await addFolder(files, join(folder, asset), "");
  return files;
}
