/** https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html */
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  NotFoundException,
  SetTopicAttributesCommand,
  SNSClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import type { Account } from "../../account";
import { containsUnknown, type Values } from "../../property-values";
import { type CheckFailure, type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { checkOneOf, checkRange } from "../checks";
import { checkJson, checkPolicy, documentLike, documentText } from "../documents";
import { changedTags, ifMissing, known, settled, tagList, tagRecord } from "../support";
import { attributesOf, type Attributes, attributeState, changedAttributes } from "./attributes";

/** `lambdaSuccessFeedbackRoleArn` is `LambdaSuccessFeedbackRoleArn`, and so on for every kind of subscriber. */
const FEEDBACK: Attributes = Object.fromEntries(
  Object.entries({
    application: "Application",
    firehose: "Firehose",
    http: "HTTP",
    lambda: "Lambda",
    sqs: "SQS",
  }).flatMap(([prefix, name]) => [
    [`${prefix}FailureFeedbackRoleArn`, { name: `${name}FailureFeedbackRoleArn`, kind: "text" as const }],
    [`${prefix}SuccessFeedbackRoleArn`, { name: `${name}SuccessFeedbackRoleArn`, kind: "text" as const }],
    [`${prefix}SuccessFeedbackSampleRate`, { name: `${name}SuccessFeedbackSampleRate`, kind: "number" as const }],
  ]),
);

const CHANGEABLE: Attributes = {
  ...FEEDBACK,
  archivePolicy: { name: "ArchivePolicy", kind: "document" },
  contentBasedDeduplication: { name: "ContentBasedDeduplication", kind: "boolean" },
  deliveryPolicy: { name: "DeliveryPolicy", kind: "document" },
  displayName: { name: "DisplayName", kind: "text" },
  fifoThroughputScope: { name: "FifoThroughputScope", kind: "text" },
  kmsMasterKeyId: { name: "KmsMasterKeyId", kind: "text" },
  policy: { name: "Policy", kind: "document" },
  signatureVersion: { name: "SignatureVersion", kind: "number" },
  tracingConfig: { name: "TracingConfig", kind: "text" },
};

async function attributes(account: Account, arn: string): Promise<Record<string, string> | undefined> {
  const question = account.client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn: arn }));
  return (await ifMissing(question, NotFoundException))?.Attributes;
}

async function read({ account }: Operation, arn: string, state: Values): Promise<ResourceState | undefined> {
  const found = await attributes(account, arn);
  if (found === undefined) return undefined;
  const { Tags } = await account.client(SNSClient).send(new ListTagsForResourceCommand({ ResourceArn: arn }));
  const outputs = known({
    arn,
    beginningArchiveTime: found.BeginningArchiveTime ?? "",
    fifoTopic: found.FifoTopic === "true",
    name: arn.slice(arn.lastIndexOf(":") + 1),
    owner: found.Owner,
  });
  return { id: arn, outputs: { ...attributeState(CHANGEABLE, state, found), ...outputs, tagsAll: tagRecord(Tags) } };
}

async function setAttributes(client: SNSClient, arn: string, wanted: [string, string][]): Promise<void> {
  for (const [AttributeName, AttributeValue] of wanted) {
    await client.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName, AttributeValue }));
  }
}

async function setTags({ account, tags }: Operation, arn: string, olds: Values): Promise<void> {
  const client = account.client(SNSClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: removed }));
  if (Object.keys(set).length > 0) {
    await client.send(new TagResourceCommand({ ResourceArn: arn, Tags: tagList(set) }));
  }
}

