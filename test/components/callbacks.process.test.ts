import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { AwsStub } from "../support/aws-stub";
import { archiveFiles, invoke, isCallback, type Outcome, unpack } from "../support/callback-process";
import type { Registered } from "../support/mocks";
import { deployedPatterns, INSTANCE, type Sample } from "../support/patterns";
import { sampleOf } from "../support/sample";
import type { Scenario } from "../support/scenario";
import { actionsFor, permissionsOf, type Statement } from "../support/policies";

interface Run {
  lambda: Registered;
  scenario: Scenario;
  outcome: Outcome;
  stub: AwsStub;
}

describe("every callback of every pattern", () => {
  let parent: string;
  let samples: Sample[];
  const runs: Run[] = [];

  before(async () => {
    parent = mkdtempSync(join(tmpdir(), "aws-patterns-callbacks-"));
    samples = await deployedPatterns();
    for (const { pattern, resources } of samples) {
      for (const lambda of resources.filter(isCallback)) {
        const role = lambda.name.slice(INSTANCE.length + 1);
        const scenarios = sampleOf(pattern).scenarios[role];
        assert.ok(scenarios, `${pattern}: "${role}" has no scenarios in this test`);
        const folder = await unpack(lambda, parent);
        runs.push(...(await Promise.all(scenarios.map((scenario) => play(lambda, folder, scenario)))));
      }
    }
  });

  after(() => rmSync(parent, { recursive: true, force: true }));

  async function play(lambda: Registered, folder: string, scenario: Scenario): Promise<Run> {
    const stub = await AwsStub.start(scenario.answers);
    try {
      return { lambda, scenario, stub, outcome: await invoke(lambda, folder, scenario.event, stub.endpoint) };
    } finally {
      await stub.stop();
    }
  }

  const isRefused = ({ scenario: { calls, answers } }: Run): boolean =>
    calls.some((call) => answers[call] === undefined);
  const functions = (): Registered[] => samples.flatMap(({ resources }) => resources.filter(isCallback));

  /** What was deployed with a function: patterns are deployed under the same name. */
  const around = (lambda: Registered): readonly Registered[] =>
    samples.find(({ resources }) => resources.includes(lambda))?.resources ?? [];

  it("is two files that fit a small archive, and nothing of this machine is in them", async () => {
    for (const lambda of functions()) {
      const files = await archiveFiles(lambda);
      assert.deepEqual(Object.keys(files).sort(), ["handler.js", "index.js"], lambda.name);
      const zipped = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
      assert.ok(
        zipped.length <= (LARGER[lambda.name.slice(INSTANCE.length + 1)] ?? 300_000),
        `${lambda.name}: ${zipped.length} bytes`,
      );
      for (const text of Object.values(files)) assert.ok(!text.includes(process.cwd()), lambda.name);
    }
  });

  it("is run here as it works, and as it is refused", () => {
    for (const { name } of functions()) {
      const own = runs.filter(({ lambda }) => lambda.name === name);
      const asksAws = own.some(({ scenario: { calls } }) => calls.length > 0);
      assert.deepEqual([...new Set(own.map(isRefused))].sort(), asksAws ? [false, true] : [false], name);
    }
  });

  it("is loaded and run alone, asks AWS for what it has to, and hands back what it cannot do", () => {
    for (const { lambda, scenario, stub, outcome } of runs) {
      assert.match(outcome.error ?? "", scenario.error ?? /^$/, `${lambda.name} printed ${outcome.logs}`);
      assert.deepEqual(inOrder(outcome.answer), scenario.answer, `${lambda.name} printed ${outcome.logs}`);
      assert.deepEqual(stub.operations(), scenario.calls, lambda.name);
    }
  });

  it("takes no third parameter, which Lambda's newest Node.js would refuse", () => {
    for (const { lambda, outcome } of runs) assert.ok(outcome.parameters <= 2, lambda.name);
  });

  it("says in its logs what AWS refused", () => {
    for (const { lambda, outcome } of runs.filter(isRefused)) {
      assert.match(outcome.logs, /AccessDenied|UnauthorizedOperation/, lambda.name);
      assert.match(outcome.logs, /"level":"ERROR"/, lambda.name);
    }
  });

  it("has a permission for every call that it makes", () => {
    for (const { lambda, stub } of runs) {
      const role = String(lambda.inputs.role).replace(/^.*\//, "");
      const allowed = permissionsOf(around(lambda), role).flatMap(({ Action }) => Action);
      for (const action of usedIn(stub)) assert.ok(allowed.includes(action), `${lambda.name}: ${action}`);
    }
  });

  it("asks for nothing more than it uses", () => {
    for (const lambda of functions()) {
      const role = String(lambda.inputs.role).replace(/^.*\//, "");
      const used = runs.filter((run) => run.lambda.name === lambda.name).flatMap(({ stub }) => usedIn(stub));
      const allowed = permissionsOf(around(lambda), role)
        .filter((statement) => !isForDeadLetters(statement))
        .flatMap(({ Action }) => Action);
      assert.deepEqual(
        allowed.filter((action) => !used.includes(action) && !OF_THE_RUNTIME.test(action)),
        [],
        lambda.name,
      );
    }
  });
});

/** Zipped bytes of functions that bring along what is larger: mails are made with React. */
const LARGER: Readonly<Record<string, number>> = { "report-function": 310_000 };

/** Lambda itself gives events that fail to the dead-letter queue, with the function's role. */
function isForDeadLetters({ Action, Resource }: Statement): boolean {
  return Action.join() === "sqs:SendMessage" && Resource.every((arn) => arn.endsWith("-dead-letters-queue"));
}

/** What Lambda itself does with the role: logs, traces, and taking messages from the queue. */
const OF_THE_RUNTIME = /^(logs|xray):|^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes)$/;

/** Which messages failed matters, not in which order they did. */
function inOrder(answer: unknown): unknown {
  const failures = (answer as { batchItemFailures?: { itemIdentifier: string }[] } | undefined)?.batchItemFailures;
  failures?.sort((a, b) => a.itemIdentifier.localeCompare(b.itemIdentifier));
  return answer;
}

function usedIn({ calls }: AwsStub): string[] {
  return calls.flatMap(({ service, operation }) =>
    actionsFor(operation).map((action) => (action.includes(":") ? action : `${service}:${action}`)),
  );
}
