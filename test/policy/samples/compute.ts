import type { Values } from "../../../policy/values";
import { subject } from "../subjects";
import { atEdge, FUNCTION, notAtEdge } from "./edge";
import { type RuleSamples, right, wrong } from "./sample";

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const DATABASE = "aws:rds/instance:Instance";
const BATCH = "aws:batch/computeEnvironment:ComputeEnvironment";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";

const mixed = (...types: string[]): Values => ({
  mixedInstancesPolicy: { launchTemplate: { overrides: types.map((instanceType) => ({ instanceType })) } },
});

const PERMISSION = "aws:lambda/permission:Permission";
const PROVISIONED = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
const SNAP_START = { publish: true, snapStart: { applyOn: "PublishedVersions" } };

const RECORDS = subject(FUNCTION, { ...SNAP_START, runtime: "java25" }, { outputs: { name: "records" } });

export const computeSamples: Readonly<Record<string, RuleSamples>> = {
  "lambda-arm64": {
    passes: [right(FUNCTION, { architectures: ["arm64"] }), ...atEdge({ architectures: ["x86_64"] }), ...atEdge({})],
    fails: [
      ...notAtEdge({ architectures: ["x86_64"] }, "architectures", ["x86_64"]),
      wrong(FUNCTION, { architectures: ["x86_64"] }, "architectures", ["x86_64"]),
      wrong(FUNCTION, { packageType: "Image" }, "architectures", undefined),
    ],
  },
  "lambda-runtime": {
    passes: [
      right(FUNCTION, { runtime: "nodejs24.x" }),
      right(FUNCTION, { runtime: "python3.14" }),
      right(FUNCTION, { packageType: "Image" }),
    ],
    fails: [
      wrong(FUNCTION, { runtime: "nodejs22.x" }, "runtime", "nodejs22.x"),
      wrong(FUNCTION, { runtime: "python3.9" }, "runtime", "python3.9"),
    ],
  },
  "lambda-snapstart": {
    passes: [
      right(FUNCTION, { runtime: "java8.al2", publish: false }),
      right(FUNCTION, { ...SNAP_START, runtime: "java25", ephemeralStorage: { size: 512 } }),
      { subject: subject(PERMISSION, { function: "records", qualifier: "live" }), others: [RECORDS] },
    ],
    fails: [
      wrong(FUNCTION, { ...SNAP_START, publish: false, runtime: "java25" }, "publish", false),
      wrong(FUNCTION, { ...SNAP_START, runtime: "nodejs24.x" }, "runtime", "nodejs24.x"),
      wrong(FUNCTION, { ...SNAP_START, packageType: "Image" }, "packageType", "Image"),
      wrong(FUNCTION, { ...SNAP_START, ephemeralStorage: { size: 1024 } }, "ephemeralStorage.size", 1024),
      wrong(FUNCTION, { ...SNAP_START, fileSystemConfig: { arn: "a" } }, "fileSystemConfig", { arn: "a" }),
      { ...wrong(PERMISSION, { function: "records" }, "qualifier", undefined), others: [RECORDS] },
      { ...wrong(PROVISIONED, { functionName: "records", qualifier: "live" }, "qualifier", "live"), others: [RECORDS] },
    ],
  },
  "ec2-graviton": {
    passes: [
      ...["t4g.small", "m8gd.large", "im4gn.xlarge", "is4gen.medium", "a1.large", "g5g.xlarge", "c7gn.metal"].map(
        (instanceType) => right(INSTANCE, { instanceType }),
      ),
      right(TEMPLATE, {}),
      right(GROUP, mixed("m8g.large", "m7g.large")),
      ...["default_arm64", "c8g", "r8gd.xlarge"].map((type) =>
        right(BATCH, { computeResources: { instanceTypes: [type] } }),
      ),
      right(TEMPLATE, { instanceRequirements: { allowedInstanceTypes: ["m8g.*", "c7g*", "r8g*.*"] } }),
    ],
    fails: [
      ...["t3.medium", "m7i.large", "g4dn.xlarge", "g6.xlarge", "r7a.large", "mac2.metal"].map((instanceType) =>
        wrong(INSTANCE, { instanceType }, "instanceType", instanceType),
      ),
      wrong(TEMPLATE, { instanceType: "c5.large" }, "instanceType", "c5.large"),
      ...["default_x86_64", "optimal", "c7i"].map((type) =>
        wrong(BATCH, { computeResources: { instanceTypes: [type] } }, "computeResources.instanceTypes", [type]),
      ),
      ...["*", "m*", "*g.*", "m7*"].map((type) =>
        wrong(
          TEMPLATE,
          { instanceRequirements: { allowedInstanceTypes: [type] } },
          "instanceRequirements.allowedInstanceTypes",
          [type],
        ),
      ),
      wrong(
        GROUP,
        mixed("m8g.large", "m7i.large"),
        "mixedInstancesPolicy.launchTemplate.overrides[1].instanceType",
        "m7i.large",
      ),
      wrong("aws:eks/nodeGroup:NodeGroup", { instanceTypes: ["m8g.large", "m5.large"] }, "instanceTypes", [
        "m8g.large",
        "m5.large",
      ]),
    ],
  },
  "rds-graviton": {
    passes: [right(DATABASE, { instanceClass: "db.t4g.medium" }), right(DATABASE, { instanceClass: "db.serverless" })],
    fails: [wrong(DATABASE, { instanceClass: "db.r6i.large" }, "instanceClass", "db.r6i.large")],
  },
  "elasticache-graviton": {
    passes: [right("aws:elasticache/cluster:Cluster", { nodeType: "cache.r7g.large" })],
    fails: [wrong("aws:elasticache/cluster:Cluster", { nodeType: "cache.m5.large" }, "nodeType", "cache.m5.large")],
  },
  "opensearch-graviton": {
    passes: [
      right("aws:opensearch/domain:Domain", {
        clusterConfig: { instanceType: "r7g.large.search", warmType: "ultrawarm1.medium.search" },
      }),
    ],
    fails: [
      {
        subject: subject("aws:opensearch/domain:Domain", {
          clusterConfig: { instanceType: "r5.large.search", dedicatedMasterType: "m5.large.search" },
        }),
        found: [
          { property: "clusterConfig.instanceType", value: "r5.large.search" },
          { property: "clusterConfig.dedicatedMasterType", value: "m5.large.search" },
        ],
      },
    ],
  },
  imdsv2: {
    passes: [
      right(TEMPLATE, { metadataOptions: { httpTokens: "required" } }),
      right(INSTANCE, { metadataOptions: { httpEndpoint: "disabled" } }),
    ],
    fails: [
      wrong(TEMPLATE, { metadataOptions: { httpTokens: "optional" } }, "metadataOptions.httpTokens", "optional"),
      wrong(INSTANCE, {}, "metadataOptions.httpTokens", undefined),
      wrong("aws:ec2/launchConfiguration:LaunchConfiguration", {}, "metadataOptions.httpTokens", undefined),
    ],
  },
  "log-retention": {
    passes: [right(LOGS, { retentionInDays: 30 }), right(LOGS, { logGroupClass: "DELIVERY" })],
    fails: [wrong(LOGS, {}, "retentionInDays", undefined), wrong(LOGS, { retentionInDays: 0 }, "retentionInDays", 0)],
  },
  "log-encryption": {
    passes: [
      right(LOGS, {}),
      { subject: subject(LOGS, { kmsKeyId: "arn:aws:kms:key" }), settings: { encryptLogs: true } },
    ],
    fails: [{ ...wrong(LOGS, {}, "kmsKeyId", undefined), settings: { encryptLogs: true } }],
  },
  "lambda-tracing": {
    passes: [right(FUNCTION, { tracingConfig: { mode: "Active" } }), ...atEdge({})],
    fails: [
      ...notAtEdge({}, "tracingConfig.mode", undefined),
      wrong(FUNCTION, { tracingConfig: { mode: "PassThrough" } }, "tracingConfig.mode", "PassThrough"),
    ],
  },
  "state-machine-tracing": {
    passes: [right("aws:sfn/stateMachine:StateMachine", { tracingConfiguration: { enabled: true } })],
    fails: [wrong("aws:sfn/stateMachine:StateMachine", {}, "tracingConfiguration.enabled", undefined)],
  },
  "state-machine-logs": {
    passes: [right("aws:sfn/stateMachine:StateMachine", { loggingConfiguration: { level: "ERROR" } })],
    fails: [
      wrong("aws:sfn/stateMachine:StateMachine", {}, "loggingConfiguration.level", undefined),
      wrong(
        "aws:sfn/stateMachine:StateMachine",
        { loggingConfiguration: { level: "OFF" } },
        "loggingConfiguration.level",
        "OFF",
      ),
    ],
  },
  "api-tracing": {
    passes: [right("aws:apigateway/stage:Stage", { xrayTracingEnabled: true })],
    fails: [
      wrong("aws:apigateway/stage:Stage", { xrayTracingEnabled: false }, "xrayTracingEnabled", false),
      wrong("aws:appsync/graphQLApi:GraphQLApi", {}, "xrayEnabled", undefined),
    ],
  },
};
