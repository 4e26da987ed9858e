/** Deploys patterns to the local cloud and plays their stories, from preparation to an empty account. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bootstrapAccount, rootCredentials } from "./cloud";
import { bold, during, say } from "./console";
import { describeChanges } from "./engine-progress";
import { type LocalRun, STATE } from "./local-run";
import { previewProgram } from "./policies";
import { accountsInUse, LocalStack, onlyPatterns } from "./local-stack";
import { STORIES } from "./stories";
import {
  attempt,
  type Check,
  type PlayedContext,
  sayOutcome,
  type Story,
  type StoryContext,
  StoryLog,
} from "./stories/story";
import type { Account } from "../stacks/account";
import type { Deployment, StackConfiguration } from "../stacks/config";
import type { PolicyDocument } from "../stacks/roles";
import { configurationOf, readStackFile, type StackFile } from "../stacks/stack-file";

export interface StoryResult {
  /** Of the instance in the stack file. */
  name: string;
  pattern: string;
  title: string;
  ok: boolean;
  seconds: number;
  checks: Check[];
  /** Files to look at, relative to the report. */
  files: string[];
  /** Resources that were made for it, by their types. */
  created: Readonly<Record<string, number>>;
  /** Why it was not played: what the machine lacks. */
  skipped?: string;
}

interface Played {
  readonly deployment: Deployment;
  readonly story: Story;
  readonly log: StoryLog;
  /** Files to look at, relative to the report. */
  readonly files: string[];
  created: Record<string, number>;
  /** Outputs of the deployment, once there are any. */
  outputs: Readonly<Record<string, unknown>>;
}

function storyOf(pattern: string): Story {
  const story = STORIES[pattern];
  if (story === undefined) throw new Error(`pattern "${pattern}" has no story; add it to local/stories/index.ts`);
  return story;
}

export function storyContext(run: LocalRun, deployment: Deployment): StoryContext {
  const { id, region } = deployment.account;
  const { endpoint } = run.cloud;
  return { deployment, endpoint, signal: run.signal, client: { region, endpoint, credentials: rootCredentials(id) } };
}

/**
 * What users have before they deploy: accounts with a deployer role, and what the patterns' stories prepare.
 *
 * @param policy what the role may do; default: what the deployers of real accounts may
 */
export async function prepareAccounts(
  run: LocalRun,
  configuration: StackConfiguration,
  policy?: PolicyDocument,
): Promise<void> {
  const accounts = accountsInUse(configuration);
  say(`Preparing ${accounts.length === 1 ? "account" : "accounts"} ${accounts.map(({ name }) => name).join(", ")}`);
  await during("Preparing what users have before they deploy", async () => {
    for (const id of new Set(accounts.map((account) => account.id))) await bootstrapAccount(run.cloud, id, policy);
    for (const deployment of configuration.deployments) {
      await storyOf(deployment.pattern).prepare(storyContext(run, deployment));
    }
  });
}

/** A step that all stories share, e.g. the deployment; done and said once. */
async function commonStep(
  { signal }: LocalRun,
  played: readonly Played[],
  name: string,
  work: () => Promise<string>,
): Promise<boolean> {
  const outcome = await attempt(signal, work);
  sayOutcome(name, outcome);
  for (const { log } of played) log.add(name, outcome);
  return outcome.ok;
}

/** The local stack's file, and the patterns of it that are to be played; all when none is named. */
export interface Chosen {
  readonly file: StackFile;
  readonly patterns: readonly string[];
}

/** What is wrong with the file, or with the names, is refused. */
export async function chosenOf(patterns: readonly string[]): Promise<Chosen> {
  const chosen = { file: await readStackFile("local"), patterns };
  configurationOfChosen(chosen);
  return chosen;
}

function configurationOfChosen({ file, patterns }: Chosen): StackConfiguration {
  return configurationOf(file.name, onlyPatterns(file.settings, patterns));
}

/** The patterns whose stories can be played, and the others with what the machine lacks for them. */
export async function equipped(
  run: Pick<LocalRun, "signal">,
  chosen: Chosen,
): Promise<{ able: string[]; skipped: StoryResult[] }> {
  const { deployments } = configurationOfChosen(chosen);
  const [able, skipped]: [string[], StoryResult[]] = [[], []];
  for (const pattern of new Set(deployments.map((deployment) => deployment.pattern))) {
    const { title, equip } = storyOf(pattern);
    const lacking = await during(`Looking for what ${pattern} needs`, async () => equip?.(run.signal));
    if (lacking === undefined) able.push(pattern);
    else
      skipped.push({
        name: pattern,
        pattern,
        title,
        ok: true,
        seconds: 0,
        checks: [],
        files: [],
        created: {},
        skipped: lacking,
      });
  }
  for (const { pattern, skipped: lacking } of skipped) say(`${pattern}: skipped, as ${lacking}`);
  return { able, skipped };
}

/** Everything has been played and is still deployed. */
export interface Pause {
  readonly results: StoryResult[];
  /** What people may look at: commands of the AWS CLI, by the account that they are for. */
  readonly commands: ReadonlyMap<Account, readonly string[]>;
}

