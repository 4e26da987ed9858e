/** What samples need beside themselves. */
import type { Value, Values } from "../../../local/provider/property-values";
import { isObject } from "../../../local/provider/property-values";
import { allow, archive, Managed, testAccount, trust } from "../support";

export const PARTITION = "arn:aws:iam::111122223333";
/** A role that may do what functions, pipes and schedules of samples do. */
export const GRANTED = `${PARTITION}:role/{grant.role}`;
export const DEFINITION = { attributes: [{ name: "id", type: "S" }], hashKey: "id", billingMode: "PAY_PER_REQUEST" };
const SERVICES = ["apigateway", "codebuild", "ec2", "events", "lambda", "pipes", "scheduler", "states"];

/** An OpenAPI document whose only operation answers by itself. */
export const documentOf = (description: string): string =>
  JSON.stringify({
    openapi: "3.0.3",
    info: { title: "one", version: "1" },
    paths: {
      "/": {
        get: {
          responses: { "200": { description } },
          "x-amazon-apigateway-integration": { type: "mock", responses: { default: { statusCode: "200" } } },
        },
      },
    },
  });

/** The smallest that AWS takes, with CachingDisabled. */
export const DISTRIBUTION: Values = {
  enabled: true,
  origins: [{ originId: "bucket", domainName: "{bucket.bucketRegionalDomainName}" }],
  defaultCacheBehavior: {
    targetOriginId: "bucket",
    viewerProtocolPolicy: "https-only",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    compress: true,
  },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
};

export const VISIBILITY = { cloudwatchMetricsEnabled: true, metricName: "edge", sampledRequestsEnabled: true };

export const answering = (word: string): Value =>
  archive({ "index.js": `exports.handler = async (event) => [${JSON.stringify(word)}, event];` });

const OTHERS: Readonly<Record<string, (n: number) => [token: string, inputs: Values, update?: Values]>> = {
  api: () => ["aws:apigatewayv2/api:Api", { protocolType: "HTTP" }],
  apiAccount: () => ["aws:apigateway/account:Account", { cloudwatchRoleArn: GRANTED }],
  apiDeployment: () => ["aws:apigateway/deployment:Deployment", { restApi: "{restApi.id}" }],
  apiStage: () => [
    "aws:apigateway/stage:Stage",
    { restApi: "{restApi.id}", deployment: "{apiDeployment.id}", stageName: "shared" },
  ],
  bucket: () => ["aws:s3/bucket:Bucket", {}],
  carrierGateway: () => ["aws:ec2/carrierGateway:CarrierGateway", { vpcId: "{vpc.id}" }],
  configurationSet: () => ["aws:sesv2/configurationSet:ConfigurationSet", { configurationSetName: "events" }],
  // The management account is its own delegated administrator here.
  deliverySource: () => [
    "aws:cloudwatch/logDeliverySource:LogDeliverySource",
    { name: "edge", logType: "ACCESS_LOGS", resourceArn: "{distribution.arn}" },
  ],
  deliveryDestination: () => [
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
    { name: "edge", deliveryDestinationConfiguration: { destinationResourceArn: "{bucket 2.arn}" } },
  ],
  distribution: () => ["aws:cloudfront/distribution:Distribution", DISTRIBUTION],
  delegation: () => ["aws:inspector2/delegatedAdminAccount:DelegatedAdminAccount", { accountId: "111122223333" }],
  edgeFunction: () => [
    "aws:cloudfront/function:Function",
    { runtime: "cloudfront-js-2.0", code: "function handler(event) { return event.request; }" },
  ],
  function: () => [
    "aws:lambda/function:Function",
    { role: GRANTED, runtime: "nodejs22.x", handler: "index.handler", code: answering("made") },
  ],
  grant: (n) => [
    "aws:iam/rolePolicy:RolePolicy",
    { role: `{role ${n}.id}`, policy: allow(["sqs:*", "dynamodb:*", "logs:*", "lambda:*"]) },
  ],
  group: () => [
    "aws:autoscaling/group:Group",
    { minSize: 0, maxSize: 1, vpcZoneIdentifiers: ["{subnet.id}"], launchTemplate: { id: "{launchTemplate.id}" } },
  ],
  integration: () => [
    "aws:apigatewayv2/integration:Integration",
    {
      ...{ apiId: "{api.id}", integrationType: "HTTP_PROXY", integrationMethod: "GET" },
      integrationUri: "https://example.com",
    },
  ],
  internetGateway: () => ["aws:ec2/internetGateway:InternetGateway", { vpcId: "{vpc.id}" }],
  key: () => ["aws:kms/key:Key", {}],
  launchTemplate: () => [
    "aws:ec2/launchTemplate:LaunchTemplate",
    { imageId: "ami-0123456789abcdef0", instanceType: "t3.medium" },
  ],
  logGroup: () => ["aws:cloudwatch/logGroup:LogGroup", {}],
  monitor: (n) => [
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    { monitorType: "DIMENSIONAL", monitorDimension: ["SERVICE", "LINKED_ACCOUNT"][n - 1] ?? "" },
  ],
  // Made for another architecture than its instances.
  otherArchitecture: () => [
    "aws:ec2/launchTemplate:LaunchTemplate",
    {
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      instanceType: "t3.medium",
    },
  ],
  policy: () => ["aws:organizations/policy:Policy", { content: allow("sqs:*") }],
  // With two versions.
  published: () => [
    "aws:lambda/function:Function",
    { role: GRANTED, runtime: "nodejs22.x", handler: "index.handler", publish: true, code: answering("one") },
    { code: answering("two") },
  ],
  queue: () => ["aws:sqs/queue:Queue", {}],
  record: () => [
    "aws:route53/record:Record",
    { zoneId: "{zone.id}", name: "origin", type: "A", ttl: 30, records: ["192.0.2.9"] },
  ],
  restApi: () => ["aws:apigateway/restApi:RestApi", { body: documentOf("found") }],
  role: () => [
    "aws:iam/role:Role",
    { assumeRolePolicy: trust(...SERVICES.map((service) => `${service}.amazonaws.com`)) },
  ],
  routeTable: () => ["aws:ec2/routeTable:RouteTable", { vpcId: "{vpc.id}" }],
  rule: () => ["aws:cloudwatch/eventRule:EventRule", { eventPattern: '{"source":["one"]}' }],
  subnet: (n) => [
    "aws:ec2/subnet:Subnet",
    { vpcId: "{vpc.id}", cidrBlock: `10.7.${n}.0/24`, availabilityZone: "us-east-1a" },
  ],
  table: () => ["aws:dynamodb/table:Table", { ...DEFINITION, streamEnabled: true, streamViewType: "NEW_IMAGE" }],
  // AWS knows the keys of tags that are on something.
  tagged: () => ["aws:sqs/queue:Queue", { name: "cost-center", tags: { "cost-center": "edge" } }],
  topic: () => ["aws:sns/topic:Topic", {}],
  userPool: () => ["aws:cognito/userPool:UserPool", {}],
  wafLogs: (n) => ["aws:cloudwatch/logGroup:LogGroup", { name: `aws-waf-logs-edge-${n}` }],
  webAcl: () => [
    "aws:wafv2/webAcl:WebAcl",
    { scope: "CLOUDFRONT", defaultAction: { allow: {} }, visibilityConfig: VISIBILITY },
  ],
  vpc: () => ["aws:ec2/vpc:Vpc", { cidrBlock: "10.7.0.0/16" }],
};

