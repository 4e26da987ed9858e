/** A copy of the project whose files may be broken; it shares the installed packages. */
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type Options } from "execa";
import { ROOT } from "../../stacks/root";

export interface Clone {
  readonly folder: string;
  /** Runs a script of the copy, as the npm scripts do; its output is in `all`. */
  node(script: string, args: readonly string[], options?: Options): Promise<{ exitCode?: number; all: string }>;
  /** What runs have left behind. */
  leftovers(): string[];
  remove(): void;
}

const LEFT_OUT = ["node_modules", ".git", ".state", "dist", "test"];

export function cloneProject(): Clone {
  const folder = mkdtempSync(join(tmpdir(), "aws-patterns-clone-"));
  for (const name of readdirSync(ROOT).filter((entry) => !LEFT_OUT.includes(entry))) {
    const filter = (path: string): boolean => !path.endsWith(join("local", ".state"));
    cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter });
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return {
    folder,
    async node(script, args, options = {}) {
      const command = ["-r", "./scripts/register.cjs", script, ...args];
      const { exitCode, all } = await execa(process.execPath, command, {
        ...options,
        cwd: folder,
        reject: false,
        all: true,
        stdin: "ignore",
      });
      return { ...(exitCode === undefined ? {} : { exitCode }), all: String(all) };
    },
    leftovers: () => {
      const state = join(folder, "local", ".state");
      return readdirSync(join(folder, "local")).includes(".state") ? readdirSync(state) : [];
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
