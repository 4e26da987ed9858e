/** Amazon API Gateway, REST APIs. https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html */
import type { Account } from "../account";
import { arn } from "../arn";
import { resource } from "../engine/resource";
import { isOneOf, service, type Structure } from "../engine/service";
import { containsUnknown, type Value, type Values } from "../property-values";
import { optionalObject, optionalText, type ResourceType, type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-api-gateway",
  client: "APIGatewayClient",
  missing: ["NotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "GetTags" },
});

/** Values by path, as the API's patches take them; a null takes a value away. */
type Patches = Readonly<Record<string, string | null>>;

async function patch(account: Account, call: string, about: Structure, patches: Patches): Promise<void> {
  const patchOperations = Object.entries(patches).map(([path, value]) =>
    value === null ? { op: "remove", path } : { op: "replace", path, value },
  );
  if (patchOperations.length > 0) await api.send(account, call, { ...about, patchOperations });
}

/** What updates and creation set by patches. `of` says what properties are, by path. */
function patched(call: string, about: (id: string, values: Values) => Structure, of: (values: Values) => Patches) {
  return (base: ResourceType): Partial<ResourceType> => ({
    async create(operation, inputs) {
      const { id, outputs } = await base.create(operation, inputs);
      const left = differences(of(outputs), of(inputs));
      if (Object.keys(left).length === 0) return { id, outputs };
      await patch(operation.account, call, about(id, inputs), left);
      return { id, outputs: (await base.read(operation, id, inputs))?.outputs ?? outputs };
    },
    async update(operation, id, olds, news) {
      await patch(operation.account, call, about(id, news), differences(of(olds), of(news)));
      return (await base.update?.(operation, id, olds, news)) ?? {};
    },
  });
}

function differences(before: Patches, after: Patches): Patches {
  return Object.fromEntries(Object.entries(after).filter(([path, value]) => (before[path] ?? null) !== value));
}

const place = async (account: Account, rest: string) => {
  const [, partition] = (await arn(account, "execute-api", "")).split(":");
  return `arn:${partition}:apigateway:${account.region}::${rest}`;
};

const restApi = resource(
  {
    token: "aws:apigateway/restApi:RestApi",
    service: api,
    id: "{id}",
    create: "CreateRestApi",
    read: "GetRestApi",
    updates: [{ call: "PutRestApi", only: ["body"], with: { mode: "overwrite" } }],
    delete: { call: "DeleteRestApi", only: [] },
    // The real provider moves an API to another kind of endpoint in place, which patterns do not.
    replace: ["endpointConfiguration"],
    update: ["body", "description", "name"],
    computed: ["arn", "createdDate", "executionArn", "rootResourceId"],
    autoName: { property: "name", maxLength: 1024 },
    taggable: true,
    none: { description: "" },
    names: { "endpointConfiguration.types": "types" },
    request(request, { body }, _, call) {
      if (call === "PutRestApi") request.body = Buffer.from(String(body));
    },
    async outputs({ GetRestApi: { endpointConfiguration } = {} }, state, { account }) {
      const [id, { types = [] }] = [text(state, "id"), (endpointConfiguration ?? {}) as { types?: string[] }];
      return {
        endpointConfiguration: { types: types[0] ?? "EDGE" },
        arn: await place(account, `/restapis/${id}`),
        executionArn: await arn(account, "execute-api", id),
      };
    },
  },
  (base) => {
    const ofPatches = ({ description, name }: Values): Patches => ({
      "/description": String(description ?? ""),
      "/name": String(name),
    });
    const { create = base.create, ...others } = patched(
      "UpdateRestApi",
      (restApiId) => ({ restApiId }),
      ofPatches,
    )(base);
    return {
      ...others,
      // AWS answers no document, so that what it lacks after creation is not seen.
      async create(operation, inputs) {
        const made = await create(operation, inputs);
        const body = optionalText(inputs, "body");
        const put = { restApiId: made.id, mode: "overwrite", body: Buffer.from(body ?? "") };
        if (body !== undefined) await api.send(operation.account, "PutRestApi", put);
        return made;
      },
    };
  },
);

/** Parts of an API are known by the API's id and their own. An import gives `api/part`. */
const partOf = (own: string) => ({
  names: ["restApi", own],
  of: (values: Values) => text(values, own),
  parts: (id: string, state: Values) => {
    const [restApi = "", part] = id.split("/");
    return part === undefined ? { restApi: text(state, "restApi"), [own]: id } : { restApi, [own]: part };
  },
});

const deployment = resource({
  token: "aws:apigateway/deployment:Deployment",
  service: api,
  id: { ...partOf("id"), names: ["restApi", "id"] },
  create: "CreateDeployment",
  read: "GetDeployment",
  delete: { call: "DeleteDeployment", only: [] },
  replace: ["restApi", "description", "triggers"],
  required: ["restApi"],
  computed: ["createdDate"],
  names: { restApi: "restApiId", id: "deploymentId|id" },
});

