import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { removeAbandoned } from "./abandoned";
import { elapsedSince, type Context } from "./context";
import { explainCacheFailure } from "./errors";
import type { Variables } from "./run";

/** Something that is made once and kept in the cache folder. */
export interface Artefact {
  /** Name of its folder. Carries everything that it depends on: version, platform, hash of its inputs. */
  readonly key: string;
  /** The step that its progress is reported under. */
  readonly step: string;
  /** What it is called in a sentence: "the Pulumi CLI". */
  readonly title: string;
  /** Files inside it that must be there, whole, for it to be used. */
  readonly essential: readonly string[];
  /** Makes it in `folder`, which is then renamed to `place`. */
  build(folder: string, place: string): Promise<void>;
}

/** Written last into an artefact: the sizes in bytes of its essential files. */
const marker = ".complete.json";

/** A lock whose holder has not renewed it for this long belongs to a process that is gone. */
const staleAfterMs = 10_000;

/** The per-user cache folder: AWS_PATTERNS_CACHE, else the platform's usual place. */
export function cacheFolder(
  variables: Variables,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (variables["AWS_PATTERNS_CACHE"]) return resolve(variables["AWS_PATTERNS_CACHE"]);
  if (variables["XDG_CACHE_HOME"]) return join(variables["XDG_CACHE_HOME"], "aws-patterns");
  return platform === "darwin" ? join(home, "Library", "Caches", "aws-patterns") : join(home, ".cache", "aws-patterns");
}

/** Returns the artefact's folder; makes it first when it is missing or damaged. Safe against other processes. */
export async function ensureArtefact(artefact: Artefact, context: Context): Promise<string> {
  const place = join(context.cache, artefact.key);
  try {
    if ((await findFault(place, artefact)) === "") return place;
    await mkdir(context.cache, { recursive: true });
    return await withLock(place, artefact, context, () => make(place, artefact, context));
  } catch (error) {
    throw explainCacheFailure(context.cache, error);
  }
}

async function make(place: string, artefact: Artefact, context: Context): Promise<string> {
  const fault = await findFault(place, artefact);
  // Another process made it while this one waited for the lock.
  if (fault === "") return place;
  if (fault !== undefined) {
    context.onProgress(artefact.step, `the cached copy is damaged (${fault}); making it again`);
    await rm(place, { recursive: true, force: true });
  }
  if (await removeAbandoned(dirname(place), basename(buildingPrefix(place)))) {
    context.onProgress(artefact.step, "an earlier run was interrupted half way; starting it again");
  }
  const folder = await mkdtemp(`${buildingPrefix(place)}${process.pid}-`);
  try {
    await artefact.build(folder, place);
    await writeMarker(folder, artefact);
    await moveIntoPlace(folder, place, artefact);
    return place;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is wrong with the artefact at `place`: "" when nothing is, undefined when there is none. */
async function findFault(place: string, artefact: Artefact): Promise<string | undefined> {
  if (!(await stat(place).catch(() => undefined))) return undefined;
  const sizes = await readFile(join(place, marker), "utf8")
    .then((text) => JSON.parse(text) as Record<string, number>)
    .catch(() => undefined);
  if (!sizes) return "it was never completed";
  for (const file of artefact.essential) {
    const found = await stat(join(place, file)).catch(() => undefined);
    if (!found) return `${file} is missing`;
    if (found.size !== sizes[file]) return `${file} is not as it was written`;
  }
  return "";
}

async function writeMarker(folder: string, artefact: Artefact): Promise<void> {
  const sizes: Record<string, number> = {};
  for (const file of artefact.essential) sizes[file] = (await stat(join(folder, file))).size;
  await writeFile(join(folder, marker), JSON.stringify(sizes));
}

async function moveIntoPlace(folder: string, place: string, artefact: Artefact): Promise<void> {
  try {
    await rename(folder, place);
  } catch (error) {
    // Possible only when this process was suspended so long that its lock was taken over: the other copy is as good.
    if ((await findFault(place, artefact)) !== "") throw error;
  }
}

function buildingPrefix(place: string): string {
  return join(dirname(place), `.making-${basename(place)}-`);
}

async function withLock<T>(place: string, artefact: Artefact, context: Context, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  for (;;) {
    const release = await lock(place, {
      realpath: false,
      stale: staleAfterMs,
      update: staleAfterMs / 4,
      // A lost lock costs a second build, never a mixed one: each is made apart and renamed into place.
      onCompromised: () => undefined,
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ELOCKED") throw error;
      return undefined;
    });
    if (release) {
      try {
        return await work();
      } finally {
        await release().catch(() => undefined);
      }
    }
    const waiting = `waiting (${elapsedSince(start)}) for another process that is making ${artefact.title}`;
    context.onProgress(artefact.step, waiting);
    await delay(500, undefined, { signal: context.signal });
  }
}
