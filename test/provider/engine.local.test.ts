import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type EngineEvent, LocalWorkspace, type PreviewResult, type Stack } from "@pulumi/pulumi/automation";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
} from "@aws-sdk/client-sqs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bootstrapAccount, rootCredentials } from "../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../local/local-run";
import { EVERYTHING } from "../support/policies";

const EDGE = "100000000001";
const WEB = "100000000002";

/** A resource whose properties no SDK class has checked. */
class Odd extends pulumi.CustomResource {}

interface Settings {
  visibilityTimeoutSeconds?: number;
  fifo?: boolean;
  owner?: string;
  secret?: string;
  allowedAccount?: string;
  unknownProperty?: boolean;
  /** Adds a parameter of that value, and one that tells the first one's version. */
  parameter?: string;
  /** Adds a queue that somebody else has made. */
  adopted?: boolean;
}

/** What the stack has from the first update on. */
const CHANGED: Settings = { visibilityTimeoutSeconds: 45, fifo: true };

/** A resource as the state has it. */
type StateResource = { urn: string } & Record<"inputs" | "outputs", Record<string, unknown>>;

/** Two accounts with a provider each, and queues that depend on each other. */
function program(settings: Settings) {
  return async (): Promise<Record<string, unknown>> => {
    const provider = (name: string, id: string, allowed = id): aws.Provider =>
      new aws.Provider(name, {
        region: "us-east-1",
        allowedAccountIds: [allowed],
        assumeRoles: [{ roleArn: `arn:aws:iam::${id}:role/aws-patterns-deployer` }],
        defaultTags: { tags: { owner: settings.owner ?? "edge@example.com" } },
      });
    const edge = provider("edge", EDGE, settings.allowedAccount);
    const web = provider("web", WEB);
    const deadLetters = new aws.sqs.Queue("dead-letters", { tags: { role: "dead" } }, { provider: edge });
    const { visibilityTimeoutSeconds = 30, fifo: fifoQueue = false, secret, parameter } = settings;
    const redrivePolicy = pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 });
    const queue = new aws.sqs.Queue("work", { visibilityTimeoutSeconds, redrivePolicy }, { provider: edge });
    const tags = { note: secret === undefined ? "plain" : pulumi.secret(secret) };
    const other = new aws.sqs.Queue("other", { fifoQueue, tags }, { provider: web });
    if (parameter !== undefined) {
      const report = (name: string, value: pulumi.Input<string>): aws.ssm.Parameter =>
        new aws.ssm.Parameter(name, { type: "String", value }, { provider: edge });
      report("telling", pulumi.interpolate`version ${report("reported", parameter).version}`);
    }
    if (settings.adopted === true) {
      new aws.sqs.Queue("adopted", { name: "adopted", tags: { note: "kept" } }, { provider: edge });
    }
    if (settings.unknownProperty === true) {
      new Odd("aws:sqs/queue:Queue", "odd", { visibilityTimeoutMinutes: 1 }, { provider: edge });
    }
    const { accountId } = aws.getCallerIdentityOutput({}, { provider: web });
    return { queueUrl: queue.url, otherUrl: other.url, webAccount: accountId };
  };
}

