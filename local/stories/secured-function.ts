/** People sign up, sign in, and call a function through CloudFront; guests, strangers and detours are refused. */
import { CloudFrontClient, ListDistributionsCommand } from "@aws-sdk/client-cloudfront";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CognitoIdentityProviderClient, ListUserPoolsCommand } from "@aws-sdk/client-cognito-identity-provider";
import { outputOf } from "./account";
import { buildSite } from "./secured-function/build";
import { playInBrowser } from "./secured-function/in-browser";
import { exchange, foreignToken, type Grant, signInOn, signUp } from "./secured-function/people";
import { type Answer, messageOf, posting, visitor } from "./secured-function/visitor";
import { eventually, type PlayedContext, type Story } from "./story";

const NAME = "ada";
const GREETING = `200 You are authenticated as ${NAME}, and the function was executed.`;
const REFUSAL = "401 You are not authorized to execute the function.";
/** What the stack file says. */
const REQUESTS_PER_ADDRESS = 100;

function expect(found: string, expected: string): string {
  if (found !== expected) throw new Error(`${found} instead of ${expected}`);
  return found;
}

function actors(context: PlayedContext) {
  const visit = visitor(context.endpoint);
  const [site, page, client] = ["url", "signInUrl", "clientId"].map((name) => outputOf(context, name)) as [
    string,
    string,
    string,
  ];
  const call = (value: unknown, headers?: Record<string, string>): Promise<Answer> =>
    visit(`${site}/api/execute`, posting(value, headers));
  return {
    visit,
    site,
    page,
    call,
    withToken: (token: string) => call({}, { "x-authorization": `Bearer ${token}` }),
    withCode: (signIn: Grant) => call({ signIn }),
    signIn: () => signInOn(visit, page, client, `${site}/`, NAME),
    token: async () => exchange(visit, page, client, await signInOn(visit, page, client, `${site}/`, NAME)),
  };
}

async function playPeople(context: PlayedContext): Promise<void> {
  const { visit, site, call, withCode, withToken, signIn } = actors(context);

  await context.step("The site comes over TLS alone, with headers that let it load nothing else", async () => {
    const { status, headers } = await visit(`${site}/`);
    expect(`${status} ${headers["content-type"]}`, "200 text/html; charset=utf-8");
    const policy = headers["content-security-policy"] ?? "";
    if (!policy.includes("default-src 'none'")) throw new Error(`content-security-policy is "${policy}"`);
    const clear = await visit(`${site.replace("https:", "http:")}/`);
    expect(String(clear.status), "301");
    return policy;
  });

  await context.step("A guest is refused", async () => expect(messageOf(await call({})), REFUSAL));

  await context.step("Somebody signs up, confirms, signs in, and is called by name", async () => {
    await signUp(context, NAME);
    const answer = await withCode(await signIn());
    expect(messageOf(answer), GREETING);
    return expect(messageOf(await withToken(answer.headers["x-access-token"] ?? "")), GREETING);
  });
}

