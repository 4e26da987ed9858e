/** What a deployment of a site does with the objects of its bucket; pure. */

/** What is known of the bucket besides its objects. */
export interface Manifest {
  /** Keys of hashed files that are not marked as replaced. */
  readonly current: readonly string[];
  /** Keys whose old contents the edge may still have. */
  readonly touched: readonly string[];
}

export const EMPTY: Manifest = { current: [], touched: [] };

/** Entity tags by key. */
export type Objects = ReadonlyMap<string, string>;

export interface Put {
  readonly put: readonly string[];
  /** What has to be written before the first of them, where it differs from what is there. */
  readonly manifest: Manifest;
}

/**
 * Files that are new or differ. Hashed ones that the manifest does not name are put again, as they may be marked: a new
 * object has no tags. Nothing is taken away yet, since the former build still runs.
 */
export function planPut(wanted: Objects, stored: Objects, manifest: Manifest, isHashed: (key: string) => boolean): Put {
  const current = new Set(manifest.current);
  const differs = (key: string): boolean => stored.get(key) !== wanted.get(key);
  const put = [...wanted.keys()].filter((key) => differs(key) || (isHashed(key) && !current.has(key))).sort();
  const changed = put.filter((key) => !isHashed(key) && stored.has(key));
  return { put, manifest: { ...manifest, touched: sortedSet([...manifest.touched, ...changed]) } };
}

export interface Finish {
  /** What has to be written before anything is marked or removed. */
  readonly manifest: Manifest;
  /** Files with names of their own that are gone from the build: they are gone at once. */
  readonly remove: readonly string[];
  /** Hashed files of the former build, which are not marked yet. */
  readonly mark: readonly string[];
  /** Hashed files of builds before, which may be marked already; marking them again would keep them for longer. */
  readonly ask: readonly string[];
}

/** What the build that now runs does not have. */
export function planFinish(
  wanted: ReadonlySet<string>,
  stored: ReadonlySet<string>,
  manifest: Manifest,
  isHashed: (key: string) => boolean,
): Finish {
  const current = new Set(manifest.current);
  const extra = [...stored].filter((key) => !wanted.has(key)).sort();
  const remove = extra.filter((key) => !isHashed(key));
  const replaced = extra.filter(isHashed);
  return {
    manifest: {
      current: [...wanted].filter(isHashed).sort(),
      touched: sortedSet([...manifest.touched, ...remove]),
    },
    remove,
    mark: replaced.filter((key) => current.has(key)),
    ask: replaced.filter((key) => !current.has(key)),
  };
}

/** More paths than this are one path that stands for all. An invalidation takes 15 with wildcards, and costs by path. */
const MOST_PATHS = 15;

/** Paths of an invalidation, as browsers send them. */
export function pathsOf(keys: readonly string[], prefix: string): string[] {
  if (keys.length > MOST_PATHS) return ["/*"];
  return keys.map((key) => `/${key.slice(prefix.length).split("/").map(encodeURIComponent).join("/")}`);
}

function sortedSet(keys: readonly string[]): string[] {
  return [...new Set(keys)].sort();
}