describe("the stand-in provider under the real engine", () => {
  let run: LocalRun;
  let stack: Stack;

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    for (const id of [EDGE, WEB]) await bootstrapAccount(run.cloud, id, EVERYTHING);
    stack = await LocalWorkspace.createStack(
      { stackName: "engine", projectName: "engine-test", program: program({}) },
      await workspaceOptions(run),
    );
  });

  after(() => run?.stop());

  function client(account: string): SQSClient {
    const credentials = rootCredentials(account);
    return new SQSClient({ region: "us-east-1", endpoint: run.cloud.endpoint, credentials });
  }

  /** Names of an account's queues, without what makes them unique. */
  async function queueNames(account: string): Promise<string[]> {
    const { QueueUrls = [] } = await client(account).send(new ListQueuesCommand({}));
    return QueueUrls.map((url) => url.slice(url.lastIndexOf("/") + 1).replace(/-[0-9a-f]{7}(?=\.fifo$|$)/, "")).sort();
  }

  async function output(name: string): Promise<string> {
    return (await stack.outputs())[name]?.value as string;
  }

  /** Tags and visibility timeout of the queue `work`. */
  async function workQueue(): Promise<unknown[]> {
    const QueueUrl = await output("queueUrl");
    const { Tags } = await client(EDGE).send(new ListQueueTagsCommand({ QueueUrl }));
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] });
    return [Tags, (await client(EDGE).send(asked)).Attributes?.VisibilityTimeout];
  }

  async function preview(settings: Settings): Promise<PreviewResult & { events: EngineEvent[] }> {
    const events: EngineEvent[] = [];
    stack.workspace.program = program(settings);
    const result = await stack.preview({ onEvent: (event) => events.push(event), diff: true, color: "never" });
    return { ...result, events };
  }

  async function up(settings: Settings): Promise<Partial<Record<string, number>>> {
    stack.workspace.program = program(settings);
    return (await stack.up()).summary.resourceChanges ?? {};
  }

  async function resources(): Promise<StateResource[]> {
    const { deployment } = await stack.exportStack();
    return (deployment as { resources: StateResource[] }).resources;
  }

  it("previews with values that are not known yet, and makes nothing", async () => {
    const { changeSummary } = await preview({});
    assert.deepEqual(changeSummary, { create: 6 });
    assert.deepEqual(await queueNames(EDGE), []);
  });

  it("creates resources in the accounts of their providers, with default tags, and changes nothing again", async () => {
    assert.deepEqual(await up({}), { create: 6 });
    assert.deepEqual([await queueNames(EDGE), await queueNames(WEB)], [["dead-letters", "work"], ["other"]]);
    assert.equal(await output("webAccount"), WEB);
    const { Tags } = await client(WEB).send(new ListQueueTagsCommand({ QueueUrl: await output("otherUrl") }));
    assert.deepEqual(Tags, { owner: "edge@example.com", note: "plain" });
    assert.deepEqual(await up({}), { same: 6 });
  });

  it("updates only the resource whose argument changed, in place", async () => {
    const { events } = await preview({ visibilityTimeoutSeconds: 45 });
    const [changed] = detailedDiffs(events);
    assert.deepEqual(changed, { name: "work", op: "update", diff: { visibilityTimeoutSeconds: "update" } });
    assert.deepEqual(await up({ visibilityTimeoutSeconds: 45 }), { same: 5, update: 1 });
    assert.deepEqual(await workQueue(), [{ owner: "edge@example.com" }, "45"]);
  });

  it("says which property makes a replacement necessary", async () => {
    const { events } = await preview(CHANGED);
    const replaced = detailedDiffs(events).find(({ op }) => op === "replace");
    assert.deepEqual([replaced?.name, replaced?.diff.fifoQueue], ["other", "update-replace"]);
    await up(CHANGED);
    assert.deepEqual(await queueNames(WEB), ["other.fifo"]);
  });

  it("updates every resource's tags when the provider's default tags change", async () => {
    assert.equal((await up({ ...CHANGED, owner: "platform@example.com" })).update, 5);
    assert.deepEqual(await workQueue(), [{ owner: "platform@example.com" }, "45"]);
    await up(CHANGED);
  });

  it("shows what somebody else changed, a default tag from one value to the other, and fixes it", async () => {
    const QueueUrl = await output("queueUrl");
    await client(EDGE).send(new TagQueueCommand({ QueueUrl, Tags: { owner: "them" } }));
    await client(EDGE).send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "99" } }));
    assert.equal((await stack.refresh()).summary.resourceChanges?.update, 1);
    const { stdout, events } = await preview(CHANGED);
    const diff = { "tagsAll.owner": "update", visibilityTimeoutSeconds: "update" };
    assert.deepEqual(detailedDiffs(events), [{ name: "work", op: "update", diff }]);
    assert.match(stdout, /~ tagsAll\s*: \{\s*~ owner: "them" => "edge@example.com"/);
    assert.equal((await up(CHANGED)).update, 1);
    assert.deepEqual(await workQueue(), [{ owner: "edge@example.com" }, "45"]);
  });

  it("previews the dependents of what an update moves as changing", async () => {
    await up({ ...CHANGED, parameter: "one" });
    const { events } = await preview({ ...CHANGED, parameter: "two" });
    const changed = { op: "update", diff: { value: "update" } };
    assert.deepEqual(detailedDiffs(events), [
      { name: "reported", ...changed },
      { name: "telling", ...changed },
    ]);
    assert.equal((await up({ ...CHANGED, parameter: "two" })).update, 2);
    await up(CHANGED);
  });

  it("imports a resource with its own tags, without those that are there by default", async () => {
    const tags = { owner: "edge@example.com", note: "kept" };
    const { QueueUrl: id = "" } = await client(EDGE).send(new CreateQueueCommand({ QueueName: "adopted", tags }));
    const edge = (await resources()).find(({ urn }) => urn.endsWith("pulumi:providers:aws::edge"));
    await stack.import({
      resources: [{ type: "aws:sqs/queue:Queue", name: "adopted", id, provider: "edge" }],
      nameTable: { edge: edge?.urn ?? "" },
      protect: false,
      generateCode: false,
    });
    const { inputs, outputs } = (await resources()).find(({ urn }) => urn.endsWith("::adopted")) ?? {};
    assert.deepEqual([inputs?.tags, outputs?.tags, outputs?.tagsAll], [{ note: "kept" }, { note: "kept" }, tags]);
    const { events } = await preview({ ...CHANGED, adopted: true });
    const changed = detailedDiffs(events).flatMap(({ diff }) => Object.keys(diff));
    assert.ok(!changed.some((path) => path.startsWith("tags")), changed.join());
    await up(CHANGED);
    assert.deepEqual(await queueNames(EDGE), ["dead-letters", "work"]);
  });

  it("keeps secrets secret in the state", async () => {
    const secret = "swordfish-4711";
    await up({ ...CHANGED, secret });
    // The Automation API exports with secrets shown, so this reads what lies in the backend.
    const stacks = join(run.folder, "backend", ".pulumi", "stacks", "engine-test");
    const state = await readFile(join(stacks, "engine.json"), "utf8");
    assert.ok(!state.includes(secret), "the secret is in the state in clear text");
    assert.match(state, /"ciphertext"/);
    await up(CHANGED);
  });

  it("refuses a property that no entry maps, and names the file to extend", () =>
    assert.rejects(preview({ unknownProperty: true }), (error: Error) => {
      assert.match(error.message, /visibilityTimeoutMinutes/);
      assert.match(error.message, /local\/provider\/services\/sqs\.ts/);
      return true;
    }));

  it("refuses to work in an account that is not allowed", async () => {
    const refused = new RegExp(`account ${EDGE}, but allowedAccountIds has only 999999999999`);
    await assert.rejects(up({ visibilityTimeoutSeconds: 46, allowedAccount: "999999999999" }), refused);
    assert.equal((await queueNames(EDGE)).length, 2);
  });

  it("leaves nothing after destroy", async () => {
    stack.workspace.program = program(CHANGED);
    await stack.destroy();
    assert.deepEqual([...(await queueNames(EDGE)), ...(await queueNames(WEB))], []);
  });
});

/** What a preview says of every changed resource: its name, the operation, and the properties with their kinds. */
function detailedDiffs(events: readonly EngineEvent[]): { name: string; op: string; diff: Record<string, string> }[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const metadata = resourcePreEvent?.metadata;
    if (metadata === undefined || metadata.detailedDiff === undefined || metadata.detailedDiff === null) return [];
    const diff = Object.entries(metadata.detailedDiff).map(([path, { diffKind }]) => [path, diffKind] as const);
    const name = metadata.urn.slice(metadata.urn.lastIndexOf("::") + 2);
    return [{ name, op: metadata.op, diff: Object.fromEntries(diff) }];
  });
}
