/** Amazon CloudFront. https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Operations.html */
import { randomUUID } from "node:crypto";
import type { Account } from "../account";
import type { Entry } from "../engine/entry";
import { globalArn } from "../arn";
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import type { Value, Values } from "../property-values";
import { type Operation, type ResourceState, type ResourceType, type Service, text } from "../resource-type";
import { until } from "../wait";

const api = service({
  package: "@aws-sdk/client-cloudfront",
  client: "CloudFrontClient",
  missing: ["NoSuch"],
});

/** What changes or ends something names the version of it that was read. */
async function ifMatch(account: Account, noun: string, request: Structure, call: string): Promise<void> {
  if (call.startsWith("Create") || call.startsWith("Get")) return;
  request.IfMatch = (await api.send(account, `Get${noun}`, { Id: request.Id })).ETag;
}

async function readTags({ account }: Operation, Resource: string): Promise<Record<string, string>> {
  const { Tags } = (await api.send(account, "ListTagsForResource", { Resource })) as { Tags?: { Items?: Structure[] } };
  const own = (Tags?.Items ?? []).filter(({ Key }) => !String(Key).startsWith("aws:"));
  return Object.fromEntries(own.map(({ Key, Value }) => [String(Key), String(Value ?? "")]));
}

async function writeTags(operation: Operation, Resource: string): Promise<void> {
  const gone = Object.keys(await readTags(operation, Resource)).filter((key) => !(key in operation.tags));
  const Items = Object.entries(operation.tags).map(([Key, Value]) => ({ Key, Value }));
  if (gone.length > 0) await api.send(operation.account, "UntagResource", { Resource, TagKeys: { Items: gone } });
  if (Items.length > 0) await api.send(operation.account, "TagResource", { Resource, Tags: { Items } });
}

const arnOf = (account: Account, kind: string, id: unknown): Promise<string> =>
  globalArn(account, "cloudfront", `${kind}/${String(id)}`);

interface DistributionConfig extends Structure {
  CallerReference: string;
  Comment?: string;
  Enabled: boolean;
  Origins?: { Items?: Structure[] };
}

async function configOf(account: Account, Id: unknown): Promise<DistributionConfig> {
  return (await api.send(account, "GetDistributionConfig", { Id })).DistributionConfig as DistributionConfig;
}

/** Only what is disabled, everywhere, can be deleted. */
async function disable(account: Account, Id: unknown): Promise<void> {
  const DistributionConfig = await configOf(account, Id);
  if (!DistributionConfig.Enabled) return;
  const request: Structure = { Id, DistributionConfig: { ...DistributionConfig, Enabled: false } };
  await ifMatch(account, "Distribution", request, "UpdateDistribution");
  await api.send(account, "UpdateDistribution", request);
  await until(`distribution ${String(Id)} to be disabled`, async () => {
    const { Distribution } = await api.send(account, "GetDistribution", { Id });
    return (Distribution as Structure).Status === "Deployed" || undefined;
  });
}

const behavior = (path: string): Record<string, string> => ({
  [`${path}.allowedMethods`]: "AllowedMethods",
  [`${path}.cachedMethods`]: "AllowedMethods.CachedMethods",
  [`${path}.functionAssociations.functionArn`]: "FunctionARN",
});

