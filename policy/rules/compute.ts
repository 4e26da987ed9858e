/** What computes: Graviton by default, newest runtimes, no way around the instance metadata's tokens. */
import { isGraviton } from "../graviton";
import { exceptAtEdge } from "../lambda-at-edge";
import { LARGEST_STORAGE, runtimeFault } from "../../components/internal/snap-start-limits";
import { isNewestRuntime, NEWEST_RUNTIMES } from "../lambda-runtimes";
import { type Finding, properties, type Rule } from "../rule";
import { isAbsent, type Known, UNKNOWN, type Value, valueAt, type Values } from "../values";

const WHY_GRAVITON = "Graviton does the same work for less money and energy than x86.";

/** One class, or a list of classes; what is absent is chosen elsewhere. */
function areGraviton(value: Known): boolean {
  return isAbsent(value) || [value].flat().every((item) => typeof item !== "string" || isGraviton(item));
}

const LAMBDA = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const PROVISIONED = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";

const hasSnapStart = (props: Values): boolean => valueAt(props, "snapStart.applyOn") === "PublishedVersions";

const known = (value: Value): Known => (value === UNKNOWN ? undefined : (value as Known));

/** https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-runtimes */
function wrongWithSnapStart(props: Values): Finding[] {
  const wrong: Readonly<Record<string, (value: Known) => boolean>> = {
    publish: (value) => value !== true,
    packageType: (value) => value === "Image",
    runtime: (value) => typeof value === "string" && runtimeFault(value) !== undefined,
    "ephemeralStorage.size": (value) => typeof value === "number" && value > LARGEST_STORAGE,
    fileSystemConfig: (value) => !isAbsent(value),
  };
  return Object.entries(wrong).flatMap(([path, isWrong]) => {
    const value = valueAt(props, path);
    return value !== UNKNOWN && isWrong(known(value)) ? [{ property: path, value: known(value) }] : [];
  });
}

