/** The sample application, built by this project and by OpenNext, as the folders that Lambda would have. */
import { cpSync, readFileSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { FileArchive } from "@pulumi/pulumi/asset";
import { execa } from "execa";
import { unzipSync } from "fflate";
import { serverArchive } from "../../components/nextjs-site/archives";
import { type NextBuild, readBuild } from "../../components/nextjs-site/build";
import { buildSite, SITE } from "../../local/stories/nextjs-site/build";
import { addFolder, extract, type Files } from "../package/archive";
import type { Progress } from "../support/benchmark";
import { installedPeers } from "../support/peers";

export const PEER = "@opennextjs/aws";

/** Built once, as the story has it. */
export async function siteBuild(application = SITE): Promise<NextBuild> {
  await buildSite(new AbortController().signal);
  const read = readBuild(application, { sourceMaps: false });
  if (!("build" in read)) throw new Error(JSON.stringify(read.faults));
  return read.build;
}

/** What the component gives to Lambda. */
export async function ourServer(): Promise<Files> {
  const archive = serverArchive("bench", await siteBuild()) as FileArchive;
  return new Map(Object.entries(unzipSync(readFileSync(await archive.path))));
}

/** The archive's files on disk. They have one link, to where the server may write. */
export async function extractOurs(files: Files, folder: string): Promise<void> {
  await extract(files, folder);
  const cache = join(folder, ".next", "cache");
  await rm(cache);
  await symlink(`${folder}-cache`, cache);
}

/** OpenNext's functions, built from a copy of the application. @param folder that becomes the copy */
export async function openNextFunctions(folder: string, progress: Progress) {
  const peers = await installedPeers(PEER, progress, "nextjs");
  progress(`building the application with ${PEER} (a minute or two)`);
  await mkdir(folder);
  const isBuilt = (path: string): boolean => path.startsWith(join(SITE, ".next"));
  cpSync(SITE, folder, { recursive: true, verbatimSymlinks: true, filter: (path) => !isBuilt(path) });
  const program = join(peers, "node_modules", PEER, "dist", "index.js");
  // Its image optimiser is installed for arm64 by default, as Lambda has it.
  const env = { NEXT_PUBLIC_RELEASE: "1", NEXT_TELEMETRY_DISABLED: "1" };
  await execa(process.execPath, [program, "build"], { cwd: folder, env, stdin: "ignore", stdout: "ignore" });
  const functions = join(folder, ".open-next");
  return {
    server: join(functions, "server-functions", "default"),
    imageOptimiser: join(functions, "image-optimization-function"),
  };
}

export async function filesIn(folder: string): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  await addFolder(files, folder, "");
  return files;
}
