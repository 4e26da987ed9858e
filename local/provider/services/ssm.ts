/** AWS Systems Manager parameters. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  type Parameter,
  type ParameterMetadata,
  ParameterNotFound,
  PutParameterCommand,
  type PutParameterRequest,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { SIGNATURE, type Value, type Values } from "../property-values";
import {
  type CheckFailure,
  type InvokeFunction,
  type Operation,
  optionalBoolean,
  type ResourceState,
  type ResourceType,
  type Service,
  text,
} from "../resource-type";
import { checkExactlyOne, checkOneOf } from "./checks";
import { type Shape, text as asText, toAws } from "./shape";
import { changedTags, ifMissing, isSet, known, settled, tagList, tagRecord } from "./support";

/** The engine's mark of a secret value. */
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const TAGGED = { ResourceType: "Parameter" as const };

const SETTINGS: Shape = {
  allowedPattern: asText,
  dataType: asText,
  description: asText,
  keyId: asText,
  name: asText,
  tier: asText,
  type: asText,
};

/** A change of any of these makes a new version of the parameter. */
const VERSIONED = [...Object.keys(SETTINGS), "value", "insecureValue"];

/** What AWS forgets only when told so. */
const CLEARED = ["allowedPattern", "description"];

async function find(client: SSMClient, name: string): Promise<Parameter | undefined> {
  const question = new GetParameterCommand({ Name: name, WithDecryption: true });
  return (await ifMissing(client.send(question), ParameterNotFound))?.Parameter;
}

async function metadata(client: SSMClient, name: string): Promise<ParameterMetadata | undefined> {
  const filter = { Key: "Name", Option: "Equals", Values: [name] };
  const { Parameters = [] } = await client.send(new DescribeParametersCommand({ ParameterFilters: [filter] }));
  return Parameters[0];
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(SSMClient);
  const parameter = await find(client, id);
  const details = parameter === undefined ? undefined : await metadata(client, id);
  if (parameter === undefined || details === undefined) return undefined;
  const { TagList } = await client.send(new ListTagsForResourceCommand({ ...TAGGED, ResourceId: id }));
  const isOpen = state.insecureValue !== undefined && parameter.Type !== "SecureString";
  const isIntelligent = state.tier === "Intelligent-Tiering";
  const outputs = known({
    allowedPattern: details.AllowedPattern ?? "",
    arn: parameter.ARN,
    dataType: parameter.DataType ?? details.DataType,
    description: details.Description ?? "",
    keyId: details.KeyId ?? "",
    name: parameter.Name,
    tagsAll: tagRecord(TagList),
    // AWS answers the tier that intelligent tiering chose.
    tier: isIntelligent ? state.tier : details.Tier,
    type: parameter.Type,
    [isOpen ? "insecureValue" : "value"]: parameter.Value,
    version: parameter.Version,
  });
  return { id, outputs };
}

function request(inputs: Values, overwrite: boolean): PutParameterRequest {
  const isSecure = inputs.type === "SecureString";
  const { keyId, ...others } = inputs;
  return {
    ...toAws<PutParameterRequest>(SETTINGS, isSecure ? known({ ...others, keyId }) : others),
    Value: text(inputs, inputs.insecureValue === undefined ? "value" : "insecureValue"),
    Overwrite: overwrite,
  };
}

function check(inputs: Values): CheckFailure[] {
  const { value, insecureValue, type, name } = inputs;
  const isReserved = typeof name === "string" && /^\/?(aws|ssm)/i.test(name);
  return [
    ...checkExactlyOne(inputs, ["value", "insecureValue"]),
    ...checkOneOf("type", type, ["String", "StringList", "SecureString"]),
    ...checkOneOf("tier", inputs.tier, ["Standard", "Advanced", "Intelligent-Tiering"]),
    ...checkOneOf("dataType", inputs.dataType, ["text", "aws:ec2:image", "aws:ssm:integration"]),
    ...(isReserved ? [{ property: "name", reason: `received "${name}"; names cannot begin with aws or ssm` }] : []),
    ...(type === "SecureString" && insecureValue !== undefined
      ? [{ property: "insecureValue", reason: "received for a SecureString; use value, which Pulumi keeps secret" }]
      : []),
    ...(value === "" || insecureValue === ""
      ? [{ property: value === "" ? "value" : "insecureValue", reason: "is empty, which AWS does not take" }]
      : []),
  ];
}

const parameter: ResourceType = {
  token: "aws:ssm/parameter:Parameter",
  properties: {
    ...Object.fromEntries(Object.keys(SETTINGS).map((property) => [property, "update" as const])),
    dataType: "replace",
    insecureValue: "update",
    name: "replace",
    overwrite: "update",
    value: "update",
  },
  required: ["type"],
  computed: ["arn", "dataType", "tier", "version"],
  volatile: [{ outputs: ["version"], changedBy: VERSIONED }],
  autoName: { property: "name", maxLength: 1011 },
  taggable: true,
  check,
  async create(operation, inputs) {
    const client = operation.account.client(SSMClient);
    const id = text(inputs, "name");
    const overwrite = optionalBoolean(inputs, "overwrite") ?? false;
    // AWS takes tags only with a new parameter.
    const Tags = overwrite ? undefined : tagList(operation.tags);
    await client.send(new PutParameterCommand({ ...request(inputs, overwrite), Tags }));
    operation.created(id);
    if (overwrite) await setTags(operation, id, {});
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const isChanged = VERSIONED.some((name) => isSet(olds, news, name));
    const isDropped = CLEARED.some((name) => news[name] === undefined && (olds[name] ?? "") !== "");
    if (isChanged || isDropped) {
      const cleared = { AllowedPattern: "", Description: "" };
      await operation.account.client(SSMClient).send(new PutParameterCommand({ ...cleared, ...request(news, true) }));
    }
    await setTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    await ifMissing(account.client(SSMClient).send(new DeleteParameterCommand({ Name: id })), ParameterNotFound);
  },
};

async function setTags(operation: Operation, id: string, olds: Values): Promise<void> {
  const client = operation.account.client(SSMClient);
  const { set, removed } = changedTags(olds, operation.tags);
  const resource = { ...TAGGED, ResourceId: id };
  if (removed.length > 0) await client.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: removed }));
  if (Object.keys(set).length > 0) await client.send(new AddTagsToResourceCommand({ ...resource, Tags: tagList(set) }));
}

const getParameter: InvokeFunction = {
  token: "aws:ssm/getParameter:getParameter",
  arguments: ["name", "withDecryption"],
  async invoke(account, args) {
    const [name, withDecryption] = [text(args, "name"), optionalBoolean(args, "withDecryption") ?? true];
    const question = new GetParameterCommand({ Name: name, WithDecryption: withDecryption });
    const found = (await ifMissing(account.client(SSMClient).send(question), ParameterNotFound))?.Parameter;
    if (found === undefined) throw new Error(`there is no SSM parameter ${name} in ${account.region}`);
    const isSecret = found.Type === "SecureString";
    const secret = (value: Value): Value => ({ [SIGNATURE]: SECRET, value });
    return known({
      arn: found.ARN,
      id: name,
      insecureValue: isSecret ? "" : found.Value,
      name,
      region: account.region,
      type: found.Type,
      value: secret(found.Value ?? ""),
      version: found.Version,
      withDecryption,
    });
  },
};

export const ssm: Service = { resources: [parameter], functions: [getParameter] };
