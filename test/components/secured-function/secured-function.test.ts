import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecuredFunctionUrl, type SecuredFunctionUrlArgs } from "../../../components/secured-function/secured-function";
import { archiveFiles } from "../../support/callback-process";
import { capturedSettings } from "../../support/captured";
import { deploy, ofType, only, type Registered, valueOf } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const ACL = "aws:wafv2/webAcl:WebAcl";
const POOL = "aws:cognito/userPool:UserPool";
const CLIENT = "aws:cognito/userPoolClient:UserPoolClient";
const PARAMETER = "aws:ssm/parameter:Parameter";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

const CALLBACK = "https://shop.example.com/";

const create = (args: Partial<SecuredFunctionUrlArgs> = {}) =>
  deploy(() => new SecuredFunctionUrl("shop", { signIn: { callbackUrls: [CALLBACK] }, ...args }));

/** What resources of a type have of some inputs. */
function each(resources: readonly Registered[], type: string, ...inputs: string[]): unknown[][] {
  return ofType(resources, type).map((resource) => inputs.map((input) => resource.inputs[input]));
}

interface Origin {
  originId: string;
  originAccessControlId?: string;
  customHeaders?: { name: string; value: string }[];
}
const origins = (resources: readonly Registered[]) => only(resources, DISTRIBUTION).inputs.origins as Origin[];