const distribution = resource({
  token: "aws:cloudfront/distribution:Distribution",
  service: api,
  id: "{id}",
  inside: ["DistributionConfig"],
  create: "CreateDistribution",
  read: "GetDistribution",
  updates: ["UpdateDistribution"],
  delete: { call: "DeleteDistribution", only: [] },
  update: [
    ...["aliases", "comment", "customErrorResponses", "defaultCacheBehavior", "defaultRootObject", "enabled"],
    ...["httpVersion", "isIpv6Enabled", "orderedCacheBehaviors", "origins", "priceClass", "restrictions"],
    ...["viewerCertificate", "webAclId"],
  ],
  required: ["defaultCacheBehavior", "enabled", "origins", "restrictions", "viewerCertificate"],
  computed: ["arn", "domainName", "hostedZoneId", "status"],
  defaults: { httpVersion: "http2", priceClass: "PriceClass_All" },
  taggable: true,
  allowed: { httpVersion: "HttpVersion", priceClass: "PriceClass" },
  none: { aliases: [], comment: "", customErrorResponses: [], defaultRootObject: "", orderedCacheBehaviors: [] },
  names: {
    ...behavior("defaultCacheBehavior"),
    ...behavior("orderedCacheBehaviors"),
    orderedCacheBehaviors: "CacheBehaviors",
    "origins.customHeaders.name": "HeaderName",
    "origins.customHeaders.value": "HeaderValue",
    "origins.originId": "Id",
    "viewerCertificate.cloudfrontDefaultCertificate": "CloudFrontDefaultCertificate",
    "restrictions.geoRestriction.locations": "Items",
  },
  ready: [{ status: "Status", is: ["Deployed"] }],
  tagging: {
    read: async (operation, id) => readTags(operation, await arnOf(operation.account, "distribution", id)),
    write: async (operation, id) => writeTags(operation, await arnOf(operation.account, "distribution", id)),
  },
  async request(request, _, { account }, call) {
    const config = request.DistributionConfig as DistributionConfig | undefined;
    if (config !== undefined) {
      const isNew = call === "CreateDistribution";
      config.CallerReference = isNew ? randomUUID() : (await configOf(account, request.Id)).CallerReference;
      config.Comment ??= "";
      const buckets = config.Origins?.Items?.filter((one) => one.CustomOriginConfig === undefined) ?? [];
      for (const bucket of buckets) bucket.S3OriginConfig ??= { OriginAccessIdentity: "" };
    }
    if (call === "DeleteDistribution") await disable(account, request.Id);
    await ifMatch(account, "Distribution", request, call);
  },
  // The same for every distribution.
  outputs: () => ({ hostedZoneId: "Z2FDTNDATAQYW2" }),
});

/** Policies and access controls: all of them are a configuration with a version. */
function part(
  name: string,
  kind: string,
  entry: Pick<Entry, "update" | "updates" | "required" | "names" | "replace">,
): ResourceType {
  const noun = name.charAt(0).toUpperCase() + name.slice(1);
  return resource({
    token: `aws:cloudfront/${name}:${noun}`,
    service: api,
    id: "{id}",
    inside: [`${noun}Config`],
    create: `Create${noun}`,
    read: `Get${noun}`,
    updates: [`Update${noun}`],
    delete: { call: `Delete${noun}`, only: [] },
    computed: ["arn"],
    autoName: { property: "name", maxLength: 128 },
    ...entry,
    request: (request, _, { account }, call) => ifMatch(account, noun, request, call),
    outputs: async (_, { id }, { account }) => ({ arn: await arnOf(account, kind, id) }),
  });
}

/** Lists that programs have as `{ items: [...] }`. */
const itemsOf = (...paths: string[]): Record<string, string> =>
  Object.fromEntries(paths.map((path) => [`${path}.items`, "Items"]));

const CHOICES = ["cookiesConfig.cookies", "headersConfig.headers", "queryStringsConfig.queryStrings"];
const PARAMETERS = "parametersInCacheKeyAndForwardedToOrigin";
const CORS = ["Headers", "Methods", "Origins"].map((name) => `corsConfig.accessControlAllow${name}`);

