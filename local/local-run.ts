/**
 * Everything that one run of the local cloud has to itself: a folder, an emulator on a free port, a Pulumi home with
 * the stand-in provider. Runs side by side share nothing but the toolchain's cache.
 */
import { setMaxListeners } from "node:events";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { ROOT } from "../stacks/root";
import { type LocalCloud, startCloud } from "./cloud";
import { during, openLog, PlainError, say, sayDetail } from "./console";
import { BUILT_PROVIDER, CALLED_IN, PROVIDER_SOURCE, STATE } from "./folders";
import { makeRunFolder, stopAtOnce } from "./run-folder";
import { appFolder } from "./toolchain/apps";
import { lambdaJavaFolder } from "./toolchain/lambda-java";
import { ensureToolchain, preparePulumiHome, type Toolchain } from "./toolchain";

export { ROOT, STATE };

// The lock file pins releases of the SDK that still support Node.js 20; nobody here needs to hear about later ones.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Version of @pulumi/aws that the stand-in provider speaks for. */
export const PROVIDER_VERSION = "7.48.0";

/** What a run has before its emulator is started: enough for the Pulumi CLI to read files. */
export interface RunBase {
  readonly folder: string;
  readonly toolchain: Toolchain;
  /** Environment of the Pulumi CLI and all that it starts. */
  readonly environment: Record<string, string>;
}

export interface LocalRun extends RunBase {
  readonly cloud: LocalCloud;
  /** Aborted by Ctrl-C; whatever waits should end then. */
  readonly signal: AbortSignal;
  /** Ends what was started and removes the folder. */
  stop(): Promise<void>;
}

const providerIn = (folder: string): string => join(folder, "pulumi-resource-aws");

/** Lets programs have the stand-in provider under another version of @pulumi/aws, too. */
export async function addProvider({ folder, toolchain }: LocalRun, version: string): Promise<void> {
  const plugin = { kind: "resource", name: "aws", version, executable: providerIn(folder) } as const;
  await preparePulumiHome(join(folder, "home"), toolchain.pulumi, [plugin]);
}

/** The provider as one file: it starts in a fraction of the time that its sources take. */
async function bundleProvider(folder: string): Promise<string> {
  const { build } = await import("esbuild");
  const outfile = join(folder, "provider.js");
  const options = { bundle: true, platform: "node", format: "cjs", target: "node20", logLevel: "silent" } as const;
  await build({ ...options, entryPoints: [PROVIDER_SOURCE], outfile });
  return outfile;
}

async function makeProvider(folder: string): Promise<string> {
  const bundle = BUILT_PROVIDER ?? (await bundleProvider(folder));
  const executable = providerIn(folder);
  await writeFile(executable, `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`);
  await chmod(executable, 0o755);
  return executable;
}

/** The toolchain's steps run side by side: the one that said something last is shown. */
function prepareToolchain(signal: AbortSignal): Promise<Toolchain> {
  return during("Preparing the toolchain", (update) => {
    const onProgress = (step: string, detail?: string): void => {
      const text = detail === undefined ? step : `${step}: ${detail}`;
      update(text);
      sayDetail(text);
    };
    return ensureToolchain({ onProgress, signal });
  });
}

/**
 * @param check what is to be done before the emulator is started; what it throws ends the run
 */
export async function startLocalRun(
  signal: AbortSignal,
  check: (base: RunBase) => Promise<unknown> = () => Promise.resolve(),
): Promise<LocalRun> {
  const folder = await makeRunFolder();
  let cloud: LocalCloud | undefined;
  const stop = async (): Promise<void> => {
    await cloud?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const [toolchain, executable] = await bothOrNone([prepareToolchain(signal), makeProvider(folder)]);
    signal.throwIfAborted();
    const plugins = [{ kind: "resource", name: "aws", version: PROVIDER_VERSION, executable } as const];
    const environment = {
      ...toolchain.environment,
      ...(await preparePulumiHome(join(folder, "home"), toolchain.pulumi, plugins)),
      PULUMI_BACKEND_URL: `file://${await backend(folder)}`,
      PULUMI_CONFIG_PASSPHRASE: "local",
    };
    await check({ folder, toolchain, environment });
    signal.throwIfAborted();
    cloud = await during("Starting the emulator", () =>
      startCloud({
        python: toolchain.python,
        stateDirectory: folder,
        onProgress: say,
        environment: {
          ...lambdaNodeFirst(toolchain),
          AWS_PATTERNS_LAMBDA_JAVA: lambdaJavaFolder(process.env),
          AWS_PATTERNS_SHARP: [appFolder("nextjs-site"), CALLED_IN]
            .map((folder) => join(folder, "node_modules", "@img"))
            .join(delimiter),
        },
      }),
    );
    signal.throwIfAborted();
    openLog();
    return { folder, cloud, toolchain, environment: { ...environment, ...cloud.environment }, signal, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Both results. When one fails, the other has ended too, so that nothing is written any more. */
async function bothOrNone<One, Two>(work: readonly [Promise<One>, Promise<Two>]): Promise<[One, Two]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** How the Automation API runs the Pulumi CLI in a run of the local cloud. */
export async function workspaceOptions({ toolchain, environment }: Pick<LocalRun, "toolchain" | "environment">) {
  return { pulumiCommand: await PulumiCommand.get({ root: join(toolchain.pulumi, "..") }), envVars: environment };
}

/** Local Lambdas run on the first `node` on PATH. */
function lambdaNodeFirst({ lambdaNode }: Toolchain): Record<string, string> {
  return lambdaNode === undefined ? {} : { PATH: `${dirname(lambdaNode)}${delimiter}${process.env.PATH ?? ""}` };
}

async function backend(folder: string): Promise<string> {
  const path = join(folder, "backend");
  await mkdir(path, { recursive: true });
  return path;
}

/** The person has pressed Ctrl-C. */
export class InterruptedError extends PlainError {
  override readonly name = "InterruptedError";

  constructor() {
    super("Stopped. Everything that was started is gone.");
  }
}

/**
 * Runs `work` with a local run, and ends it whatever happens. The first Ctrl-C (or SIGTERM) stops `work` in order, the
 * second at once.
 *
 * @param check as for `startLocalRun`
 */
export async function withLocalRun<Result>(
  work: (run: LocalRun) => Promise<Result>,
  check?: (base: RunBase) => Promise<unknown>,
): Promise<Result> {
  const controller = new AbortController();
  // The Automation API leaves a listener for each operation of the engine, and a browser asks for many files at once.
  setMaxListeners(0, controller.signal);
  const interrupt = (): void => {
    if (controller.signal.aborted) stopAtOnce();
    say("Stopping ... (once more to stop at once)");
    controller.abort(new InterruptedError());
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const run = await startLocalRun(controller.signal, check);
    try {
      return await work(run);
    } finally {
      await run.stop();
    }
  } catch (error) {
    // What an interruption breaks off fails in many ways: none of them says more.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
