import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { build } from "esbuild";
import { execa } from "execa";
import { scheduledMessage } from "../../../handlers/wavelength-dns/event-patterns";
import { METRIC_NAMESPACE, type ReconcileSettings } from "../../../handlers/wavelength-dns/settings";
import { AwsServer } from "../../../fakes/wavelength-dns/aws-server";
import { GROUP, HOOK } from "../../../fakes/wavelength-dns/fleet";

const settings: ReconcileSettings = {
  hostedZoneId: "Z0123456789",
  recordName: "play.example.com",
  owner: "project/stack/name",
  ttlSeconds: 30,
  tableName: "state",
  drainQueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/drains.fifo",
  drainSeconds: 35,
  weights: { kind: "tag", key: "weight", defaultWeight: 1 },
  autoScalingGroupName: GROUP,
  lifecycleHookName: HOOK,
};

const drainMessage = {
  instanceId: "i-2",
  autoScalingGroupName: GROUP,
  lifecycleHookName: HOOK,
  recordName: "play.example.com",
  removedAt: 1,
};

describe("the bundled handlers", () => {
  let folder = "";
  let bundle = "";
  const server = new AwsServer();
  let endpoint = "";

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "wavelength-dns-"));
    bundle = join(folder, "handler.mjs");
    await build({
      entryPoints: [join(__dirname, "../../../handlers/wavelength-dns/handler.ts")],
      outfile: bundle,
      bundle: true,
      minify: true,
      platform: "node",
      target: "node22",
      format: "esm",
      mainFields: ["module", "main"],
    });
    endpoint = await server.start();
  });

  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Invokes a handler in a process of its own, twice, as a warm function is; gives what it printed. */
  async function invoke(factory: string, bodies: string[]) {
    const event = {
      Records: bodies.map((body, n) => ({
        messageId: `m${n}`,
        body,
        receiptHandle: `r${n}`,
        attributes: { ApproximateReceiveCount: "1" },
      })),
    };
    const script = `
      const endsAt = Date.now() + 20000;
      const context = { awsRequestId: "r1", getRemainingTimeInMillis: () => endsAt - Date.now() };
      const { ${factory} } = await import(${JSON.stringify(bundle)});
      const invoke = () => ${factory}(${JSON.stringify(settings)})(${JSON.stringify(event)}, context);
      await invoke();
      console.log(JSON.stringify({ response: await invoke() }));`;
    const { stdout } = await execa(process.execPath, ["--input-type=module", "-e", script], {
      env: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "123456789012",
        AWS_SECRET_ACCESS_KEY: "secret",
        NODE_NO_WARNINGS: "1",
      },
    });
    return stdout.split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it("fit a small archive", () => {
    const size = deflateRawSync(readFileSync(bundle), { level: 9 }).length;
    assert.ok(size <= 300_000, `${size} bytes`);
  });

  it("reconcile with the production clients", async () => {
    const lines = await invoke("makeReconcileHandler", [JSON.stringify(scheduledMessage), "{"]);
    assert.deepEqual(lines.at(-1)?.["response"], { batchItemFailures: [{ itemIdentifier: "m1" }] });
    const change = server.bodyOf("ChangeResourceRecordSets");
    assert.match(change, /<Action>CREATE<\/Action>/);
    assert.match(change, /<Value>155\.146\.0\.1<\/Value>/);
    assert.match(change, /<Weight>7<\/Weight>/);
    assert.match(server.bodyOf("DescribeInstances"), /Filter\.1\.Name=tag%3Aaws%3Aautoscaling%3AgroupName/);
    assert.match(server.bodyOf("BatchWriteItem"), /removal#i-2/);
    assert.match(server.bodyOf("SendMessageBatch"), /"MessageGroupId":"i-2"/);
    assert.match(server.bodyOf("SendMessageBatch"), /"MessageGroupId":"i-4"/);
  });

  it("count their metrics by owner and record name alone", async () => {
    const lines = await invoke("makeReconcileHandler", [JSON.stringify(scheduledMessage)]);
    const metrics = lines.filter((line) => "_aws" in line);
    assert.equal(metrics.length, 2, "one for each invocation");
    for (const line of metrics) {
      const { CloudWatchMetrics } = line["_aws"] as {
        CloudWatchMetrics: { Namespace: string; Dimensions: string[][] }[];
      };
      assert.equal(CloudWatchMetrics[0]?.Namespace, METRIC_NAMESPACE);
      assert.deepEqual(CloudWatchMetrics[0]?.Dimensions, [["Owner", "RecordName"]]);
      assert.deepEqual([line["Owner"], line["RecordName"]], [settings.owner, "play.example.com"]);
      assert.equal(line["RegisteredInstances"], 1);
      assert.equal(line["DriftRepaired"], 1);
    }
  });

  it("release with the production clients", async () => {
    const bodies = ["i-2", "i-3"].map((instanceId) => JSON.stringify({ ...drainMessage, instanceId }));
    const lines = await invoke("makeReleaseHandler", bodies);
    assert.deepEqual(lines.at(-1)?.["response"], { batchItemFailures: [{ itemIdentifier: "m0" }] });
    assert.match(server.bodyOf("ChangeMessageVisibilityBatch"), /"ReceiptHandle":"r0","VisibilityTimeout":35/);
    assert.ok(server.seen.some(({ operation, body }) => operation === "UpdateItem" && body.includes("removal#i-2")));
    assert.match(server.bodyOf("CompleteLifecycleAction"), /LifecycleActionResult=CONTINUE/);
    assert.equal(
      server.seen.filter(({ operation }) => operation === "GetChange").length,
      1,
      "what is in sync stays so",
    );
  });
});
