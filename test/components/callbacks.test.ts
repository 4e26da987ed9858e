import * as assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { readFileSync } from "node:fs";
import { scheduledMessage } from "../../handlers/wavelength-dns/events";
import { configurationOf, readStackFile } from "../../local/local-stack";
import { PATTERNS } from "../../stacks/patterns";
import { deploy, ofType, type Registered } from "../support/mocks";

/** One event for each function of a pattern, by the end of the function's name. A function without one fails the test. */
const EVENTS: Readonly<Record<string, unknown>> = {
  "registrar-reconcile-function": sqs(scheduledMessage),
  "registrar-release-function": sqs({
    instanceId: "i-0123456789abcdef0",
    autoScalingGroupName: "group",
    lifecycleHookName: "hook",
    recordName: "media.edge.example.com",
    removedAt: 1,
    hop: 0,
  }),
};

function sqs(body: unknown): unknown {
  return {
    Records: [{ messageId: "message-1", body: JSON.stringify(body), attributes: { ApproximateReceiveCount: "1" } }],
  };
}

/** Lambda's way to start a function: the module is loaded, then called with an event and a context. */
const BOOTSTRAP = `
  const { handler } = require(process.argv[1]);
  const context = { awsRequestId: "request-1", functionName: "fn", getRemainingTimeInMillis: () => 9500 };
  handler(JSON.parse(process.argv[2]), context).then((answer) => console.log("ANSWER" + JSON.stringify(answer)));`;

async function fileContents(asset: pulumi.asset.Asset | pulumi.asset.Archive): Promise<string> {
  if ("text" in asset) return (asset as pulumi.asset.StringAsset).text;
  return readFileSync(await (asset as pulumi.asset.FileAsset).path, "utf8");
}

describe("every callback of every pattern", () => {
  let server: Server;
  let folder: string;
  let functions: Registered[];
  const calls: string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "aws-patterns-callbacks-"));
    // An AWS that refuses everything.
    server = createServer((request, response) => {
      calls.push(String(request.headers["x-amz-target"] ?? request.url));
      response.writeHead(403, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify({ __type: "AccessDeniedException", message: "refused" }));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { deployments } = configurationOf("local", await readStackFile("local"));
    assert.deepEqual(new Set(deployments.map(({ pattern }) => pattern)), new Set(Object.keys(PATTERNS)));
    const { resources } = await deploy(() =>
      deployments.forEach(({ name, pattern, args }) => PATTERNS[pattern]?.deploy(name, args, {})),
    );
    functions = ofType(resources, "aws:lambda/function:Function");
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is serialised, loaded and run; refused by AWS, it fails its message and no other", async () => {
    assert.ok(functions.length > 0);
    for (const { name, inputs } of functions) {
      const event = Object.entries(EVENTS).find(([ending]) => name.endsWith(ending))?.[1];
      assert.ok(event, `${name} has no event in this test`);
      const assets = await (inputs.code as pulumi.asset.AssetArchive).assets;
      for (const [file, asset] of Object.entries(assets)) writeFileSync(join(folder, file), await fileContents(asset));
      calls.length = 0;
      const { stdout } = await execa(
        process.execPath,
        ["-e", BOOTSTRAP, join(folder, "index.js"), JSON.stringify(event)],
        {
          cwd: folder,
          extendEnv: false,
          env: {
            AWS_REGION: "us-east-1",
            AWS_ACCESS_KEY_ID: "key",
            AWS_SECRET_ACCESS_KEY: "secret",
            AWS_LAMBDA_FUNCTION_NAME: name,
            AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          },
        },
      );
      const answer = /^ANSWER(.*)$/m.exec(stdout)?.[1];
      assert.deepEqual(JSON.parse(answer ?? ""), { batchItemFailures: [{ itemIdentifier: "message-1" }] }, name);
      assert.ok(calls.length > 0, `${name} asked AWS for nothing`);
    }
  });
});
