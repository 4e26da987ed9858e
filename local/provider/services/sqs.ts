/** Amazon SQS. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { containsUnknown, type Values } from "../property-values";
import { type Operation, type ResourceState, type ResourceType, type Service, text } from "../resource-type";
import { changedTags, ifMissing } from "./support";

/** Pulumi's property names and SQS's attribute names. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  fifoQueue: "FifoQueue",
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  fifoThroughputLimit: "FifoThroughputLimit",
  delaySeconds: "DelaySeconds",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  visibilityTimeoutSeconds: "VisibilityTimeout",
  redrivePolicy: "RedrivePolicy",
  redriveAllowPolicy: "RedriveAllowPolicy",
  policy: "Policy",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
  kmsMasterKeyId: "KmsMasterKeyId",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
};

const NUMBERS = /Seconds$|Size$/;

function attributes(inputs: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ATTRIBUTES).flatMap(([property, attribute]) => {
      const value = inputs[property];
      if (value === undefined || value === null || (attribute === "FifoQueue" && value !== true)) return [];
      return [[attribute, typeof value === "object" ? JSON.stringify(value) : String(value)]];
    }),
  );
}

async function read({ account }: Operation, url: string): Promise<ResourceState | undefined> {
  const client = account.client(SQSClient);
  const answer = await ifMissing(
    client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] })),
    QueueDoesNotExist,
    "AWS.SimpleQueueService.NonExistentQueue",
  );
  if (answer === undefined) return undefined;
  const { Tags = {} } = await client.send(new ListQueueTagsCommand({ QueueUrl: url }));
  const present = answer.Attributes as Record<string, string>;
  const properties = Object.entries(ATTRIBUTES).flatMap(([property, attribute]) => {
    const value = present[attribute];
    if (value === undefined) return [];
    const isBoolean = value === "true" || value === "false";
    return [[property, isBoolean ? value === "true" : NUMBERS.test(property) ? Number(value) : value] as const];
  });
  const name = url.slice(url.lastIndexOf("/") + 1);
  const arn = present.QueueArn ?? "";
  return { id: url, outputs: { ...Object.fromEntries(properties), arn, url, name, tagsAll: Tags } };
}

const queue: ResourceType = {
  token: "aws:sqs/queue:Queue",
  properties: {
    ...Object.fromEntries(Object.keys(ATTRIBUTES).map((property) => [property, "update"])),
    name: "replace",
    namePrefix: "replace",
    fifoQueue: "replace",
  },
  computed: ["arn", "url"],
  autoName: { property: "name", maxLength: 80, suffix: (inputs) => (inputs.fifoQueue === true ? ".fifo" : "") },
  taggable: true,
  check: (inputs) =>
    inputs.fifoQueue === true &&
    typeof inputs.name === "string" &&
    !containsUnknown(inputs.name) &&
    !inputs.name.endsWith(".fifo")
      ? [{ property: "name", reason: `received "${inputs.name}"; the name of a FIFO queue ends in .fifo` }]
      : [],
  async create(operation, inputs) {
    const { QueueUrl: url = "" } = await operation.account.client(SQSClient).send(
      new CreateQueueCommand({
        QueueName: text(inputs, "name"),
        Attributes: attributes(inputs),
        tags: { ...operation.tags },
      }),
    );
    operation.created(url, { url });
    const state = await read(operation, url);
    if (state === undefined) throw new Error(`the queue ${url} is gone right after its creation`);
    return { id: url, outputs: { arn: state.outputs.arn ?? "", url } };
  },
  read,
  async update(operation, url, olds, news) {
    const client = operation.account.client(SQSClient);
    const changeable = attributes(news);
    delete changeable.FifoQueue;
    // An attribute that is no longer given goes back to what AWS takes when it is empty.
    const removed = Object.keys(attributes(olds)).filter((name) => !(name in changeable) && /Polic/.test(name));
    for (const name of removed) changeable[name] = "";
    await client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: changeable }));
    const { set, removed: untag } = changedTags(olds, operation.tags);
    if (untag.length > 0) await client.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: untag }));
    if (Object.keys(set).length > 0) await client.send(new TagQueueCommand({ QueueUrl: url, Tags: set }));
    return {};
  },
  async delete({ account }, url) {
    const deletion = account.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl: url }));
    await ifMissing(deletion, QueueDoesNotExist, "AWS.SimpleQueueService.NonExistentQueue");
  },
};

const queuePolicy: ResourceType = {
  token: "aws:sqs/queuePolicy:QueuePolicy",
  properties: { queueUrl: "replace", policy: "update" },
  required: ["queueUrl", "policy"],
  async create({ account }, inputs) {
    const url = text(inputs, "queueUrl");
    await setPolicy(account.client(SQSClient), url, policyText(inputs));
    return { id: url, outputs: {} };
  },
  async read(operation, url) {
    const state = await read(operation, url);
    const policy = state?.outputs.policy;
    return policy === undefined ? undefined : { id: url, outputs: { queueUrl: url, policy } };
  },
  async update({ account }, url, _olds, news) {
    await setPolicy(account.client(SQSClient), url, policyText(news));
    return {};
  },
  async delete({ account }, url) {
    await ifMissing(
      setPolicy(account.client(SQSClient), url, ""),
      QueueDoesNotExist,
      "AWS.SimpleQueueService.NonExistentQueue",
    );
  },
};

function policyText(inputs: Values): string {
  return typeof inputs.policy === "string" ? inputs.policy : JSON.stringify(inputs.policy);
}

async function setPolicy(client: SQSClient, url: string, policy: string): Promise<void> {
  await client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy: policy } }));
}

export const sqs: Service = { resources: [queue, queuePolicy] };