const stage = resource(
  {
    token: "aws:apigateway/stage:Stage",
    service: api,
    id: {
      names: ["restApi", "stageName"],
      of: (values) => `ags-${text(values, "restApi")}-${text(values, "stageName")}`,
      // An import gives `api/stage`.
      parts: (id) => ({ restApi: id.split("/")[0] ?? "", stageName: id.split("/")[1] ?? "" }),
    },
    create: "CreateStage",
    read: "GetStage",
    delete: { call: "DeleteStage", only: [] },
    replace: ["restApi", "stageName"],
    update: ["accessLogSettings", "deployment", "description", "xrayTracingEnabled"],
    required: ["restApi", "deployment", "stageName"],
    computed: ["arn", "executionArn", "invokeUrl"],
    taggable: true,
    defaults: { xrayTracingEnabled: false },
    names: { restApi: "restApiId", deployment: "deploymentId", xrayTracingEnabled: "tracingEnabled" },
    async outputs(_, state, { account }) {
      const [id, name] = [text(state, "restApi"), text(state, "stageName")];
      return {
        arn: await place(account, `/restapis/${id}/stages/${name}`),
        executionArn: await arn(account, "execute-api", `${id}/${name}`),
        invokeUrl: `https://${id}.execute-api.${account.region}.amazonaws.com/${name}`,
      };
    },
  },
  patched("UpdateStage", stageOf, ({ accessLogSettings, deployment: of, description, xrayTracingEnabled }) => {
    const logs = (accessLogSettings ?? {}) as Values;
    return {
      "/deploymentId": String(of),
      "/description": String(description ?? ""),
      "/tracingEnabled": String(xrayTracingEnabled ?? false),
      ...(Object.keys(logs).length === 0
        ? { "/accessLogSettings": null }
        : {
            "/accessLogSettings/destinationArn": text(logs, "destinationArn"),
            "/accessLogSettings/format": text(logs, "format"),
          }),
    };
  }),
);

function stageOf(_: string, { restApi: restApiId, stageName }: Values): Structure {
  return { restApiId, stageName };
}

const SETTINGS = {
  metricsEnabled: "metrics/enabled",
  throttlingBurstLimit: "throttling/burstLimit",
  throttlingRateLimit: "throttling/rateLimit",
} as const;

/** Settings of a stage's methods; each is a patch, and so is taking all of them away. */
const methodSettings: ResourceType = {
  token: "aws:apigateway/methodSettings:MethodSettings",
  properties: { methodPath: "replace", restApi: "replace", settings: "update", stageName: "replace" },
  required: ["methodPath", "restApi", "settings", "stageName"],
  check({ settings }) {
    if (containsUnknown(settings ?? null)) return [];
    const unknown = Object.keys((settings ?? {}) as Values).filter((name) => !(name in SETTINGS));
    return unknown.map((name) => ({ property: "settings", reason: `${name} is not mapped by the local provider` }));
  },
  async create(operation, inputs) {
    const id = ["restApi", "stageName", "methodPath"].map((name) => text(inputs, name)).join("-");
    await this.update?.(operation, id, {}, inputs);
    return { id, outputs: inputs };
  },
  async update({ account }, id, _, news) {
    const [path, given] = [text(news, "methodPath"), optionalObject(news, "settings") ?? {}];
    const patches = Object.entries(SETTINGS).flatMap(([name, at]) => {
      const value = given[name] ?? null;
      return value === null ? [] : [[`/${path}/${at}`, String(value)]];
    });
    await patch(account, "UpdateStage", stageOf(id, news), Object.fromEntries(patches) as Patches);
    return news;
  },
  async read({ account }, id, state) {
    // An import gives `api/stage/path`.
    const [restApi = "", stageName = "", ...path] = id.split("/");
    const about = "restApi" in state ? state : { restApi, stageName, methodPath: path.join("/") };
    const found = await settingsOf(account, id, about);
    if (found === undefined) return undefined;
    const given = optionalObject(state, "settings") ?? SETTINGS;
    const settings = Object.fromEntries(Object.keys(given).map((name) => [name, (found[name] ?? null) as Value]));
    return { id, outputs: { ...about, settings } };
  },
  async delete({ account }, id, state) {
    if ((await settingsOf(account, id, state)) === undefined) return;
    await patch(account, "UpdateStage", stageOf(id, state), { [`/${text(state, "methodPath")}`]: null });
  },
};

async function settingsOf(account: Account, id: string, state: Values): Promise<Structure | undefined> {
  try {
    const { methodSettings: found } = await api.send(account, "GetStage", stageOf(id, state));
    return ((found ?? {}) as Record<string, Structure>)[text(state, "methodPath")];
  } catch (error) {
    if (isOneOf(error, api.definition.missing)) return undefined;
    throw error;
  }
}

/** What an account has of itself in a region; a deletion sets it back. */
const accountType: ResourceType = {
  token: "aws:apigateway/account:Account",
  properties: { cloudwatchRoleArn: "update" },
  computed: ["apiKeyVersion"],
  async create(operation, inputs) {
    const id = "api-gateway-account";
    await this.update?.(operation, id, {}, inputs);
    return (await this.read(operation, id, inputs)) ?? { id, outputs: inputs };
  },
  async update({ account }, _, __, { cloudwatchRoleArn, ...others }) {
    await patch(account, "UpdateAccount", {}, { "/cloudwatchRoleArn": String(cloudwatchRoleArn ?? "") });
    return { ...others, cloudwatchRoleArn: cloudwatchRoleArn ?? null };
  },
  async read({ account }, id) {
    const { cloudwatchRoleArn, apiKeyVersion } = await api.send(account, "GetAccount", {});
    return {
      id,
      outputs: { cloudwatchRoleArn: String(cloudwatchRoleArn ?? ""), apiKeyVersion: String(apiKeyVersion) },
    };
  },
  delete: ({ account }) => patch(account, "UpdateAccount", {}, { "/cloudwatchRoleArn": "" }),
};

export const apigateway: Service = { resources: [restApi, deployment, stage, methodSettings, accountType] };
