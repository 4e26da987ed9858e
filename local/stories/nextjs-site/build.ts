import { cpSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { appFolder, buildApp, npm, npmCi } from "../../toolchain/apps";

export const SITE = appFolder("nextjs-site");
/** What the story deploys over the first release. */
export const SECOND_RELEASE = join(SITE, ".next-second");

async function buildRelease(release: string, signal: AbortSignal): Promise<void> {
  const variables = { ...process.env, NEXT_PUBLIC_RELEASE: release, NEXT_TELEMETRY_DISABLED: "1" };
  await npm(SITE, ["run", "build"], signal, variables);
}

/** Lambda's sharp, beside this machine's: npm leaves it out elsewhere (docs/nextjs-site.md). */
async function installSharp(signal: AbortSignal): Promise<void> {
  const text = readFileSync(join(SITE, "node_modules", "sharp", "package.json"), "utf8");
  const { optionalDependencies } = JSON.parse(text) as { optionalDependencies: Record<string, string> };
  const names = ["@img/sharp-linux-arm64", "@img/sharp-libvips-linux-arm64"];
  const packages = names.map((name) => `${name}@${optionalDependencies[name]}`);
  await npm(SITE, ["install", "--no-save", "--force", "--no-audit", "--no-fund", ...packages], signal);
}

/** Builds the sample site in two releases. */
export async function buildSite(signal: AbortSignal): Promise<undefined> {
  await buildApp({
    folder: SITE,
    sources: ["package.json", "package-lock.json", "next.config.mjs", "proxy.jsx", "app", "pages", "public"],
    built: ".next/BUILD_ID",
    record: ".next-second/built-of",
    commands: "npm ci, next build, about a minute",
    build: async () => {
      await npmCi(SITE, signal);
      await installSharp(signal);
      rmSync(SECOND_RELEASE, { recursive: true, force: true });
      await buildRelease("2", signal);
      cpSync(join(SITE, "public"), join(SECOND_RELEASE, "public"), { recursive: true });
      renameSync(join(SITE, ".next"), join(SECOND_RELEASE, ".next"));
      await buildRelease("1", signal);
    },
  });
}
