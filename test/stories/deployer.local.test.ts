/** That the deployer's policy suffices, has no service too many, and that one too few is reported clearly. */
import * as assert from "node:assert/strict";
import { bootstrapAccount } from "../../local/cloud";
import { type LocalRun, startLocalRun } from "../../local/local-run";
import { accountsInUse, LocalStack, onlyPatterns } from "../../local/local-stack";
import { chosenOf, equipped, prepareAccounts } from "../../local/play";
import type { StackConfiguration } from "../../stacks/config";
import { type PolicyDocument, ROLES, wholePolicy } from "../../stacks/roles";
import { configurationOf, readStackFile } from "../../stacks/stack-file";

const { name: ROLE } = ROLES.deployer;
const POLICY = wholePolicy(ROLES.deployer);

const serviceOf = (action: string): string => action.split(":")[0] ?? "";

/** The actions that a policy allows, as they are written. */
function allowed({ Statement }: PolicyDocument): string[] {
  return Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => [Action].flat());
}

/** The policy as it would be without a service. */
function without(service: string): PolicyDocument {
  const Statement = POLICY.Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((action) => statement.Effect === "Deny" || serviceOf(action) !== service),
  })).filter(({ Action }) => Action.length > 0);
  return { ...POLICY, Statement };
}

async function configured(patterns: readonly string[]): Promise<StackConfiguration> {
  const { name, settings } = await readStackFile("local");
  return configurationOf(name, onlyPatterns(settings, patterns));
}

describe("the deployer's policy", () => {
  let run: LocalRun;
  before(async () => {
    run = await startLocalRun(new AbortController().signal);
  });
  after(() => run?.stop());

  async function authorizations(): Promise<{ actions: string[]; denied: string[] }> {
    const response = await fetch(`${run.cloud.endpoint}/_aws-patterns/authorizations?role=${ROLE}`);
    return (await response.json()) as { actions: string[]; denied: string[] };
  }

  /** A stack of the patterns named (of all, when none is), with the deployers as they are given. */
  async function prepared(patterns: string[], policy?: PolicyDocument): Promise<LocalStack> {
    await prepareAccounts(run, await configured(patterns), policy);
    return LocalStack.create(run, await readStackFile("local"), patterns);
  }

  it("tells, without one of its services, which action is missing", async () => {
    const stack = await prepared(["cost-report"], without("s3"));
    const denial = new RegExp(`assumed-role/${ROLE}/\\S+ is not authorized to perform: s3:CreateBucket`);
    await assert.rejects(stack.up(), denial);
    for (const { id } of accountsInUse(await configured(["cost-report"]))) {
      await bootstrapAccount(run.cloud, id);
    }
    await stack.destroy();
  });

  it("suffices to deploy and to destroy every pattern, and each of its services is needed for it", async function () {
    this.timeout(1_800_000);
    const denied = (await authorizations()).denied;
    const { able, skipped } = await equipped(run, await chosenOf([]));
    const stack = await prepared(able);
    await stack.up();
    await stack.destroy();
    const seen = await authorizations();
    assert.deepEqual(seen.denied, denied);
    const called = new Set(seen.actions.map(serviceOf));
    // Everybody may ask who they are.
    called.delete("sts");
    const needed = new Set(allowed(POLICY).map(serviceOf));
    // The one pattern that needs a JDK is the one with an API.
    if (skipped.length > 0) needed.delete("apigateway");
    assert.deepEqual([...called].sort(), [...needed].sort());
  });
});
