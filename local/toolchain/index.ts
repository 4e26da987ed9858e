import { basename, delimiter, dirname, join, resolve } from "node:path";
import { cacheFolder } from "./cache";
import type { Context } from "./context";
import { explainCacheFailure, ToolchainError } from "./errors";
import { preparePulumiHome } from "./home";
import { ensureLambdaNode } from "./lambda-node";
import { ensurePulumi } from "./pulumi";
import { ensurePython } from "./python";
import type { Variables } from "./run";

export { cacheFolder } from "./cache";
export { steps } from "./context";
export { ToolchainError } from "./errors";
export { POLICY_RUNTIME, preparePulumiHome, type LocalPlugin } from "./home";

/** The programs that the local cloud runs on, all present and tried. */
export interface Toolchain {
  /**
   * Folder with `pulumi`, `pulumi-language-nodejs` and their scripts, and nothing else; it comes first on PATH. Its
   * parent serves as `root` of `PulumiCommand.get`.
   */
  readonly pulumi: string;
  /** The python of a virtual environment with the emulators' packages. */
  readonly python: string;
  /** The `node` for local Lambdas, where AWS_PATTERNS_LAMBDA_NODE asks for one; else the machine's own is meant. */
  readonly lambdaNode?: string;
  /**
   * What to add to the environment of the Pulumi CLI (and of the Automation API's `envVars`). PULUMI_HOME is one shared
   * by all runs; to bring providers along without a warning from the engine, spread a `preparePulumiHome` over it.
   */
  readonly environment: Readonly<Record<string, string>>;
}

/** How to bring the toolchain about. */
export interface ToolchainOptions {
  /**
   * Called with what is going on: one of `steps`, and a detail that changes about once a second while something is
   * fetched or built. The steps run side by side.
   */
  readonly onProgress: (step: string, detail?: string) => void;
  /** Default: `cacheFolder(variables)`. Shared by clones, and by runs at the same time. */
  readonly cacheDirectory?: string;
  /** Ends everything under way; what is complete stays cached. */
  readonly signal?: AbortSignal;
  /** Default: the process's own. */
  readonly variables?: Variables;
  /** The file that pins the Python packages. Default: local/emulators/requirements.txt. */
  readonly requirements?: string;
}

/**
 * Finds or makes everything that the local cloud needs besides Node.js. Instant when it is cached.
 *
 * @throws ToolchainError with one line that says what is missing and what to do.
 */
export async function ensureToolchain(options: ToolchainOptions): Promise<Toolchain> {
  const stop = new AbortController();
  const context = contextOf(options, stop.signal);
  const pulumi = ensurePulumi(context);
  const python = ensurePython(context, options.requirements);
  const lambdaNode = ensureLambdaNode(context);
  try {
    return await assemble(context, ...(await Promise.all([pulumi, python, lambdaNode])));
  } finally {
    // One has failed: the others end at once, and leave no process behind.
    stop.abort();
    await Promise.allSettled([pulumi, python, lambdaNode]);
  }
}

function contextOf(options: ToolchainOptions, stop: AbortSignal): Context {
  if (process.platform !== "linux" && process.platform !== "darwin") {
    throw new ToolchainError(
      `The local cloud runs on Linux and macOS, not on ${process.platform}.`,
      "On Windows, run it in WSL.",
    );
  }
  const variables = options.variables ?? process.env;
  return {
    cache: resolve(options.cacheDirectory ?? cacheFolder(variables)),
    variables,
    onProgress: options.onProgress,
    signal: options.signal ? AbortSignal.any([options.signal, stop]) : stop,
  };
}

async function assemble(context: Context, pulumi: string, python: string, lambdaNode?: string): Promise<Toolchain> {
  // One home for each CLI: what a newer one writes there, an older one need not understand.
  const path = join(context.cache, "pulumi-homes", basename(dirname(pulumi)));
  const home = await preparePulumiHome(path, pulumi).catch((error: unknown) => {
    throw explainCacheFailure(context.cache, error);
  });
  return {
    pulumi,
    python,
    ...(lambdaNode === undefined ? {} : { lambdaNode }),
    environment: {
      PATH: [pulumi, context.variables["PATH"]].filter(Boolean).join(delimiter),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...home,
      // Plugins on PATH count too, whatever the user has set; a home of one's own can do without.
      PULUMI_IGNORE_AMBIENT_PLUGINS: "false",
    },
  };
}
