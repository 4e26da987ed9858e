import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";

/** Environment variables as the operating system has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The first executable of that name on PATH, as an absolute path. */
export function findOnPath(name: string, variables: Variables, skip: (folder: string) => boolean = () => false) {
  const folders = (variables["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder) && !skip(folder));
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Whether the path is a file that this user may start. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Asks a program something that it answers at once; undefined when it fails, is missing, or takes over 20 s. */
export async function ask(command: string, args: readonly string[], variables: Variables): Promise<string | undefined> {
  const result = await execa(command, args, {
    env: variables,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: 20_000,
  });
  return result.failed ? undefined : result.stdout.trim();
}

/** A long-running command. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Its working directory. */
  readonly cwd: string;
  readonly variables: Variables;
  /** Ends it, and everything that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each line of standard output and error. */
  readonly onLine?: (line: string) => void;
}

/** How a command ended. */
export interface Outcome {
  readonly ok: boolean;
  /** Its last 200 lines, standard output and error together. */
  readonly output: string;
}

/**
 * Leads a process group of its own and holds one end of a pipe to us. When we go away, however that happens, the pipe
 * closes and it ends the group: a compiler, a downloader or a shell never outlives the run that started it.
 */
const guardian = `
const [command, ...args] = process.argv.slice(1);
process.stdin.resume().on("close", () => process.kill(0, "SIGKILL"));
const child = require("node:child_process").spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
child.on("error", (error) => { console.error(error.message); process.exit(127); });
child.on("exit", (code) => process.exit(code ?? 1));
`;

/** Runs a command to its end. Rejects only when it is aborted. */
export async function run(command: Command): Promise<Outcome> {
  command.signal?.throwIfAborted();
  const child = spawn(process.execPath, ["-e", guardian, command.command, ...command.args], {
    cwd: command.cwd,
    env: command.variables,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const read = (line: string): void => {
    lines.push(line);
    if (lines.length > 200) lines.shift();
    command.onLine?.(line);
  };
  createInterface({ input: child.stdout }).on("line", read);
  createInterface({ input: child.stderr }).on("line", read);
  const abort = (): void => void child.stdin.destroy();
  command.signal?.addEventListener("abort", abort, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    command.signal?.throwIfAborted();
    return { ok: code === 0, output: lines.join("\n") };
  } finally {
    command.signal?.removeEventListener("abort", abort);
  }
}
