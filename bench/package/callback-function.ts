/**
 * What `aws.lambda.CallbackFunction` uploads for the same callback, with nothing but its defaults: `__index.js` and the
 * `dependencies` of the program's package.json with all that those depend on. The handler's modules cannot be captured
 * (Pulumi refuses to serialise bound functions in them), so that they go along as files, compiled one by one.
 */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { build } from "esbuild";
import { ROOT } from "../../local/local-run";
import { type Files, filesOf } from "./archive";
import { reconcileCallback } from "./callback";

const HANDLER = join(ROOT, "handlers", "wavelength-dns", "handler.ts");

/**
 * The `dependencies` that go along: all of this program's, as is; or only those that the handler imports, as if the
 * program had no other purpose (the project's own packaging needs esbuild, which a user of CallbackFunction would not).
 */
export type Extent = "program" | "handler";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The handler's own modules, relative to the project, and the packages that they import. */
async function modulesOfHandler(): Promise<{ modules: string[]; packages: string[] }> {
  const { metafile } = await build({
    entryPoints: [HANDLER],
    absWorkingDir: ROOT,
    bundle: true,
    packages: "external",
    platform: "node",
    write: false,
    metafile: true,
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const external = imports.filter((each) => each.external === true && !each.path.startsWith("node:"));
  const packages = external.map(({ path }) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  return { modules: Object.keys(metafile.inputs), packages: [...new Set(packages)].sort() };
}

/** A program's folder: its package.json, its packages, and the handler's modules as JavaScript. */
async function writeProgram(folder: string, extent: Extent): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Manifest;
  const { modules, packages } = await modulesOfHandler();
  const wanted =
    extent === "program" ? dependencies : Object.fromEntries(packages.map((name) => [name, dependencies[name]]));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "program", dependencies: wanted }));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await build({
    entryPoints: modules,
    absWorkingDir: ROOT,
    outdir: join(folder, "handlers"),
    outbase: "handlers",
    format: "cjs",
    platform: "node",
    target: "node22",
    logLevel: "silent",
  });
}

/** Takes the archive that the function is registered with. */
async function register(): Promise<pulumi.asset.AssetArchive> {
  return new Promise((resolve, reject) => {
    const newResource = ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
      const { code } = inputs as { code?: pulumi.asset.AssetArchive };
      if (type === "aws:lambda/function:Function" && code !== undefined) resolve(code);
      return { id: name, state: inputs as Record<string, unknown> };
    };
    pulumi.runtime
      .setMocks({ newResource, call: ({ inputs }) => inputs as Record<string, unknown> })
      .then(() => {
        new aws.lambda.CallbackFunction("reconcile", {
          callback: reconcileCallback(),
          codePathOptions: {
            extraIncludePaths: ["./handlers"],
            // Pulumi misses it, since only packages within others' node_modules depend on it: without it nothing starts.
            extraIncludePackages: ["@aws/lambda-invoke-store"],
          },
          policies: [],
        });
      })
      .catch(reject);
  });
}

/** @param folder an empty folder; it becomes the program's */
export async function callbackFunctionFiles(folder: string, extent: Extent): Promise<Files> {
  await writeProgram(folder, extent);
  const before = process.cwd();
  // Pulumi looks for package.json from there on upwards.
  process.chdir(folder);
  try {
    const files = new Map(await filesOf(await register(), folder));
    const index = files.get("__index.js");
    if (index === undefined) throw new Error("the archive of CallbackFunction has no __index.js");
    // A callback written in the program's folder imports its handler from there.
    files.set("__index.js", Buffer.from(Buffer.from(index).toString().replaceAll("../../handlers/", "./handlers/")));
    return files;
  } finally {
    process.chdir(before);
  }
}
