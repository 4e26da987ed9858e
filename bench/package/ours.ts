/** What `CallbackLambda` uploads in a program that has installed the published package. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import type * as packaging from "../../components/internal/packaging";
import { ROOT, STATE } from "../../local/local-run";
import { type Files, filesOf } from "./archive";
import type * as callback from "./callback";

/** Packs the library as `npm publish` would, and unpacks it where it finds this project's packages. */
async function install(folder: string): Promise<string> {
  const { stdout } = await execa("npm", ["pack", "--json", "--pack-destination", folder], { cwd: ROOT });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [{ filename: string }];
  const library = join(folder, "node_modules", "aws-patterns");
  await mkdir(library, { recursive: true });
  await execa("tar", ["-xzf", join(folder, filename), "-C", library, "--strip-components", "1"]);
  return join(library, "dist");
}

export async function ourFiles(): Promise<Files> {
  await mkdir(STATE, { recursive: true });
  const folder = await mkdtemp(join(STATE, "bench-"));
  try {
    const dist = await install(folder);
    // As deep in the library as here, so that the callback finds the library's handlers where it finds ours.
    const outdir = join(dist, "bench", "package");
    const entryPoints = ["callback", "settings"].map((name) => join(__dirname, `${name}.ts`));
    await build({ entryPoints, outdir, format: "cjs", platform: "node", target: "node20", logLevel: "silent" });
    const load = createRequire(join(outdir, "_"));
    const { callbackArchive, packageCallback } = load("../../components/internal/packaging") as typeof packaging;
    const { reconcileCallback } = load("./callback") as typeof callback;
    return await filesOf(callbackArchive(await packageCallback(reconcileCallback())), "/");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
