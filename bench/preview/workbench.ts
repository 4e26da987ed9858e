/** Stacks that exist for a measurement only, and real `pulumi preview`s of them. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import { dump, load } from "js-yaml";
import { type LocalRun, ROOT } from "../../local/local-run";
import { PlainError } from "../../local/console";
import { type Usage, watchProcesses } from "./processes";
import type { Settings } from "./stacks";
import { OURS, type Variant } from "./variants";

export interface Preview extends Usage {
  readonly seconds: number;
  /** Resources that the preview would create. */
  readonly resources: number;
}

interface Project {
  readonly runtime: { readonly name: string; readonly options: object };
}

export class Workbench {
  private readonly pulumi: string;

  private constructor(
    private readonly run: LocalRun,
    private readonly folder: string,
    private readonly variables: Readonly<Record<string, string>>,
    private readonly variant: Variant,
  ) {
    this.pulumi = join(run.toolchain.pulumi, "pulumi");
  }

  /** A project folder and a backend of its own within the run's folder, whose `main` is this project. */
  static async create(run: LocalRun, name: string, variant: Variant = OURS): Promise<Workbench> {
    const folder = join(run.folder, `bench-${name}`);
    const backend = join(folder, "backend");
    await mkdir(backend, { recursive: true });
    const project = load(await readFile(join(ROOT, "Pulumi.yaml"), "utf8")) as Project;
    const options = variant === OURS ? project.runtime.options : { typescript: true };
    const runtime = { ...project.runtime, options };
    await writeFile(join(folder, "Pulumi.yaml"), dump({ ...project, runtime, main: relative(folder, variant.main) }));
    const variables = { ...run.environment, ...variant.environment, PULUMI_BACKEND_URL: `file://${backend}` };
    return new Workbench(run, folder, variables, variant);
  }

  async createStack(name: string, settings: Settings): Promise<void> {
    await writeFile(join(this.folder, `Pulumi.${name}.yaml`), dump({ config: settings }));
    await this.start(["stack", "init", name, "--no-select"]);
  }

  async preview(stack: string): Promise<Preview> {
    const began = performance.now();
    const command = this.start(["preview", "--stack", stack, "--suppress-progress", "--suppress-outputs"]);
    const usage = watchProcesses(command.pid ?? 0, command);
    const { stdout } = await command.catch((error: unknown) => {
      throw new PlainError(`pulumi preview of ${stack} (${this.variant.name}) failed:\n${outputOf(error)}`);
    });
    const seconds = (performance.now() - began) / 1000;
    const resources = Number(/\+ (\d+) to create/.exec(stdout)?.[1] ?? 0);
    if (resources === 0) throw new PlainError(`pulumi preview of ${stack} shows nothing to create:\n${stdout}`);
    return { seconds, resources, ...(await usage) };
  }

  private start(args: readonly string[]) {
    return execa(this.pulumi, [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: this.variables,
      cancelSignal: this.run.signal,
    });
  }
}

function outputOf(error: unknown): string {
  const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
  return `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n") || String(error);
}
