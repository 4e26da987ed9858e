/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html */
import {
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
  type Target,
} from "@aws-sdk/client-eventbridge";
import type { Account } from "../../account";
import { containsUnknown, type Value, type Values } from "../../property-values";
import {
  type CheckFailure,
  objects,
  type Operation,
  optionalBoolean,
  optionalNumber,
  optionalObject,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
  texts,
} from "../../resource-type";
import { checkRange } from "../checks";
import { checkJson } from "../documents";
import { checkShape, fromAws, likeState, nested, nestedList, toAws } from "../shape";
import { actual, ifMissing, known, settled } from "../support";
import { BATCH, NETWORK, RUN_COMMANDS, TARGET } from "./event-target-shape";
import { FILE } from "./file";

/** The target without ECS's network, which Pulumi writes flatter than AWS. */
function ecsNetwork(inputs: Values): object {
  const network = optionalObject(optionalObject(inputs, "ecsTarget") ?? {}, "networkConfiguration");
  if (network === undefined) return {};
  const AssignPublicIp = optionalBoolean(network, "assignPublicIp") === true ? "ENABLED" : "DISABLED";
  const lists = { Subnets: texts(network, "subnets"), SecurityGroups: texts(network, "securityGroups") };
  return { NetworkConfiguration: { awsvpcConfiguration: { ...lists, AssignPublicIp } } };
}

function batch(inputs: Values): Partial<Target> {
  const given = optionalObject(inputs, "batchTarget");
  if (given === undefined) return {};
  const [size, attempts] = [optionalNumber(given, "arraySize"), optionalNumber(given, "jobAttempts")];
  return {
    BatchParameters: {
      JobDefinition: text(given, "jobDefinition"),
      JobName: text(given, "jobName"),
      ...(size === undefined ? {} : { ArrayProperties: { Size: size } }),
      ...(attempts === undefined ? {} : { RetryStrategy: { Attempts: attempts } }),
    },
  };
}

function target(inputs: Values): Target {
  const { EcsParameters: ecs, ...rest } = toAws<Partial<Target>>(TARGET, inputs);
  const commands = objects(inputs, "runCommandTargets");
  return {
    ...rest,
    ...(ecs === undefined ? {} : { EcsParameters: { ...ecs, ...ecsNetwork(inputs) } }),
    ...batch(inputs),
    ...(commands.length > 0
      ? { RunCommandParameters: { RunCommandTargets: commands.map((c) => toAws<never>(RUN_COMMANDS, c)) } }
      : {}),
    Id: text(inputs, "targetId"),
    Arn: text(inputs, "arn"),
  };
}

function describe(found: Target): Values {
  const network = found.EcsParameters?.NetworkConfiguration?.awsvpcConfiguration;
  const ecs = fromAws(TARGET, found).ecsTarget as Values | undefined;
  const batchTarget = found.BatchParameters;
  const commands = found.RunCommandParameters?.RunCommandTargets?.map((c) => fromAws(RUN_COMMANDS, c));
  return known({
    ...fromAws(TARGET, found),
    ecsTarget:
      ecs === undefined || network === undefined
        ? ecs
        : {
            ...ecs,
            networkConfiguration: known({
              assignPublicIp: network.AssignPublicIp === "ENABLED",
              securityGroups: network.SecurityGroups,
              subnets: network.Subnets,
            }),
          },
    batchTarget:
      batchTarget === undefined
        ? undefined
        : known({
            arraySize: batchTarget.ArrayProperties?.Size,
            jobAttempts: batchTarget.RetryStrategy?.Attempts,
            jobDefinition: batchTarget.JobDefinition,
            jobName: batchTarget.JobName,
          }),
    runCommandTargets: commands as Value[] | undefined,
    targetId: found.Id,
  });
}

function place(values: Values): { Rule: string; EventBusName: string } {
  return { Rule: text(values, "rule"), EventBusName: optionalText(values, "eventBusName") ?? "default" };
}

async function put(account: Account, inputs: Values): Promise<void> {
  const command = new PutTargetsCommand({ ...place(inputs), Targets: [target(inputs)] });
  const { FailedEntries: [failed] = [] } = await account.client(EventBridgeClient).send(command);
  if (failed !== undefined) throw new Error(`${failed.ErrorCode ?? "failed"}: ${failed.ErrorMessage ?? ""}`);
}

