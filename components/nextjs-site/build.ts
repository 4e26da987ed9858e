/**
 * Reads what `next build` made with `output: "standalone"`.
 * https://nextjs.org/docs/app/api-reference/config/next-config-js/output
 */
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import * as z from "zod";
import type { Fault } from "../internal/faults";
import { type Entry, entriesBelow } from "./entries";
import { Images, PICTURE, picturesWarning, withSharpForLambda } from "./pictures";
import { publicFault } from "./public-files";
import { pathPatterns } from "./path-patterns";

export interface NextBuild {
  /** Path below which the site is, such as `/docs`; mostly empty. */
  readonly basePath: string;
  /** What the bucket gets, by its path in the site without the slash at its beginning. */
  readonly files: ReadonlyMap<string, Entry>;
  /** CloudFront's path patterns that lead to the bucket. */
  readonly patterns: readonly string[];
  /** What the function's archive gets, by its path there. */
  readonly server: ReadonlyMap<string, Entry>;
  /** Folder of `server.js` in the archive. */
  readonly serverFolder: string;
  /** A file that each build has, where there is none yet. */
  readonly missing?: string;
  /** What will not work. */
  readonly warning?: string | undefined;
}

/** A build, or all that is wrong with it; `isMissing` where nothing was built yet. */
export type ReadBuild = { build: NextBuild } | { faults: readonly Fault[]; isMissing?: true };

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_SERVER_BYTES = 250 * 1024 ** 2;
/** What the function that copies them can hold in its memory. */
const MOST_PUBLIC_BYTES = 500 * 1024 ** 2;

const Required = z.object({
  relativeAppDir: z.string(),
  config: z.object({
    output: z.string().nullish(),
    basePath: z.string().nullish(),
    assetPrefix: z.string().nullish(),
    images: Images.default({}),
  }),
});
const Routes = z.object({ staticRoutes: z.array(z.unknown()), dynamicRoutes: z.array(z.unknown()) }).partial();
const Route = z.object({ page: z.string() });

const fault = (received: unknown, allowed: string, fix: string): Fault => ({
  path: "application",
  received,
  allowed,
  fix,
});

/** What `next build` writes in every build. */
const buildIdOf = (application: string): string => join(application, ".next", "BUILD_ID");

/** @param application folder of the application */
export function readBuild(application: string, { sourceMaps }: { sourceMaps: boolean }): ReadBuild {
  const built = join(application, ".next");
  if (!existsSync(buildIdOf(application))) {
    const fix = 'Run `next build` there, or let build be "always"; distDir has to be .next.';
    return { faults: [fault(application, "a folder with a build in .next", fix)], isMissing: true };
  }
  const parsed = Required.safeParse(json(join(built, "required-server-files.json")));
  if (!parsed.success) {
    const fix = "Build it again with Next.js 12 or later, which writes it.";
    return { faults: [fault(built, "a build with a required-server-files.json that names its config", fix)] };
  }
  const { config, relativeAppDir } = parsed.data;
  const serverFolder = relativeAppDir.replaceAll("\\", "/");
  const faults = configFaults(built, config, serverFolder);
  const basePath = config.basePath ?? "";
  const assets = entriesBelow(join(built, "static"), application);
  const shown = entriesBelow(join(application, "public"), application);
  const { patterns, served } = pathPatterns([...shown.keys()], pagesOf(built), basePath);
  const files = new Map<string, Entry>();
  const put = (path: string, entry: Entry): void => void files.set(posix.join(basePath.slice(1), path), entry);
  for (const [path, entry] of assets) put(`_next/static/${path}`, entry);
  for (const [path, entry] of shown) if (!served.has(path)) put(path, entry);
  for (const [path, entry] of [...assets, ...shown]) faults.push(...publicFault(path, entry, sourceMaps));
  const standalone = join(built, "standalone");
  const server = withSharpForLambda(entriesBelow(standalone, standalone, { keepsLinks: true }));
  for (const [path, entry] of shown) {
    if (served.has(path) || PICTURE.test(path)) server.set(posix.join(serverFolder, "public", path), entry);
  }
  for (const [path, entry] of assets) {
    if (PICTURE.test(path)) server.set(posix.join(serverFolder, ".next/static", path), entry);
  }
  faults.push(...linkFaults(server), ...sizeFaults("server", server, MOST_SERVER_BYTES, "Lambda takes"));
  faults.push(...sizeFaults("public files", files, MOST_PUBLIC_BYTES, "one copy takes"));
  if (faults.length > 0) return { faults };
  return {
    build: {
      basePath,
      files,
      patterns: ["/_next/static/*"].map((it) => basePath + it).concat(patterns),
      server,
      serverFolder,
      warning: picturesWarning(server, config.images),
    },
  };
}

/** What is known of an application that is not built yet. */
export function notBuilt(application: string): NextBuild {
  const shown = entriesBelow(join(application, "public"), application);
  const { patterns } = pathPatterns([...shown.keys()], new Set(), "");
  const missing = buildIdOf(application);
  const nothing = { files: new Map<string, Entry>(), server: new Map<string, Entry>(), serverFolder: "" };
  return { basePath: "", patterns: ["/_next/static/*", ...patterns], ...nothing, missing };
}

function configFaults(built: string, config: z.infer<typeof Required>["config"], serverFolder: string): Fault[] {
  const faults: Fault[] = [];
  const { output, basePath, assetPrefix } = config;
  const entry = join(built, "standalone", serverFolder, "server.js");
  if (output !== "standalone") {
    const fix = 'Set output: "standalone" in the Next.js configuration, and build again.';
    faults.push(fault(output ?? "no output", 'a build with output: "standalone"', fix));
  } else if (!existsSync(entry)) {
    faults.push(fault(entry, "a build that is whole", "Its server.js is missing: build again."));
  }
  if ((assetPrefix ?? "") !== "" && assetPrefix !== basePath) {
    const fix = "Take assetPrefix out of the Next.js configuration: the site serves its own files.";
    faults.push(fault(assetPrefix, "a build without an assetPrefix", fix));
  }
  return faults;
}

/** First parts of all pages' paths: a folder of `public/` by such a name leaves its pages to the server. */
function pagesOf(built: string): Set<string> {
  const { staticRoutes = [], dynamicRoutes = [] } =
    Routes.safeParse(json(join(built, "routes-manifest.json"))).data ?? {};
  const pages = [...staticRoutes, ...dynamicRoutes].map((route) => Route.safeParse(route).data?.page ?? "");
  return new Set(pages.map((page) => page.split("/")[1] ?? ""));
}

function linkFaults(server: ReadonlyMap<string, Entry>): Fault[] {
  const out = [...server].filter(([path, { link }]) => {
    if (link === undefined) return false;
    return posix.isAbsolute(link) || posix.join(posix.dirname(path), link).startsWith("..");
  });
  const fix = "Set outputFileTracingRoot to the folder that holds all of the application's packages, and build again.";
  return out.map(([path, { link }]) => fault(`${path} -> ${link}`, "links that stay within .next/standalone", fix));
}

function sizeFaults(what: string, entries: ReadonlyMap<string, Entry>, most: number, who: string): Fault[] {
  const bytes = [...entries.values()].reduce((sum, { size }) => sum + size, 0);
  if (bytes <= most) return [];
  const megabytes = (count: number): string => `${Math.ceil(count / 1024 ** 2)} MB`;
  const fix = "Leave out what it does not need (outputFileTracingExcludes), or keep large files elsewhere.";
  return [fault(`${megabytes(bytes)} of ${what}`, `at most ${megabytes(most)}, which is what ${who}`, fix)];
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
