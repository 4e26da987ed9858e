import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import type { Context } from "aws-lambda";
import { execa } from "execa";
import { packageCallback } from "../../../components/internal/packaging";
import { type CostReportSettings, METRIC_NAMESPACE } from "../../../handlers/cost-report/settings";
import { AwsServer } from "./support/aws-server";
import { parseMessage } from "./support/mime";

const settings: CostReportSettings = {
  reportId: "project/stack/costs",
  recipients: [{ address: "ann@example.com" }],
  sender: "AWS costs <costs@example.com>",
  configurationSetName: "costs",
  bucketName: "archive",
  tableName: "deliveries",
  organizations: { lookup: true, ownerTag: "team" },
  billingRole: { roleArn: "arn:aws:iam::999999999999:role/billing", externalId: "x1" },
};

describe("the bundled handler", () => {
  let folder = "";
  let size = 0;
  let lines: Record<string, unknown>[] = [];
  const server = new AwsServer();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "cost-report-"));
    const { index, handlers } = await packageCallback(async (event: unknown, context: Context) => {
      const { makeHandler } = await import("../../../handlers/cost-report/handler");
      return makeHandler(settings)(event, context);
    });
    for (const [name, text] of Object.entries({ ...handlers, "index.js": index }))
      writeFileSync(join(folder, name), text);
    size = deflateRawSync(handlers["handler.js"] ?? "", { level: 9 }).length;
    const script = `
      const endsAt = Date.now() + 60000;
      const context = { awsRequestId: "r1", getRemainingTimeInMillis: () => endsAt - Date.now() };
      const { handler } = require(${JSON.stringify(join(folder, "index.js"))});
      handler({ date: "2026-11-12" }, context).then((response) => console.log(JSON.stringify({ response })));`;
    const { stdout } = await execa(process.execPath, ["-e", script], {
      extendEnv: false,
      env: {
        AWS_ENDPOINT_URL: await server.start(),
        AWS_REGION: "eu-central-1",
        AWS_ACCESS_KEY_ID: "AKIAOWN",
        AWS_SECRET_ACCESS_KEY: "secret",
        NODE_ENV: "production",
        NODE_NO_WARNINGS: "1",
      },
    });
    lines = stdout.split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
  });

  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("fits a small archive", () => assert.ok(size <= 300_000, `${size} bytes`));

  it("sends a report with the production clients", () => {
    assert.deepEqual(lines.at(-1)?.["response"], {
      date: "2026-11-12",
      sent: ["ann@example.com"],
      alreadySent: [],
      leftToAnother: [],
    });
    const sent = JSON.parse(server.all("SendEmail")[0]?.body ?? "") as {
      FromEmailAddress: string;
      Destination: object;
      Content: { Raw: { Data: string } };
      ConfigurationSetName: string;
    };
    assert.deepEqual(sent.Destination, { ToAddresses: ["ann@example.com"] });
    assert.deepEqual([sent.FromEmailAddress, sent.ConfigurationSetName], [settings.sender, "costs"]);
    const message = parseMessage(Buffer.from(sent.Content.Raw.Data, "base64"));
    assert.match(message.header("Subject"), /^AWS costs Thu 12 Nov 2026: \$/);
    assert.match(message.text("text/html"), /Payments/);
    assert.doesNotMatch(message.text("text/html"), /<link/);
  });

  it("asks for costs and accounts with the billing role, and for everything else with its own", () => {
    const keys = new Map(server.seen.map(({ operation, key }) => [operation, key]));
    for (const operation of ["GetCostAndUsage", "ListAccounts", "ListTagsForResource"]) {
      assert.equal(keys.get(operation), "AKIABILLING", operation);
    }
    for (const operation of [
      "AssumeRole",
      "Query",
      "UpdateItem",
      "PutObject",
      "ListObjects",
      "GetObject",
      "SendEmail",
    ]) {
      assert.equal(keys.get(operation), "AKIAOWN", operation);
    }
    // Once for each of the two clients, however many calls they make.
    assert.equal(server.all("AssumeRole").length, 2);
    for (const { body } of server.all("AssumeRole")) assert.match(body, /ExternalId=x1/);
  });

  it("counts its metrics with the report as the only dimension", () => {
    const [metrics] = lines.filter((line) => "_aws" in line);
    const { CloudWatchMetrics } = metrics?.["_aws"] as {
      CloudWatchMetrics: { Namespace: string; Dimensions: string[][] }[];
    };
    assert.equal(CloudWatchMetrics[0]?.Namespace, METRIC_NAMESPACE);
    assert.deepEqual(CloudWatchMetrics[0]?.Dimensions, [["Report"]]);
    assert.deepEqual(
      [metrics?.["Report"], metrics?.["ReportsSent"], metrics?.["CostExplorerPages"]],
      ["project/stack/costs", 1, 1],
    );
  });
});
