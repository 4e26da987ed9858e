/** CloudFront, WAF and function URLs of the local cloud, by what AWS's documents say of them. */
import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { CloudFrontClient, CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DeleteWebACLCommand, WAFV2Client } from "@aws-sdk/client-wafv2";
import type { Value, Values } from "../../local/provider/property-values";
import { archive, Managed, startEmulator, testAccount, trust } from "../provider/support";
import { assumeRole } from "../../local/sessions";
import { until } from "../support/cloud";
import { policy } from "../support/functions";
import { ask, type Answer } from "../support/hosts";

const account = testAccount();
const [DISABLED, OPTIMIZED] = ["4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "658327ea-f89d-4fab-a63d-7e88639e58f6"];
const ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
const READ = ["GET", "HEAD"];
const LONG = `/* ${"a".repeat(2000)} */`;
const ECHO = `let n = 0;
exports.handler = async (event) => ({ statusCode: Number(event.queryStringParameters?.status ?? 200),
  headers: { "content-type": "application/json" }, body: JSON.stringify({ n: ++n, event }) });`;

interface Echo {
  n: number;
  event: { headers: Record<string, string | undefined>; rawPath: string; rawQueryString: string };
}

const echo = ({ body }: Answer): Echo => JSON.parse(body.toString()) as Echo;
const visible = (name: string): Values => ({
  name,
  visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: name, sampledRequestsEnabled: true },
});
const block = { action: { block: {} } };
const managed = (name: string): Values => ({ managedRuleGroupStatement: { vendorName: "AWS", name } });

/** Resources as programs make them. */
async function make(type: string, inputs: Values, name = "edge"): Promise<Managed> {
  return new Managed(
    `aws:${type}:${type.replace(/^.*\/(.)/, (_, first: string) => first.toUpperCase())}`,
    account,
    name,
  ).create(inputs);
}

const behavior = (targetOriginId: string, rest: Values = {}): Values => ({
  ...{ targetOriginId, viewerProtocolPolicy: "redirect-to-https", cachePolicyId: DISABLED, cachedMethods: READ },
  ...{ allowedMethods: [...READ, "OPTIONS", "PUT", "PATCH", "POST", "DELETE"], compress: true, ...rest },
});

