import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../local/toolchain/context";

/** A machine of its own for one test: a folder for PATH, a cache folder, and what was reported. */
export class FakeMachine {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "aws-patterns-toolchain-")));
  readonly bin = join(this.folder, "bin");
  readonly cache = join(this.folder, "cache");
  readonly said: string[] = [];
  readonly variables: Record<string, string>;

  constructor() {
    mkdirSync(this.bin);
    this.variables = { PATH: this.bin, HOME: this.folder };
  }

  readonly onProgress = (step: string, detail = ""): void => void this.said.push(`${step}: ${detail}`);

  get context(): Context {
    return { cache: this.cache, variables: this.variables, onProgress: this.onProgress };
  }

  /** Puts a shell script on the machine's PATH, or into another folder. Its own commands come from the real one. */
  executable(name: string, script: string, folder: string = this.bin): string {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\nPATH="${process.env["PATH"] ?? ""}"\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Gives each test of a suite a machine. */
export function withMachine(): () => FakeMachine {
  let machine: FakeMachine | undefined;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine?.remove());
  return () => {
    if (!machine) throw new Error("outside a test");
    return machine;
  };
}

/** A `python3` that answers questions and makes virtual environments with a `pip` in them. */
export function fakePython(version: string, canMakeVenv = true, pip = "echo Collecting six==1.17.0"): string {
  const answer = JSON.stringify({ executable: "SELF", version, canMakeVenv });
  return `
case "$*" in
  *" -c "*) echo '${answer}' | sed "s#SELF#$0#" ;;
  *"-m venv "*)
    for last; do :; done
    mkdir -p "$last/bin" && echo "command = $last" > "$last/pyvenv.cfg" && cp "$0" "$last/bin/python"
    printf '#!%s/bin/python\\n' "$last" > "$last/bin/ministack" ;;
  *" install "*) ${pip} ;;
esac`;
}
