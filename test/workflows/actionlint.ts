/** actionlint, built once into the cache folder by Go, which checks its modules against the public checksums. */
import { join } from "node:path";
import { ensureArtefact } from "../../local/toolchain/cache";
import type { Context } from "../../local/toolchain/context";
import { findOnPath, run } from "../../local/toolchain/run";

export const ACTIONLINT_VERSION = "1.7.12";

const program = process.platform === "win32" ? "actionlint.exe" : "actionlint";

/** Where actionlint is. Throws one line that says what to install when there is no Go to build it with. */
export async function ensureActionlint(context: Context): Promise<string> {
  const place = await ensureArtefact(
    {
      key: `actionlint-${ACTIONLINT_VERSION}-${process.platform}-${process.arch}`,
      step: "actionlint",
      title: "actionlint",
      essential: [program],
      build: (folder) => build(folder, context),
    },
    context,
  );
  return join(place, program);
}

async function build(folder: string, context: Context): Promise<void> {
  const go = findOnPath("go", context.variables);
  if (go === undefined) {
    throw new Error("There is no Go on PATH to build actionlint with. Install Go 1.21 or newer, then run it again.");
  }
  const { ok, output } = await run({
    command: go,
    args: ["install", `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT_VERSION}`],
    cwd: folder,
    variables: { ...context.variables, GOBIN: folder },
    signal: context.signal,
  });
  if (!ok) throw new Error(`Go could not build actionlint ${ACTIONLINT_VERSION}:\n${output}`);
}
