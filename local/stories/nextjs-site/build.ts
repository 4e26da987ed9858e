/** Builds the sample site, in two releases: only when its sources have changed. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../stacks/stack-file";
import { say } from "../../console";
import { ToolchainError } from "../../toolchain/errors";
import { run } from "../../toolchain/run";

export const SITE = join(ROOT, "apps", "nextjs-site");
/** What the story deploys over the first release. */
export const SECOND_RELEASE = join(SITE, ".next-second");
const BUILT_OF = join(SECOND_RELEASE, "built-of");

const SOURCES = ["package.json", "package-lock.json", "next.config.mjs", "app", "pages", "public"];

function sourcesHash(): string {
  const hash = createHash("sha256");
  const files = SOURCES.flatMap((source) => {
    if (!statSync(join(SITE, source)).isDirectory()) return [source];
    return readdirSync(join(SITE, source), { recursive: true, encoding: "utf8" }).map((name) => join(source, name));
  });
  for (const file of files.filter((name) => statSync(join(SITE, name)).isFile()).sort()) {
    hash.update(file).update(readFileSync(join(SITE, file)));
  }
  return hash.digest("hex");
}

async function npm(signal: AbortSignal, release: string, ...args: string[]): Promise<void> {
  const variables = { ...process.env, NEXT_PUBLIC_RELEASE: release, NEXT_TELEMETRY_DISABLED: "1" };
  const { ok, output } = await run({ command: "npm", args, cwd: SITE, variables, signal });
  if (!ok) throw new ToolchainError(`npm ${args.join(" ")} failed in ${SITE}.`, `Its last lines:\n${output}`);
}

export async function buildSite(signal: AbortSignal): Promise<undefined> {
  const hash = sourcesHash();
  const isBuilt = existsSync(join(SITE, ".next", "BUILD_ID")) && existsSync(BUILT_OF);
  if (isBuilt && readFileSync(BUILT_OF, "utf8") === hash) return;
  say("Building apps/nextjs-site (npm ci, next build), about a minute");
  await npm(signal, "1", "ci", "--no-audit", "--no-fund");
  rmSync(SECOND_RELEASE, { recursive: true, force: true });
  await npm(signal, "2", "run", "build");
  cpSync(join(SITE, "public"), join(SECOND_RELEASE, "public"), { recursive: true });
  renameSync(join(SITE, ".next"), join(SECOND_RELEASE, ".next"));
  await npm(signal, "1", "run", "build");
  writeFileSync(BUILT_OF, hash);
}
