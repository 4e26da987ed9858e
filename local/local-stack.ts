/** A stack of this project, deployed to the local cloud by the real Pulumi engine. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import type { Account } from "../stacks/account";
import type { Deployment, StackConfiguration } from "../stacks/config";
import { nearest } from "../stacks/faults";
import { configurationOf, type Settings, type StackFile, stackFileName } from "../stacks/stack-file";
import { during, PlainError, say, sayDetail } from "./console";
import { type Changes, EngineProgress } from "./engine-progress";
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

export class LocalStack {
  /** Types of the resources that were made so far, by their names. */
  readonly created = new Map<string, string>();
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
    return this.engine("preview", (options) => this.stack.preview({ ...options, ...this.held }));
  }

  /** @param target URNs, with wildcards, of what is deployed; all without it */
  async up(target: string[] = []): Promise<Changes> {
    return this.engine("up", (options) => this.stack.up({ ...options, ...this.held, target }));
  }

  async destroy(): Promise<Changes> {
    return this.engine("destroy", (options) => this.stack.destroy(options));
  }

  /**
   * Runs an operation of the engine, and counts what it does; when it fails, the error is what the engine said, not how
   * the CLI was called.
   */
  private async engine(name: string, operate: (options: EngineOptions) => Promise<unknown>): Promise<Changes> {
    const violations = new Violations();
    return during(`pulumi ${name}: the program starts`, async (update) => {
      const progress = new EngineProgress((counted) => update(`pulumi ${name}: ${counted}`));
      const onEvent = (event: EngineEvent): void => {
        // What an interruption breaks off says nothing more.
        if (this.run.signal.aborted) return;
        progress.add(event);
        if (event.policyEvent !== undefined) violations.add(event.policyEvent);
      };
      try {
        await operate({ onEvent, signal: this.run.signal, color: "never" });
        for (const [logicalName, type] of progress.created) this.created.set(logicalName, type);
        return progress.changes;
      } catch (error) {
        const errors = [...progress.errors];
        const broken = violations.mandatory();
        if (broken.length > 0) errors.push(`violated: ${broken.join(", ")}`);
        if (!(error instanceof CommandError) || errors.length === 0) throw error;
        throw new PlainError(`pulumi ${name} failed: ${errors.join("; ")}`);
      } finally {
        // What is exempt is of interest before it is deployed.
        for (const line of violations.exemptions) (name === "preview" ? say : sayDetail)(line);
        for (const line of violations.lines()) say(line);
      }
    });
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