/** Makes each other resource when a sample first names it. */
export class Others {
  private readonly made = new Map<string, Managed>();

  constructor(
    private readonly account: ReturnType<typeof testAccount>,
    private readonly zoneId: string,
  ) {}

  /** The value with outputs in place of their names. */
  async resolve(value: Value): Promise<Value> {
    if (Array.isArray(value)) {
      const items: Value[] = [];
      for (const item of value) items.push(await this.resolve(item));
      return items;
    }
    if (isObject(value)) return this.resolveAll(value);
    if (typeof value !== "string") return value;
    let text = value;
    for (const [reference, name = "", n, output = ""] of value.matchAll(/\{(\w+)(?: (\d))?\.(\w+)\}/g)) {
      text = text.replace(reference, await this.output(name, Number(n ?? 1), output));
    }
    return text;
  }

  async resolveAll(values: Values): Promise<Values> {
    const resolved: Values = {};
    for (const [name, value] of Object.entries(values)) resolved[name] = await this.resolve(value);
    return resolved;
  }

  private async output(name: string, n: number, output: string): Promise<string> {
    if (name === "zone") return this.zoneId;
    const key = `${name}-${n}`;
    const made = this.made.get(key) ?? (await this.make(name, n, key));
    this.made.set(key, made);
    return output === "id" ? made.id : made.output(output);
  }

  private async make(name: string, n: number, key: string): Promise<Managed> {
    const [token, inputs, update] = OTHERS[name]?.(n) ?? [];
    if (token === undefined || inputs === undefined) throw new Error(`no other resource is called ${name}`);
    const program = await this.resolveAll(inputs);
    const made = await new Managed(token, this.account, key).create(program);
    if (update !== undefined) await made.update({ ...program, ...update });
    return made;
  }

  /** Last first. */
  async delete(): Promise<void> {
    for (const other of [...this.made.values()].reverse()) await other.delete();
  }
}
