import { createHash } from "node:crypto";
import { mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ensureArtefact, type Artefact } from "./cache";
import { steps, type Context } from "./context";
import { ToolchainError } from "./errors";
import { writeNodeScript } from "./home";
import { buildPulumi } from "./pulumi-build";
import { downloadPulumi } from "./pulumi-download";
import { ask, findOnPath, isExecutable } from "./run";
import { isAtLeast, MINIMUM_PULUMI, NODE_HOST_VERSION, PULUMI_VERSION } from "./versions";

/** What was found on PATH; `undefined` fields were not. */
export interface PulumiOnPath {
  readonly pulumi?: string | undefined;
  /** What `pulumi version` printed. */
  readonly version?: string | undefined;
  readonly languageHost?: string | undefined;
}

/** Why the CLI on PATH cannot be used, as the end of a sentence; "" when it can; undefined when there is none. */
export function judgePulumi(found: PulumiOnPath): string | undefined {
  if (!found.pulumi) return undefined;
  if (found.version === undefined) return `${found.pulumi} does not start`;
  if (!isAtLeast(found.version, MINIMUM_PULUMI)) {
    return `${found.pulumi} is ${found.version || "of unknown version"}, older than ${MINIMUM_PULUMI}`;
  }
  if (!found.languageHost) return `${found.pulumi} has no pulumi-language-nodejs beside it or on PATH`;
  return "";
}

/** Where a CLI of our own comes from, in this order. */
export interface Sources {
  /** Returns undefined on success, else why it did not work. */
  readonly download: (folder: string, context: Context) => Promise<string | undefined>;
  readonly build: (folder: string, refusal: string, context: Context) => Promise<void>;
}

const realSources: Sources = { download: downloadPulumi, build: buildPulumi };

/** A folder with the Pulumi CLI, its Node.js language host and the scripts that belong to them, and nothing else. */
export async function ensurePulumi(context: Context, sources: Sources = realSources): Promise<string> {
  const found = await lookOnPath(context);
  const fault = judgePulumi(found);
  const { pulumi, languageHost, version } = found;
  if (fault === "" && pulumi && languageHost && version) {
    const folder = await ensureArtefact(linksTo(pulumi, languageHost, version), context);
    context.onProgress(steps.pulumi, `${version}, from ${dirname(pulumi)}`);
    return join(folder, "bin");
  }
  if (fault) context.onProgress(steps.pulumi, `${fault}: using a copy of its own`);
  const folder = await ensureArtefact(ownCopy(context, sources), context);
  context.onProgress(steps.pulumi, `v${PULUMI_VERSION}, from the cache`);
  return join(folder, "bin");
}

async function lookOnPath({ cache, variables }: Context): Promise<PulumiOnPath> {
  // A run started from within another one has our own folders on PATH: they are not the user's.
  const own = (folder: string): boolean => !relative(cache, folder).startsWith("..");
  const pulumi = findOnPath("pulumi", variables, own);
  if (!pulumi) return {};
  const version = await askVersion(pulumi, { cache, variables });
  const beside = join(dirname(pulumi), "pulumi-language-nodejs");
  const languageHost = isExecutable(beside) ? beside : findOnPath("pulumi-language-nodejs", variables, own);
  return { pulumi, version, languageHost };
}

/**
 * Links rather than the user's own folder: put first on PATH, /usr/local/bin would also bring its `node` before the
 * one in use.
 */
function linksTo(pulumi: string, languageHost: string, version: string): Artefact {
  const hash = createHash("sha256").update([pulumi, languageHost, version].join("\n")).digest("hex").slice(0, 16);
  return {
    key: `pulumi-links-${hash}`,
    step: steps.pulumi,
    title: "links to the Pulumi CLI",
    essential: ["bin/pulumi", "bin/pulumi-language-nodejs"],
    async build(folder) {
      const bin = join(folder, "bin");
      await mkdir(bin);
      await symlink(pulumi, join(bin, "pulumi"));
      await symlink(languageHost, join(bin, "pulumi-language-nodejs"));
    },
  };
}

function ownCopy(context: Context, sources: Sources): Artefact {
  return {
    key: `pulumi-${PULUMI_VERSION}-${NODE_HOST_VERSION}-${process.platform}-${process.arch}`,
    step: steps.pulumi,
    title: "the Pulumi CLI",
    essential: ["bin/pulumi", "bin/pulumi-language-nodejs"],
    async build(folder) {
      const bin = join(folder, "bin");
      const refusal = await sources.download(folder, context);
      if (refusal !== undefined) {
        await rm(bin, { recursive: true, force: true });
        await mkdir(bin);
        context.onProgress(steps.pulumi, `it cannot be downloaded (${refusal}); building it from its Go modules`);
        await sources.build(folder, refusal, context);
        await writeNodeScript(join(bin, "pulumi-resource-pulumi-nodejs"), "@pulumi/pulumi/cmd/dynamic-provider");
      }
      await checkThatItStarts(bin, context);
    },
  };
}

async function checkThatItStarts(bin: string, context: Context): Promise<void> {
  if ((await askVersion(join(bin, "pulumi"), context)) !== undefined) return;
  throw new ToolchainError(
    `The Pulumi CLI was put into ${context.cache} but does not start there.`,
    "If that disk forbids executables (noexec), set AWS_PATTERNS_CACHE to a folder on another one.",
  );
}

/** Even `pulumi version` writes a log into its home: not into the user's. */
function askVersion(pulumi: string, { cache, variables }: Pick<Context, "cache" | "variables">) {
  const home = join(cache, "pulumi-homes", "version");
  return ask(pulumi, ["version"], { ...variables, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" });
}
