/** CloudFront, WAF and function URLs of the local cloud, by what AWS's documents say of them. */
import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import {
  CloudFrontClient,
  CreateCachePolicyCommand,
  CreateDistributionCommand,
  CreateInvalidationCommand,
  CreateOriginAccessControlCommand,
  CreateResponseHeadersPolicyCommand,
  type CacheBehavior,
  type DistributionConfig,
  type Origin,
} from "@aws-sdk/client-cloudfront";
import {
  CloudWatchLogsClient,
  CreateDeliveryCommand,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutDeliveryDestinationCommand,
  PutDeliverySourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { AddPermissionCommand, CreateFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateIPSetCommand,
  CreateWebACLCommand,
  DeleteWebACLCommand,
  PutLoggingConfigurationCommand,
  WAFV2Client,
  type Rule,
} from "@aws-sdk/client-wafv2";
import { ask, type Answer } from "../support/hosts";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { createFunction, createRole, policy } from "../support/functions";
import { given } from "../support/network";

const account = "846000000001";
const [DISABLED, OPTIMIZED] = ["4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "658327ea-f89d-4fab-a63d-7e88639e58f6"];
const ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
const METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"] as const;
const LONG = `/* ${"a".repeat(2000)} */`;
const ECHO = `let n = 0;
exports.handler = async (event) => ({ statusCode: Number(event.queryStringParameters?.status ?? 200),
  headers: { "content-type": "application/json" }, body: JSON.stringify({ n: ++n, event }) });`;

interface Echo {
  n: number;
  event: { headers: Record<string, string | undefined>; rawPath: string; rawQueryString: string };
}

const echo = ({ body }: Answer): Echo => JSON.parse(body.toString()) as Echo;
const list = <T>(...Items: T[]): { Quantity: number; Items: T[] } => ({ Quantity: Items.length, Items });
const visibility = (MetricName: string) => ({
  SampledRequestsEnabled: true,
  CloudWatchMetricsEnabled: true,
  MetricName,
});

describe("the edge", () => {
  let cloud: TestCloud;
  let as: ClientSettings;
  let cloudfront: CloudFrontClient;
  let waf: WAFV2Client;
  const made = { acl: { arn: "", id: "", lock: "" }, id: "", arn: "", domain: "", url: "", open: "", name: "" };

  const edge = (path: string, options = {}): Promise<Answer> => ask(cloud, made.domain, path, options);

  const permit = (StatementId: string, FunctionName: string, rest: object): Promise<unknown> =>
    new LambdaClient(as).send(
      new AddPermissionCommand({ StatementId, FunctionName, Action: "lambda:InvokeFunction", Principal: "*", ...rest }),
    );

  const behavior = (TargetOriginId: string, rest: Partial<CacheBehavior> = {}): Omit<CacheBehavior, "PathPattern"> => ({
    TargetOriginId,
    ViewerProtocolPolicy: "redirect-to-https",
    CachePolicyId: DISABLED,
    AllowedMethods: list(...METHODS),
    ...rest,
  });

  async function control(Name: string, type: "s3" | "lambda"): Promise<string> {
    const config = { Name, OriginAccessControlOriginType: type, SigningBehavior: "always", SigningProtocol: "sigv4" };
    const { OriginAccessControl } = await cloudfront.send(
      new CreateOriginAccessControlCommand({ OriginAccessControlConfig: config as never }),
    );
    return given(OriginAccessControl?.Id, "access control");
  }

  async function urlOf(FunctionName: string, AuthType: "AWS_IAM" | "NONE"): Promise<string> {
    const role = await createRole(as, FunctionName, "lambda.amazonaws.com", []);
    await createFunction(as, FunctionName, role, ECHO);
    const { FunctionUrl } = await new LambdaClient(as).send(
      new CreateFunctionUrlConfigCommand({ FunctionName, AuthType }),
    );
    return new URL(given(FunctionUrl, "URL")).host;
  }

  async function api(): Promise<string> {
    const gateway = new ApiGatewayV2Client(as);
    const { ApiId } = await gateway.send(new CreateApiCommand({ Name: "echo", ProtocolType: "HTTP" }));
    const { IntegrationId } = await gateway.send(
      new CreateIntegrationCommand({
        ...{ ApiId, IntegrationType: "AWS_PROXY", PayloadFormatVersion: "2.0" },
        IntegrationUri: `arn:aws:lambda:us-east-1:${account}:function:open`,
      }),
    );
    await gateway.send(
      new CreateRouteCommand({ ApiId, RouteKey: "$default", Target: `integrations/${IntegrationId}` }),
    );
    await gateway.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true }));
    await permit("api", "open", { Principal: "apigateway.amazonaws.com" });
    return `${ApiId}.execute-api.us-east-1.amazonaws.com`;
  }

  async function site(): Promise<string> {
    const s3 = new S3Client({ ...as, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "edge-site" }));
    const files: Record<string, [type: string, content: string]> = {
      "index.html": ["text/html", "<p>home</p>"],
      "app.js": ["text/javascript", LONG],
      "404.html": ["text/html", "<p>nothing here</p>"],
    };
    for (const [Key, [ContentType, Body]] of Object.entries(files))
      await s3.send(new PutObjectCommand({ Bucket: "edge-site", Key, Body, ContentType }));
    return "edge-site.s3.us-east-1.amazonaws.com";
  }

  const rule = (Name: string, Priority: number, Statement: object, rest: object = { Action: { Block: {} } }): Rule =>
    ({ Name, Priority, Statement, VisibilityConfig: visibility(Name), ...rest }) as Rule;

  async function acl(): Promise<void> {
    const { Summary: known } = await waf.send(
      new CreateIPSetCommand({
        ...{ Name: "banned", Scope: "CLOUDFRONT", IPAddressVersion: "IPV4", Addresses: ["198.51.100.0/24"] },
      }),
    );
    const managed = (Name: string) => ({ ManagedRuleGroupStatement: { VendorName: "AWS", Name } });
    const teapot = { CustomResponse: { ResponseCode: 429, CustomResponseBodyKey: "slow" } };
    const { Summary } = await waf.send(
      new CreateWebACLCommand({
        ...{ Name: "edge", Scope: "CLOUDFRONT", DefaultAction: { Allow: {} }, VisibilityConfig: visibility("edge") },
        CustomResponseBodies: { slow: { ContentType: "TEXT_PLAIN", Content: "slower, please" } },
        Rules: [
          rule("home", 0, { NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: ["US", "CA"] } } } }),
          rule("banned", 1, { IPSetReferenceStatement: { ARN: known?.ARN } }),
          rule(
            "rate",
            2,
            {
              RateBasedStatement: {
                Limit: 10,
                EvaluationWindowSec: 60,
                AggregateKeyType: "IP",
                ScopeDownStatement: {
                  ByteMatchStatement: {
                    SearchString: Buffer.from("/busy"),
                    FieldToMatch: { UriPath: {} },
                    TextTransformations: [{ Priority: 0, Type: "LOWERCASE" }],
                    PositionalConstraint: "STARTS_WITH",
                  },
                },
              },
            },
            { Action: { Block: teapot } },
          ),
          rule("reputation", 3, managed("AWSManagedRulesAmazonIpReputationList"), { OverrideAction: { None: {} } }),
          rule("common", 4, managed("AWSManagedRulesCommonRuleSet"), { OverrideAction: { None: {} } }),
          rule("inputs", 5, managed("AWSManagedRulesKnownBadInputsRuleSet"), { OverrideAction: { Count: {} } }),
        ],
      }),
    );
    made.acl = { arn: Summary?.ARN ?? "", id: Summary?.Id ?? "", lock: Summary?.LockToken ?? "" };
  }

  async function distribute(): Promise<void> {
    const custom = (Id: string, DomainName: string, rest: Partial<Origin> = {}): Origin => ({
      ...{ Id, DomainName, ...rest },
      CustomOriginConfig: {
        ...{ HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: "https-only", OriginSslProtocols: list("TLSv1.2") },
      },
    });
    const { CachePolicy } = await cloudfront.send(
      new CreateCachePolicyCommand({
        CachePolicyConfig: {
          ...{ Name: "by-q", MinTTL: 0, DefaultTTL: 60, MaxTTL: 60 },
          ParametersInCacheKeyAndForwardedToOrigin: {
            EnableAcceptEncodingGzip: true,
            HeadersConfig: { HeaderBehavior: "none" },
            CookiesConfig: { CookieBehavior: "none" },
            QueryStringsConfig: { QueryStringBehavior: "whitelist", QueryStrings: list("q", "status") },
          },
        },
      }),
    );
    const { ResponseHeadersPolicy } = await cloudfront.send(
      new CreateResponseHeadersPolicyCommand({
        ResponseHeadersPolicyConfig: {
          Name: "secure",
          SecurityHeadersConfig: { ContentTypeOptions: { Override: true } },
        },
      }),
    );
    const s3 = { DomainName: await site(), OriginAccessControlId: await control("s3", "s3") };
    const secret = { CustomHeaders: list({ HeaderName: "x-secret", HeaderValue: "swordfish" }) };
    const forwarded = { OriginRequestPolicyId: ALL_BUT_HOST };
    const config: DistributionConfig = {
      ...{
        CallerReference: "edge",
        Comment: "",
        Enabled: true,
        DefaultRootObject: "index.html",
        WebACLId: made.acl.arn,
      },
      Origins: list<Origin>(
        { Id: "site", ...s3, S3OriginConfig: { OriginAccessIdentity: "" } },
        custom("url", made.url, { OriginAccessControlId: await control("lambda", "lambda") }),
        custom("open", made.open, secret),
        custom("api", await api()),
      ),
      DefaultCacheBehavior: behavior("site", {
        ...{ CachePolicyId: OPTIMIZED, Compress: true, AllowedMethods: list("GET", "HEAD") },
        ResponseHeadersPolicyId: ResponseHeadersPolicy?.Id,
      }),
      CacheBehaviors: list<CacheBehavior>(
        { PathPattern: "/api/*", ...behavior("api", { ...forwarded, ViewerProtocolPolicy: "https-only" }) },
        { PathPattern: "/url/*", ...behavior("url", forwarded) },
        { PathPattern: "/busy", ...behavior("open", forwarded) },
        { PathPattern: "/cached/?", ...behavior("open", { CachePolicyId: CachePolicy?.Id }) },
      ),
      CustomErrorResponses: list({
        ErrorCode: 403,
        ResponseCode: "404",
        ResponsePagePath: "/404.html",
        ErrorCachingMinTTL: 0,
      }),
    };
    const { Distribution } = await cloudfront.send(new CreateDistributionCommand({ DistributionConfig: config }));
    Object.assign(made, { id: Distribution?.Id, arn: Distribution?.ARN, domain: Distribution?.DomainName });
    const read = { Principal: { Service: "cloudfront.amazonaws.com" }, Action: "s3:GetObject" };
    const Condition = { StringEquals: { "AWS:SourceArn": made.arn } };
    await new S3Client({ ...as, forcePathStyle: true }).send(
      new PutBucketPolicyCommand({
        Bucket: "edge-site",
        Policy: policy({ ...read, Resource: "arn:aws:s3:::edge-site/*", Condition }),
      }),
    );
  }

  before(async () => {
    cloud = await startTestCloud();
    as = cloud.as(account);
    [cloudfront, waf] = [new CloudFrontClient(as), new WAFV2Client(as)];
    made.url = await urlOf("signed", "AWS_IAM");
    made.open = await urlOf("open", "NONE");
    await acl();
    await distribute();
  });
  after(() => cloud.stop());

  it("lets through to a function URL what its policy allows with both actions", async () => {
    const throughEdge = async (): Promise<number> => (await edge("/url/a?b=c")).status;
    const service = { Principal: "cloudfront.amazonaws.com", SourceArn: made.arn };
    const byUrl = { Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "AWS_IAM" };
    assert.equal(await throughEdge(), 404, "nobody may");
    await permit("one", "signed", { ...service, ...byUrl });
    assert.equal(await throughEdge(), 404, "one of two");
    await permit("other", "signed", { ...service, InvokedViaFunctionUrl: true });
    assert.equal(await throughEdge(), 200);
    assert.equal((await ask(cloud, made.url, "/")).status, 403, "not signed");

    assert.equal((await ask(cloud, made.open, "/")).status, 403, "no policy");
    await permit("one", "open", { Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" });
    assert.equal((await ask(cloud, made.open, "/")).status, 403, "one of two");
    await permit("other", "open", { InvokedViaFunctionUrl: true });
    assert.equal((await ask(cloud, made.open, "/")).status, 200);
  });

  it("signs for a function URL in place of the viewer, and only bodies with their hash", async () => {
    const answer = echo(await edge("/url/a", { headers: { authorization: "Bearer x", "x-own": "1", cookie: "a=b" } }));
    assert.deepEqual([answer.event.headers.authorization, answer.event.headers["x-own"]], [undefined, "1"]);
    assert.equal(answer.event.headers.host, made.url);
    const post = (hash: string): Promise<Answer> =>
      edge("/url/a", { method: "POST", body: "hello", headers: { "x-amz-content-sha256": hash } });
    assert.equal((await post(createHash("sha256").update("hello").digest("hex"))).status, 200);
    assert.equal((await post("0".repeat(64))).status, 404);
    assert.equal((await edge("/url/a", { method: "POST", body: "hello" })).status, 404);
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
    assert.deepEqual([redirect.status, redirect.headers.location], [301, `https://${made.domain}/app.js?a`]);
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

  it("caches by the policy's key, until it is invalidated", async () => {
    const [first, again] = [await edge("/cached/a?q=1&other=1"), await edge("/cached/a?other=2&q=1")];
    assert.deepEqual(
      [first.headers["x-cache"], again.headers["x-cache"]],
      ["Miss from cloudfront", "Hit from cloudfront"],
    );
    assert.equal(echo(again).n, echo(first).n);
    assert.match(again.headers.age ?? "", /^\d$/);
    assert.equal((await edge("/cached/a?q=2")).headers["x-cache"], "Miss from cloudfront");
    assert.equal((await edge("/cached/ab?q=1")).status, 404, "a question mark stands for one character");
    const Paths = list("/cached/*");
    await cloudfront.send(
      new CreateInvalidationCommand({ DistributionId: made.id, InvalidationBatch: { CallerReference: "1", Paths } }),
    );
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

  it("WAF: is made in us-east-1, not deleted in use, and logs to aws-waf-logs-* only", async () => {
    const web = { Scope: "CLOUDFRONT", DefaultAction: { Allow: {} }, VisibilityConfig: visibility("x") } as const;
    await assert.rejects(
      new WAFV2Client(cloud.as(account, "eu-west-1")).send(new CreateWebACLCommand({ ...web, Name: "far" })),
      { name: "WAFInvalidParameterException" },
    );
    const { id: Id, lock: LockToken, arn: ResourceArn } = made.acl;
    await assert.rejects(waf.send(new DeleteWebACLCommand({ Name: "edge", Scope: "CLOUDFRONT", Id, LockToken })), {
      name: "WAFAssociatedItemException",
    });
    const logs = new CloudWatchLogsClient(as);
    const log = (name: string): Promise<unknown> => {
      const LogDestinationConfigs = [`arn:aws:logs:us-east-1:${account}:log-group:${name}`];
      return waf.send(
        new PutLoggingConfigurationCommand({ LoggingConfiguration: { ResourceArn, LogDestinationConfigs } }),
      );
    };
    await assert.rejects(log("other"), { name: "WAFInvalidParameterException" });
    await logs.send(new CreateLogGroupCommand({ logGroupName: "aws-waf-logs-edge" }));
    await log("aws-waf-logs-edge");
    await edge("/?waf", { headers: { "x-test-viewer-country": "FR" } });
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "aws-waf-logs-edge" }));
    const record = JSON.parse(events[0]?.message ?? "{}") as Record<string, unknown>;
    assert.deepEqual([record.action, record.terminatingRuleId], ["BLOCK", "home"]);
  });

  it("delivers access logs", async () => {
    const logs = new CloudWatchLogsClient(as);
    await logs.send(new CreateLogGroupCommand({ logGroupName: "access" }));
    await logs.send(new PutDeliverySourceCommand({ name: "edge", logType: "ACCESS_LOGS", resourceArn: made.arn }));
    const destinationResourceArn = `arn:aws:logs:us-east-1:${account}:log-group:access`;
    const { deliveryDestination } = await logs.send(
      new PutDeliveryDestinationCommand({ name: "edge", deliveryDestinationConfiguration: { destinationResourceArn } }),
    );
    await logs.send(
      new CreateDeliveryCommand({ deliverySourceName: "edge", deliveryDestinationArn: deliveryDestination?.arn }),
    );
    await edge("/app.js?logged");
    const record = await until("an access log", async () => {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "access" }));
      return events[0]?.message;
    });
    assert.match(record, /"cs-uri-stem": "\/app.js".*"sc-status": "200"/);
  });
});
