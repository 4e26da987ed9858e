import { appFolder, buildApp, npm, npmCi } from "../../toolchain/apps";

export const SITE = appFolder("secured-site");

export async function buildSite(signal: AbortSignal): Promise<undefined> {
  await buildApp({
    folder: SITE,
    sources: ["index.html", "package.json", "package-lock.json", "tsconfig.json", "public", "src"],
    built: "dist/index.html",
    record: "node_modules/.built-of",
    commands: "npm ci, vite build",
    build: async () => {
      await npmCi(SITE, signal);
      await npm(SITE, ["run", "build"], signal);
    },
  });
}
