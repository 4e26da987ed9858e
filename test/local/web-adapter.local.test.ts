/** AWS Lambda Web Adapter in the local cloud, by what its documents say of it. */
import * as assert from "node:assert/strict";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type * as pulumi from "@pulumi/pulumi";
import { serverArchive } from "../../components/nextjs-site/archives";
import { readBuild } from "../../components/nextjs-site/build";
import { ARCHIVE_SIGNATURE, SIGNATURE, type Values } from "../../local/provider/property-values";
import { madeApplication } from "../components/nextjs-site/made-build";
import { Managed, startEmulator, testAccount, trust } from "../provider/support";

/** An application that tells what it was asked; it takes some asking until it is ready. */
const SERVER = `
const { writeFileSync } = require("node:fs");
let asked = 0;
require("node:http").createServer(async (request, response) => {
  const { method, url, headers } = request;
  if (url === "/_next/ready") return response.writeHead(++asked < 3 ? 503 : 404).end();
  if (url === "/broken") return request.socket.destroy();
  if (url === "/binary") return response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from([0, 255]));
  writeFileSync(".next/cache/page", "may be written");
  const body = Buffer.concat(await request.toArray()).toString("hex");
  response.setHeader("set-cookie", ["a=1; Path=/", "b=2, 3"]);
  response.setHeader("vary", ["rsc", "accept"]);
  response.writeHead(201, { "content-type": "application/json" });
  response.end(JSON.stringify({ method, url, headers, body, asked }));
}).listen(Number(process.env.PORT), process.env.HOSTNAME);`;

interface Result {
  statusCode: number;
  headers: Record<string, string>;
  cookies: string[];
  isBase64Encoded: boolean;
  body: string;
}
interface Seen {
  method: string;
  url: string;
  headers: Record<string, string | undefined>;
  body: string;
  asked: number;
}

describe("the web adapter", () => {
  const account = testAccount();
  let emulator: undefined | { stop(): Promise<void> };

  async function functionOf(name: string, variables: Record<string, string> = {}): Promise<void> {
    const read = readBuild(madeApplication({ ".next/standalone/server.js": SERVER }), { sourceMaps: false });
    assert.ok("build" in read);
    const path = await (serverArchive(name, read.build) as pulumi.asset.FileArchive).path;
    const role = await new Managed("aws:iam/role:Role", account, name).create({
      assumeRolePolicy: trust("lambda.amazonaws.com"),
    });
    const inputs: Values = {
      ...{ name, role: role.output("arn"), runtime: "nodejs24.x", handler: "run.sh", timeout: 10 },
      code: { [SIGNATURE]: ARCHIVE_SIGNATURE, hash: name, path },
      layers: ["arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerArm64:1"],
      environment: {
        variables: {
          ...{ AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap", AWS_LWA_PORT: "3000", PORT: "3000" },
          ...{ AWS_LWA_READINESS_CHECK_PATH: "/_next/ready", ...variables },
        },
      },
    };
    await new Managed("aws:lambda/function:Function", account, name).create(inputs);
  }

  /** What comes of an event of an HTTP API, or the error. */
  async function invoke(FunctionName: string, event: object): Promise<{ result: Result; error: string | undefined }> {
    const http = { method: "GET" };
    const whole = { version: "2.0", rawPath: "/", rawQueryString: "", headers: {}, requestContext: { http }, ...event };
    const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify(whole) });
    const { Payload, FunctionError } = await account.client(LambdaClient).send(command);
    return { result: JSON.parse(Buffer.from(Payload ?? []).toString()) as Result, error: FunctionError };
  }

  before(async () => {
    emulator = await startEmulator();
    await functionOf("site");
  });
  after(() => emulator?.stop());

  it("makes a request of an event, once the application is ready, and a result of its answer", async () => {
    const { result } = await invoke("site", {
      ...{ rawPath: "/a%20b", rawQueryString: "c=d&c=%2F", cookies: ["x=1", "y=2"] },
      headers: { "content-type": "application/octet-stream", "x-forwarded-host": "shop.example.com" },
      ...{ body: Buffer.from([0, 128, 255]).toString("base64"), isBase64Encoded: true },
      requestContext: { http: { method: "PUT" }, requestId: "1" },
    });
    const { method, url, headers, body, asked } = JSON.parse(result.body) as Seen;
    assert.deepEqual([method, url, body, asked], ["PUT", "/a%20b?c=d&c=%2F", "0080ff", 3]);
    assert.deepEqual([headers.cookie, headers["x-forwarded-host"]], ["x=1; y=2", "shop.example.com"]);
    assert.equal((JSON.parse(headers["x-amzn-request-context"] ?? "{}") as { requestId: string }).requestId, "1");
    assert.deepEqual([result.statusCode, result.isBase64Encoded], [201, false]);
    assert.deepEqual(result.cookies, ["a=1; Path=/", "b=2, 3"]);
    assert.equal(result.headers.vary, "rsc, accept");
  });

  it("gives what is no text in base64", async () => {
    const { result } = await invoke("site", { rawPath: "/binary" });
    assert.deepEqual([result.isBase64Encoded, result.body], [true, Buffer.from([0, 255]).toString("base64")]);
  });

  it("ends an invocation in an error where there is no answer, and for events that it does not take", async () => {
    assert.equal((await invoke("site", { rawPath: "/broken" })).error, "Unhandled");
    assert.equal((await invoke("site", { version: "1.0" })).error, "Unhandled");
    assert.equal((await invoke("site", {})).result.statusCode, 201);
  });

  it("refuses to stream, and to compress, which it does not do", async () => {
    await functionOf("streaming", { AWS_LWA_INVOKE_MODE: "response_stream" });
    const said = await invoke("streaming", {}).then(JSON.stringify, String);
    assert.match(said, /AWS_LWA_INVOKE_MODE=buffered only/);
  });
});
