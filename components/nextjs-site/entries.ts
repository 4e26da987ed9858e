import { existsSync, readdirSync, readFileSync, realpathSync, lstatSync, readlinkSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A file, or a link that is kept as one. */
export interface Entry {
  /** Path on disk. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** What a link that is kept names. */
  readonly link?: string;
  /** Whether it lies, behind links, outside of the folder that it may be in. */
  readonly isOutside: boolean;
}

/** All that is below a folder, by its path from there, sorted. Of a folder that is missing: nothing. */
export function entriesBelow(
  folder: string,
  within: string,
  { keepsLinks = false }: { keepsLinks?: boolean } = {},
): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  if (!existsSync(folder)) return found;
  const home = realpathSync(within);
  const add = (file: string, above: readonly string[]): void => {
    const path = relative(folder, file).split(sep).join("/");
    if (keepsLinks && lstatSync(file).isSymbolicLink()) {
      const link = readlinkSync(file);
      found.set(path, { file, size: link.length, link, isOutside: false });
      return;
    }
    const real = realpathSync(file);
    const isOutside = real !== home && !real.startsWith(home + sep);
    const { isDirectory, size } = { isDirectory: statSync(file).isDirectory(), size: statSync(file).size };
    // A link to a folder that it lies in has no end.
    if (isDirectory && !isOutside && !above.includes(real)) {
      for (const name of readdirSync(file).sort()) add(join(file, name), [...above, real]);
    } else if (path !== "") {
      found.set(path, { file, size: isDirectory ? 0 : size, isOutside: isOutside || isDirectory });
    }
  };
  add(folder, []);
  return found;
}

export function bytesOf({ file, link }: Entry): Uint8Array {
  return link === undefined ? readFileSync(file) : Buffer.from(link);
}
