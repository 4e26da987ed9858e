/** What `npm pack` makes of the repository for users. */
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

export const ROOT = join(__dirname, "..", "..");

/** What is packed, and what packs it. */
const PARTS = [
  ...["components", "handlers", "local", "scripts", "stacks", "tsconfig.json", "tsconfig.build.json"],
  ...["package.json", ".npmrc", "README.md", "CHANGELOG.md", "LICENSE"],
];

export interface PackedLibrary {
  /** Where it was packed, with its `dist`. */
  readonly folder: string;
  readonly tarball: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
}

/** Packs a copy, since packing writes `dist` and README.md, which other tests read. */
export async function packLibrary(): Promise<PackedLibrary> {
  const folder = await mkdtemp(join(tmpdir(), "aws-patterns-packed-"));
  const filter = (path: string): boolean => !/\/(node_modules|\.state|__pycache__)$/.test(path);
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true, filter });
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const { stdout } = await execa("npm", ["pack", "--json"], { cwd: folder });
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [
    { filename: string; files: { path: string }[] },
  ];
  return { folder, tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

export async function removePacked({ folder }: PackedLibrary): Promise<void> {
  await rm(join(folder, "node_modules"));
  await rm(folder, { recursive: true });
}

/** The packages that users have: those of the program, without the optional ones. */
export async function packagesOfUsers(): Promise<string[]> {
  const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    await readFile(join(ROOT, "package.json"), "utf8"),
  ) as Record<"dependencies" | "peerDependencies", Record<string, string>> & {
    readonly peerDependenciesMeta: Readonly<Record<string, unknown>>;
  };
  const peers = Object.keys(peerDependencies).filter((name) => !(name in peerDependenciesMeta));
  return [...Object.keys(dependencies), ...peers];
}

/** To be preloaded: components come from `dist`, whose files find no packages but those that users have. */
export const packedComponents = (folder: string, packages: readonly string[]): string => `
  const Module = require("node:module");
  const { existsSync } = require("node:fs");
  const [root, dist, packages] = ${JSON.stringify([`${ROOT}/components/`, `${folder}/dist/`, packages])};
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, ...others) {
    const name = request.split("/").slice(0, request.startsWith("@") ? 2 : 1).join("/");
    const isPackage = !/^[./]/.test(request) && !Module.isBuiltin(request);
    if (isPackage && parent?.filename?.startsWith(dist) && !packages.includes(name)) {
      throw Object.assign(new Error("users have no " + request), { code: "MODULE_NOT_FOUND" });
    }
    const file = resolve.call(this, request, parent, ...others);
    const packed = file.replace(root, dist + "components/").replace(/\\.ts$/, ".js");
    return file.startsWith(root) && existsSync(packed) ? packed : file;
  };`;
