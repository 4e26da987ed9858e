/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
  type RuleState,
} from "@aws-sdk/client-eventbridge";
import { containsUnknown, type Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkOneOf } from "../checks";
import { checkJson, documentLike, optionalDocument } from "../documents";
import { checkScheduleExpression } from "../schedule-expressions";
import { actual, ifMissing, settled, tagList, tagRecord, whileRefused } from "../support";
import { setEventTags } from "./event-tags";

const STATES = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

interface Place {
  Name: string;
  EventBusName: string;
}

/** A rule of the default bus has its name as its id; one of another bus has both, the bus first. */
function placeOf(id: string): Place {
  const slash = id.lastIndexOf("/");
  return slash < 0
    ? { Name: id, EventBusName: "default" }
    : { Name: id.slice(slash + 1), EventBusName: id.slice(0, slash) };
}

function idOf(inputs: Values): string {
  const bus = optionalText(inputs, "eventBusName") ?? "default";
  return bus === "default" ? text(inputs, "name") : `${bus}/${text(inputs, "name")}`;
}

function stateOf(inputs: Values): string {
  if (inputs.isEnabled === false) return "DISABLED";
  return optionalText(inputs, "state") ?? "ENABLED";
}

async function put({ account }: Operation, inputs: Values, tags: Readonly<Record<string, string>>): Promise<void> {
  const { Name, EventBusName } = placeOf(idOf(inputs));
  const command = new PutRuleCommand({
    Name,
    EventBusName,
    Description: optionalText(inputs, "description") ?? "",
    EventPattern: optionalDocument(inputs.eventPattern),
    ScheduleExpression: optionalText(inputs, "scheduleExpression"),
    RoleArn: optionalText(inputs, "roleArn"),
    State: stateOf(inputs) as RuleState,
    ...(Object.keys(tags).length > 0 ? { Tags: tagList(tags) } : {}),
  });
  await account.client(EventBridgeClient).send(command);
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(EventBridgeClient);
  const rule = await ifMissing(client.send(new DescribeRuleCommand(placeOf(id))), ResourceNotFoundException);
  if (rule === undefined) return undefined;
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: rule.Arn }));
  const given = optionalText(state, "eventBusName") ?? "default";
  const outputs = actual(state, {
    arn: rule.Arn,
    description: rule.Description ?? "",
    eventBusName: given.endsWith(`event-bus/${rule.EventBusName ?? ""}`) ? given : (rule.EventBusName ?? "default"),
    eventPattern: documentLike(state.eventPattern, rule.EventPattern),
    isEnabled: rule.State !== "DISABLED",
    name: rule.Name,
    roleArn: rule.RoleArn === "" ? undefined : rule.RoleArn,
    scheduleExpression: rule.ScheduleExpression === "" ? undefined : rule.ScheduleExpression,
    state: rule.State,
    tagsAll: tagRecord(Tags),
  });
  return { id, outputs };
}

function checkRule(inputs: Values): CheckFailure[] {
  const given = (name: string): boolean => inputs[name] !== undefined && inputs[name] !== "";
  return [
    ...(given("eventPattern") || given("scheduleExpression")
      ? []
      : [{ property: "eventPattern", reason: "missing; a rule has an eventPattern, a scheduleExpression or both" }]),
    ...(given("scheduleExpression") &&
    (inputs.eventBusName ?? "default") !== "default" &&
    !containsUnknown(inputs.eventBusName)
      ? [{ property: "scheduleExpression", reason: "only the default event bus has schedules" }]
      : []),
    ...(given("isEnabled") && given("state")
      ? [{ property: "isEnabled", reason: "received beside state, which replaces it" }]
      : []),
    ...(typeof inputs.name === "string" && !containsUnknown(inputs.name) && !/^[\w.-]{1,64}$/.test(inputs.name)
      ? [{ property: "name", reason: `received "${inputs.name}"; 1 to 64 letters, digits and . _ -` }]
      : []),
    ...checkJson("eventPattern", inputs.eventPattern),
    ...checkScheduleExpression("scheduleExpression", inputs.scheduleExpression, ["rate", "cron"]),
    ...checkOneOf("state", inputs.state, STATES),
  ];
}

async function removeTargets(client: EventBridgeClient, place: Place): Promise<void> {
  const rule = { Rule: place.Name, EventBusName: place.EventBusName };
  const { Targets = [] } = await client.send(new ListTargetsByRuleCommand(rule));
  const Ids = Targets.map(({ Id = "" }) => Id);
  if (Ids.length > 0) await client.send(new RemoveTargetsCommand({ ...rule, Ids, Force: true }));
}

export const eventRule: ResourceType = {
  token: "aws:cloudwatch/eventRule:EventRule",
  properties: {
    description: "update",
    eventBusName: "replace",
    eventPattern: "update",
    forceDestroy: "update",
    isEnabled: "update",
    name: "replace",
    namePrefix: "replace",
    roleArn: "update",
    scheduleExpression: "update",
    state: "update",
  },
  computed: ["arn"],
  autoName: { property: "name", maxLength: 64 },
  taggable: true,
  defaults: { eventBusName: "default", forceDestroy: false },
  check: checkRule,
  async create(operation, inputs) {
    const id = idOf(inputs);
    await put(operation, inputs, operation.tags);
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    // PutRule sets everything but tags, which have calls of their own.
    await put(operation, news, {});
    await setEventTags(operation, text(olds, "arn"), olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const client = account.client(EventBridgeClient);
    const place = placeOf(id);
    if (state.forceDestroy === true) await ifMissing(removeTargets(client, place), ResourceNotFoundException);
    // Targets that have just been removed can still count.
    const remove = () => client.send(new DeleteRuleCommand({ ...place, Force: state.forceDestroy === true }));
    await ifMissing(
      whileRefused(remove, ["Rule can't be deleted since it has targets"], { timeoutSeconds: 60 }),
      ResourceNotFoundException,
    );
  },
};
