import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Zippable, zipSync } from "fflate";
import { archiveNotBuilt } from "../internal/not-built";
import type { NextBuild } from "./build";
import { bytesOf, type Entry } from "./entries";

/** What Next.js writes while it runs; Lambda has no other place for it. */
const CACHE = "/tmp/next-cache";

const MODES = { file: 0o100644, program: 0o100755, link: 0o120777 };
/** Of a zip file's entries: made on Unix, whose modes are in the upper half of the attributes. */
const attributes = (mode: number) => ({ os: 3, attrs: (mode << 16) >>> 0 });
/** The earliest time that a zip file can hold, so that the same files are the same archive. */
const OPTIONS = { level: 6, mtime: new Date(1980, 0, 1) } as const;

let folder: string | undefined;

/**
 * Zip files are made here and not by Pulumi, which keeps neither modes nor links: Lambda has to start `run.sh`, and
 * packages are often links.
 */
function zipFile(name: string, bytes: Uint8Array): pulumi.asset.FileArchive {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "aws-patterns-nextjs-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return new pulumi.asset.FileArchive(file);
}

function zippable(entries: ReadonlyMap<string, Entry>): Zippable {
  const of = (entry: Entry) =>
    [bytesOf(entry), attributes(entry.link === undefined ? MODES.file : MODES.link)] as const;
  return Object.fromEntries([...entries].map(([path, entry]) => [path, [...of(entry)]]));
}

/**
 * The command that the web adapter starts. Node.js gets the shares of the function's memory that Lambda gives to its own
 * one: without them, half of the machine's memory is its limit. Young objects have their whole share at once: while the
 * server starts, little is garbage, and looking for it takes time. What the application sets in NODE_OPTIONS wins.
 */
function command(serverFolder: string): string {
  return [
    "#!/bin/sh",
    `cd "$LAMBDA_TASK_ROOT/${serverFolder}"`,
    'mkdir -p "$(readlink .next/cache)"',
    "export HOSTNAME=127.0.0.1",
    "old=$((AWS_LAMBDA_FUNCTION_MEMORY_SIZE * 9 / 10)) young=$((AWS_LAMBDA_FUNCTION_MEMORY_SIZE / 20))",
    'export NODE_OPTIONS="--max-old-space-size=$old --max-semi-space-size=$young $NODE_OPTIONS"',
    'exec node --min-semi-space-size="$young" server.js',
    "",
  ].join("\n");
}

/** The function's archive: the server, the command that starts it, and a link to where it may write. */
export function serverArchive(component: string, { server, serverFolder, missing }: NextBuild): pulumi.asset.Archive {
  if (missing !== undefined) return archiveNotBuilt(missing);
  const cache = posix.join(serverFolder, ".next/cache");
  const own = [...server].filter(([path]) => path !== cache && !path.startsWith(`${cache}/`));
  const files: Zippable = {
    ...zippable(new Map(own)),
    [cache]: [Buffer.from(CACHE), attributes(MODES.link)],
    "run.sh": [Buffer.from(command(serverFolder)), attributes(MODES.program)],
  };
  return zipFile(`${component}-server.zip`, zipSync(files, OPTIONS));
}

/** The public files in one archive, and the hash of what is in it. */
export function filesArchive(
  component: string,
  { files, missing }: NextBuild,
): { archive: pulumi.asset.Archive; hash: string } {
  if (missing !== undefined) return { archive: archiveNotBuilt(missing), hash: "not-built" };
  const bytes = zipSync(zippable(files), OPTIONS);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  return { archive: zipFile(`${component}-files.zip`, bytes), hash };
}
