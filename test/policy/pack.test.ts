import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Secret } from "@pulumi/policy";
import type { ComponentExemption } from "../../policy/exemptions";
import { packArguments } from "../../policy/pack";
import { REMEDIATION_IDS, RULE_IDS, RULES } from "../../policy/rules";
import { type GuardrailsSettings, packConfiguration } from "../../policy/settings";
import { type EngineInput, runPack } from "./engine";
import { PROVIDER, subject } from "./subjects";

/** A text that stands for something unknown. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function resource(type: string, props: Record<string, unknown>, more: Partial<EngineInput> = {}): EngineInput {
  const { name, urn } = subject(type, {});
  return { type, name, urn, props, provider: PROVIDER, ...more };
}

function settings(value: unknown) {
  return packConfiguration(value as GuardrailsSettings);
}

const anyone = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
});

/** A component that nobody should write. */
const BAD: readonly EngineInput[] = [
  resource("aws:lambda/function:Function", {
    architectures: ["x86_64"],
    runtime: "nodejs18.x",
    tracingConfig: { mode: "PassThrough" },
  }),
  resource("aws:lambda/functionUrl:FunctionUrl", { authorizationType: "NONE" }),
  resource("aws:ec2/instance:Instance", {
    instanceType: "m5.large",
    metadataOptions: { httpTokens: "optional" },
    rootBlockDevice: { encrypted: false },
  }),
  resource("aws:rds/instance:Instance", {
    instanceClass: "db.m5.large",
    storageEncrypted: false,
    publiclyAccessible: true,
    deletionProtection: false,
  }),
  resource("aws:elasticache/cluster:Cluster", { nodeType: "cache.m5.large" }),
  resource("aws:opensearch/domain:Domain", { clusterConfig: { instanceType: "m5.large.search" } }),
  resource("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 0 }),
  resource("aws:cloudwatch/eventTarget:EventTarget", { arn: "arn:aws:sqs:us-east-1:1:q" }),
  resource("aws:scheduler/schedule:Schedule", { target: { arn: "arn:aws:sqs:us-east-1:1:q" } }),
  resource("aws:sqs/queue:Queue", { sqsManagedSseEnabled: false, policy: anyone }),
  resource("aws:sns/topic:Topic", { policy: anyone }),
  resource("aws:sns/topicSubscription:TopicSubscription", { protocol: "sqs" }),
  resource("aws:dynamodb/table:Table", {
    serverSideEncryption: { enabled: false },
    pointInTimeRecovery: { enabled: false },
  }),
  resource("aws:s3/bucket:Bucket", { acl: "public-read" }),
  resource("aws:iam/role:Role", { assumeRolePolicy: anyone }, { provider: { region: "eu-north-1" } }),
  resource("aws:iam/rolePolicy:RolePolicy", { policy: anyone }),
  resource("aws:ec2/securityGroup:SecurityGroup", {
    ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  }),
  resource("aws:ec2/subnet:Subnet", { availabilityZone: "us-east-1a", region: "eu-north-1" }),
];

describe("the policy pack", () => {
  it("is made of one policy for each rule and remediation, and of two that keep the books", () => {
    const { policies, enforcementLevel } = packArguments();
    assert.deepEqual(
      policies.map(({ name }) => name),
      ["bookkeeping", ...REMEDIATION_IDS, ...RULE_IDS, "exemptions"],
    );
    assert.equal(enforcementLevel, "mandatory");
    for (const { name, description, configSchema } of policies) {
      assert.match(description, /^[A-Z]/, name);
      if (name !== "bookkeeping") assert.equal(configSchema?.properties.exemptions?.type, "array", name);
    }
    for (const { id, severity } of RULES) {
      assert.equal(policies.find(({ name }) => name === id)?.enforcementLevel, severity);
    }
  });

  it("is tripped more than twenty times by a component that nobody should write, each time with the fix", async () => {
    const configuration = settings({ regions: ["us-east-1"], zones: ["us-east-1-wl1-*"], production: true });
    const { reports } = await runPack(packArguments(), BAD, configuration);
    const tripped = new Set(reports.map(({ policy }) => policy));
    assert.ok(tripped.size >= 35, `${tripped.size}: ${[...tripped].join(", ")}`);
    for (const { policy, message } of reports) {
      const rule = RULES.find(({ id }) => id === policy);
      assert.ok(rule, policy);
      assert.match(message, /^aws:\S+ "my-\w+": \S.* is .+\. /s);
      assert.ok(message.endsWith(`Fix: ${rule.remedy}`), message);
    }
  });

  it("does what the settings say of severities", async () => {
    const configuration = settings({ severities: { "lambda-arm64": "advisory", "lambda-runtime": "disabled" } });
    const { reports } = await runPack(packArguments(), BAD.slice(0, 1), configuration);
    const levels = Object.fromEntries(reports.map(({ policy, level }) => [policy, level]));
    assert.deepEqual(levels, {
      "lambda-arm64": "advisory",
      "lambda-tracing": "mandatory",
      "lambda-log-group": "mandatory",
    });
  });

  it("considers exemptions by name and URN, tells each once with its reason, and those that are not used", async () => {
    const reason = "Its native library is x86 only";
    const exemptions = [
      { rule: "lambda-arm64", resource: "my-func*", reason },
      { rule: "lambda-log-group", resource: "urn:pulumi:*::my-function", reason: "It never writes anything" },
      { rule: "lambda-arm64", resource: "other", reason: "It was there once" },
    ];
    const { reports } = await runPack(packArguments(), BAD.slice(0, 1), settings({ exemptions }));
    assert.deepEqual(
      reports.filter(({ policy }) => policy === "exemptions").map(({ level, message }) => [level, message]),
      [
        ["advisory", `exempt: lambda-arm64, aws:lambda/function:Function "my-function". ${reason}`],
        ["advisory", 'exempt: lambda-log-group, aws:lambda/function:Function "my-function". It never writes anything'],
        ["advisory", 'unused exemption: lambda-arm64, "other". Nothing that it describes violates the rule.'],
      ],
    );
    assert.deepEqual(
      reports.filter(({ policy }) => policy !== "exemptions").map(({ policy }) => policy),
      ["lambda-runtime", "lambda-tracing"],
    );
  });

  it("considers exemptions of components for what is inside of them, and for nothing else", async () => {
    const exemption: ComponentExemption = {
      rule: "ec2-graviton",
      component: "my:component:Outer",
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      reason: "No Graviton there.",
    };
    const at = (types: string) =>
      resource(
        "aws:ec2/launchTemplate:LaunchTemplate",
        { instanceType: "t3.medium" },
        { urn: `urn:pulumi:test::p::${types}$aws:ec2/launchTemplate:LaunchTemplate::my-launchtemplate` },
      );
    const [inside, outside] = [at("my:component:Outer$my:component:Inner"), at("my:component:Other")];
    const { reports } = await runPack(packArguments([exemption]), [inside, outside]);
    assert.deepEqual(
      reports.map(({ policy, urn }) => [policy, urn]),
      [
        ["exemptions", inside.urn],
        ["ec2-graviton", outside.urn],
      ],
    );
  });

  it("keeps secrets out of its messages", async () => {
    const queue = resource("aws:iam/role:Role", { assumeRolePolicy: new Secret(anyone) });
    const { reports } = await runPack(packArguments(), [queue]);
    const [report] = reports;
    assert.equal(report?.policy, "no-trust-in-everyone");
    assert.match(report?.message ?? "", /assumeRolePolicy\.Statement\[0\]\.Principal is \(secret\)\. /);
  });

  it("neither judges nor fixes what is not known yet", async () => {
    const unknown = resource("aws:lambda/function:Function", {
      architectures: UNKNOWN_TEXT,
      runtime: UNKNOWN_TEXT,
      tracingConfig: UNKNOWN_TEXT,
      loggingConfig: { logGroup: UNKNOWN_TEXT },
    });
    const { reports, fixed } = await runPack(packArguments(), [unknown]);
    assert.deepEqual(reports, []);
    assert.deepEqual([...fixed], []);
  });

  it("judges the stack by the inputs of resources, not by what AWS made of them", async () => {
    const mapping = { urn: "urn:pulumi:test::p::m::m", name: "m", props: { eventSourceArn: UNKNOWN_TEXT } };
    const queue = resource(
      "aws:sqs/queue:Queue",
      { sqsManagedSseEnabled: true },
      { outputs: { redrivePolicy: UNKNOWN_TEXT } },
    );
    const type = "aws:lambda/eventSourceMapping:EventSourceMapping";
    const dependencies = { eventSourceArn: [queue.urn] };
    const { reports } = await runPack(packArguments(), [queue, { ...mapping, type, provider: PROVIDER, dependencies }]);
    assert.deepEqual(
      reports.map(({ policy, urn }) => [policy, urn]),
      [["queue-redrive", queue.urn]],
    );
  });

  it("hands back what it fixes with secrets, unknown values and archives as they were", async () => {
    const file = new pulumi.asset.StringAsset("exports.handler = 1");
    const lambda = resource("aws:lambda/function:Function", {
      code: new pulumi.asset.AssetArchive({ "index.js": file, inner: new pulumi.asset.AssetArchive({}) }),
      environment: new Secret({ variables: { TOKEN: "hush" } }),
      role: UNKNOWN_TEXT,
      runtime: "nodejs24.x",
      loggingConfig: { logGroup: "logs" },
    });
    const { reports, inputs, fixed } = await runPack(packArguments(), [lambda]);
    // That it is secret tells that it should not be there.
    assert.deepEqual(
      reports.map(({ policy }) => policy),
      ["no-secrets-in-environment"],
    );
    assert.deepEqual(fixed.get(lambda.urn), ["fix-lambda-architecture", "fix-lambda-tracing"]);
    const { specialSigKey: key, specialArchiveSig, specialAssetSig, specialSecretSig } = pulumi.runtime;
    assert.deepEqual(inputs.get(lambda.urn), {
      architectures: ["arm64"],
      code: {
        [key]: specialArchiveSig,
        assets: {
          "index.js": { [key]: specialAssetSig, text: "exports.handler = 1" },
          inner: { [key]: specialArchiveSig, assets: {} },
        },
      },
      environment: { [key]: specialSecretSig, value: { variables: { TOKEN: "hush" } } },
      loggingConfig: { logGroup: "logs" },
      role: UNKNOWN_TEXT,
      runtime: "nodejs24.x",
      tracingConfig: { mode: "Active" },
    });
  });

  it("names the variable that holds a secret, and shows none of them", async () => {
    const lambda = resource("aws:lambda/function:Function", {
      architectures: ["arm64"],
      tracingConfig: { mode: "Active" },
      loggingConfig: { logGroup: "logs" },
      environment: { variables: { GREETING: new Secret("hush"), API_TOKEN: "hush too", TABLE: "orders" } },
    });
    const { reports } = await runPack(packArguments(), [lambda]);
    const texts = reports.map(({ message }) => message.split(" Everybody ")[0]);
    assert.deepEqual(texts, [
      'aws:lambda/function:Function "my-function": environment.variables.GREETING is (secret).',
      'aws:lambda/function:Function "my-function": environment.variables.API_TOKEN is "(hidden)".',
    ]);
  });

  it("leaves a function on x86 that CloudFront runs, and a load balancer's group open for HTTPS", async () => {
    const trust = (...Service: string[]) =>
      JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }] });
    const role = resource("aws:iam/role:Role", {
      assumeRolePolicy: trust("lambda.amazonaws.com", "edgelambda.amazonaws.com"),
    });
    const lambda = resource(
      "aws:lambda/function:Function",
      { publish: true, role: UNKNOWN_TEXT, runtime: "nodejs24.x", loggingConfig: { logGroup: "logs" } },
      { dependencies: { role: [role.urn] } },
    );
    const group = resource(
      "aws:ec2/securityGroup:SecurityGroup",
      { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }] },
      { outputs: { id: UNKNOWN_TEXT } },
    );
    const balancer = resource(
      "aws:lb/loadBalancer:LoadBalancer",
      { securityGroups: [UNKNOWN_TEXT] },
      { dependencies: { securityGroups: [group.urn] } },
    );
    const { reports, fixed } = await runPack(packArguments(), [role, lambda, group, balancer]);
    assert.deepEqual(reports, []);
    assert.deepEqual([...fixed], []);
    const without = await runPack(packArguments(), [group]);
    assert.deepEqual(
      without.reports.map(({ policy, urn }) => [policy, urn]),
      [["no-open-ingress", group.urn]],
    );
  });

  it("fixes nothing that is exempted from the rule, or whose rule is off", async () => {
    const lambda = resource("aws:lambda/function:Function", { tracingConfig: { mode: "Active" } });
    const exemptions = [{ rule: "lambda-arm64", resource: "my-function", reason: "It runs at the edge" }];
    for (const value of [{ exemptions }, { severities: { "lambda-arm64": "disabled" } }]) {
      const { fixed, reports } = await runPack(packArguments(), [lambda], settings(value));
      assert.deepEqual([...fixed], []);
      assert.ok(!reports.some(({ policy }) => policy === "lambda-arm64"));
    }
  });
});
