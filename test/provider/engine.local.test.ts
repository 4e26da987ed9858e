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

/** A resource as the state has it. */
interface StateResource {
  urn: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

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
    const queue = new aws.sqs.Queue(
      "work",
      {
        visibilityTimeoutSeconds: settings.visibilityTimeoutSeconds ?? 30,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 }),
      },
      { provider: edge },
    );
    const other = new aws.sqs.Queue(
      "other",
      {
        fifoQueue: settings.fifo ?? false,
        tags: { note: settings.secret === undefined ? "plain" : pulumi.secret(settings.secret) },
      },
      { provider: web },
    );
    if (settings.parameter !== undefined) {
      const { version } = new aws.ssm.Parameter(
        "reported",
        { type: "String", value: settings.parameter },
        { provider: edge },
      );
      const value = pulumi.interpolate`version ${version}`;
      new aws.ssm.Parameter("telling", { type: "String", value }, { provider: edge });
    }
    if (settings.adopted === true) {
      new aws.sqs.Queue("adopted", { name: "adopted", tags: { note: "kept" } }, { provider: edge });
    }
    if (settings.unknownProperty) {
      const args = { visibilityTimeoutMinutes: 1 };
      new Odd("aws:sqs/queue:Queue", "odd", args, { provider: edge });
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
    return new SQSClient({
      region: "us-east-1",
      endpoint: run.cloud.endpoint,
      credentials: rootCredentials(account),
    });
  }

  async function queueNames(account: string): Promise<string[]> {
    const { QueueUrls = [] } = await client(account).send(new ListQueuesCommand({}));
    return QueueUrls.map((url) => url.slice(url.lastIndexOf("/") + 1)).sort();
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

  it("creates resources in the accounts of their providers, with default tags", async () => {
    assert.deepEqual(await up({}), { create: 6 });
    const outputs = await stack.outputs();
    assert.equal(outputs.webAccount?.value, WEB);
    assert.deepEqual((await queueNames(EDGE)).map(withoutSuffix), ["dead-letters", "work"]);
    assert.deepEqual((await queueNames(WEB)).map(withoutSuffix), ["other"]);
    const { Tags } = await client(WEB).send(new ListQueueTagsCommand({ QueueUrl: outputs.otherUrl?.value as string }));
    assert.deepEqual(Tags, { owner: "edge@example.com", note: "plain" });
  });

  it("changes nothing the second time", async () => {
    assert.deepEqual(await up({}), { same: 6 });
  });

  it("updates only the resource whose argument changed, in place", async () => {
    const { events } = await preview({ visibilityTimeoutSeconds: 45 });
    const [changed] = detailedDiffs(events);
    assert.deepEqual(changed, { name: "work", op: "update", diff: { visibilityTimeoutSeconds: "update" } });
    assert.deepEqual(await up({ visibilityTimeoutSeconds: 45 }), { same: 5, update: 1 });
    const url = (await stack.outputs()).queueUrl?.value as string;
    const { Attributes } = await client(EDGE).send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["VisibilityTimeout"] }),
    );
    assert.equal(Attributes?.VisibilityTimeout, "45");
  });

  it("says which property makes a replacement necessary", async () => {
    const { events } = await preview({ visibilityTimeoutSeconds: 45, fifo: true });
    const replaced = detailedDiffs(events).find(({ op }) => op === "replace");
    assert.equal(replaced?.name, "other");
    assert.equal(replaced?.diff.fifoQueue, "update-replace");
    await up({ visibilityTimeoutSeconds: 45, fifo: true });
    assert.deepEqual((await queueNames(WEB)).map(withoutSuffix), ["other"]);
    assert.match((await queueNames(WEB))[0] ?? "", /\.fifo$/);
  });

  it("updates every resource's tags when the provider's default tags change", async () => {
    const settings = { visibilityTimeoutSeconds: 45, fifo: true, owner: "platform@example.com" };
    assert.equal((await up(settings)).update, 5);
    const url = (await stack.outputs()).queueUrl?.value as string;
    const { Tags } = await client(EDGE).send(new ListQueueTagsCommand({ QueueUrl: url }));
    assert.deepEqual(Tags, { owner: "platform@example.com" });
    await up({ visibilityTimeoutSeconds: 45, fifo: true });
  });

  it("shows a default tag that somebody else changed from one value to the other, and fixes it", async () => {
    const settings = { visibilityTimeoutSeconds: 45, fifo: true };
    const QueueUrl = (await stack.outputs()).queueUrl?.value as string;
    await client(EDGE).send(new TagQueueCommand({ QueueUrl, Tags: { owner: "them" } }));
    await stack.refresh();
    const { stdout, events } = await preview(settings);
    assert.deepEqual(detailedDiffs(events), [{ name: "work", op: "update", diff: { "tagsAll.owner": "update" } }]);
    assert.match(stdout, /~ tagsAll\s*: \{\s*~ owner: "them" => "edge@example.com"/);
    assert.equal((await up(settings)).update, 1);
    const { Tags } = await client(EDGE).send(new ListQueueTagsCommand({ QueueUrl }));
    assert.deepEqual(Tags, { owner: "edge@example.com" });
  });

  it("previews the dependents of what an update moves as changing", async () => {
    const settings = { visibilityTimeoutSeconds: 45, fifo: true };
    await up({ ...settings, parameter: "one" });
    const { events } = await preview({ ...settings, parameter: "two" });
    assert.deepEqual(detailedDiffs(events), [
      { name: "reported", op: "update", diff: { value: "update" } },
      { name: "telling", op: "update", diff: { value: "update" } },
    ]);
    assert.equal((await up({ ...settings, parameter: "two" })).update, 2);
    await up(settings);
  });

  it("imports a resource with its own tags, without those that are there by default", async () => {
    const settings = { visibilityTimeoutSeconds: 45, fifo: true };
    const tags = { owner: "edge@example.com", note: "kept" };
    const { QueueUrl: id = "" } = await client(EDGE).send(new CreateQueueCommand({ QueueName: "adopted", tags }));
    const edge = (await resources()).find(({ urn }) => urn.endsWith("pulumi:providers:aws::edge"));
    await stack.import({
      resources: [{ type: "aws:sqs/queue:Queue", name: "adopted", id, provider: "edge" }],
      nameTable: { edge: edge?.urn ?? "" },
      protect: false,
      generateCode: false,
    });
    const imported = (await resources()).find(({ urn }) => urn.endsWith("::adopted"));
    assert.deepEqual([imported?.inputs.tags, imported?.outputs.tags], [{ note: "kept" }, { note: "kept" }]);
    assert.deepEqual(imported?.outputs.tagsAll, tags);
    const { events } = await preview({ ...settings, adopted: true });
    const changed = detailedDiffs(events).flatMap(({ diff }) => Object.keys(diff));
    assert.deepEqual(
      changed.filter((path) => path.startsWith("tags")),
      [],
    );
    await up(settings);
    assert.deepEqual((await queueNames(EDGE)).map(withoutSuffix), ["dead-letters", "work"]);
  });

  it("keeps secrets secret in the state", async () => {
    const secret = "swordfish-4711";
    await up({ visibilityTimeoutSeconds: 45, fifo: true, secret });
    // The Automation API exports with secrets shown, so this reads what lies in the backend.
    const state = await readFile(
      join(run.folder, "backend", ".pulumi", "stacks", "engine-test", "engine.json"),
      "utf8",
    );
    assert.ok(!state.includes(secret), "the secret is in the state in clear text");
    assert.match(state, /"ciphertext"/);
    await up({ visibilityTimeoutSeconds: 45, fifo: true });
  });

  it("sees on refresh what was changed behind Pulumi's back, and fixes it", async () => {
    const url = (await stack.outputs()).queueUrl?.value as string;
    await client(EDGE).send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: "99" } }));
    const refreshed = (await stack.refresh()).summary.resourceChanges;
    assert.equal(refreshed?.update, 1);
    assert.equal((await up({ visibilityTimeoutSeconds: 45, fifo: true })).update, 1);
  });

  it("refuses a property that no entry maps, and names the file to extend", async () => {
    await assert.rejects(preview({ unknownProperty: true }), (error: Error) => {
      assert.match(error.message, /visibilityTimeoutMinutes/);
      assert.match(error.message, /local\/provider\/services\/sqs\.ts/);
      return true;
    });
  });

  it("refuses to work in an account that is not allowed", async () => {
    await assert.rejects(up({ visibilityTimeoutSeconds: 46, allowedAccount: "999999999999" }), (error: Error) => {
      assert.match(error.message, new RegExp(`account ${EDGE}, but allowedAccountIds has only 999999999999`));
      return true;
    });
    assert.equal((await queueNames(EDGE)).length, 2);
  });

  it("leaves nothing after destroy", async () => {
    stack.workspace.program = program({ visibilityTimeoutSeconds: 45, fifo: true });
    await stack.destroy();
    assert.deepEqual([...(await queueNames(EDGE)), ...(await queueNames(WEB))], []);
  });
});

function withoutSuffix(name: string): string {
  return name.replace(/-[0-9a-f]{7}(\.fifo)?$/, "");
}

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
