/** Applications with the files of a build, made without Next.js. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const CONFIG = { output: "standalone", basePath: "", assetPrefix: "" };

export const required = (config: object = CONFIG, relativeAppDir = ""): string =>
  JSON.stringify({ relativeAppDir, config });

const FILES: Readonly<Record<string, string>> = {
  ".next/BUILD_ID": "one",
  ".next/required-server-files.json": required(),
  ".next/routes-manifest.json": JSON.stringify({ staticRoutes: [{ page: "/docs/start" }], dynamicRoutes: [] }),
  ".next/standalone/server.js": "require('next')",
  ".next/standalone/.next/BUILD_ID": "one",
  ".next/static/chunks/a1b2.js": "1",
  "public/robots.txt": "User-agent: *",
  "public/static/picture.svg": "<svg/>",
};

/** Writes an application's files: those of a small build with changes; null takes a file away. */
export function writeApplication(folder: string, changes: Readonly<Record<string, string | null>> = {}): string {
  for (const [path, text] of Object.entries({ ...FILES, ...changes })) {
    if (text === null) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const made: string[] = [];
process.once("exit", () => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** An application that is removed when the tests end. */
export function madeApplication(changes: Readonly<Record<string, string | null>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "aws-patterns-nextjs-"));
  made.push(folder);
  return writeApplication(folder, changes);
}