export const computeRules: readonly Rule[] = [
  {
    id: "lambda-arm64",
    title: "Lambda functions run on arm64, but for those that CloudFront runs (Lambda@Edge is x86 only)",
    reason: WHY_GRAVITON,
    remedy: 'Set architectures to ["arm64"], and build native parts and images for it.',
    severity: "mandatory",
    ...exceptAtEdge("architectures", (value) => Array.isArray(value) && value.join() === "arm64"),
  },
  {
    id: "lambda-runtime",
    title: "Lambda functions use the newest runtime of their language",
    reason: "Older runtimes are slower, get fixes for a shorter time, and have to be left in a hurry.",
    remedy: `Use one of ${Object.values(NEWEST_RUNTIMES).join(", ")}.`,
    severity: "mandatory",
    ...properties(
      { "aws:lambda/function:Function": "runtime" },
      // A container image brings its runtime along.
      (value) => typeof value !== "string" || isNewestRuntime(value),
    ),
  },
  {
    id: "lambda-snapstart",
    title:
      "Functions with SnapStart publish versions, have what SnapStart goes with, and are called by a version or alias",
    reason: "Only published versions start from snapshots: callers of $LATEST wait for its initialization.",
    remedy:
      "Set publish, leave out file systems, more than 512 MB of storage and provisioned concurrency, and give permissions a qualifier.",
    severity: "mandatory",
    types: [LAMBDA],
    check: ({ props }) => (hasSnapStart(props) ? wrongWithSnapStart(props) : []),
    checkStack: (stack) =>
      Object.entries({ [PERMISSION]: "function", [PROVISIONED]: "functionName" }).flatMap(([type, path]) =>
        stack
          .ofType(type)
          .filter((subject) => stack.references(subject, path, [LAMBDA]).some(({ props }) => hasSnapStart(props)))
          .filter(({ props }) => type === PROVISIONED || isAbsent(valueAt(props, "qualifier")))
          .map((subject) => ({ property: "qualifier", value: known(valueAt(subject.props, "qualifier")), subject })),
      ),
  },
  {
    id: "ec2-graviton",
    title: "EC2 instances are of Graviton families",
    reason: WHY_GRAVITON,
    remedy: "Choose a family such as t4g, m8g or c8g, and an image for arm64.",
    severity: "mandatory",
    ...properties(
      {
        "aws:ec2/instance:Instance": "instanceType",
        "aws:ec2/spotInstanceRequest:SpotInstanceRequest": "instanceType",
        "aws:ec2/launchConfiguration:LaunchConfiguration": "instanceType",
        "aws:ec2/launchTemplate:LaunchTemplate": ["instanceType", "instanceRequirements.allowedInstanceTypes"],
        "aws:autoscaling/group:Group": "mixedInstancesPolicy.launchTemplate.overrides[].instanceType",
        "aws:batch/computeEnvironment:ComputeEnvironment": "computeResources.instanceTypes",
        "aws:eks/nodeGroup:NodeGroup": "instanceTypes",
      },
      areGraviton,
    ),
  },
  {
    id: "rds-graviton",
    title: "Databases are of Graviton classes",
    reason: WHY_GRAVITON,
    remedy: "Choose a class such as db.t4g.medium, db.m8g.large or db.r8g.large.",
    severity: "mandatory",
    ...properties(
      {
        "aws:rds/instance:Instance": "instanceClass",
        "aws:rds/clusterInstance:ClusterInstance": "instanceClass",
        "aws:rds/cluster:Cluster": "dbClusterInstanceClass",
        "aws:docdb/clusterInstance:ClusterInstance": "instanceClass",
        "aws:neptune/clusterInstance:ClusterInstance": "instanceClass",
      },
      areGraviton,
    ),
  },
  {
    id: "elasticache-graviton",
    title: "Caches are of Graviton node types",
    reason: WHY_GRAVITON,
    remedy: "Choose a node type such as cache.t4g.small, cache.m7g.large or cache.r7g.large.",
    severity: "mandatory",
    ...properties(
      {
        "aws:elasticache/cluster:Cluster": "nodeType",
        "aws:elasticache/replicationGroup:ReplicationGroup": "nodeType",
        "aws:memorydb/cluster:Cluster": "nodeType",
      },
      areGraviton,
    ),
  },
  {
    id: "opensearch-graviton",
    title: "OpenSearch domains are of Graviton instance types",
    reason: WHY_GRAVITON,
    remedy: "Choose instance types such as m7g.large.search or r7g.large.search.",
    severity: "mandatory",
    ...properties(
      {
        "aws:opensearch/domain:Domain": [
          "clusterConfig.instanceType",
          "clusterConfig.dedicatedMasterType",
          "clusterConfig.warmType",
        ],
        "aws:elasticsearch/domain:Domain": ["clusterConfig.instanceType", "clusterConfig.dedicatedMasterType"],
      },
      // UltraWarm nodes come in one make only.
      (value) => areGraviton(value) || String(value).startsWith("ultrawarm"),
    ),
  },
  {
    id: "imdsv2",
    title: "Instances answer metadata requests with a token only",
    reason: "Without tokens (IMDSv1) a forged request inside of an instance is enough to take its role's credentials.",
    remedy: 'Set metadataOptions.httpTokens to "required".',
    severity: "mandatory",
    ...properties(
      {
        "aws:ec2/instance:Instance": "metadataOptions.httpTokens",
        "aws:ec2/spotInstanceRequest:SpotInstanceRequest": "metadataOptions.httpTokens",
        "aws:ec2/launchConfiguration:LaunchConfiguration": "metadataOptions.httpTokens",
        "aws:ec2/launchTemplate:LaunchTemplate": "metadataOptions.httpTokens",
      },
      (value, { props }) => value === "required" || valueAt(props, "metadataOptions.httpEndpoint") === "disabled",
    ),
  },
];
