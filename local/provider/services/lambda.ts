/** AWS Lambda. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
import { createHash } from "node:crypto";
import type { Account } from "../account";
import { zipOf } from "../archive";
import { resource } from "../engine/resource";
import { isOneOf, service, type Structure } from "../engine/service";
import { containsUnknown, isEqual, isObject, type Values } from "../property-values";
import { until } from "../wait";
import { type CheckFailure, list, optionalText, type ResourceType, type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-lambda",
  client: "LambdaClient",
  missing: ["ResourceNotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTags" },
});

/** A new role takes some seconds until Lambda may assume it, or may read with its permissions. */
const roleNotYet = ["cannot be assumed by Lambda", "does not have permissions to call", "Please ensure the role"];
const SETTINGS = [
  "description",
  "environment",
  "ephemeralStorage",
  "handler",
  "layers",
  "loggingConfig",
  "memorySize",
  "role",
  "runtime",
  "snapStart",
  "timeout",
  "tracingConfig",
];
/** What is sent again when one of it changes. */
const PACKAGE = ["architectures", "code"];
/** What a newly published version changes. */
const PUBLISHED = ["qualifiedArn", "qualifiedInvokeArn", "version"];

function invokeArn(region: string, arn: string): string {
  return `arn:${arn.split(":")[1] ?? "aws"}:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

async function latestVersion(account: Account, name: string): Promise<string> {
  let latest = "$LATEST";
  for await (const page of api.pages(account, "ListVersionsByFunction", { FunctionName: name })) {
    // Versions come in ascending order.
    latest = String((page.Versions as Structure[]).at(-1)?.Version ?? latest);
  }
  return latest;
}

/** As the real provider does after an update, but not after the creation: it waits for the new version. */
async function publish(account: Account, name: string): Promise<void> {
  const { Version } = await api.send(account, "PublishVersion", { FunctionName: name });
  await until(`version ${String(Version)} of ${name} to be ready`, async () => {
    const version = { FunctionName: name, Qualifier: String(Version) };
    const { LastUpdateStatus, StateReason } = await api.send(account, "GetFunctionConfiguration", version);
    if (LastUpdateStatus === "Failed") throw new Error(`version ${String(Version)} of ${name}: ${String(StateReason)}`);
    return LastUpdateStatus === "Successful" || undefined;
  });
}

const lambdaFunction = resource(
  {
    token: "aws:lambda/function:Function",
    service: api,
    id: "{name}",
    create: "CreateFunction",
    read: [
      { call: "GetFunction", at: "Configuration" },
      { call: "GetFunction", at: "Concurrency" },
    ],
    updates: [
      { call: "UpdateFunctionConfiguration", only: SETTINGS },
      { call: "UpdateFunctionCode", only: PACKAGE },
      { call: "PutFunctionConcurrency", off: "DeleteFunctionConcurrency" },
    ],
    delete: { call: "DeleteFunction", only: [] },
    replace: ["name", "packageType"],
    update: [...SETTINGS, ...PACKAGE, "publish", "reservedConcurrentExecutions"],
    local: ["skipDestroy"],
    required: ["role"],
    computed: ["arn", "codeSha256", "invokeArn", "lastModified", "qualifiedArn", "qualifiedInvokeArn", "version"],
    volatile: [
      { outputs: ["codeSha256"], changedBy: PACKAGE },
      { outputs: ["lastModified"], changedBy: [...PACKAGE, ...SETTINGS] },
      { outputs: PUBLISHED, changedBy: ["publish"] },
      { outputs: PUBLISHED, changedBy: [...PACKAGE, ...SETTINGS], onlyWith: "publish" },
    ],
    autoName: { property: "name", maxLength: 64 },
    taggable: true,
    defaults: {
      architectures: ["x86_64"],
      memorySize: 128,
      packageType: "Zip",
      publish: false,
      reservedConcurrentExecutions: -1,
      skipDestroy: false,
      timeout: 3,
    },
    none: {
      description: "",
      environment: { variables: {} },
      layers: [],
      reservedConcurrentExecutions: -1,
      snapStart: { applyOn: "None" },
      tracingConfig: { mode: "PassThrough" },
    },
    allowed: {
      architectures: "Architecture",
      "loggingConfig.logFormat": "LogFormat",
      packageType: ["Zip"],
      runtime: "Runtime",
      "snapStart.applyOn": "SnapStartApplyOn",
      "tracingConfig.mode": "TracingMode",
    },
    ranges: {
      memorySize: [128, 10_240],
      reservedConcurrentExecutions: [-1, 1_000_000],
      timeout: [1, 900],
      "ephemeralStorage.size": [512, 10_240],
    },
    names: { code: "Code|ZipFile" },
    ready: [
      { status: "State", is: ["Active", "Inactive"], failed: ["Failed"] },
      { status: "LastUpdateStatus", is: ["Successful", "undefined"], failed: ["Failed"] },
    ],
    retry: roleNotYet,
    async request(request, { code }, _, call) {
      if (call === "CreateFunction") request.Code = { ZipFile: await zipOf(code) };
      if (call === "UpdateFunctionCode") request.ZipFile = await zipOf(code);
    },
    async outputs({ GetFunction: found = {} }, state, { account }) {
      const { layers = null, name, publish, reservedConcurrentExecutions: reserved } = state;
      const arn = String(found.FunctionArn).replace(/^((?:[^:]*:){6}[^:]+).*$/, "$1");
      const version = publish === true ? await latestVersion(account, String(name)) : "$LATEST";
      return {
        arn,
        invokeArn: invokeArn(account.region, arn),
        // Read with their sizes.
        layers: list({ layers }, "layers").map((one) => (isObject(one) ? (one.arn ?? null) : one)),
        qualifiedArn: `${arn}:${version}`,
        qualifiedInvokeArn: invokeArn(account.region, `${arn}:${version}`),
        reservedConcurrentExecutions: reserved ?? -1,
        version,
      };
    },
  },
  (base) => ({
    async update(operation, id, olds, news) {
      const { before } = operation;
      const changed = [...SETTINGS, ...PACKAGE].some((name) => !isEqual(before[name] ?? null, news[name] ?? null));
      const outputs = (await base.update?.(operation, id, olds, news)) ?? {};
      if (news.publish !== true || (!changed && before.publish === true)) return outputs;
      await publish(operation.account, id);
      return (await base.read(operation, id, news))?.outputs ?? outputs;
    },
  }),
);

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
const permission = resource({
  token: "aws:lambda/permission:Permission",
  service: api,
  id: {
    names: ["function", "statementId"],
    of: (values) => text(values, "statementId"),
    // An import gives `function/statement`.
    parts: (id) => ({ function: id.split("/")[0] ?? "", statementId: id.split("/")[1] ?? "" }),
  },
  create: "AddPermission",
  read: "GetPolicy",
  delete: { call: "RemovePermission", only: ["qualifier"] },
  replace: [
    "action",
    "function",
    "functionUrlAuthType",
    "invokedViaFunctionUrl",
    "principal",
    "qualifier",
    "sourceAccount",
    "sourceArn",
    "statementId",
    "statementIdPrefix",
  ],
  required: ["action", "function", "principal"],
  autoName: { property: "statementId", maxLength: 100 },
  names: { function: "FunctionName" },
  part: "action",
  outputs({ GetPolicy: answer = {} }, { statementId }) {
    const { Statement = [] } = JSON.parse(String(answer.Policy)) as { Statement?: Structure[] };
    const found = Statement.find(({ Sid }) => Sid === statementId);
    const principal = (found?.Principal ?? "") as string | Record<string, string>;
    const conditions = Object.values((found?.Condition ?? {}) as Record<string, Record<string, string>>);
    const condition = (key: string): string | undefined =>
      conditions.flatMap(Object.entries).find(([name]) => name.toLowerCase() === key)?.[1] as string | undefined;
    const [sourceArn, sourceAccount] = [condition("aws:sourcearn"), condition("aws:sourceaccount")];
    const [authType, isByUrl] = [condition("lambda:functionurlauthtype"), condition("lambda:invokedviafunctionurl")];
    return {
      action: found === undefined ? null : String(found.Action),
      principal: typeof principal === "string" ? principal : String(principal.Service ?? principal.AWS),
      ...(sourceArn === undefined ? {} : { sourceArn }),
      ...(sourceAccount === undefined ? {} : { sourceAccount }),
      ...(authType === undefined ? {} : { functionUrlAuthType: authType }),
      ...(isByUrl === undefined ? {} : { invokedViaFunctionUrl: isByUrl === "true" }),
    };
  },
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
const alias = resource({
  token: "aws:lambda/alias:Alias",
  service: api,
  id: {
    names: ["functionName", "name"],
    of: (values) => text(values, "arn"),
    // An import gives `function/alias`.
    parts: (id) => ({ functionName: id.split("/")[0] ?? "", name: id.split("/")[1] ?? "" }),
  },
  create: "CreateAlias",
  read: "GetAlias",
  updates: ["UpdateAlias"],
  delete: { call: "DeleteAlias", only: [] },
  replace: ["functionName", "name"],
  update: ["description", "functionVersion", "routingConfig"],
  required: ["functionName", "functionVersion"],
  computed: ["arn", "invokeArn"],
  autoName: { property: "name", maxLength: 128 },
  none: { description: "", routingConfig: {} },
  names: { arn: "AliasArn" },
  outputs: (_, { arn }, { account }) => ({ invokeArn: invokeArn(account.region, String(arn)) }),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html */
const functionUrl = resource({
  token: "aws:lambda/functionUrl:FunctionUrl",
  service: api,
  id: {
    names: ["functionName", "qualifier"],
    of: ({ functionName, qualifier }) => [functionName, qualifier].filter(Boolean).join("/"),
    parts: (id) => {
      const [functionName = "", qualifier] = id.split("/");
      return { functionName, ...(qualifier === undefined ? {} : { qualifier }) };
    },
  },
  create: "CreateFunctionUrlConfig",
  read: "GetFunctionUrlConfig",
  updates: ["UpdateFunctionUrlConfig"],
  delete: { call: "DeleteFunctionUrlConfig", only: ["qualifier"] },
  replace: ["functionName", "qualifier"],
  update: ["authorizationType", "cors", "invokeMode"],
  required: ["authorizationType", "functionName"],
  computed: ["functionArn", "functionUrl", "urlId"],
  defaults: { invokeMode: "BUFFERED" },
  none: { cors: {} },
  allowed: { authorizationType: "FunctionUrlAuthType", invokeMode: "InvokeMode" },
  names: { authorizationType: "AuthType" },
  outputs: (_, { functionUrl: url }) => ({ urlId: new URL(String(url)).hostname.split(".")[0] ?? "" }),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const eventSourceMapping = resource({
  token: "aws:lambda/eventSourceMapping:EventSourceMapping",
  service: api,
  id: "{uuid}",
  create: "CreateEventSourceMapping",
  read: { call: "GetEventSourceMapping", at: "" },
  updates: ["UpdateEventSourceMapping"],
  delete: { call: "DeleteEventSourceMapping", only: [] },
  replace: ["eventSourceArn", "startingPosition"],
  update: [
    "batchSize",
    "bisectBatchOnFunctionError",
    "destinationConfig",
    "enabled",
    "filterCriteria",
    "functionName",
    "functionResponseTypes",
    "maximumBatchingWindowInSeconds",
    "maximumRecordAgeInSeconds",
    "maximumRetryAttempts",
    "parallelizationFactor",
    "scalingConfig",
  ],
  required: ["functionName", "eventSourceArn"],
  computed: ["arn", "functionArn", "lastModified", "state", "uuid"],
  taggable: true,
  defaults: { enabled: true },
  // What a mapping has that was never given a setting; streams only have the numbers.
  none: {
    destinationConfig: {},
    filterCriteria: {},
    functionResponseTypes: [],
    maximumBatchingWindowInSeconds: 0,
    scalingConfig: {},
  },
  allowed: { functionResponseTypes: "FunctionResponseType", startingPosition: "EventSourcePosition" },
  ranges: {
    batchSize: [1, 10_000],
    maximumBatchingWindowInSeconds: [0, 300],
    maximumRetryAttempts: [-1, 10_000],
    parallelizationFactor: [1, 10],
    "scalingConfig.maximumConcurrency": [2, 1000],
  },
  names: { "destinationConfig.onFailure.destinationArn": "Destination" },
  ready: [{ status: "State", is: ["Enabled", "Disabled"] }],
  gone: true,
  retry: roleNotYet,
  busy: ["ResourceInUseException"],
  outputs: (_, { functionArn, functionName, state }) => ({
    enabled: ["Enabled", "Enabling", "Creating"].includes(String(state)),
    // Programs name the function by its name or by its ARN.
    functionName: String(functionArn).endsWith(`:function:${String(functionName)}`)
      ? (functionName ?? null)
      : (functionArn ?? null),
  }),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const functionEventInvokeConfig = resource({
  token: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  service: api,
  id: "{functionName}",
  create: "PutFunctionEventInvokeConfig",
  read: "GetFunctionEventInvokeConfig",
  updates: ["PutFunctionEventInvokeConfig"],
  delete: { call: "DeleteFunctionEventInvokeConfig", only: [] },
  replace: ["functionName"],
  update: ["destinationConfig", "maximumEventAgeInSeconds", "maximumRetryAttempts"],
  required: ["functionName"],
  defaults: { maximumRetryAttempts: 2 },
  ranges: { maximumEventAgeInSeconds: [60, 21_600], maximumRetryAttempts: [0, 2] },
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, and the real provider's life cycle around it. */
/** The input; with scope CRUD what happens to the resource comes along, under the key that the program chose. */
function payload(values: Values, action: "create" | "update" | "delete", previous?: string): string {
  const input = text(values, "input");
  if (values.lifecycleScope !== "CRUD") return input;
  const previousInput: unknown = previous === undefined ? null : JSON.parse(previous);
  const change = { [text(values, "terraformKey")]: { action, prev_input: previousInput } };
  return JSON.stringify({ ...(JSON.parse(input) as object), ...change });
}

async function invoke(account: Account, values: Values, sent: string): Promise<string> {
  const [FunctionName, Qualifier] = [text(values, "functionName"), text(values, "qualifier")];
  const answer = await api.send(account, "Invoke", { FunctionName, Qualifier, Payload: sent });
  const result = Buffer.from((answer.Payload ?? []) as Uint8Array).toString();
  if (answer.FunctionError !== undefined) throw new Error(`Lambda function ${FunctionName} failed: ${result}`);
  return result;
}

function checkInput({ input, lifecycleScope }: Values): CheckFailure[] {
  if (typeof input !== "string" || containsUnknown(input)) return [];
  const reason = (allowed: string) => [
    { property: "input", reason: `received ${JSON.stringify(input)}; allowed: ${allowed}` },
  ];
  try {
    const parsed: unknown = JSON.parse(input);
    const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    return lifecycleScope === "CRUD" && !isObject ? reason("a JSON object where lifecycleScope is CRUD") : [];
  } catch {
    return reason("JSON");
  }
}

const invocation: ResourceType = {
  token: "aws:lambda/invocation:Invocation",
  properties: {
    functionName: "replace",
    input: "update",
    lifecycleScope: "update",
    qualifier: "replace",
    terraformKey: "update",
    triggers: "replace",
  },
  required: ["functionName", "input"],
  computed: ["result"],
  defaults: { lifecycleScope: "CREATE_ONLY", qualifier: "$LATEST", terraformKey: "tf" },
  check: checkInput,
  async create({ account }, inputs) {
    const sent = payload(inputs, "create");
    const result = await invoke(account, inputs, sent);
    const digest = createHash("md5").update(sent).digest("hex");
    return {
      id: [text(inputs, "functionName"), text(inputs, "qualifier"), digest].join(),
      outputs: { ...inputs, result },
    };
  },
  /** An invocation leaves nothing behind that could be read. */
  read: (_operation, id, state) => Promise.resolve({ id, outputs: state }),
  async update({ account }, _id, olds, news) {
    if (isEqual(olds.input, news.input)) return { ...olds, ...news };
    if (news.lifecycleScope !== "CRUD") {
      // The real provider replaces the resource then, which this table cannot say of one scope alone.
      throw new Error(
        `another input with lifecycleScope CREATE_ONLY is not mapped by the local provider; use triggers or CRUD`,
      );
    }
    const result = await invoke(account, news, payload(news, "update", optionalText(olds, "input")));
    return { ...olds, ...news, result };
  },
  async delete({ account }, _id, state) {
    if (state.lifecycleScope !== "CRUD") return;
    try {
      await invoke(account, state, payload(state, "delete", text(state, "input")));
    } catch (error) {
      // A function that is gone has nothing to do.
      if (!isOneOf(error, api.definition.missing)) throw error;
    }
  },
};

export const lambda: Service = {
  resources: [
    lambdaFunction,
    permission,
    alias,
    functionUrl,
    eventSourceMapping,
    functionEventInvokeConfig,
    invocation,
  ],
};
