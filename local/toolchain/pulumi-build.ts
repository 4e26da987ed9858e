import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { steps, telling, type Context } from "./context";
import { explainFailure, ToolchainError } from "./errors";
import { ask, findOnPath, run, type Variables } from "./run";
import { GO_THAT_UPGRADES_ITSELF, isAtLeast, MINIMUM_GO, MINIMUM_PULUMI } from "./versions";
import { NODE_HOST_VERSION, PULUMI_VERSION } from "./versions";

/** What `go env` says about itself. */
export interface GoFound {
  /** As `go env GOVERSION` has it: "go1.26.8". */
  readonly version: string;
  /** As `go env GOTOOLCHAIN` has it: "auto", "local", "go1.25.0+auto". */
  readonly toolchain: string;
}

/** Why Go cannot build the CLI, as a sentence, and what to do; undefined when it can. `refusal`: why no download. */
export function judgeGo(found: GoFound | undefined, refusal: string): ToolchainError | undefined {
  const happened = `The Pulumi CLI cannot be downloaded (${refusal})`;
  const install = `Install Pulumi ${MINIMUM_PULUMI} or newer, or Go ${MINIMUM_GO} or newer, then run it again.`;
  if (!found) return new ToolchainError(`${happened}, and there is no Go on PATH to build it with.`, install);
  if (isAtLeast(found.version, MINIMUM_GO)) return undefined;
  const tooOld = `${happened}, and ${found.version} is too old to build it with.`;
  if (!isAtLeast(found.version, GO_THAT_UPGRADES_ITSELF)) return new ToolchainError(tooOld, install);
  if (found.toolchain === "auto" || found.toolchain.endsWith("+auto")) return undefined;
  return new ToolchainError(tooOld, `Set GOTOOLCHAIN=auto, so that Go may fetch a newer Go. Or: ${install}`);
}

interface Program {
  readonly executable: string;
  readonly package: string;
  readonly version: string;
}

const programs: readonly Program[] = [
  { executable: "pulumi", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", version: PULUMI_VERSION },
  {
    executable: "pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: NODE_HOST_VERSION,
  },
];

/** Without a version set at link time the CLI reports none, and the Automation API refuses it. */
const linkerFlags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`;

/** Builds the Pulumi CLI and its Node.js language host into `folder`/bin. `refusal`: why they were not downloaded. */
export async function buildPulumi(folder: string, refusal: string, context: Context): Promise<void> {
  const fault = judgeGo(await findGo(context), refusal);
  if (fault) throw fault;
  const counts = { fetched: 0, compiled: 0 };
  const stop = new AbortController();
  const signal = context.signal ? AbortSignal.any([context.signal, stop.signal]) : stop.signal;
  const builds = programs.map((program) => build(program, folder, counts, { ...context, signal }));
  const tell = (elapsed: string): void =>
    context.onProgress(
      steps.pulumi,
      `building it from its Go modules: ${counts.fetched} modules fetched, ${counts.compiled} packages compiled (${elapsed})`,
    );
  try {
    await telling(tell, Promise.all(builds));
  } finally {
    stop.abort();
    // The folder is removed next: nothing may still write to it.
    await Promise.allSettled(builds);
  }
}

async function findGo({ variables, cache }: Context): Promise<GoFound | undefined> {
  const go = findOnPath("go", variables);
  const answer = go && (await ask(go, ["env", "GOVERSION", "GOTOOLCHAIN"], goVariables(variables, cache)));
  if (!answer) return undefined;
  const [version = "", toolchain = ""] = answer.split("\n");
  return { version, toolchain };
}

async function build(
  program: Program,
  folder: string,
  counts: { fetched: number; compiled: number },
  context: Context,
): Promise<void> {
  const source = join(folder, `source-${program.executable}`);
  await mkdir(source);
  const onLine = (line: string): void => {
    if (line.startsWith("go: downloading ")) counts.fetched += 1;
    else if (/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) counts.compiled += 1;
  };
  const output = join(folder, "bin", program.executable);
  for (const args of [
    ["mod", "init", "build"],
    ["get", `${program.package}@v${program.version}`],
    ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", linkerFlags, "-o", output, program.package],
  ]) {
    const variables = goVariables(context.variables, source);
    const outcome = await run({ command: "go", args, cwd: source, variables, signal: context.signal, onLine });
    if (outcome.ok) continue;
    const attempt = { what: `Building ${program.executable} with Go`, source: "the Go module proxy (GOPROXY)" };
    throw explainFailure(attempt, outcome.output);
  }
  await rm(source, { recursive: true, force: true });
}

/** The user's Go settings, less those that would change what is built, or refuse to: vendoring, workspaces, targets. */
function goVariables(variables: Variables, directory: string): Variables {
  return {
    ...variables,
    PWD: directory,
    GOFLAGS: "-mod=mod",
    GOWORK: "off",
    GO111MODULE: "on",
    GOOS: "",
    GOARCH: "",
    CGO_ENABLED: "0",
  };
}
