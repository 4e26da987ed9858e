/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html */
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
  UpdateEventBusCommand,
} from "@aws-sdk/client-eventbridge";
import type { Values } from "../../property-values";
import { type Operation, optionalText, type ResourceState, type ResourceType, text } from "../../resource-type";
import { checkOneOf } from "../checks";
import { checkShape, nested, presentState, type Shape, text as string, toAws } from "../shape";
import { ifMissing, known, settled, tagList, tagRecord } from "../support";
import { FILE } from "./file";
import { setEventTags } from "./event-tags";

const BUS: Shape = {
  deadLetterConfig: nested({ arn: string }),
  description: string,
  kmsKeyIdentifier: string,
  logConfig: nested({ includeDetail: string, level: string }),
};

/** How EventBridge is told that something is no longer wanted. */
const ABSENT: Readonly<Record<string, object>> = {
  deadLetterConfig: { DeadLetterConfig: {} },
  description: { Description: "" },
  kmsKeyIdentifier: { KmsKeyIdentifier: "" },
  logConfig: { LogConfig: { Level: "OFF", IncludeDetail: "NONE" } },
};

async function read({ account }: Operation, name: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(EventBridgeClient);
  const question = client.send(new DescribeEventBusCommand({ Name: name }));
  const bus = await ifMissing(question, ResourceNotFoundException);
  if (bus === undefined) return undefined;
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: bus.Arn }));
  const outputs = { ...presentState(BUS, state, bus), ...known({ arn: bus.Arn, name: bus.Name }) };
  return { id: name, outputs: { ...outputs, tagsAll: tagRecord(Tags) } };
}

export const eventBus: ResourceType = {
  token: "aws:cloudwatch/eventBus:EventBus",
  properties: {
    ...Object.fromEntries(Object.keys(BUS).map((name) => [name, "update"])),
    eventSourceName: "replace",
    name: "replace",
  },
  computed: ["arn"],
  autoName: { property: "name", maxLength: 256 },
  taggable: true,
  check: (inputs) => [
    ...checkShape(BUS, inputs, FILE),
    ...(inputs.name === "default" ? [{ property: "name", reason: "the default bus belongs to the account" }] : []),
    ...checkOneOf("logConfig.level", (inputs.logConfig as Values | undefined)?.level, [
      "OFF",
      "ERROR",
      "INFO",
      "TRACE",
    ]),
  ],
  async create(operation, inputs) {
    const name = text(inputs, "name");
    await operation.account.client(EventBridgeClient).send(
      new CreateEventBusCommand({
        ...toAws(BUS, inputs),
        Name: name,
        EventSourceName: optionalText(inputs, "eventSourceName"),
        Tags: tagList(operation.tags),
      }),
    );
    operation.created(name);
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, name, olds, news) {
    const isGiven = (values: Values, property: string): boolean => (values[property] ?? null) !== null;
    const ended = Object.entries(ABSENT).filter(([property]) => isGiven(olds, property) && !isGiven(news, property));
    const request = Object.assign({ Name: name }, toAws(BUS, news), ...ended.map(([, absent]) => absent)) as object;
    await operation.account.client(EventBridgeClient).send(new UpdateEventBusCommand(request));
    await setEventTags(operation, text(olds, "arn"), olds);
    return (await settled(read, operation, name, news)).outputs;
  },
  async delete({ account }, name) {
    const deletion = account.client(EventBridgeClient).send(new DeleteEventBusCommand({ Name: name }));
    await ifMissing(deletion, ResourceNotFoundException);
  },
};
