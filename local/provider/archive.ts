/**
 * Zip files of Pulumi's archives. The same files give the same bytes on every machine: names sorted, one time stamp,
 * and only two modes.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync, type Zippable, type ZipOptions, zipSync } from "fflate";
import { ARCHIVE_SIGNATURE, isObject, SIGNATURE, type Value, type Values } from "./property-values";

const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
const UNIX = 3;

interface File {
  bytes: Uint8Array;
  executable: boolean;
}

type Files = Map<string, File>;

function location(source: Values): string | undefined {
  if (typeof source.path === "string") return source.path;
  if (typeof source.uri !== "string") return undefined;
  if (!source.uri.startsWith("file:")) {
    throw new Error(`code: the local provider does not fetch ${source.uri}; give a file or a text asset`);
  }
  return fileURLToPath(source.uri);
}

async function fromDisk(path: string): Promise<File> {
  const [bytes, { mode }] = await Promise.all([readFile(path), stat(path)]);
  return { bytes, executable: (mode & 0o111) !== 0 };
}

async function addFolder(files: Files, folder: string, prefix: string): Promise<void> {
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isDirectory()) await addFolder(files, path, `${prefix}${name}/`);
    else files.set(`${prefix}${name}`, await fromDisk(path));
  }
}

async function addAsset(files: Files, asset: Values, name: string): Promise<void> {
  if (typeof asset.text === "string") {
    files.set(name, { bytes: Buffer.from(asset.text, "utf8"), executable: false });
    return;
  }
  const path = location(asset);
  if (path === undefined) throw new Error(`code: the asset ${name} has no contents`);
  files.set(name, await fromDisk(path));
}

async function addArchive(files: Files, archive: Values, prefix: string): Promise<void> {
  if (isObject(archive.assets)) {
    for (const [name, item] of Object.entries(archive.assets)) {
      if (!isObject(item)) throw new Error(`code: ${prefix}${name} is neither an asset nor an archive`);
      if (item[SIGNATURE] === ASSET_SIGNATURE) await addAsset(files, item, `${prefix}${name}`);
      else await addArchive(files, item, `${prefix}${name}/`);
    }
    return;
  }
  const path = location(archive);
  if (path === undefined) throw new Error("code: the archive has no contents");
  if ((await stat(path)).isDirectory()) {
    await addFolder(files, path, prefix);
    return;
  }
  if (!/\.(zip|jar)$/i.test(path)) throw new Error(`code: expected a folder or a .zip file, received ${path}`);
  for (const [name, bytes] of Object.entries(unzipSync(await readFile(path)))) {
    if (!name.endsWith("/")) files.set(`${prefix}${name}`, { bytes, executable: false });
  }
}

/** What an asset or an archive holds. */
export async function bytesOf(asset: Value | undefined): Promise<Uint8Array> {
  if (isObject(asset) && asset[SIGNATURE] === ARCHIVE_SIGNATURE) return zipOf(asset);
  if (!isObject(asset) || asset[SIGNATURE] !== ASSET_SIGNATURE) {
    throw new Error("source: expected an asset or archive, such as pulumi.asset.FileAsset or StringAsset");
  }
  const files: Files = new Map();
  await addAsset(files, asset, "source");
  return files.get("source")?.bytes ?? new Uint8Array();
}

/** A zip file as it is, or a new one with what the archive holds. */
export async function zipOf(archive: Value | undefined): Promise<Uint8Array> {
  if (!isObject(archive) || archive[SIGNATURE] !== ARCHIVE_SIGNATURE) {
    throw new Error("code: expected an archive, such as pulumi.asset.AssetArchive or FileArchive");
  }
  const path = location(archive);
  if (path !== undefined && (await stat(path)).isFile()) return readFile(path);
  const files: Files = new Map();
  await addArchive(files, archive, "");
  if (files.size === 0) throw new Error("code: the archive is empty");
  // The earliest time that a zip file can hold; local time, as the format has no zones.
  const mtime = new Date(1980, 0, 1);
  const names = [...files.keys()].sort();
  const entries = names.map((name): [string, [Uint8Array, ZipOptions]] => {
    const { bytes, executable } = files.get(name) ?? { bytes: new Uint8Array(), executable: false };
    const mode = executable ? 0o100755 : 0o100644;
    // The high half of a zip entry's attributes is the Unix mode.
    return [name, [bytes, { mtime, level: 9, os: UNIX, attrs: (mode << 16) >>> 0 }]];
  });
  return zipSync(Object.fromEntries(entries) as Zippable);
}
