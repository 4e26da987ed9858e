/** Folders of runs of the local cloud, under local/.state/: each has the number of its process in its name. */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { PlainError } from "./console";

export const STATE = join(__dirname, ".state");

const PREFIX = "run-";

/** Those that this process has made, and may still be there. */
const own = new Set<string>();

/** Makes a folder for a run, and removes those of processes that were killed. */
export async function makeRunFolder(state = STATE): Promise<string> {
  try {
    await mkdir(state, { recursive: true });
    await removeAbandoned(state);
    const folder = await mkdtemp(join(state, `${PREFIX}${process.pid}-`));
    own.add(folder);
    return folder;
  } catch (error) {
    throw unwritable(error);
  }
}

async function removeAbandoned(state: string): Promise<void> {
  const folders = (await readdir(state)).filter((name) => name.startsWith(PREFIX));
  const abandoned = folders.filter((name) => !isRunning(Number(name.slice(PREFIX.length).split("-")[0])));
  for (const name of abandoned) await rm(join(state, name), { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Ends this process now. Its emulator ends with it. */
export function stopAtOnce(): never {
  for (const folder of own) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(130);
}

function unwritable(error: unknown): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (["ENOSPC", "EDQUOT"].includes(code)) {
    return new PlainError("The folder local/.state cannot be written: the disk is full. Free some space.");
  }
  if (["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].includes(code)) {
    return new PlainError(
      `The folder local/.state cannot be written (${code}). Make it writable, or run this in a copy of the project.`,
    );
  }
  return error;
}