const custom = (originId: string, domainName: string, rest: Values = {}): Values => ({
  ...{ originId, domainName, ...rest },
  customOriginConfig: {
    ...{ httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
  },
});

describe("the edge", () => {
  let emulator: undefined | { stop(): Promise<void> };
  let acl: Managed;
  let distribution: Managed;
  const host = { signed: "", open: "" };

  const get = (name: string, path: string, options = {}): Promise<Answer> =>
    ask({ endpoint: process.env.AWS_ENDPOINT_URL ?? "" }, name, path, options);
  const edge = (path: string, options = {}): Promise<Answer> => get(distribution.output("domainName"), path, options);

  const permit = (statementId: string, name: string, rest: Values): Promise<unknown> =>
    make("lambda/permission", {
      function: name,
      action: "lambda:InvokeFunction",
      principal: "*",
      statementId,
      ...rest,
    });

  async function urlOf(name: string, authorizationType: string): Promise<string> {
    const { id: role } = await make("iam/role", { name, assumeRolePolicy: trust("lambda.amazonaws.com") });
    const code = archive({ "index.js": ECHO });
    const arn = `arn:aws:iam::111122223333:role/${role}`;
    await make("lambda/function", { name, role: arn, runtime: "nodejs22.x", handler: "index.handler", code });
    const url = await make("lambda/functionUrl", { functionName: name, authorizationType });
    return new URL(url.output("functionUrl")).host;
  }

  async function api(): Promise<string> {
    const { id: apiId } = await make("apigatewayv2/api", { protocolType: "HTTP" });
    const integration = await make("apigatewayv2/integration", {
      ...{ apiId, integrationType: "AWS_PROXY", payloadFormatVersion: "2.0" },
      integrationUri: "arn:aws:lambda:us-east-1:111122223333:function:open",
    });
    await make("apigatewayv2/route", { apiId, routeKey: "$default", target: `integrations/${integration.id}` });
    await make("apigatewayv2/stage", { apiId, name: "$default", autoDeploy: true });
    await permit("api", "open", { principal: "apigateway.amazonaws.com" });
    return `${apiId}.execute-api.us-east-1.amazonaws.com`;
  }

  async function control(type: string): Promise<string> {
    const signing = { signingBehavior: "always", signingProtocol: "sigv4" };
    const made = await make("cloudfront/originAccessControl", {
      originAccessControlOriginType: type,
      name: type,
      ...signing,
    });
    return made.id;
  }

  async function site(): Promise<Values> {
    const bucket = await make("s3/bucket", { bucket: "edge-site" });
    const files: Values[] = [
      { key: "index.html", contentType: "text/html", content: "<p>home</p>" },
      { key: "app.js", contentType: "text/javascript", content: LONG },
      { key: "404.html", contentType: "text/html", content: "<p>nothing here</p>" },
    ];
    for (const file of files) await make("s3/bucketObjectv2", { bucket: "edge-site", ...file });
    const domainName = bucket.output("bucketRegionalDomainName");
    return { originId: "site", domainName, originAccessControlId: await control("s3") };
  }

  async function firewall(): Promise<Managed> {
    const ipSet = await make("wafv2/ipSet", {
      ...{ scope: "CLOUDFRONT", ipAddressVersion: "IPV4", addresses: ["198.51.100.0/24"] },
    });
    const busy = {
      ...{ searchString: "/busy", fieldToMatch: { uriPath: {} }, positionalConstraint: "STARTS_WITH" },
      textTransformations: [{ priority: 0, type: "LOWERCASE" }],
    };
    const rate = {
      limit: 10,
      evaluationWindowSec: 60,
      aggregateKeyType: "IP",
      scopeDownStatement: { byteMatchStatement: busy },
    };
    const home = { geoMatchStatement: { countryCodes: ["US", "CA"] } };
    const rules: Values[] = [
      { ...visible("home"), ...block, statement: { notStatement: { statements: [home] } } },
      { ...visible("banned"), ...block, statement: { ipSetReferenceStatement: { arn: ipSet.output("arn") } } },
      {
        ...visible("rate"),
        action: { block: { customResponse: { responseCode: 429, customResponseBodyKey: "slow" } } },
        statement: { rateBasedStatement: rate },
      },
      ...["AmazonIpReputationList", "CommonRuleSet"].map((name) => ({
        ...{ ...visible(name), overrideAction: { none: {} }, statement: managed(`AWSManagedRules${name}`) },
      })),
      { ...visible("i"), overrideAction: { count: {} }, statement: managed("AWSManagedRulesKnownBadInputsRuleSet") },
    ];
    const { visibilityConfig } = visible("edge") as { visibilityConfig: Value };
    return make("wafv2/webAcl", {
      ...{ scope: "CLOUDFRONT", defaultAction: { allow: {} }, visibilityConfig },
      customResponseBodies: [{ key: "slow", content: "slower, please", contentType: "TEXT_PLAIN" }],
      rules: rules.map((rule, priority) => ({ ...rule, priority })),
    });
  }

  async function distribute(): Promise<Managed> {
    const none = { cookiesConfig: { cookieBehavior: "none" }, headersConfig: { headerBehavior: "none" } };
    const queryStrings = { items: ["q", "status"] };
    const { id: byQuery } = await make("cloudfront/cachePolicy", {
      ...{ minTtl: 0, defaultTtl: 60, maxTtl: 60 },
      parametersInCacheKeyAndForwardedToOrigin: {
        ...{ ...none, enableAcceptEncodingGzip: true, enableAcceptEncodingBrotli: false },
        queryStringsConfig: { queryStringBehavior: "whitelist", queryStrings },
      },
    });
    const { id: responseHeadersPolicyId } = await make("cloudfront/responseHeadersPolicy", {
      securityHeadersConfig: { contentTypeOptions: { override: true } },
    });
    const forwarded = { originRequestPolicyId: ALL_BUT_HOST };
    return make("cloudfront/distribution", {
      ...{ enabled: true, defaultRootObject: "index.html", webAclId: acl.output("arn") },
      ...{ restrictions: { geoRestriction: { restrictionType: "none" } } },
      ...{ viewerCertificate: { cloudfrontDefaultCertificate: true } },
      origins: [
        await site(),
        custom("signed", host.signed, { originAccessControlId: await control("lambda") }),
        custom("open", host.open, { customHeaders: [{ name: "x-secret", value: "swordfish" }] }),
        custom("api", await api()),
      ],
      defaultCacheBehavior: behavior("site", {
        ...{ cachePolicyId: OPTIMIZED, allowedMethods: READ, responseHeadersPolicyId },
      }),
      orderedCacheBehaviors: [
        { pathPattern: "/api/*", ...behavior("api", { ...forwarded, viewerProtocolPolicy: "https-only" }) },
        { pathPattern: "/url/*", ...behavior("signed", forwarded) },
        { pathPattern: "/busy", ...behavior("open", forwarded) },
        { pathPattern: "/cached/?", ...behavior("open", { cachePolicyId: byQuery }) },
      ],
      customErrorResponses: [
        { errorCode: 403, responseCode: 404, responsePagePath: "/404.html", errorCachingMinTtl: 0 },
      ],
    });
  }

  const READS = { Action: "s3:GetObject", Resource: "arn:aws:s3:::edge-site/*" };

  /** What the distribution may do with the site's bucket. */
  async function letIn(...statements: object[]): Promise<void> {
    const Condition = { StringEquals: { "AWS:SourceArn": distribution.output("arn") } };
    const Principal = { Service: "cloudfront.amazonaws.com" };
    const document = policy(...statements.map((statement) => ({ Principal, Condition, ...statement })));
    await make("s3/bucketPolicy", { bucket: "edge-site", policy: document });
  }

  before(async () => {
    emulator = await startEmulator();
    host.signed = await urlOf("signed", "AWS_IAM");
    host.open = await urlOf("open", "NONE");
    acl = await firewall();
    distribution = await distribute();
    await letIn(READS);
  });
  after(() => emulator?.stop());

  it("lets through to a function URL what its policy allows with both actions", async () => {
    const throughEdge = async (): Promise<number> => (await edge("/url/a?b=c")).status;
    const service = { principal: "cloudfront.amazonaws.com", sourceArn: distribution.output("arn") };
    const byUrl = { action: "lambda:InvokeFunctionUrl", functionUrlAuthType: "AWS_IAM" };
    const [other, direct] = [{ ...service, sourceArn: `${service.sourceArn}A` }, { invokedViaFunctionUrl: true }];
    assert.equal(await throughEdge(), 404, "nobody may");
    await permit("their-url", "signed", { ...other, ...byUrl });
    await permit("their-function", "signed", { ...other, ...direct });
    assert.equal(await throughEdge(), 404, "another distribution may");
    await permit("one", "signed", { ...service, ...byUrl });
    assert.equal(await throughEdge(), 404, "one of two");
    await permit("other", "signed", { ...service, ...direct });
    assert.equal(await throughEdge(), 200);
    assert.equal((await get(host.signed, "/")).status, 403, "not signed");

    assert.equal((await get(host.open, "/")).status, 403, "no policy");
    await permit("one", "open", { ...byUrl, functionUrlAuthType: "NONE" });
    assert.equal((await get(host.open, "/")).status, 403, "one of two");
    await permit("other", "open", direct);
    assert.equal((await get(host.open, "/")).status, 200);
  });

  it("lets callers who sign call a function URL that may do both", async () => {
    const trusted = policy({ Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "sts:AssumeRole" });
    const credentials = { accessKeyId: "111122223333", secretAccessKey: "test" };
    const root = { endpoint: process.env.AWS_ENDPOINT_URL ?? "", region: "us-east-1", credentials };
    const role = await make("iam/role", { name: "caller", assumeRolePolicy: trusted });
    const call = async (...Action: string[]): Promise<number> => {
      await make("iam/rolePolicy", { role: "caller", name: "call", policy: policy({ Action, Resource: "*" }) });
      const { config } = new LambdaClient(await assumeRole(root, role.output("arn")));
      const scheme = { name: "sigv4", signingName: "lambda", signingRegion: "us-east-1", properties: {} };
      const request = { method: "GET", protocol: "https:", hostname: host.signed, path: "/", query: {} };
      const { headers } = await (await config.signer(scheme)).sign({ ...request, headers: { host: host.signed } });
      return (await get(host.signed, "/", { headers })).status;
    };
    assert.equal(await call("lambda:InvokeFunctionUrl"), 403);
    assert.equal(await call("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"), 200);
  });

  it("signs for a function URL in place of the viewer, and only bodies with their hash", async () => {
    const answer = echo(await edge("/url/a", { headers: { authorization: "Bearer x", "x-own": "1", cookie: "a=b" } }));
    assert.deepEqual([answer.event.headers.authorization, answer.event.headers["x-own"]], [undefined, "1"]);
    assert.equal(answer.event.headers.host, host.signed);
    const post = (hash: string): Promise<Answer> =>
      edge("/url/a", { method: "POST", body: "hello", headers: { "x-amz-content-sha256": hash } });
    assert.equal((await post(createHash("sha256").update("hello").digest("hex"))).status, 200);
    assert.equal((await post("0".repeat(64))).status, 404);
    assert.equal((await edge("/url/a", { method: "POST", body: "hello" })).status, 404);
    assert.equal((await edge("/url/a", { method: "POST" })).status, 404);
  });

  it("keeps what tests say of the viewer from origins, and adds the origin's own headers", async () => {
    const { headers } = echo(await edge("/busy", { headers: { "x-test-viewer-country": "CA" } })).event;
    assert.equal(headers["x-secret"], "swordfish");
    assert.equal(headers["x-test-viewer-country"], undefined);
    assert.equal(headers["user-agent"], "test");
  });

  it("reaches APIs, as whatever method, with path and query", async () => {
    const { event } = echo(await edge("/api/a%20b?x=1&y=2", { method: "PUT", body: "{}" }));
    assert.deepEqual([event.rawPath, event.rawQueryString], ["/api/a b", "x=1&y=2"]);
  });

  it("tells viewers to use HTTPS, and refuses methods", async () => {
    const plain = { headers: { "x-forwarded-proto": "http" } };
    const redirect = await edge("/app.js?a", plain);
    assert.deepEqual(
      [redirect.status, redirect.headers.location],
      [301, `https://${distribution.output("domainName")}/app.js?a`],
    );
    assert.equal((await edge("/api/", plain)).status, 403);
    assert.equal((await edge("/app.js", { method: "DELETE" })).status, 403);
  });

  it("serves the private bucket: root object, custom error, headers, compressed", async () => {
    const home = await edge("/");
    assert.deepEqual([home.status, home.body.toString()], [200, "<p>home</p>"]);
    assert.equal(home.headers["x-content-type-options"], "nosniff");
    // A path that pages of user pools have, too.
    const missing = await edge("/logout");
    assert.deepEqual([missing.status, missing.body.toString()], [404, "<p>nothing here</p>"]);
    assert.equal(missing.headers["x-cache"], "Error from cloudfront");
    const script = await edge("/app.js", { headers: { "accept-encoding": "gzip" } });
    assert.equal(script.headers["content-encoding"], "gzip");
    assert.equal(gunzipSync(script.body).toString(), LONG);
    const same = await edge("/app.js", {
      headers: { "accept-encoding": "gzip", "if-none-match": script.headers.etag ?? "" },
    });
    assert.equal(same.status, 304);
    assert.equal((await edge("/app.js")).headers["content-encoding"], undefined);
  });

  it("is forbidden what is missing in a bucket, and does not find it where it may list the bucket", async () => {
    const custom = await edge("/missing.js");
    assert.match(custom.body.toString(), /nothing here/, "the page for 403");
    await letIn(READS, { Action: "s3:ListBucket", Resource: "arn:aws:s3:::edge-site" });
    const missing = await edge("/missing-too.js");
    await letIn(READS);
    assert.equal(missing.status, 404);
    assert.match(missing.body.toString(), /NoSuchKey/);
  });

  it("caches by the policy's key, until it is invalidated", async () => {
    const [first, again] = [
      await edge("/cached/a?q=1&other=1", { headers: { accept: "*/*" } }),
      await edge("/cached/a?other=2&q=1"),
    ];
    assert.deepEqual(
      [first.headers["x-cache"], again.headers["x-cache"]],
      ["Miss from cloudfront", "Hit from cloudfront"],
    );
    assert.equal(echo(again).n, echo(first).n);
    assert.match(again.headers.age ?? "", /^\d$/);
    const { headers, rawQueryString } = echo(first).event;
    assert.deepEqual([headers["user-agent"], headers.accept, rawQueryString], ["Amazon CloudFront", undefined, "q=1"]);
    assert.equal((await edge("/cached/a?q=2")).headers["x-cache"], "Miss from cloudfront");
    assert.equal((await edge("/cached/ab?q=1")).status, 404, "a question mark stands for one character");
    const batch = { CallerReference: "1", Paths: { Quantity: 1, Items: ["/cached/*"] } };
    await account
      .client(CloudFrontClient)
      .send(new CreateInvalidationCommand({ DistributionId: distribution.id, InvalidationBatch: batch }));
    assert.notEqual(echo(await edge("/cached/a?q=1")).n, echo(first).n);
    const failed = async (): Promise<number> => echo(await edge("/cached/b?status=500")).n;
    assert.equal(await failed(), await failed());
  });

  const blocked: [what: string, path: string, headers: Record<string, string>, status: number][] = [
    ["a country outside the list", "/", { "x-test-viewer-country": "FR" }, 403],
    ["a banned address", "/", { "x-test-viewer-address": "198.51.100.7" }, 403],
    ["an address of bad reputation", "/", { "x-test-viewer-address": "203.0.113.7" }, 403],
    ["a request without a user agent", "/", { "user-agent": "" }, 403],
    ["local files in an argument", "/?file=..%2F..%2Fetc", {}, 403],
    ["what only counts", "/", { "x-tried": "${jndi:ldap://example.com}" }, 200],
    ["a country of the list", "/", { "x-test-viewer-country": "CA" }, 200],
  ];
  for (const [what, path, headers, status] of blocked)
    it(`WAF: ${what} is answered ${status}`, async () => {
      assert.equal((await edge(path, { headers })).status, status);
    });

  it("WAF: limits the rate of each address, with the answer that the rule says", async () => {
    const from = (address: string): Promise<Answer> => edge("/busy", { headers: { "x-test-viewer-address": address } });
    const answers: Answer[] = [];
    for (let i = 0; i < 11; i++) answers.push(await from("192.0.2.1"));
    assert.deepEqual([answers[9]?.status, answers[10]?.status], [200, 429]);
    assert.equal(answers[10]?.body.toString(), "slower, please");
    assert.equal((await from("192.0.2.2")).status, 200);
  });

  const logged = async (logGroupName: string): Promise<Record<string, unknown>> => {
    const message = await until(`an event in ${logGroupName}`, async () => {
      const logs = account.client(CloudWatchLogsClient);
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
      return events[0]?.message;
    });
    return JSON.parse(message) as Record<string, unknown>;
  };

  it("WAF: is made in us-east-1, and not deleted in use", async () => {
    const far = new Managed("aws:wafv2/ipSet:IpSet", testAccount({}, "eu-west-1"));
    await assert.rejects(
      far.create({ scope: "CLOUDFRONT", ipAddressVersion: "IPV4", addresses: [] }),
      /The scope is not valid/,
    );
    const named = { Name: acl.output("name"), Scope: "CLOUDFRONT", Id: acl.id } as const;
    await assert.rejects(
      account.client(WAFV2Client).send(new DeleteWebACLCommand({ ...named, LockToken: acl.id })),
      /WAFAssociatedItemException|being used/,
    );
  });

  it("WAF: logs to groups that are called aws-waf-logs-* only", async () => {
    const log = async (name: string): Promise<unknown> => {
      const group = await make("cloudwatch/logGroup", { name });
      const logDestinationConfigs = [group.output("arn")];
      return make("wafv2/webAclLoggingConfiguration", { resourceArn: acl.output("arn"), logDestinationConfigs });
    };
    await assert.rejects(log("other"), /The ARN isn't valid/);
    await log("aws-waf-logs-edge");
    await edge("/?waf", { headers: { "x-test-viewer-country": "FR" } });
    const { action, terminatingRuleId } = await logged("aws-waf-logs-edge");
    assert.deepEqual([action, terminatingRuleId], ["BLOCK", "home"]);
  });

  it("delivers access logs to a log group, and to a bucket whose policy allows it", async () => {
    const group = await make("cloudwatch/logGroup", { name: "access" });
    const bucket = await make("s3/bucket", { bucket: "edge-logs" });
    const Condition = { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } };
    const write = { Action: "s3:PutObject", Resource: "arn:aws:s3:::edge-logs/AWSLogs/111122223333/*", Condition };
    const Principal = { Service: "delivery.logs.amazonaws.com" };
    await make("s3/bucketPolicy", { bucket: "edge-logs", policy: policy({ Principal, ...write }) });
    const resourceArn = distribution.output("arn");
    await make("cloudwatch/logDeliverySource", { name: "edge", logType: "ACCESS_LOGS", resourceArn });
    for (const to of [group, bucket]) {
      const deliveryDestinationConfiguration = { destinationResourceArn: to.output("arn") };
      const target = await make("cloudwatch/logDeliveryDestination", { name: to.id, deliveryDestinationConfiguration });
      const deliveryDestinationArn = target.output("arn");
      await make("cloudwatch/logDelivery", { deliverySourceName: "edge", deliveryDestinationArn });
    }
    await edge("/app.js?logged");
    const record = await logged("access");
    assert.deepEqual([record["cs-uri-stem"], record["sc-status"]], ["/app.js", "200"]);
    const s3 = account.client(S3Client);
    const Key = await until("a log file", async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "edge-logs" }));
      return Contents[0]?.Key;
    });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "edge-logs", Key }));
    assert.deepEqual(JSON.parse(gunzipSync((await Body?.transformToByteArray()) ?? "").toString()), record);
  });
});
