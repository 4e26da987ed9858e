/** The files that would be uploaded for a Lambda, wherever Pulumi's assets say that they are. */
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Zippable, zipSync } from "fflate";

/** Contents by path within the archive. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** @param base what relative paths of assets are relative to: the folder of the program */
export async function filesOf(archive: pulumi.asset.AssetArchive, base: string): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for (const [name, asset] of Object.entries(await archive.assets)) {
    if (asset instanceof pulumi.asset.StringAsset) files.set(name, Buffer.from(await asset.text));
    else if (asset instanceof pulumi.asset.FileAsset) files.set(name, await readFile(join(base, await asset.path)));
    else if (asset instanceof pulumi.asset.FileArchive) await addFolder(files, join(base, await asset.path), name);
    else throw new Error(`the archive holds "${name}" in a form that this benchmark does not know`);
  }
  return files;
}

/** Adds a folder's files, those behind links included, as the engine does. */
export async function addFolder(files: Map<string, Uint8Array>, folder: string, name: string): Promise<void> {
  for (const entry of (await readdir(folder)).sort()) {
    const path = join(folder, entry);
    const inside = name === "" ? entry : `${name}/${entry}`;
    if ((await stat(path)).isDirectory()) await addFolder(files, path, inside);
    else files.set(inside, await readFile(path));
  }
}

export interface Sizes extends Record<string, number> {
  readonly files: number;
  readonly unzippedBytes: number;
  /** With deflate's usual level, the same for all. */
  readonly zippedBytes: number;
}

export function sizesOf(files: Files): Sizes {
  let unzippedBytes = 0;
  for (const { byteLength } of files.values()) unzippedBytes += byteLength;
  const zippable: Zippable = Object.fromEntries(files);
  return { files: files.size, unzippedBytes, zippedBytes: zipSync(zippable, { level: 6 }).byteLength };
}

export async function extract(files: Files, folder: string): Promise<void> {
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}