function checkTopic(inputs: Values): CheckFailure[] {
  const { name, fifoTopic } = inputs;
  const isUnclear = containsUnknown(fifoTopic);
  const onlyFifo = ["contentBasedDeduplication", "fifoThroughputScope", "archivePolicy"].filter(
    (property) => inputs[property] !== undefined && inputs[property] !== false && inputs[property] !== "",
  );
  const suffixed =
    !isUnclear && typeof name === "string" && !containsUnknown(name) && name.endsWith(".fifo") !== (fifoTopic === true);
  return [
    ...checkPolicy("policy", inputs.policy, { principal: "required" }),
    ...checkJson("deliveryPolicy", inputs.deliveryPolicy),
    ...checkJson("archivePolicy", inputs.archivePolicy),
    ...checkOneOf("tracingConfig", inputs.tracingConfig, ["Active", "PassThrough"]),
    ...checkOneOf("fifoThroughputScope", inputs.fifoThroughputScope, ["Topic", "MessageGroup"]),
    ...checkRange("signatureVersion", inputs.signatureVersion, 1, 2),
    ...Object.keys(FEEDBACK)
      .filter((property) => property.endsWith("Rate"))
      .flatMap((property) => checkRange(property, inputs[property], 0, 100)),
    ...(suffixed
      ? [{ property: "name", reason: `received "${name}"; the names of FIFO topics, and only theirs, end in .fifo` }]
      : []),
    ...(typeof name === "string" && !containsUnknown(name) && !/^[\w-]{1,256}(\.fifo)?$/.test(name)
      ? [{ property: "name", reason: `received "${name}"; 1 to 256 letters, digits, - and _` }]
      : []),
    ...(fifoTopic === true || isUnclear
      ? []
      : onlyFifo.map((property) => ({ property, reason: "only for FIFO topics" }))),
  ];
}

export const topic: ResourceType = {
  token: "aws:sns/topic:Topic",
  properties: {
    ...Object.fromEntries(Object.keys(CHANGEABLE).map((property) => [property, "update"])),
    fifoTopic: "replace",
    name: "replace",
    namePrefix: "replace",
  },
  computed: ["arn", "beginningArchiveTime", "owner"],
  autoName: { property: "name", maxLength: 256, suffix: (inputs) => (inputs.fifoTopic === true ? ".fifo" : "") },
  taggable: true,
  defaults: { contentBasedDeduplication: false, fifoTopic: false },
  check: checkTopic,
  async create(operation, inputs) {
    const given = attributesOf(CHANGEABLE, inputs);
    // A standard topic refuses everything that is about FIFO topics, even when it says no.
    if (inputs.fifoTopic !== true) delete given.ContentBasedDeduplication;
    const command = new CreateTopicCommand({
      Name: text(inputs, "name"),
      Attributes: { ...given, ...(inputs.fifoTopic === true ? { FifoTopic: "true" } : {}) },
      Tags: tagList(operation.tags),
    });
    const { TopicArn: arn = "" } = await operation.account.client(SNSClient).send(command);
    operation.created(arn, { arn });
    return settled(read, operation, arn, inputs);
  },
  read,
  async update(operation, arn, olds, news) {
    await setAttributes(operation.account.client(SNSClient), arn, changedAttributes(CHANGEABLE, olds, news));
    await setTags(operation, arn, olds);
    return (await settled(read, operation, arn, news)).outputs;
  },
  async delete({ account }, arn) {
    await ifMissing(account.client(SNSClient).send(new DeleteTopicCommand({ TopicArn: arn })), NotFoundException);
  },
};

/** What a new topic has: its own account may do everything. */
function defaultPolicy(arn: string, owner: string): string {
  const actions = [
    "AddPermission",
    "DeleteTopic",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "Publish",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
  ];
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": owner } },
      },
    ],
  });
}

async function setPolicy(account: Account, arn: string, policy: string): Promise<void> {
  await setAttributes(account.client(SNSClient), arn, [["Policy", policy]]);
}

export const topicPolicy: ResourceType = {
  token: "aws:sns/topicPolicy:TopicPolicy",
  properties: { arn: "replace", policy: "update" },
  required: ["arn", "policy"],
  computed: ["owner"],
  check: ({ policy }) => checkPolicy("policy", policy, { principal: "required" }),
  async create({ account }, inputs) {
    const arn = text(inputs, "arn");
    await setPolicy(account, arn, documentText(inputs.policy));
    const found = await attributes(account, arn);
    return { id: arn, outputs: { owner: found?.Owner ?? "" } };
  },
  async read({ account }, arn, state) {
    const found = await attributes(account, arn);
    if (found === undefined) return undefined;
    return { id: arn, outputs: { arn, owner: found.Owner ?? "", policy: documentLike(state.policy, found.Policy) } };
  },
  async update({ account }, arn, _olds, news) {
    await setPolicy(account, arn, documentText(news.policy));
    return {};
  },
  async delete({ account }, arn, state) {
    // A topic always has a policy: deleting ours gives it the first one back.
    const owner = typeof state.owner === "string" ? state.owner : await account.id();
    await ifMissing(setPolicy(account, arn, defaultPolicy(arn, owner)), NotFoundException);
  },
};
