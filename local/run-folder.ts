/** Folders of runs of the local cloud: each has the number of its process in its name. */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { join, relative } from "node:path";
import { PlainError } from "./console";
import { STATE } from "./folders";
import { removeAbandoned } from "./toolchain/abandoned";

const PREFIX = "run-";

/** Those that this process has made, and may still be there. */
const own = new Set<string>();

/** Makes a folder for a run, and removes those of processes that were killed. */
export async function makeRunFolder(state = STATE): Promise<string> {
  try {
    await mkdir(state, { recursive: true });
    await removeAbandoned(state, PREFIX);
    const folder = await mkdtemp(join(state, `${PREFIX}${process.pid}-`));
    own.add(folder);
    return folder;
  } catch (error) {
    throw unwritable(error);
  }
}

/** Ends this process now. Its emulator ends with it. */
export function stopAtOnce(): never {
  for (const folder of own) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(130);
}

function unwritable(error: unknown): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  const below = relative(process.cwd(), STATE);
  const folder = below.startsWith("..") ? STATE : below;
  if (["ENOSPC", "EDQUOT"].includes(code)) {
    return new PlainError(`The folder ${folder} cannot be written: the disk is full. Free some space.`);
  }
  if (["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].includes(code)) {
    return new PlainError(
      `The folder ${folder} cannot be written (${code}). Make it writable, or run this in a copy of the project.`,
    );
  }
  return error;
}
