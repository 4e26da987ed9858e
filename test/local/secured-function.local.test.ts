/** The way with a public URL, a function of the user's own, and a region of its own, under the real engine. */
import * as assert from "node:assert/strict";
import { ListWebACLsCommand, WAFV2Client } from "@aws-sdk/client-wafv2";
import * as aws from "@pulumi/aws";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { SecuredFunctionUrl } from "../../components/secured-function/secured-function";
import { bootstrapAccount, rootCredentials } from "../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../local/local-run";
import { exchange, signInOn, signUp } from "../../local/stories/secured-function/people";
import { messageOf, posting, visitor } from "../../local/stories/secured-function/visitor";
import type { PlayedContext } from "../../local/stories/story";
import { EVERYTHING } from "../support/policies";

const ACCOUNT = "100000000001";
const REGION = "us-west-2";
const SITE = "https://shop.example.com/";

/** As a user writes it. */
async function program(): Promise<Record<string, unknown>> {
  const provider = new aws.Provider("account", {
    region: REGION,
    assumeRoles: [{ roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer` }],
  });
  const made = new SecuredFunctionUrl(
    "orders",
    {
      originAccess: "public",
      signIn: { callbackUrls: [SITE], keepUsers: false },
      function: {
        callback: ({ user, event }) => {
          const message = `${user.name} asks for ${event.rawPath} with ${event.body}`;
          return Promise.resolve({ statusCode: 200, body: JSON.stringify({ message }) });
        },
      },
    },
    { provider },
  );
  const { url, functionUrl, client, directory } = made;
  return { url, functionUrl: functionUrl.functionUrl, clientId: client.id, signInUrl: directory.url };
}

describe("a secured function with a public URL", function () {
  this.timeout(180_000);
  let run: LocalRun;
  let stack: Stack;
  let outputs: Record<string, string>;

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    await bootstrapAccount(run.cloud, ACCOUNT, EVERYTHING);
    const inline = { stackName: "secured", projectName: "secured-test", program };
    stack = await LocalWorkspace.createStack(inline, await workspaceOptions(run));
    const up = await stack.up();
    outputs = Object.fromEntries(Object.entries(up.outputs).map(([name, { value }]) => [name, String(value)]));
  });
  after(async () => {
    await stack?.destroy();
    await run?.stop();
  });

  const client = (region: string) => ({
    region,
    endpoint: run.cloud.endpoint,
    credentials: rootCredentials(ACCOUNT),
  });

  it("calls the user's own function for people who are signed in, through CloudFront alone", async () => {
    const { url = "", functionUrl = "", clientId = "", signInUrl = "" } = outputs;
    const visit = visitor(run.cloud.endpoint);
    const context = {
      client: client(REGION),
      endpoint: run.cloud.endpoint,
      deployment: { account: { id: ACCOUNT } },
      signal: new AbortController().signal,
      outputs,
    } as unknown as PlayedContext;
    await signUp(context, "ada");
    const signIn = await signInOn(visit, signInUrl, clientId, SITE, "ada");
    const first = await visit(`${url}/orders`, posting({ signIn, order: 7 }));
    assert.equal(messageOf(first), '200 ada asks for /orders with {"order":7}');

    const token = await exchange(visit, signInUrl, clientId, await signInOn(visit, signInUrl, clientId, SITE, "ada"));
    const asking = posting({}, { "x-authorization": `Bearer ${token}` });
    assert.equal(messageOf(await visit(`${url}/`, asking)), "200 ada asks for / with {}");
    assert.equal(messageOf(await visit(functionUrl, asking)), "403 Forbidden");
    const guessed = { ...asking.headers, "x-origin-secret": "guessed" };
    assert.equal(messageOf(await visit(functionUrl, { ...asking, headers: guessed })), "403 Forbidden");
    assert.equal(messageOf(await visit(`${url}/`, { ...asking, headers: guessed })), "200 ada asks for / with {}");
  });

  it("has its firewall in us-east-1, wherever the stack is", async () => {
    const list = new ListWebACLsCommand({ Scope: "CLOUDFRONT" });
    const { WebACLs = [] } = await new WAFV2Client(client("us-east-1")).send(list);
    assert.deepEqual(
      WebACLs.map(({ ARN = "" }) => ARN.split(":")[3]),
      ["us-east-1"],
    );
  });

  it("keeps its secret: a second update changes nothing", async () => {
    const { summary } = await stack.up();
    assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
  });
});
