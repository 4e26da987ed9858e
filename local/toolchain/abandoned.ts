/** What killed processes left behind: files and folders that have the number of their process after a prefix. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Removes them from a folder; answers whether there were any. */
export async function removeAbandoned(folder: string, prefix: string): Promise<boolean> {
  const abandoned = (await readdir(folder))
    .filter((name) => name.startsWith(prefix))
    .filter((name) => !isRunning(Number(name.slice(prefix.length).split("-")[0])));
  for (const name of abandoned) await rm(join(folder, name), { recursive: true, force: true });
  return abandoned.length > 0;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
