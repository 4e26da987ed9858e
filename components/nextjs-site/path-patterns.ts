/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern */
const SAYABLE = /^[A-Za-z0-9_.$~"'@:+-]+$/;

/** CloudFront takes 75 behaviours by default; those of `public/` leave room for others. */
const MOST_PATTERNS = 20;

export interface PathPatterns {
  /** A pattern for each entry at the top of `public/` that the bucket serves. */
  readonly patterns: readonly string[];
  /** Files that are left to the server. */
  readonly served: ReadonlySet<string>;
}

/**
 * One pattern for each entry at the top of `public/`. To the server are left: names that no pattern can say, folders
 * that have pages below them, and what is beyond the limit.
 *
 * @param paths of the files in `public/`
 * @param pages the first parts of the pages' paths
 */
export function pathPatterns(paths: readonly string[], pages: ReadonlySet<string>, basePath: string): PathPatterns {
  const tops = new Map<string, string>();
  for (const path of paths) {
    const [top = "", ...below] = path.split("/");
    const isFolder = below.length > 0;
    if (!SAYABLE.test(top) || (isFolder && pages.has(top))) continue;
    if (tops.size < MOST_PATTERNS) tops.set(top, `${basePath}/${top}${isFolder ? "/*" : ""}`);
  }
  const served = paths.filter((path) => !tops.has(path.split("/")[0] ?? ""));
  return { patterns: [...tops.values()], served: new Set(served) };
}