/** What is in the stage of development, as the real provider reads it. */
async function functionState(operation: Operation, Name: string, publish: Value): Promise<ResourceState | undefined> {
  const stage = { Name, Stage: "DEVELOPMENT" };
  const found = await api.find(operation.account, "DescribeFunction", stage);
  if (found === undefined) return undefined;
  const { FunctionCode, ETag } = await api.send(operation.account, "GetFunction", stage);
  const { FunctionConfig: about, FunctionMetadata } = found.FunctionSummary as Record<string, Structure>;
  const arn = String(FunctionMetadata?.FunctionARN);
  const outputs = {
    ...{ arn, name: Name, code: Buffer.from(FunctionCode as Uint8Array).toString(), publish, etag: String(ETag) },
    ...{ comment: String(about?.Comment ?? ""), runtime: String(about?.Runtime) },
    tagsAll: await readTags(operation, arn),
  };
  return { id: Name, outputs };
}

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html */
const edgeFunction: ResourceType = {
  token: "aws:cloudfront/function:Function",
  properties: { code: "update", comment: "update", name: "replace", publish: "update", runtime: "update" },
  required: ["code", "runtime"],
  computed: ["arn", "etag"],
  volatile: [{ outputs: ["etag"], changedBy: ["code", "comment", "runtime"] }],
  defaults: { comment: "", publish: true },
  taggable: true,
  autoName: { property: "name", maxLength: 64 },
  async create(operation, inputs) {
    const Name = text(inputs, "name");
    return { id: Name, outputs: await writeFunction(operation, "CreateFunction", { Name }, inputs) };
  },
  read: (operation, id, { publish = true }) => functionState(operation, id, publish),
  async update(operation, id, _, news) {
    const { ETag: IfMatch } = await api.send(operation.account, "DescribeFunction", { Name: id, Stage: "DEVELOPMENT" });
    return writeFunction(operation, "UpdateFunction", { Name: id, IfMatch }, news);
  },
  async delete({ account }, Name) {
    const found = await api.find(account, "DescribeFunction", { Name, Stage: "DEVELOPMENT" });
    if (found !== undefined) await api.send(account, "DeleteFunction", { Name, IfMatch: found.ETag });
  },
};

async function writeFunction(operation: Operation, call: string, which: Structure, inputs: Values): Promise<Values> {
  const [Name, { publish = true }] = [String(which.Name), inputs];
  const FunctionConfig = { Comment: inputs.comment ?? "", Runtime: inputs.runtime };
  const FunctionCode = Buffer.from(text(inputs, "code"));
  await api.send(operation.account, call, { ...which, FunctionConfig, FunctionCode });
  operation.created(Name);
  const { outputs = {} } = (await functionState(operation, Name, publish)) ?? {};
  // AWS's model has the tag of an update in a header of another name, so it is the one that was read.
  if (publish === true) await api.send(operation.account, "PublishFunction", { Name, IfMatch: outputs.etag });
  await writeTags(operation, text(outputs, "arn"));
  return { ...outputs, tagsAll: { ...operation.tags } };
}

export const cloudfront: Service = {
  resources: [
    distribution,
    edgeFunction,
    part("originAccessControl", "origin-access-control", {
      update: ["description", "name", "originAccessControlOriginType", "signingBehavior"],
      // There is one protocol only, which updates have to name.
      replace: ["signingProtocol"],
      updates: [
        { call: "UpdateOriginAccessControl", with: { OriginAccessControlConfig: { SigningProtocol: "sigv4" } } },
      ],
      required: ["originAccessControlOriginType", "signingBehavior", "signingProtocol"],
    }),
    part("cachePolicy", "cache-policy", {
      update: ["comment", "defaultTtl", "maxTtl", "minTtl", "name", PARAMETERS],
      required: [PARAMETERS],
      names: itemsOf(...CHOICES.map((choice) => `${PARAMETERS}.${choice}`)),
    }),
    part("originRequestPolicy", "origin-request-policy", {
      update: ["comment", "cookiesConfig", "headersConfig", "name", "queryStringsConfig"],
      required: ["cookiesConfig", "headersConfig", "queryStringsConfig"],
      names: itemsOf(...CHOICES),
    }),
    part("responseHeadersPolicy", "response-headers-policy", {
      update: ["comment", "corsConfig", "customHeadersConfig", "name", "removeHeadersConfig", "securityHeadersConfig"],
      names: itemsOf(...CORS, "corsConfig.accessControlExposeHeaders", "customHeadersConfig", "removeHeadersConfig"),
    }),
  ],
};
