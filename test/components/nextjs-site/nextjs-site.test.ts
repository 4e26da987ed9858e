import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import type * as pulumi from "@pulumi/pulumi";
import { NextjsSite, type NextjsSiteArgs } from "../../../components/nextjs-site/nextjs-site";
import { deploy, ofType, only, type Registered } from "../../support/mocks";
import { statementsOf } from "../../support/policies";
import { madeApplication } from "./made-build";

const FUNCTION = "aws:lambda/function:Function";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const INVOCATION = "aws:lambda/invocation:Invocation";

const application = madeApplication();
const create = (args: Partial<NextjsSiteArgs> = {}) => deploy(() => new NextjsSite("shop", { application, ...args }));

interface Behavior {
  pathPattern?: string;
  targetOriginId: string;
  cachePolicyId: string;
  allowedMethods: string[];
}

async function archiveOf({ inputs }: Registered, property: string): Promise<[string, string][]> {
  const archive = (await inputs[property]) as pulumi.asset.FileArchive;
  const files = Object.entries(unzipSync(readFileSync(await archive.path)));
  return files.map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);
}

describe("NextjsSite", () => {
  it("leads hashed and public files to the bucket, and everything else uncached to the server", async () => {
    const { inputs } = only((await create()).resources, DISTRIBUTION);
    const ordered = inputs.orderedCacheBehaviors as Behavior[];
    assert.deepEqual(
      ordered.map(({ pathPattern, targetOriginId }) => `${pathPattern} ${targetOriginId}`),
      ["/_next/static/* bucket", "/robots.txt bucket", "/static/* bucket"],
    );
    const { targetOriginId, cachePolicyId, allowedMethods } = inputs.defaultCacheBehavior as Behavior;
    assert.deepEqual([targetOriginId, cachePolicyId], ["server", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"]);
    assert.equal(allowedMethods.length, 7);
  });

  it("lets its distribution alone read the public files, over TLS", async () => {
    const { resources } = await create();
    const { policy } = only(resources, "aws:s3/bucketPolicy:BucketPolicy").inputs;
    const [deny, read, list] = statementsOf(policy);
    assert.equal(deny?.Effect, "Deny");
    assert.deepEqual([read?.Action, list?.Action], [["s3:GetObject"], ["s3:ListBucket"]]);
    assert.match(String(read?.Resource), /bucket\/site\/\*$/);
    const condition = {
      StringEquals: { "aws:SourceArn": "arn:aws:cloudfront::111111111111:distribution/shop-edge-distribution" },
    };
    assert.deepEqual([read?.Condition, list?.Condition], [condition, condition]);
  });

  it("starts the application's server by the web adapter, which can run it", async () => {
    const lambda = only((await create()).resources, FUNCTION, "server-function");
    const { handler, layers, memorySize, timeout, environment } = lambda.inputs;
    assert.deepEqual([handler, memorySize, timeout], ["run.sh", 1024, 29]);
    assert.match(String(layers), /^arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerArm64:\d+$/);
    assert.deepEqual(environment, {
      variables: {
        AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap",
        AWS_LWA_PORT: "3000",
        PORT: "3000",
        AWS_LWA_READINESS_CHECK_PATH: "/_next/ready",
      },
    });
    const files = new Map(await archiveOf(lambda, "code"));
    assert.deepEqual(
      [...files.keys()],
      [...[".next/BUILD_ID", "server.js", "public/static/picture.svg", ".next/cache", "run.sh"]],
    );
    assert.match(
      files.get("run.sh") ?? "",
      /^#!\/bin\/sh\n[\s\S]*\nexec node --min-semi-space-size="\$young" server\.js\n$/,
    );
    assert.equal(files.get(".next/cache"), "/tmp/next-cache");
  });

  it("has the files of a build in place before its server runs, and finishes after all that leads to it", async () => {
    const { resources } = await create();
    const put = only(resources, INVOCATION, "put");
    const finish = only(resources, INVOCATION, "finish");
    const archive = only(resources, "aws:s3/bucketObjectv2:BucketObjectv2");
    assert.deepEqual(
      (await archiveOf(archive, "source")).map(([path]) => path),
      ["_next/static/chunks/a1b2.js", "robots.txt", "static/picture.svg"],
    );
    assert.match(String(archive.inputs.key), /^deploy\/[0-9a-f]{32}\.zip$/);
    assert.deepEqual(JSON.parse(String(put.inputs.input)), {
      step: "put",
      archive: archive.inputs.key,
      hashedPath: "_next/static/",
    });
    for (const name of ["shop-server-function", "shop-edge-distribution"]) {
      assert.ok(resources.find((resource) => resource.name === name)?.after.includes(put.name), name);
      assert.ok(finish.after.includes(name), name);
    }
  });

  it("gives the same archives for the same files, and another key for others", async () => {
    const keyOf = async (args: Partial<NextjsSiteArgs> = {}) =>
      only((await create(args)).resources, "aws:s3/bucketObjectv2:BucketObjectv2").inputs.key;
    const [first, second] = [await keyOf(), await keyOf({ application: madeApplication() })];
    assert.equal(first, second);
    assert.notEqual(await keyOf({ application: madeApplication({ "public/robots.txt": "" }) }), first);
  });

  it("has names of its own, with the certificate, a web ACL and records", async () => {
    const certificateArn = "arn:aws:acm:us-east-1:111111111111:certificate/1";
    const webAclArn = "arn:aws:wafv2:us-east-1:111111111111:global/webacl/shop/1";
    const domain = { names: ["shop.example.com", "www.example.com"], certificateArn, hostedZoneId: "Z123" };
    const { resources } = await create({ domain, webAclArn, priceClass: "PriceClass_All" });
    const { aliases, viewerCertificate, webAclId, priceClass } = only(resources, DISTRIBUTION).inputs;
    assert.deepEqual([aliases, webAclId, priceClass], [domain.names, webAclArn, "PriceClass_All"]);
    assert.deepEqual(viewerCertificate, {
      acmCertificateArn: certificateArn,
      minimumProtocolVersion: "TLSv1.2_2021",
      sslSupportMethod: "sni-only",
    });
    const records = ofType(resources, "aws:route53/record:Record").map(({ inputs }) => `${inputs.type} ${inputs.name}`);
    assert.deepEqual(records, [
      ...["A shop.example.com", "AAAA shop.example.com", "A www.example.com", "AAAA www.example.com"],
    ]);
    const { hostedZoneId: _, ...withoutZone } = domain;
    assert.equal(ofType((await create({ domain: withoutZone })).resources, "aws:route53/record:Record").length, 0);
  });

  it("takes what its arguments say", async () => {
    const { resources } = await create({
      ...{ memoryMegabytes: 512, timeoutSeconds: 10, requestsPerSecond: 5, keepReplacedDays: 30 },
      environment: { LEVEL: "debug" },
      policies: [{ actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:111111111111:orders"] }],
    });
    const { memorySize, timeout, environment } = only(resources, FUNCTION, "server-function").inputs;
    assert.deepEqual([memorySize, timeout], [512, 10]);
    assert.equal((environment as { variables: Record<string, string> }).variables.LEVEL, "debug");
    const { rules } = only(resources, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs;
    assert.match(JSON.stringify(rules), /"days":30\},"filter":\{"tag":\{"key":"replaced","value":"true"\}\}/);
    const { defaultRouteSettings } = only(resources, "aws:apigatewayv2/stage:Stage").inputs;
    assert.deepEqual(defaultRouteSettings, { throttlingBurstLimit: 5, throttlingRateLimit: 5 });
    const { policy } = only(resources, "aws:iam/rolePolicy:RolePolicy", "server-policy").inputs;
    assert.deepEqual(statementsOf(policy)[0]?.Action, ["sqs:SendMessage"]);
  });

  it("builds the application where that is asked for, and shows what the build said when it failed", async () => {
    const next = "node_modules/next/dist/bin/next";
    const program = "require('fs').writeFileSync('public/made.txt', process.argv[2])";
    const built = await create({ application: madeApplication({ [next]: program }), build: "always" });
    assert.match(JSON.stringify(only(built.resources, DISTRIBUTION).inputs.orderedCacheBehaviors), /\/made\.txt/);
    const failing = madeApplication({ [next]: "console.log('Type error: no such page'); process.exit(1)" });
    await assert.rejects(create({ application: failing, build: "always" }), /Type error: no such page/);
    await assert.rejects(create({ build: "always" }), /Install the application's packages/);
  });

  it("refuses wrong arguments together, and a wrong build, before anything is made", async () => {
    await assert.rejects(
      create({
        ...{ application: "", timeoutSeconds: 30, keepReplacedDays: 0, webAclArn: "arn:aws:wafv2:eu-west-1" },
        domain: { names: ["Shop"], certificateArn: "arn:aws:acm:eu-west-1:111111111111:certificate/1" },
        policies: [{ actions: ["s3:*"], resources: ["*"] }],
      }),
      /8 wrong arguments/,
    );
    await assert.rejects(
      create({ application: madeApplication({ ".next/standalone/server.js": null }) }),
      /NextjsSite "shop": 1 wrong argument\n {2}application: .*build again/,
    );
  });
});