/** Plays the stories of what is chosen. */
export async function playStories(
  run: LocalRun,
  chosen: Chosen,
  pause: (pause: Pause) => Promise<void>,
): Promise<StoryResult[]> {
  const { able, skipped } = await equipped(run, chosen);
  if (able.length === 0) return skipped;
  if (skipped.length === 0) return playAble(run, chosen, pause);
  const played = await playAble(run, { ...chosen, patterns: able }, ({ results, commands }) =>
    pause({ results: [...results, ...skipped], commands }),
  );
  return [...played, ...skipped];
}

async function playAble(run: LocalRun, chosen: Chosen, pause: (pause: Pause) => Promise<void>): Promise<StoryResult[]> {
  const configuration = configurationOfChosen(chosen);
  const played = configuration.deployments.map((deployment): Played => ({
    deployment,
    story: storyOf(deployment.pattern),
    log: new StoryLog(configuration.deployments.length > 1 ? deployment.name : ""),
    files: [],
    created: {},
    outputs: {},
  }));
  await prepareAccounts(run, configuration);
  const stack = await LocalStack.create(run, chosen.file, chosen.patterns);
  try {
    if (await commonStep(run, played, "Deploy (pulumi up)", async () => describeChanges(await stack.up()))) {
      await commonStep(run, played, "Deploy again: nothing changes", () => expectNoChanges(stack));
      await playAll(run, stack, played);
      await pause({ results: played.map(result), commands: commandsOf(played) });
    }
  } finally {
    // After Ctrl-C there is nothing to clean up but the emulator, which goes as a whole.
    if (!run.signal.aborted) await destroyAll(run, stack, played);
  }
  return played.map(result);
}

function commandsOf(played: readonly Played[]): Map<Account, string[]> {
  const commands = new Map<Account, string[]>();
  for (const { deployment, story, outputs } of played) {
    const filled = story.tryFirst.map((command) =>
      command.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const value = outputs[name];
        if (typeof value !== "string") throw new Error(`${deployment.name} has no output "${name}": ${command}`);
        return value;
      }),
    );
    commands.set(deployment.account, [...(commands.get(deployment.account) ?? []), ...filled]);
  }
  return commands;
}

async function expectNoChanges(stack: LocalStack): Promise<string> {
  const changes = await stack.up();
  if (Object.keys(changes).some((kind) => kind !== "same")) throw new Error(describeChanges(changes));
  return describeChanges(changes);
}

/** Side by side: each story is about a deployment of its own. */
async function playAll(run: LocalRun, stack: LocalStack, played: readonly Played[]): Promise<void> {
  const outputs = await stack.outputs();
  for (const each of played) {
    each.outputs = outputs[each.deployment.name] ?? {};
    each.created = createdFor(each.deployment.name, played, stack.created);
    say(bold(`${each.deployment.name}: ${each.story.title}`));
  }
  await allEnded(played.map((each) => each.story.play(playedContext(run, stack, each))));
}

/** Counts by type. A resource belongs to the deployment with the longest name that its own begins with. */
function createdFor(
  name: string,
  played: readonly Played[],
  created: ReadonlyMap<string, string>,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [resource, type] of created) {
    const owners = played.map((each) => each.deployment.name).filter((one) => `${resource}-`.startsWith(`${one}-`));
    if (owners.sort((one, two) => two.length - one.length)[0] !== name) continue;
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

/** Waits for all, also when one fails: what follows (the end of the cloud) would make the others fail too. */
async function allEnded(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function destroyAll(run: LocalRun, stack: LocalStack, played: readonly Played[]): Promise<void> {
  await commonStep(run, played, "Destroy (pulumi destroy)", async () => describeChanges(await stack.destroy()));
  const deployed = played.filter(({ outputs }) => Object.keys(outputs).length > 0);
  await allEnded(deployed.map((each) => each.story.afterDestroy(playedContext(run, stack, each))));
}

/** Under local/.state/, where the report is; what earlier runs kept under the same name is replaced. */
async function keep({ deployment, files }: Played, name: string, contents: string | Uint8Array): Promise<string> {
  const file = join(deployment.pattern, name);
  await mkdir(join(STATE, deployment.pattern), { recursive: true });
  await writeFile(join(STATE, file), contents);
  if (!files.includes(file)) files.push(file);
  return join(STATE, file);
}

function playedContext(run: LocalRun, stack: LocalStack, played: Played): PlayedContext {
  const { deployment, log, outputs } = played;
  return {
    ...storyContext(run, deployment),
    outputs,
    step: (name, work) => log.step(name, run.signal, work),
    keep: (name, contents) => keep(played, name, contents),
    redeploy: async (args) => describeChanges(await stack.redeploy(deployment.name, args)),
    preview: (program, guardrails) => previewProgram(run, program, guardrails),
  };
}

function result({ deployment, story, log, files, created }: Played): StoryResult {
  const { ok, seconds, checks } = log;
  return {
    name: deployment.name,
    pattern: deployment.pattern,
    title: story.title,
    ok,
    seconds,
    checks,
    files,
    created,
  };
}
