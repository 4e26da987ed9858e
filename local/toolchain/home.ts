import { chmod, mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The runtime that a PulumiPolicy.yaml names to have its policies run by Node.js whichever CLI is in use: the engine
 * has no language host of that name and so starts the plugin `pulumi-analyzer-policy-<runtime>`, which every home made
 * here has. (The language host that is built from Go modules cannot start policies itself.)
 */
export const POLICY_RUNTIME = "nodejs-script";

/** A plugin of the Pulumi engine that exists on this machine already. */
export interface LocalPlugin {
  readonly kind: "resource" | "analyzer" | "language";
  /** "aws" */
  readonly name: string;
  /** "7.48.0": the engine takes it for programs whose SDK asks for this version or an older one of the same major. */
  readonly version: string;
  /** The executable, absolute. */
  readonly executable: string;
}

/**
 * Makes a folder for PULUMI_HOME, with plugins in it, and returns the environment to use it with. The engine warns about
 * each plugin that it finds on PATH; those in its home it takes silently, and what the user has on PATH cannot get
 * before them. May be called again, and by several processes at once. The user's login, plugins and selected stacks
 * stay as they are.
 *
 * @param home the folder; made when missing
 * @param bin `Toolchain.pulumi`
 */
export async function preparePulumiHome(
  home: string,
  bin: string,
  plugins: readonly LocalPlugin[] = [],
): Promise<{ readonly PULUMI_HOME: string; readonly PULUMI_IGNORE_AMBIENT_PLUGINS: "true" }> {
  const languageHost = { kind: "language", name: "nodejs", version: "0.0.1" } as const;
  const policies = { kind: "analyzer", name: `policy-${POLICY_RUNTIME}`, version: "0.0.1" } as const;
  // A host that is not beside its CLI would not be found once PATH is left out of account.
  for (const plugin of [{ ...languageHost, executable: join(bin, "pulumi-language-nodejs") }, ...plugins]) {
    await putInPlace(await pluginPath(home, plugin), (path) => symlink(plugin.executable, path));
  }
  await putInPlace(await pluginPath(home, policies), (path) =>
    writeNodeScript(path, "@pulumi/pulumi/cmd/run-policy-pack"),
  );
  return { PULUMI_HOME: home, PULUMI_IGNORE_AMBIENT_PLUGINS: "true" };
}

/** A script that runs a module of the Pulumi SDK which the program or policy pack in the working directory has. */
export async function writeNodeScript(path: string, module: string): Promise<void> {
  const find = `module=$(node -p "require.resolve('${module}')") || exit 1`;
  await writeFile(path, ["#!/bin/sh", find, 'exec node "$module" "$@"', ""].join("\n"));
  await chmod(path, 0o755);
}

/** Where the engine looks for a plugin: a folder named after kind, name and version. */
async function pluginPath(home: string, { kind, name, version }: Omit<LocalPlugin, "executable">): Promise<string> {
  const folder = join(home, "plugins", `${kind}-${name}-v${version}`);
  await mkdir(folder, { recursive: true });
  return join(folder, `pulumi-${kind}-${name}`);
}

async function putInPlace(path: string, make: (path: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await make(temporary);
  await rename(temporary, path);
}
