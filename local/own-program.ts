/**
 * `npm run local -- COMMAND…`, and `npx aws-patterns local -- COMMAND…` in projects that have the package: any command
 * with the local cloud for its AWS: `pulumi up` of a program of one's own, a test, a shell. Its providers' roles are made
 * when they are first assumed; the stack is made in a backend of the run's own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { withoutAws } from "./cloud";
import { bold, dim, logTo, PlainError, print, progressToStandardError, red, say } from "./console";
import { addProvider, type LocalRun, PROVIDER_VERSION, STATE, withLocalRun } from "./local-run";
import { BUILT_PROVIDER, CALLED_IN } from "./folders";
import { LACKING_FILE, lackingLine, MAKE_ROLES } from "./provider/own-programs";

interface Options {
  readonly stack: string;
  readonly keep: boolean;
  readonly verbose: boolean;
}

/** What a command needs to reach the cloud, beside the user's own variables. */
function variablesOf({ environment, folder }: LocalRun): Record<string, string> {
  return {
    ...environment,
    [LACKING_FILE]: join(folder, "lacking"),
    [MAKE_ROLES]: "true",
  };
}

/** The stand-in provider under the version that the program's own @pulumi/aws asks for. */
async function provideFor(run: LocalRun): Promise<void> {
  const manifest = findUp(join("node_modules", "@pulumi", "aws", "package.json"));
  if (manifest === undefined) return;
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  const major = PROVIDER_VERSION.split(".")[0];
  if (version.split(".")[0] !== major) {
    throw new PlainError(
      `The program has @pulumi/aws ${version}; the local provider speaks for ${major}. Install @pulumi/aws@${major}.`,
    );
  }
  await addProvider(run, version);
}

/** A file of this folder, or of the nearest one above that has it. */
function findUp(file: string): string | undefined {
  for (let folder = CALLED_IN; ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) return join(folder, file);
    if (folder === dirname(folder)) return undefined;
  }
}

/** The stack that a Pulumi program in this folder is deployed as; its file is as before afterwards but for settings. */
async function withStack<Result>(stack: string, env: NodeJS.ProcessEnv, work: () => Promise<Result>): Promise<Result> {
  const project = ["Pulumi.yaml", "Pulumi.yml"].find((name) => existsSync(join(CALLED_IN, name)));
  if (project === undefined) return work();
  const file = join(CALLED_IN, `Pulumi.${stack}.yaml`);
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before !== undefined && /^(secretsprovider|encryptedkey|encryptionsalt):/m.test(before)) {
    throw new PlainError(
      `${file} has secrets that only its own stack can read. Name another stack: --stack local, whose file has plain values.`,
    );
  }
  await execa("pulumi", ["stack", "select", "--create", stack, "--non-interactive"], { cwd: CALLED_IN, env });
  try {
    return await work();
  } finally {
    const after = await readFile(file, "utf8").catch(() => undefined);
    const settings = after?.replace(/^encryptionsalt:.*\n?/m, "") ?? "";
    if (settings.trim() === "" && before === undefined) await rm(file, { force: true });
    else if (settings !== after) await writeFile(file, settings);
  }
}

/** Ends with the command's own exit code. */
async function runCommand(run: LocalRun, [command = "", ...args]: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child: ChildProcess = spawn(command, args, { cwd: CALLED_IN, env, stdio: "inherit" });
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  // On a terminal, Ctrl-C reaches it by itself.
  const end = (): void => void (process.stdin.isTTY === true || child.kill("SIGINT"));
  run.signal.addEventListener("abort", end, { once: true });
  try {
    const [code, signal] = await ended;
    return code ?? (signal === null ? 1 : 128);
  } catch (error) {
    throw new PlainError(`${command} could not be started (${(error as Error).message}). Is it on PATH?`);
  } finally {
    run.signal.removeEventListener("abort", end);
  }
}

/** Types and functions that the program uses and the stand-in provider lacks, each once. */
function lacking({ folder }: LocalRun): string | undefined {
  const file = join(folder, "lacking");
  return existsSync(file) ? lackingLine(readFileSync(file, "utf8")) : undefined;
}

/** Waits for Ctrl-C. */
async function keep(run: LocalRun, variables: Record<string, string>): Promise<void> {
  const file = join(run.folder, "environment");
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`);
  await writeFile(file, `${lines.join("\n")}\n`);
  say(bold(`The local cloud runs at ${run.cloud.endpoint} until Ctrl-C.`));
  say(`In another terminal: ${bold(`. ${file}`)} ${dim("(bash or zsh); then pulumi, aws and tests reach it")}`);
  await new Promise<void>((resolve) => {
    // Something has to keep the process alive.
    const timer = setInterval(() => undefined, 60_000);
    run.signal.addEventListener("abort", () => resolve(clearInterval(timer)), { once: true });
  });
}

export async function local(command: string[], { stack, keep: keeps, verbose }: Options): Promise<number> {
  progressToStandardError();
  logTo(join(STATE, "local.log"), { verbose });
  return withLocalRun(async (run) => {
    await provideFor(run);
    const variables = variablesOf(run);
    const env = { ...withoutAws(process.env), ...variables };
    const code = await withStack(stack, env, () => runCommand(run, command, env));
    const missing = lacking(run);
    if (missing !== undefined) print(red(missing));
    if (keeps && !run.signal.aborted) await keep(run, variables);
    return code === 0 && missing !== undefined ? 1 : code;
  });
}

export function localCommand(): Command {
  const called = BUILT_PROVIDER === undefined ? "npm run local --" : "npx aws-patterns local --";
  return new Command("local")
    .description("Runs a command with the local cloud for its AWS: pulumi, a test, a shell.")
    .argument("<command...>", "the command, in the folder that this is started in")
    .option("--stack <name>", "the Pulumi stack of the program in this folder; made where it is missing", "local")
    .option("--keep", "leave the cloud running afterwards, until Ctrl-C", false)
    .option("--verbose", "also the toolchain's parts", false)
    .passThroughOptions()
    .addHelpText("after", `\nFor example: ${called} pulumi up --yes; ${called} --keep bash`)
    .action(async (command: string[], options: Options) => {
      process.exitCode = await local(command, options);
    });
}
