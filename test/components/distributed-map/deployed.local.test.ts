import * as assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as aws from "@pulumi/aws";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import * as s3 from "@aws-sdk/client-s3";
import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { DistributedMap, type DistributedMapArgs } from "../../../components/distributed-map/distributed-map";
import { bootstrapAccount, rootCredentials } from "../../../local/cloud";
import { type LocalRun, ROOT, startLocalRun, workspaceOptions } from "../../../local/local-run";
import { type ClientSettings, until } from "../../support/cloud";

const ACCOUNT = "100000000001";
const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer`;
const BUCKET = "map-sources";
const ELSEWHERE = "map-sources-in-ireland";
const INVENTORY = "inventory/pictures/daily";
const MANIFEST = `${INVENTORY}/2026-11-01T01-00Z/manifest.json`;

const FILES: Record<string, string | Buffer> = {
  "list.json": '[{"id":"a"},{"id":"b"}]',
  // As S3 writes inventories: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
  [MANIFEST]: JSON.stringify({
    ...{ destinationBucket: `arn:aws:s3:::${BUCKET}`, fileFormat: "CSV", fileSchema: "Bucket, Key" },
    files: [{ key: `${INVENTORY}/data/1.csv.gz` }],
  }),
  [`${INVENTORY}/data/1.csv.gz`]: gzipSync('"pictures","a.png"\n"pictures","b.png"\n'),
};

/** Each source that no story plays, each with another way to start. */
const MAPS: Record<string, Pick<DistributedMapArgs, "source" | "schedule" | "onUpload">> = {
  scheduled: { source: { json: { bucket: BUCKET, key: "list.json" } }, schedule: { expression: "rate(1 minute)" } },
  uploaded: {
    source: { jsonLines: { bucket: BUCKET, key: { path: "$.detail.object.key", prefix: "incoming/" } } },
    onUpload: { prefix: "incoming/", suffix: ".jsonl" },
  },
  manual: { source: { inventory: { bucket: BUCKET, key: MANIFEST } } },
};

function program(): Promise<Record<string, unknown>> {
  const provider = new aws.Provider("account", { region: "us-east-1", assumeRoles: [{ roleArn: DEPLOYER }] });
  const made = Object.entries(MAPS).map(([name, map]) => {
    const callback = (item: object): Promise<object> => Promise.resolve({ item });
    const lambda = { description: "Answers its item", policies: [], callback };
    const results = { bucket: BUCKET, prefix: `results/${name}` };
    const { stateMachine } = new DistributedMap(name, { ...map, item: { lambda }, results }, { provider });
    return [name, stateMachine.machine.arn] as const;
  });
  return Promise.resolve(Object.fromEntries(made));
}

/** That the component's machines read each kind of file, and start in each way, with the permissions of their roles. */
describe("a DistributedMap that is deployed", () => {
  let run: LocalRun;
  let stack: Stack;
  let settings: Omit<ClientSettings, "maxAttempts">;
  let storage: s3.S3Client;

  const put = (Key: string, Body: string | Buffer): Promise<unknown> =>
    storage.send(new s3.PutObjectCommand({ Bucket: BUCKET, Key, Body }));

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    await bootstrapAccount(run.cloud, ACCOUNT);
    settings = { region: "us-east-1", endpoint: run.cloud.endpoint, credentials: rootCredentials(ACCOUNT) };
    storage = new s3.S3Client(settings);
    await storage.send(new s3.CreateBucketCommand({ Bucket: BUCKET }));
    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    await storage.send(new s3.PutBucketNotificationConfigurationCommand({ Bucket: BUCKET, NotificationConfiguration }));
    const region = "eu-west-1";
    const there = { Bucket: ELSEWHERE, CreateBucketConfiguration: { LocationConstraint: region } } as const;
    await new s3.S3Client({ ...settings, region }).send(new s3.CreateBucketCommand(there));
    for (const [key, body] of Object.entries(FILES)) await put(key, body);
    stack = await LocalWorkspace.createStack(
      { stackName: "maps", projectName: "maps", program },
      await workspaceOptions(run),
    );
  });
  after(() => run?.stop());

  /** What the children of a map's first run answered, once it has ended. */
  const answers = (name: string): Promise<unknown> => {
    const list = new s3.ListObjectsV2Command({ Bucket: BUCKET, Prefix: `results/${name}/` });
    const ended = async (): Promise<string | undefined> =>
      (await storage.send(list)).Contents?.find(({ Key = "" }) => Key.includes("/SUCCEEDED_"))?.Key;
    return until(`results of ${name}`, ended, 120_000).then(async (Key) => {
      const { Body } = await storage.send(new s3.GetObjectCommand({ Bucket: BUCKET, Key }));
      const lines = ((await Body?.transformToString()) ?? "").trim().split("\n");
      return lines.map((line) => JSON.parse((JSON.parse(line) as { Output: string }).Output) as unknown);
    });
  };

  it("is refused in the preview where the bucket is in another region", async () => {
    // A program of its own, which ends with its error as users' programs do.
    const workDir = join(run.folder, "far");
    await mkdir(workDir);
    await writeFile(join(workDir, "Pulumi.yaml"), "name: far\nruntime: nodejs\nmain: index.js\n");
    await writeFile(
      join(workDir, "index.js"),
      `require(${JSON.stringify(join(ROOT, "scripts/register.cjs"))});
       const { DistributedMap } = require(${JSON.stringify(join(ROOT, "components"))});
       new DistributedMap("far", {
         source: { json: { bucket: "${ELSEWHERE}", key: "list.json" } },
         item: { function: { arn: "arn:aws:lambda:us-east-1:${ACCOUNT}:function:work" } },
         results: { bucket: "${BUCKET}", prefix: "results/far" },
       });`,
    );
    const far = await LocalWorkspace.createStack({ stackName: "far", workDir }, await workspaceOptions(run));
    await far.setConfig("aws:region", { value: "us-east-1" });
    await far.setConfig("aws:assumeRoles[0].roleArn", { value: DEPLOYER }, true);
    await assert.rejects(far.preview(), {
      message: /source\.json\.bucket: received map-sources-in-ireland, a bucket in eu-west-1; allowed: .* us-east-1/,
    });
  });

  it("is deployed, and a second time changes nothing", async () => {
    await stack.up();
    const { changeSummary } = await stack.preview();
    assert.deepEqual(Object.keys(changeSummary), ["same"]);
  });

  it("reads an inventory that lies beside its data, started by hand", async () => {
    const stateMachineArn = (await stack.outputs()).manual?.value as string;
    await new SFNClient(settings).send(new StartExecutionCommand({ stateMachineArn }));
    const rows = ["a.png", "b.png"].map((Key) => ({ item: { Bucket: "pictures", Key } }));
    assert.deepEqual(await answers("manual"), rows);
  });

  it("reads the JSON lines of an upload that S3 tells of, and of no other", async () => {
    await put("incoming/orders.csv", "id\n1\n");
    await put("other/orders.jsonl", '{"id":0}\n');
    await put("incoming/orders.jsonl", '{"id":1}\n{"id":2}\n');
    assert.deepEqual(await answers("uploaded"), [{ item: { id: 1 } }, { item: { id: 2 } }]);
    const stateMachineArn = (await stack.outputs()).uploaded?.value as string;
    const { executions } = await new SFNClient(settings).send(new ListExecutionsCommand({ stateMachineArn }));
    assert.equal(executions?.length, 1);
  });

  it("reads a JSON list when its schedule is due", async () => {
    assert.deepEqual(await answers("scheduled"), [{ item: { id: "a" } }, { item: { id: "b" } }]);
  });

  it("leaves nothing when it is destroyed", async () => {
    await stack.destroy();
    const { deployment } = await stack.exportStack();
    assert.deepEqual((deployment as { resources?: unknown[] }).resources ?? [], []);
  });
});
