/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingRequest,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  LambdaClient,
  ListTagsCommand,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingRequest,
} from "@aws-sdk/client-lambda";
import type { Values } from "../../property-values";
import {
  optionalBoolean,
  optionalText,
  type Operation,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { presentState, toAws } from "../shape";
import { ifMissing, known, settled, until, whileRefused } from "../support";
import { checkEventSourceMapping } from "./event-source-mapping-checks";
import { ABSENT, CHANGEABLE, FIXED, MAPPING } from "./event-source-mapping-settings";
import { updateTags } from "./tags";

function changes(olds: Values, news: Values): Partial<UpdateEventSourceMappingRequest> {
  const ended = Object.entries(ABSENT).filter(
    ([name]) => (olds[name] ?? null) !== null && (news[name] ?? null) === null,
  );
  return Object.assign(toAws(CHANGEABLE, news), ...ended.map(([, absent]) => absent)) as object;
}

/** Programs name the function by its name or by its ARN. */
function functionName(arn: string, state: Values): string {
  const given = optionalText(state, "functionName") ?? "";
  const isSame =
    given === arn || arn.endsWith(`:function:${given}`) || given.endsWith(arn.split(":").slice(5).join(":"));
  return given !== "" && isSame ? given : arn;
}

function describe(mapping: EventSourceMappingConfiguration, state: Values): Values {
  const answer = { ...mapping, Enabled: ["Enabled", "Enabling", "Creating"].includes(mapping.State ?? "") };
  const arn = mapping.FunctionArn ?? "";
  return {
    ...presentState(MAPPING, state, answer),
    ...known({
      arn: mapping.EventSourceMappingArn,
      functionArn: arn,
      functionName: functionName(arn, state),
      lastModified: mapping.LastModified?.toISOString(),
      lastProcessingResult: mapping.LastProcessingResult ?? "",
      queues: mapping.Queues?.[0],
      state: mapping.State,
      stateTransitionReason: mapping.StateTransitionReason ?? "",
      uuid: mapping.UUID,
    }),
  };
}

async function find(client: LambdaClient, uuid: string): Promise<EventSourceMappingConfiguration | undefined> {
  return ifMissing(client.send(new GetEventSourceMappingCommand({ UUID: uuid })), ResourceNotFoundException);
}

async function read({ account }: Operation, uuid: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(LambdaClient);
  const mapping = await find(client, uuid);
  if (mapping === undefined) return undefined;
  const { Tags: tagsAll = {} } = await client.send(new ListTagsCommand({ Resource: mapping.EventSourceMappingArn }));
  return { id: uuid, outputs: { ...describe(mapping, state), tagsAll } };
}

/** Lambda makes, changes and removes mappings in its own time. */
async function ready(client: LambdaClient, uuid: string): Promise<void> {
  await until(`the event source mapping ${uuid} to be ready`, async () => {
    const mapping = await find(client, uuid);
    if (mapping === undefined) throw new Error(`the event source mapping ${uuid} is gone`);
    return mapping.State === "Enabled" || mapping.State === "Disabled" ? true : undefined;
  });
}

async function gone(client: LambdaClient, uuid: string): Promise<void> {
  await until(`the event source mapping ${uuid} to be gone`, async () =>
    (await find(client, uuid)) === undefined ? true : undefined,
  );
}

export const eventSourceMapping: ResourceType = {
  token: "aws:lambda/eventSourceMapping:EventSourceMapping",
  properties: {
    ...Object.fromEntries(Object.keys(CHANGEABLE).map((name) => [name, "update"])),
    ...Object.fromEntries(Object.keys(FIXED).map((name) => [name, "replace"])),
    functionName: "update",
    queues: "replace",
  },
  required: ["functionName", "eventSourceArn"],
  computed: ["arn", "functionArn", "lastModified", "lastProcessingResult", "state", "stateTransitionReason", "uuid"],
  taggable: true,
  defaults: { enabled: true },
  check: checkEventSourceMapping,
  async create(operation, inputs) {
    const client = operation.account.client(LambdaClient);
    const queue = optionalText(inputs, "queues");
    const request: CreateEventSourceMappingRequest = {
      ...toAws<Partial<CreateEventSourceMappingRequest>>(MAPPING, inputs),
      FunctionName: text(inputs, "functionName"),
      Enabled: optionalBoolean(inputs, "enabled"),
      ...(queue === undefined ? {} : { Queues: [queue] }),
      Tags: { ...operation.tags },
    };
    // The execution role's permissions for the source take some seconds until they count.
    const { UUID: uuid = "" } = await whileRefused(
      () => client.send(new CreateEventSourceMappingCommand(request)),
      ["The provided execution role does not have permissions", "Cannot access stream"],
      { timeoutSeconds: 10 },
    );
    operation.created(uuid, { uuid });
    await ready(client, uuid);
    return settled(read, operation, uuid, inputs);
  },
  read,
  async update(operation, uuid, olds, news) {
    const client = operation.account.client(LambdaClient);
    const request = { ...changes(olds, news), UUID: uuid, FunctionName: text(news, "functionName") };
    await whileRefused(() => client.send(new UpdateEventSourceMappingCommand(request)), ["ResourceInUseException"]);
    await ready(client, uuid);
    await updateTags(operation, text(olds, "arn"), olds);
    return (await settled(read, operation, uuid, news)).outputs;
  },
  async delete({ account }, uuid) {
    const client = account.client(LambdaClient);
    const remove = () => client.send(new DeleteEventSourceMappingCommand({ UUID: uuid }));
    await ifMissing(whileRefused(remove, ["ResourceInUseException"]), ResourceNotFoundException);
    await gone(client, uuid);
  },
};
