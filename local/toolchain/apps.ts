/** The sample applications in `apps/`: each is built when a story first needs it, and again when its sources change. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { lock } from "proper-lockfile";
import { ROOT } from "../../stacks/root";
import { say } from "../console";
import { ToolchainError } from "./errors";
import { run, type Variables } from "./run";

export interface App {
  readonly folder: string;
  /** The files and folders that a build is made of. */
  readonly sources: readonly string[];
  /** A file that a build leaves. */
  readonly built: string;
  /** Where the sources of the last whole build are recorded: in a folder that is not committed. */
  readonly record: string;
  /** What is said while it builds: the commands, and how long they take. */
  readonly commands: string;
  readonly build: () => Promise<void>;
}

export const appFolder = (name: string): string => join(ROOT, "apps", name);

function sourcesHash(folder: string, sources: readonly string[]): string {
  const files = sources.flatMap((source) =>
    statSync(join(folder, source)).isDirectory()
      ? readdirSync(join(folder, source), { recursive: true, encoding: "utf8" }).map((name) => join(source, name))
      : [source],
  );
  const hash = createHash("sha256");
  for (const file of files.filter((name) => statSync(join(folder, name)).isFile()).sort()) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(folder, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** Builds an application unless it is built of the sources that are there. Another process that builds it is waited for. */
export async function buildApp(app: App): Promise<void> {
  const hash = sourcesHash(app.folder, app.sources);
  if (isBuiltOf(app, hash)) return;
  const release = await lock(app.folder, {
    lockfilePath: join(app.folder, ".building"),
    retries: { retries: 1200, factor: 1, minTimeout: 1000, maxTimeout: 1000 },
  });
  try {
    if (isBuiltOf(app, hash)) return;
    say(`Building ${relative(ROOT, app.folder)} (${app.commands})`);
    await app.build();
    writeFileSync(join(app.folder, app.record), hash);
  } finally {
    await release();
  }
}

function isBuiltOf({ folder, built, record }: App, hash: string): boolean {
  const file = join(folder, record);
  return existsSync(join(folder, built)) && existsSync(file) && readFileSync(file, "utf8") === hash;
}

/** Runs npm in an application's folder. */
export async function npm(
  folder: string,
  args: readonly string[],
  signal: AbortSignal,
  variables: Variables = process.env,
): Promise<void> {
  const { ok, output } = await run({ command: "npm", args, cwd: folder, variables, signal });
  if (!ok) throw new ToolchainError(`npm ${args.join(" ")} failed in ${folder}.`, `Its last lines:\n${output}`);
}

/** Installs an application's packages, those for its build too: with NODE_ENV=production npm leaves them out. */
export const npmCi = (folder: string, signal: AbortSignal): Promise<void> =>
  npm(folder, ["ci", "--include=dev", "--no-audit", "--no-fund"], signal);