async function playRefusals(context: PlayedContext): Promise<void> {
  const { visit, site, call, withCode, withToken, signIn, token } = actors(context);

  await context.step("A code used twice, with another verifier, or for another address is refused", async () => {
    const used = await signIn();
    expect(messageOf(await withCode(used)), GREETING);
    expect(messageOf(await withCode(used)), REFUSAL);
    expect(messageOf(await withCode({ ...(await signIn()), codeVerifier: "another-".repeat(6) })), REFUSAL);
    return expect(
      messageOf(await withCode({ ...(await signIn()), redirectUri: "https://evil.example.com/" })),
      REFUSAL,
    );
  });

  await context.step("A forged, an expired and a foreign pool's token are refused", async () => {
    const good = await token();
    expect(messageOf(await withToken(good)), GREETING);
    const [header, payload = "", signature] = good.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
    const other = Buffer.from(JSON.stringify({ ...claims, username: "root" })).toString("base64url");
    expect(messageOf(await withToken(`${header}.${other}.${signature}`)), REFUSAL);
    const query = new URLSearchParams({ token: good, seconds: "3600" }).toString();
    const aged = await fetch(`${context.endpoint}/_aws-patterns/aged-token?${query}`, { method: "POST" });
    const { token: expired } = (await aged.json()) as { token: string };
    expect(messageOf(await withToken(expired)), REFUSAL);
    return expect(messageOf(await withToken(await foreignToken(context, visit))), REFUSAL);
  });

  await context.step("Around CloudFront, nobody gets to the function or to the site's bucket", async () => {
    const url = new URL(outputOf(context, "functionUrl"));
    const direct = await visit(url.href, posting({}, { "x-authorization": `Bearer ${await token()}` }));
    expect(String(direct.status), "403");
    const bucket = await visit(`https://${outputOf(context, "bucketDomainName")}/index.html`);
    return `the URL answers ${direct.status}, the bucket ${expect(String(bucket.status), "403")}`;
  });

  await context.step("A body without its hash is refused: CloudFront cannot sign it", async () => {
    const { headers: _, ...sent } = posting({});
    const { status } = await visit(`${site}/api/execute`, sent);
    return expect(String(status), "403");
  });

  await context.step("A country outside the list is refused by the firewall", async () => {
    for (const [country, status] of [
      ["CA", 401],
      ["DE", 403],
    ] as const) {
      const answer = await visit(`${site}/api/execute`, { ...posting({}), country, address: "198.51.100.7" });
      expect(`${country} ${answer.status}`, `${country} ${status}`);
    }
    return "CA is let through, DE gets 403";
  });

  await context.step("Neither the firewall's log nor CloudFront's has a code or a token", async () => {
    const [secretCode, secretToken] = ["a-code-in-the-address", "a-token-in-a-header"];
    await visit(`${site}/?code=${secretCode}`, { headers: { "x-authorization": secretToken } });
    const logs = new CloudWatchLogsClient({ ...context.client, region: "us-east-1" });
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
    const lines = async (part: string, of: RegExp): Promise<readonly string[]> => {
      const logGroupName = logGroups.find(({ logGroupName: name = "" }) => name.includes(part))?.logGroupName;
      const read = async () => {
        const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
        return events.map(({ message = "" }) => message);
      };
      return eventually(`${of} is in ${part}`, context.signal, read, (all) => all.some((line) => of.test(line)));
    };
    const refused = await lines(`aws-waf-logs-${context.deployment.name}-`, /"action": ?"BLOCK"/);
    const asked = await lines(`${context.deployment.name}-edge-requests`, /"sc-status": ?"403"/);
    for (const line of [...refused, ...asked]) {
      if (line.includes(secretCode) || line.includes(secretToken) || line.includes("eyJ")) throw new Error(line);
    }
    return `${refused.length} and ${asked.length} requests`;
  });

  await context.step("One address that asks too often is refused, others are not", async () => {
    const from = (address: string) => visit(`${site}/api/execute`, { ...posting({}), address });
    const statuses: number[] = [];
    for (let i = 0; i <= REQUESTS_PER_ADDRESS; i++) statuses.push((await from("192.0.2.1")).status);
    expect(String(statuses.at(-1)), "429");
    expect(String((await from("192.0.2.2")).status), "401");
    return `429 after ${statuses.filter((status) => status === 401).length} requests`;
  });

  await context.step("What no sign-in can be is called so", async () =>
    expect(messageOf(await call({ signIn: { code: "x" } })).slice(0, 4), "400 "),
  );
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("Nothing is left", async () => {
    const cognito = new CognitoIdentityProviderClient(context.client);
    const { UserPools = [] } = await cognito.send(new ListUserPoolsCommand({ MaxResults: 60 }));
    if (UserPools.some(({ Id }) => Id === outputOf(context, "userPoolId"))) throw new Error("the user pool is there");
    const { DistributionList } = await new CloudFrontClient(context.client).send(new ListDistributionsCommand({}));
    const ids = (DistributionList?.Items ?? []).map(({ Id }) => Id);
    if (ids.includes(outputOf(context, "distributionId"))) throw new Error("the distribution is there");
    return "no user pool, no distribution";
  });
}

export const securedFunctionUrl: Story = {
  title: "People sign up, sign in and call a function through CloudFront; guests, strangers and detours are refused",
  tryFirst: [
    "aws cognito-idp list-users --user-pool-id {userPoolId}",
    "aws cloudfront get-distribution --id {distributionId}",
  ],
  equip: buildSite,
  prepare: () => Promise.resolve(),
  async play(context) {
    await playPeople(context);
    await playInBrowser(context);
    await playRefusals(context);
  },
  afterDestroy,
};