async function find(account: Account, id: string, state: Values): Promise<Target | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await account
      .client(EventBridgeClient)
      .send(new ListTargetsByRuleCommand({ ...place(state), NextToken }));
    const found = page.Targets?.find(({ Id }) => Id === id);
    if (found !== undefined) return found;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

const MAPPED = [
  ...Object.keys(TARGET).filter((name) => name !== "arn"),
  "batchTarget",
  "forceDestroy",
  "runCommandTargets",
];

function checkTarget(inputs: Values): CheckFailure[] {
  const given = (name: string): boolean => inputs[name] !== undefined;
  const { networkConfiguration, ...ecsTarget } = optionalObject(inputs, "ecsTarget") ?? {};
  const retry = optionalObject(inputs, "retryPolicy");
  const forms = ["input", "inputPath", "inputTransformer"].filter(given);
  const queue = inputs.arn;
  const needsGroup = typeof queue === "string" && /^arn:[\w-]+:sqs:.*\.fifo$/.test(queue) && !given("sqsTarget");
  return [
    ...checkShape(TARGET, { ...inputs, ...(given("ecsTarget") ? { ecsTarget } : {}) }, FILE),
    ...checkShape({ batchTarget: nested(BATCH), runCommandTargets: nestedList(RUN_COMMANDS) }, inputs, FILE),
    ...checkShape({ networkConfiguration: nested(NETWORK) }, known({ networkConfiguration }), FILE, "ecsTarget"),
    ...forms.slice(1).map((property) => ({ property, reason: `not possible beside ${forms[0] ?? ""}; give one` })),
    ...checkJson("input", typeof inputs.input === "string" && /^\s*[{[]/.test(inputs.input) ? inputs.input : undefined),
    ...checkRange("retryPolicy.maximumEventAgeInSeconds", retry?.maximumEventAgeInSeconds, 60, 86_400),
    ...checkRange("retryPolicy.maximumRetryAttempts", retry?.maximumRetryAttempts, 0, 185),
    ...(typeof queue === "string" && !containsUnknown(queue) && !queue.startsWith("arn:")
      ? [{ property: "arn", reason: `received "${queue}"; expected the ARN of a target` }]
      : []),
    ...(needsGroup ? [{ property: "sqsTarget.messageGroupId", reason: "missing; the target is a FIFO queue" }] : []),
  ];
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const found = await ifMissing(find(account, text(state, "targetId"), state), ResourceNotFoundException);
  if (found === undefined) return undefined;
  const named = Object.fromEntries(MAPPED.filter((name) => name !== "forceDestroy").map((name) => [name, undefined]));
  return { id, outputs: actual(state, { ...named, ...likeState(state, describe(found)) }) };
}

export const eventTarget: ResourceType = {
  token: "aws:cloudwatch/eventTarget:EventTarget",
  properties: {
    ...Object.fromEntries(MAPPED.map((name) => [name, "update"])),
    arn: "update",
    eventBusName: "replace",
    rule: "replace",
    targetId: "replace",
  },
  required: ["arn", "rule"],
  autoName: { property: "targetId", maxLength: 64 },
  defaults: { eventBusName: "default", forceDestroy: false },
  check: checkTarget,
  async create(operation, inputs) {
    await put(operation.account, inputs);
    const { Rule: rule, EventBusName: bus } = place(inputs);
    const name = `${rule}-${text(inputs, "targetId")}`;
    const id = bus === "default" ? name : `${bus}-${name}`;
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, _olds, news) {
    await put(operation.account, news);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, _id, state) {
    const command = new RemoveTargetsCommand({
      ...place(state),
      Ids: [text(state, "targetId")],
      Force: state.forceDestroy === true,
    });
    const answer = await ifMissing(account.client(EventBridgeClient).send(command), ResourceNotFoundException);
    const [failed] = answer?.FailedEntries ?? [];
    if (failed !== undefined) throw new Error(`${failed.ErrorCode ?? "failed"}: ${failed.ErrorMessage ?? ""}`);
  },
};
