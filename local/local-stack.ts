/** A stack of this project, deployed to the local cloud by the real Pulumi engine. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import type { Account } from "../stacks/account";
import type { Deployment, StackConfiguration } from "../stacks/config";
import { nearest } from "../stacks/faults";
import { configurationOf, type Settings, type StackFile, stackFileName } from "../stacks/stack-file";
import { dim, PlainError, plainText, say } from "./console";
import type { LocalRun } from "./local-run";
import { type Held, heldTo } from "./policies";
import { readByCli, stackFolder } from "./read-by-cli";
import { Violations } from "./violations";

const PATTERNS = "aws-patterns:patterns";

/** The same settings with only the deployments of the patterns named; all when none is named. */
export function onlyPatterns(settings: Settings, wanted: readonly string[]): Settings {
  const entries = Object.entries((settings[PATTERNS] ?? {}) as Record<string, { pattern?: string }>);
  const known = [...new Set(entries.map(([, { pattern = "" }]) => pattern))];
  for (const name of wanted) {
    if (!known.includes(name)) {
      throw new PlainError(
        `There is no pattern "${name}". Patterns: ${[...known].sort().join(", ")}. ${nearest(name, known)}`,
      );
    }
  }
  const chosen = entries.filter(([, { pattern = "" }]) => wanted.length === 0 || wanted.includes(pattern));
  return { ...settings, [PATTERNS]: Object.fromEntries(chosen) };
}

/** The same settings with other arguments of one deployment. */
function edited(settings: Settings, deployment: string, args: Record<string, unknown>): Settings {
  const patterns = (settings[PATTERNS] ?? {}) as Record<string, { args?: object }>;
  const entry = patterns[deployment];
  if (entry === undefined) throw new Error(`there is no deployment "${deployment}"`);
  return { ...settings, [PATTERNS]: { ...patterns, [deployment]: { ...entry, args: { ...entry.args, ...args } } } };
}

/** The accounts that a configuration deploys to. */
export function accountsInUse({ deployments }: StackConfiguration): Account[] {
  return [...new Map(deployments.map(({ account }: Deployment) => [account.name, account])).values()];
}

/** Counts of an update, as Pulumi sums them up: created, updated, replaced, deleted, unchanged. */
export type Changes = Partial<Record<string, number>>;

export class LocalStack {
  /** The end of the deployment that was asked for last. */
  private before: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly name: string,
    private readonly stack: Stack,
    private readonly run: LocalRun,
    private readonly held: Held,
    private config: Settings,
  ) {}

  /** Makes the stack in the run's own folder, with the patterns named or with all of them. */
  static async create(run: LocalRun, file: StackFile, patterns: readonly string[] = []): Promise<LocalStack> {
    const { stack, file: read } = await readByCli(run, file);
    const folder = stackFolder(run, file.name);
    const config = onlyPatterns(read.settings, patterns);
    const held = await heldTo(join(folder, "policies"), configurationOf(file.name, config).guardrails);
    const made = new LocalStack(file.name, stack, run, held, config);
    // Only a selection is a file of our own making.
    if (patterns.length > 0) await made.write(config);
    return made;
  }

  /**
   * Deploys one deployment again, with arguments changed as if the stack file had been edited; where that fails, they are
   * as before afterwards. Several stories may ask for it: the engine locks the stack, so one comes after the other.
   */
  redeploy(deployment: string, args: Record<string, unknown>): Promise<Changes> {
    const deployed = this.before.then(async () => {
      const { config } = this;
      await this.write(edited(config, deployment, args));
      try {
        return await this.up([`**::${deployment}`, `**::${deployment}-*`]);
      } catch (error) {
        await this.write(config);
        throw error;
      }
    });
    this.before = deployed.catch(() => undefined);
    return deployed;
  }

  /** Another stack file, in JSON, which is read alike by all versions of YAML. */
  private async write(config: Settings): Promise<void> {
    this.config = config;
    const file = join(stackFolder(this.run, this.name), stackFileName(this.name));
    await writeFile(file, JSON.stringify({ config }));
  }

  async preview(): Promise<Changes> {
    const { changeSummary } = await this.engine("preview", (options) =>
      this.stack.preview({ ...options, ...this.held }),
    );
    return changeSummary;
  }

  /** @param target URNs, with wildcards, of what is deployed; all without it */
  async up(target: string[] = []): Promise<Changes> {
    const { summary } = await this.engine("up", (options) => this.stack.up({ ...options, ...this.held, target }));
    return summary.resourceChanges ?? {};
  }

  async destroy(): Promise<Changes> {
    const { summary } = await this.engine("destroy", (options) => this.stack.destroy(options));
    return summary.resourceChanges ?? {};
  }

  /** Runs an operation of the engine; when it fails, the error is what the engine said, not how the CLI was called. */
  private async engine<Result>(name: string, operate: (options: EngineOptions) => Promise<Result>): Promise<Result> {
    const errors: string[] = [];
    const violations = new Violations();
    const onEvent = (event: EngineEvent): void => {
      // What an interruption breaks off says nothing more.
      if (this.run.signal.aborted) return;
      showEvent(event);
      const diagnostic = event.diagnosticEvent;
      if (diagnostic?.severity === "error") errors.push(plainText(diagnostic.message));
      if (event.policyEvent !== undefined) violations.add(event.policyEvent);
    };
    try {
      return await operate({ onEvent, signal: this.run.signal, color: "never" });
    } catch (error) {
      const broken = violations.mandatory();
      if (broken.length > 0) errors.push(`violated: ${broken.join(", ")}`);
      if (!(error instanceof CommandError) || errors.length === 0) throw error;
      throw new PlainError(`pulumi ${name} failed: ${[...new Set(errors)].join("; ")}`);
    } finally {
      for (const line of violations.lines()) say(line);
    }
  }

  /** Outputs of the deployments, by their names. */
  async outputs(): Promise<Record<string, Record<string, unknown>>> {
    const outputs = await this.stack.outputs();
    return (outputs.patterns?.value ?? {}) as Record<string, Record<string, unknown>>;
  }
}

/** What every operation of the Automation API takes. */
interface EngineOptions {
  onEvent: (event: EngineEvent) => void;
  signal: AbortSignal;
  color: "never";
}

const MARKS: Readonly<Record<string, string>> = {
  create: "+",
  "create-replacement": "++",
  update: "~",
  replace: "+-",
  delete: "-",
  "delete-replaced": "--",
  read: ">",
};

function logicalName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** Pulumi's progress, one line a finished resource; diagnostics as they come. */
function showEvent(event: EngineEvent): void {
  const done = event.resOutputsEvent?.metadata;
  const mark = done === undefined ? undefined : MARKS[done.op];
  if (done !== undefined && mark !== undefined) {
    say(`${mark} ${done.type} ${dim(logicalName(done.urn))}`);
  }
  const failed = event.resOpFailedEvent?.metadata;
  if (failed !== undefined) say(`! ${failed.op} of ${failed.type} ${logicalName(failed.urn)} failed`);
  const diagnostic = event.diagnosticEvent;
  if (diagnostic !== undefined && ["warning", "error"].includes(diagnostic.severity)) {
    const where = diagnostic.urn === undefined ? "" : `${logicalName(diagnostic.urn)}: `;
    say(`${diagnostic.severity}: ${where}${plainText(diagnostic.message)}`);
  }
}