describe("SecuredFunctionUrl", () => {
  it("lets CloudFront alone call the function, by both grants and for its own distribution", async () => {
    const { resources, result } = await create();
    const arn = await valueOf(result.distribution.arn);
    assert.deepEqual(each(resources, PERMISSION, "action", "principal", "sourceArn"), [
      ["lambda:InvokeFunctionUrl", "cloudfront.amazonaws.com", arn],
      ["lambda:InvokeFunction", "cloudfront.amazonaws.com", arn],
    ]);
    assert.equal(only(resources, "aws:lambda/functionUrl:FunctionUrl").inputs.authorizationType, "AWS_IAM");
    const access = only(resources, "aws:cloudfront/originAccessControl:OriginAccessControl");
    const { originAccessControlOriginType, signingBehavior, signingProtocol } = access.inputs;
    assert.deepEqual([originAccessControlOriginType, signingBehavior, signingProtocol], ["lambda", "always", "sigv4"]);
    const [origin] = origins(resources);
    assert.deepEqual([origin?.originAccessControlId, origin?.customHeaders], [`${access.name}-id`, undefined]);
  });

  it("opens the URL where asked to, and has the function check a secret that CloudFront sends", async () => {
    const { resources } = await create({ originAccess: "public" });
    assert.deepEqual(
      each(resources, PERMISSION, "action", "principal", "functionUrlAuthType", "invokedViaFunctionUrl"),
      [
        ["lambda:InvokeFunctionUrl", "*", "NONE", undefined],
        ["lambda:InvokeFunction", "*", undefined, true],
      ],
    );
    const { type, value } = only(resources, PARAMETER, "origin-secret").inputs;
    assert.equal(type, "SecureString");
    assert.match(String(value), /^[\w-]{43}$/);
    assert.deepEqual(origins(resources)[0]?.customHeaders, [{ name: "x-origin-secret", value }]);
    assert.deepEqual(await capturedSettings(only(resources, FUNCTION)), {
      settingsParameter: "/secured-function/aws-patterns/test/shop-settings",
      secretParameter: "shop-origin-secret",
    });
    const files = JSON.stringify(await archiveFiles(only(resources, FUNCTION)));
    assert.ok(!files.includes(String(value)));
  });

  it("lets through two countries, a number of requests from each address, and what AWS's rules do not refuse", async () => {
    const { resources } = await create();
    const { region, scope, rules, defaultAction } = only(resources, ACL).inputs;
    assert.deepEqual([region, scope, defaultAction], ["us-east-1", "CLOUDFRONT", { allow: {} }]);
    const [countries, rate, ...managed] = rules as { name: string; priority: number; statement: object }[];
    assert.deepEqual(countries?.statement, {
      notStatement: { statement: { geoMatchStatement: { countryCodes: ["US", "CA"] } } },
    });
    assert.deepEqual(rate?.statement, {
      rateBasedStatement: { aggregateKeyType: "IP", evaluationWindowSec: 300, limit: 500 },
    });
    assert.deepEqual(
      managed.map(({ name, priority }) => [priority, name]),
      [
        [2, "AWSManagedRulesAmazonIpReputationList"],
        [3, "AWSManagedRulesCommonRuleSet"],
        [4, "AWSManagedRulesKnownBadInputsRuleSet"],
      ],
    );
  });

  it("follows the firewall's arguments", async () => {
    const firewall = { countries: ["DE"], requestsPerAddress: 10, managedRules: [] };
    const { rules } = only((await create({ firewall })).resources, ACL).inputs;
    assert.match(JSON.stringify(rules), /"countryCodes":\["DE"\].*"limit":10/);
    assert.equal((rules as unknown[]).length, 2);
  });

  it("logs requests without what signs people in", async () => {
    const { resources } = await create();
    const { namePrefix, region } = only(resources, "aws:cloudwatch/logGroup:LogGroup", "firewall-logs").inputs;
    assert.deepEqual([namePrefix, region], ["aws-waf-logs-shop-firewall-", "us-east-1"]);
    const { redactedFields } = only(
      resources,
      "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    ).inputs;
    assert.deepEqual(redactedFields, [
      { singleHeader: { name: "authorization" } },
      { singleHeader: { name: "cookie" } },
      { singleHeader: { name: "x-authorization" } },
      { queryString: {} },
    ]);
    const { recordFields } = only(resources, "aws:cloudwatch/logDelivery:LogDelivery").inputs;
    for (const field of ["cs-uri-query", "cs(Cookie)", "cs(Referer)"]) {
      assert.ok(!(recordFields as string[]).includes(field), field);
    }
  });

  it("has users sign in on Cognito's pages, with codes, and a client that has no secret", async () => {
    const { resources } = await create();
    const pool = only(resources, POOL).inputs;
    assert.deepEqual(
      [pool.deletionProtection, pool.mfaConfiguration, pool.userPoolTier, pool.userPoolAddOns],
      ["ACTIVE", "OPTIONAL", "ESSENTIALS", undefined],
    );
    assert.deepEqual(pool.adminCreateUserConfig, { allowAdminCreateUserOnly: false });
    const client = only(resources, CLIENT).inputs;
    assert.deepEqual(
      [client.generateSecret, client.allowedOauthFlows, client.callbackUrls, client.accessTokenValidity],
      [false, ["code"], [CALLBACK], 60],
    );
    const { value, name } = only(resources, PARAMETER, "settings").inputs;
    const domain = String(only(resources, "aws:cognito/userPoolDomain:UserPoolDomain").inputs.domain);
    assert.match(domain, /^sign-in-[0-9a-f]{16}$/);
    assert.equal(name, "/secured-function/aws-patterns/test/shop-settings");
    assert.deepEqual(JSON.parse(String(value)), {
      userPoolId: "shop-users-pool-id",
      clientId: "shop-users-client-id",
      tokenUrl: `https://${domain}.auth.us-east-1.amazoncognito.com/oauth2/token`,
      callbackUrls: [CALLBACK],
    });
  });

  it("follows the sign-in's arguments", async () => {
    const { resources } = await create({
      signIn: {
        callbackUrls: [CALLBACK, "http://localhost:5173/"],
        selfSignUp: false,
        secondFactor: "ON",
        threatProtection: "ENFORCED",
        passwordLength: 20,
        sessionMinutes: 5,
        keepUsers: false,
      },
    });
    const pool = only(resources, POOL).inputs;
    assert.deepEqual(
      [pool.deletionProtection, pool.mfaConfiguration, pool.userPoolTier, pool.userPoolAddOns],
      ["INACTIVE", "ON", "PLUS", { advancedSecurityMode: "ENFORCED" }],
    );
    assert.deepEqual(pool.adminCreateUserConfig, { allowAdminCreateUserOnly: true });
    assert.equal((pool.passwordPolicy as { minimumLength: number }).minimumLength, 20);
    const client = only(resources, CLIENT).inputs;
    assert.deepEqual([client.accessTokenValidity, client.refreshTokenValidity], [5, 60]);
  });

  it("lets the function read its settings, and do what its arguments say", async () => {
    const own = {
      callback: () => Promise.resolve({ statusCode: 204 }),
      policies: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/*"] }],
      timeoutSeconds: 10,
      memoryMegabytes: 512,
      environment: { MODE: "strict" },
    };
    const { resources } = await create({ function: own });
    const { policy } = only(resources, "aws:iam/rolePolicy:RolePolicy", "call-policy").inputs;
    const [settings, orders] = statementsOf(policy);
    assert.deepEqual(settings?.Action, ["ssm:GetParameter"]);
    assert.deepEqual(settings?.Resource, [
      "arn:aws:ssm:us-east-1:111111111111:parameter/secured-function/aws-patterns/test/shop-settings",
    ]);
    assert.deepEqual(orders?.Resource, ["arn:aws:s3:::orders/*"]);
    const { timeout, memorySize, environment } = only(resources, FUNCTION).inputs;
    assert.deepEqual([timeout, memorySize, environment], [10, 512, { variables: { MODE: "strict" } }]);
    const { "index.js": index = "" } = await archiveFiles(only(resources, FUNCTION));
    assert.match(index, /statusCode: 204/);
  });

  it("is CloudFront alone without a site: everything goes to the function, and nothing is cached", async () => {
    const { resources } = await create();
    const { defaultCacheBehavior, orderedCacheBehaviors, viewerCertificate, webAclId } = only(
      resources,
      DISTRIBUTION,
    ).inputs;
    const { targetOriginId, viewerProtocolPolicy, cachePolicyId } = defaultCacheBehavior as Record<string, unknown>;
    assert.deepEqual(
      [targetOriginId, viewerProtocolPolicy, cachePolicyId],
      ["function", "https-only", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"],
    );
    assert.equal(orderedCacheBehaviors, undefined);
    assert.deepEqual(viewerCertificate, { cloudfrontDefaultCertificate: true });
    assert.match(String(webAclId), /shop-firewall-acl$/);
  });

  describe("with a site", () => {
    let site: string;
    before(() => {
      site = mkdtempSync(join(tmpdir(), "aws-patterns-site-"));
      mkdirSync(join(site, "assets"));
      writeFileSync(join(site, "index.html"), "<!doctype html>");
      writeFileSync(join(site, "assets", "index-1.js"), "");
    });
    after(() => rmSync(site, { recursive: true }));

    it("serves its files from a private bucket, and comes back to it", async () => {
      const { resources, result } = await deploy(() => new SecuredFunctionUrl("shop", { site }));
      assert.deepEqual(each(resources, OBJECT, "key", "contentType", "cacheControl"), [
        ["assets/index-1.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
        ["index.html", "text/html; charset=utf-8", "no-cache"],
        ["config.json", "application/json; charset=utf-8", "no-cache"],
      ]);
      const { content } = only(resources, OBJECT, "config.json").inputs;
      assert.deepEqual(Object.keys(JSON.parse(String(content)) as object), ["signInUrl", "clientId"]);
      const [read, tls] = statementsOf(only(resources, "aws:s3/bucketPolicy:BucketPolicy").inputs.policy);
      assert.deepEqual(read?.Principal, { Service: "cloudfront.amazonaws.com" });
      assert.deepEqual(read?.Condition, {
        StringEquals: { "AWS:SourceArn": await valueOf(result.distribution.arn) },
      });
      assert.equal(tls?.Effect, "Deny");
      const { callbackUrls } = only(resources, CLIENT).inputs;
      assert.deepEqual(callbackUrls, [`${await valueOf(result.url)}/`]);
      const { orderedCacheBehaviors, defaultCacheBehavior } = only(resources, DISTRIBUTION).inputs;
      assert.equal((orderedCacheBehaviors as { pathPattern: string }[])[0]?.pathPattern, "/api/*");
      assert.equal((defaultCacheBehavior as { targetOriginId: string }).targetOriginId, "site");
    });
  });

  it("answers at a domain of the user's own, and other origins that are named", async () => {
    const certificateArn = "arn:aws:acm:us-east-1:111111111111:certificate/0a1b";
    const { resources, result } = await create({
      domain: { name: "orders.example.com", certificateArn },
      corsOrigins: ["https://app.example.com"],
    });
    assert.equal(await valueOf(result.url), "https://orders.example.com");
    const { aliases, viewerCertificate } = only(resources, DISTRIBUTION).inputs;
    assert.deepEqual(aliases, ["orders.example.com"]);
    assert.deepEqual(viewerCertificate, {
      acmCertificateArn: certificateArn,
      minimumProtocolVersion: "TLSv1.2_2021",
      sslSupportMethod: "sni-only",
    });
    const { cors } = only(resources, "aws:lambda/functionUrl:FunctionUrl").inputs;
    assert.deepEqual((cors as { allowOrigins: string[] }).allowOrigins, ["https://app.example.com"]);
  });

  it("tells of requests that fail or are not let in", async () => {
    const topic = "arn:aws:sns:us-east-1:111111111111:alarms";
    const { resources } = await create({ alarmTopicArns: [topic] });
    assert.deepEqual(each(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "metricName", "alarmActions"), [
      ["Errors", [topic]],
      ["Throttles", [topic]],
    ]);
  });

  it("refuses all wrong arguments together", async () => {
    const wrong = {
      signIn: { callbackUrls: ["https://*.example.com/", "http://shop.example.com/"] },
      firewall: { countries: ["usa"], requestsPerAddress: 1 },
      domain: { name: "shop.example.com", certificateArn: "arn:aws:acm:eu-west-1:111111111111:certificate/1" },
      corsOrigins: ["https://app.example.com/"],
      function: {
        callback: () => Promise.resolve({ statusCode: 200 }),
        policies: [{ actions: ["s3:*"], resources: [] }],
      },
    };
    await assert.rejects(
      create(wrong),
      new RegExp(
        [
          "signIn.callbackUrls",
          "firewall.countries",
          "firewall.requestsPerAddress",
          "domain.certificateArn",
          "corsOrigins",
          "function.policies",
        ]
          .map((path) => `(?=[\\s\\S]*${path.replaceAll(".", "\\.")})`)
          .join(""),
      ),
    );
    await assert.rejects(
      deploy(() => new SecuredFunctionUrl("shop", {})),
      /signIn\.callbackUrls: received .*where there is no site/,
    );
  });
});
