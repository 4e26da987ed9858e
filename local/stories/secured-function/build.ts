/** Builds the site: only when its sources have changed. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../stacks/stack-file";
import { say } from "../../console";
import { ToolchainError } from "../../toolchain/errors";
import { run } from "../../toolchain/run";

export const SITE = join(ROOT, "apps", "secured-site");
const BUILT_OF = join(SITE, "node_modules", ".built-of");

/** What a build is made of. */
const SOURCES = ["index.html", "package.json", "package-lock.json", "tsconfig.json", "public", "src"];

/** A file, or those of a folder. */
function filesOf(source: string): string[] {
  const isFolder = statSync(join(SITE, source)).isDirectory();
  return isFolder
    ? readdirSync(join(SITE, source))
        .sort()
        .map((name) => join(source, name))
    : [source];
}

function sourcesHash(): string {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap(filesOf)) hash.update(file).update(readFileSync(join(SITE, file)));
  return hash.digest("hex");
}

async function npm(signal: AbortSignal, ...args: string[]): Promise<void> {
  const command = { command: "npm", args, cwd: SITE, variables: process.env, signal };
  const { ok, output } = await run(command);
  if (!ok) throw new ToolchainError(`npm ${args.join(" ")} failed in ${SITE}.`, `Its last lines:\n${output}`);
}

export async function buildSite(signal: AbortSignal): Promise<undefined> {
  const hash = sourcesHash();
  const isBuilt = existsSync(join(SITE, "dist", "index.html"));
  if (isBuilt && existsSync(BUILT_OF) && readFileSync(BUILT_OF, "utf8") === hash) return;
  say("Building apps/secured-site (npm ci, vite build)");
  await npm(signal, "ci", "--no-audit", "--no-fund");
  await npm(signal, "run", "build");
  writeFileSync(BUILT_OF, hash);
}
