/** What a story is: a pattern's life, played through the public AWS APIs and checked step by step. */
import type { AwsCredentialIdentity } from "@smithy/types";
import type { GuardrailsSettings } from "../../policy/settings";
import type { Deployment } from "../../stacks/config";
import { during, green, red, say } from "../console";

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  /** Seconds from the run's start to the step's end. */
  seconds: number;
  /** Seconds that the step took. */
  took: number;
}

/** How a story reaches the account that its pattern is deployed to, and what it says. */
export interface StoryContext {
  readonly deployment: Deployment;
  readonly endpoint: string;
  /** For `new Client(context.client)` of any AWS SDK client: an administrator of the pattern's account. */
  readonly client: { region: string; endpoint: string; credentials: AwsCredentialIdentity };
  readonly signal: AbortSignal;
}

export interface PlayedContext extends StoryContext {
  /** Outputs of the deployment. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /**
   * One checked step. It holds when `work` ends without an error; what it answers is shown as the detail.
   *
   * @returns whether it held
   */
  step(name: string, work: () => Promise<string>): Promise<boolean>;
  /**
   * Keeps something to look at (a mail, a picture), and links it from the run's report.
   *
   * @param name of a file, such as `mail.html`
   * @returns its path
   */
  keep(name: string, contents: string | Uint8Array): Promise<string>;
  /**
   * Deploys the story's deployment again (`pulumi up`), with these arguments changed; where that fails, they are as before
   * afterwards. Where several stories ask for it, one comes after the other.
   *
   * @returns what was created, updated and so on, in words
   */
  redeploy(args: Record<string, unknown>): Promise<string>;
  /** Previews a program of the story's own, held to the policy pack. */
  preview(program: () => Promise<void>, guardrails: GuardrailsSettings): Promise<Preview>;
}

/** What came of a preview. */
export interface Preview {
  /** Whether a mandatory rule, or anything else, stopped it. */
  readonly refused: boolean;
  /** What the policy pack said, a line each. */
  readonly lines: readonly string[];
}

export interface Story {
  /** What happens, in one line. */
  readonly title: string;
  /** Commands of the AWS CLI that people try first on what is deployed; `{name}` is one of its outputs. */
  readonly tryFirst: readonly string[];
  /**
   * Makes what is built on the machine, with programs that not everybody has.
   *
   * @returns what the machine lacks, in one line: the story is skipped then
   */
  equip?(signal: AbortSignal): Promise<string | undefined>;
  /** Makes what a user has before deploying: a domain, an opt-in. Also done for previews. */
  prepare(context: StoryContext): Promise<void>;
  play(context: PlayedContext): Promise<void>;
  /** Checks, after `pulumi destroy`, that nothing is left behind. */
  afterDestroy(context: PlayedContext): Promise<void>;
}

/** Keeps the checks of a story, and says each as it happens. */
export class StoryLog {
  readonly checks: Check[] = [];
  private readonly started = Date.now();

  /** @param pattern said with each check, where several stories are played side by side */
  constructor(private readonly pattern = "") {}

  get ok(): boolean {
    return this.checks.length > 0 && this.checks.every(({ ok }) => ok);
  }

  get seconds(): number {
    return Math.round((Date.now() - this.started) / 100) / 10;
  }

  async step(name: string, signal: AbortSignal, work: () => Promise<string>): Promise<boolean> {
    const said = this.pattern === "" ? name : `${this.pattern}: ${name}`;
    const outcome = await during(said, () => attempt(signal, work));
    sayOutcome(said, outcome);
    this.add(name, outcome);
    return outcome.ok;
  }

  /** Keeps the outcome of a step that was said already. */
  add(name: string, { ok, detail, took }: Outcome): void {
    this.checks.push({ name, ok, detail, seconds: this.seconds, took });
  }
}

export interface Outcome {
  ok: boolean;
  detail: string;
  /** Seconds. */
  took: number;
}

/** Runs one step; an error makes it fail, with its message as the detail. After Ctrl-C it throws: nothing goes on. */
export async function attempt(signal: AbortSignal, work: () => Promise<string>): Promise<Outcome> {
  signal.throwIfAborted();
  const start = Date.now();
  const ended = (ok: boolean, detail: string): Outcome => ({
    ok,
    detail,
    took: Math.round((Date.now() - start) / 100) / 10,
  });
  try {
    return ended(true, await work());
  } catch (error) {
    signal.throwIfAborted();
    return ended(false, error instanceof Error ? error.message : String(error));
  }
}

export function sayOutcome(name: string, { ok, detail }: Outcome): void {
  say(`${ok ? green("✔") : red("✘")} ${name}${detail === "" ? "" : ` — ${detail}`}`);
}

/** Asks until `observe` answers what `holds` accepts. The error tells what was seen last. */
export async function eventually<T>(
  what: string,
  signal: AbortSignal,
  observe: () => Promise<T>,
  holds: (seen: T) => boolean,
  timeoutSeconds = 60,
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    const seen = await observe();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) {
      throw new Error(`after ${timeoutSeconds} s still not: ${what}; last seen: ${JSON.stringify(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
