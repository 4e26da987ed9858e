/** What is wrong with a GitHub Actions workflow by this repository's rules, which go beyond what actionlint checks. */
import { load } from "js-yaml";

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly if?: string;
  /** A reusable workflow, in the place of steps, and its inputs. */
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly strategy?: { readonly "fail-fast"?: boolean; readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export function parse(text: string): Workflow {
  return load(text) as Workflow;
}

/**
 * A tag can be moved to other code, a commit cannot; the comment tells people which version it is. A workflow of this
 * repository comes from the commit that runs.
 */
const pinned = /^(?:[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/workflows\/[\w-]+\.yml)$/;

/** One sentence for each fault; none for a workflow that keeps the rules. */
export function faultsOf(text: string): string[] {
  const workflow = parse(text);
  const actions = [...text.matchAll(/^[\s-]*["']?uses["']?:\s*(.+?)\s*$/gm)].map(([, action = ""]) => action);
  const unpinned = actions
    .filter((action) => !pinned.test(action))
    .map((action) => `${action}: not pinned by a commit's 40 digits and a version comment`);
  const parsed = Object.values(workflow.jobs)
    .flatMap((job) => [job, ...(job.steps ?? [])])
    .filter(({ uses }) => uses !== undefined);
  // YAML has other ways to write a step (in braces, say), which must not pass unread.
  const unread = actions.length === parsed.length ? [] : ["uses: not each on a line of its own"];
  const granted = Object.entries(workflow.permissions ?? {}).filter(([, access]) => access === "write");
  const toAll = granted.map(([scope]) => `permissions ${scope}: given to every job; give it to the one that needs it`);
  const trigger = "pull_request_target" in workflow.on ? ["pull_request_target: gives a fork's code our secrets"] : [];
  const jobs = Object.entries(workflow.jobs).flatMap(([name, job]) =>
    jobFaults(job, workflow).map((fault) => `${name}: ${fault}`),
  );
  return [...trigger, ...toAll, ...unpinned, ...unread, ...jobs];
}

function jobFaults(job: Job, workflow: Workflow): string[] {
  const faults: string[] = [];
  const permissions = job.permissions ?? workflow.permissions;
  if (permissions === undefined) faults.push("no permissions");
  if (typeof permissions === "string") faults.push(`permissions ${String(permissions)}: name each one`);
  // The jobs of a workflow that is called have their own.
  if (job.uses === undefined && typeof job["timeout-minutes"] !== "number") faults.push("no timeout-minutes");
  for (const { run, uses, with: inputs } of job.steps ?? []) {
    if (uses?.startsWith("actions/checkout@") && inputs?.["persist-credentials"] !== false) {
      faults.push("the checkout leaves its token to all later steps: set persist-credentials to false");
    }
    // GitHub pastes the value into the script before the shell reads it; a variable in `env` is only data.
    if ([run, inputs?.["script"]].some((script) => String(script ?? "").includes("${{"))) {
      faults.push("an expression inside a script: pass it through env");
    }
  }
  return faults;
}
