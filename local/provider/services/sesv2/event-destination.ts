/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateConfigurationSetEventDestination.html */
import {
  CreateConfigurationSetEventDestinationCommand,
  DeleteConfigurationSetEventDestinationCommand,
  type EventDestinationDefinition,
  GetConfigurationSetEventDestinationsCommand,
  SESv2Client,
  UpdateConfigurationSetEventDestinationCommand,
} from "@aws-sdk/client-sesv2";
import { containsUnknown, type Value, type Values } from "../../property-values";
import {
  type CheckFailure,
  list,
  type Operation,
  optionalObject,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkEach, checkExactlyOne, checkOneOf } from "../checks";
import {
  boolean,
  checkShape,
  fromAws,
  like,
  nested,
  nestedList,
  type Shape,
  text as string,
  texts as strings,
  toAws,
} from "../shape";
import { ifMissing, settled } from "../support";
import { checkName, MISSING } from "./common";

const FILE = "local/provider/services/sesv2/event-destination.ts";
const DIMENSION: Shape = { defaultDimensionValue: string, dimensionName: string, dimensionValueSource: string };
/** Where the local cloud's SES publishes to; Firehose and Pinpoint are not among it. */
const TARGETS: Shape = {
  cloudWatchDestination: nested({ dimensionConfigurations: nestedList(DIMENSION) }),
  eventBridgeDestination: nested({ eventBusArn: string }),
  snsDestination: nested({ topicArn: string }),
};
const DESTINATION: Shape = { ...TARGETS, enabled: boolean, matchingEventTypes: strings };
const EVENTS = [
  ...["SEND", "REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "OPEN", "CLICK"],
  ...["RENDERING_FAILURE", "DELIVERY_DELAY", "SUBSCRIPTION"],
];

function keyOf(id: string): { ConfigurationSetName: string; EventDestinationName: string } {
  const [ConfigurationSetName = "", EventDestinationName = ""] = id.split("|");
  return { ConfigurationSetName, EventDestinationName };
}

function destinationOf(inputs: Values): EventDestinationDefinition {
  return {
    Enabled: false,
    ...toAws<EventDestinationDefinition>(DESTINATION, optionalObject(inputs, "eventDestination") ?? {}),
  };
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const { ConfigurationSetName, EventDestinationName } = keyOf(id);
  const question = new GetConfigurationSetEventDestinationsCommand({ ConfigurationSetName });
  const answer = await ifMissing(account.client(SESv2Client).send(question), MISSING);
  const found = answer?.EventDestinations?.find(({ Name }) => Name === EventDestinationName);
  if (found === undefined) return undefined;
  const eventDestination = fromAws(DESTINATION, found);
  const outputs = {
    configurationSetName: ConfigurationSetName,
    eventDestination: like(state.eventDestination, eventDestination) ?? eventDestination,
    eventDestinationName: EventDestinationName,
  };
  return { id, outputs };
}

function checkArn(property: string, value: Value | undefined, expected: RegExp, what: string): CheckFailure[] {
  if (typeof value !== "string" || containsUnknown(value) || expected.test(value)) return [];
  return [{ property, reason: `received "${value}"; expected the ARN of ${what}` }];
}

function checkDimension(dimension: Values, path: string): CheckFailure[] {
  const { defaultDimensionValue: value, dimensionName: name, dimensionValueSource: source } = dimension;
  const plain = (part: string, given: Value | undefined, pattern: RegExp): CheckFailure[] =>
    typeof given !== "string" || containsUnknown(given) || pattern.test(given)
      ? []
      : [{ property: `${path}.${part}`, reason: `received "${given}"; expected 1 to 256 letters, digits, - and _` }];
  return [
    ...["defaultDimensionValue", "dimensionName", "dimensionValueSource"]
      .filter((part) => (dimension[part] ?? null) === null)
      .map((part) => ({ property: `${path}.${part}`, reason: "missing, and required" })),
    ...plain("defaultDimensionValue", value, /^[\w.@-]{1,256}$/),
    // Tags that SES adds by itself begin with its prefix.
    ...plain("dimensionName", name, /^(ses:)?[\w-]{1,252}$/),
    ...checkOneOf(`${path}.dimensionValueSource`, source, ["MESSAGE_TAG", "EMAIL_HEADER", "LINK_TAG"]),
  ];
}

function check(inputs: Values): CheckFailure[] {
  const path = "eventDestination";
  const given = optionalObject(inputs, path);
  const shape = { configurationSetName: string, eventDestination: nested(DESTINATION), eventDestinationName: string };
  const bus = optionalObject(given ?? {}, "eventBridgeDestination")?.eventBusArn;
  const topic = optionalObject(given ?? {}, "snsDestination")?.topicArn;
  const types = list(given ?? {}, "matchingEventTypes");
  return [
    ...checkShape(shape, inputs, FILE),
    ...checkName("configurationSetName", inputs.configurationSetName),
    ...checkName("eventDestinationName", inputs.eventDestinationName),
    ...(given === undefined ? [] : checkExactlyOne(given, Object.keys(TARGETS), path)),
    ...(given !== undefined && types.length === 0 && !containsUnknown(given.matchingEventTypes)
      ? [{ property: `${path}.matchingEventTypes`, reason: `received none; give some of ${EVENTS.join(", ")}` }]
      : []),
    ...types.flatMap((type, i) => checkOneOf(`${path}.matchingEventTypes[${i}]`, type, EVENTS)),
    ...checkArn(
      `${path}.eventBridgeDestination.eventBusArn`,
      bus,
      /^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/default$/,
      "the default event bus, the only one that SES publishes to",
    ),
    ...checkArn(`${path}.snsDestination.topicArn`, topic, /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/, "a standard topic"),
    ...checkEach(optionalObject(given ?? {}, "cloudWatchDestination") ?? {}, "dimensionConfigurations", (item, where) =>
      checkDimension(item, `${path}.cloudWatchDestination.${where}`),
    ),
  ];
}

export const configurationSetEventDestination: ResourceType = {
  token: "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
  properties: { configurationSetName: "replace", eventDestination: "update", eventDestinationName: "replace" },
  required: ["configurationSetName", "eventDestination", "eventDestinationName"],
  deleteBeforeReplace: true,
  check,
  async create(operation, inputs) {
    const id = `${text(inputs, "configurationSetName")}|${text(inputs, "eventDestinationName")}`;
    const EventDestination = destinationOf(inputs);
    const command = new CreateConfigurationSetEventDestinationCommand({ ...keyOf(id), EventDestination });
    await operation.account.client(SESv2Client).send(command);
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, _olds, news) {
    const EventDestination = destinationOf(news);
    const command = new UpdateConfigurationSetEventDestinationCommand({ ...keyOf(id), EventDestination });
    await operation.account.client(SESv2Client).send(command);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const command = new DeleteConfigurationSetEventDestinationCommand(keyOf(id));
    await ifMissing(account.client(SESv2Client).send(command), MISSING);
  },
};
