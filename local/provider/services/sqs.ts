/** Amazon SQS. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-sqs",
  client: "SQSClient",
  missing: ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"],
  tags: { set: "TagQueue", remove: "UntagQueue", list: "ListQueueTags" },
});
const attributes = { call: "GetQueueAttributes", with: { AttributeNames: ["All"] } };

const queue = resource({
  token: "aws:sqs/queue:Queue",
  service: api,
  id: "{url}",
  create: "CreateQueue",
  read: attributes,
  updates: ["SetQueueAttributes"],
  delete: "DeleteQueue",
  replace: ["fifoQueue", "name", "namePrefix"],
  update: [
    "contentBasedDeduplication",
    "delaySeconds",
    "kmsMasterKeyId",
    "messageRetentionSeconds",
    "redrivePolicy",
    "sqsManagedSseEnabled",
    "visibilityTimeoutSeconds",
  ],
  computed: ["arn", "url"],
  defaults: { delaySeconds: 0, messageRetentionSeconds: 345_600, visibilityTimeoutSeconds: 30 },
  autoName: { property: "name", maxLength: 80, suffix: (inputs) => (inputs.fifoQueue === true ? ".fifo" : "") },
  taggable: true,
  names: {
    arn: "Attributes.QueueArn",
    contentBasedDeduplication: "Attributes.ContentBasedDeduplication",
    delaySeconds: "Attributes.DelaySeconds",
    fifoQueue: "Attributes.FifoQueue",
    kmsMasterKeyId: "Attributes.KmsMasterKeyId",
    messageRetentionSeconds: "Attributes.MessageRetentionPeriod",
    redrivePolicy: "Attributes.RedrivePolicy",
    sqsManagedSseEnabled: "Attributes.SqsManagedSseEnabled",
    visibilityTimeoutSeconds: "Attributes.VisibilityTimeout",
  },
  none: { redrivePolicy: "" },
  onlyTrue: ["fifoQueue"],
  outputs: (_, { url }) => ({ name: String(url).replace(/^.*\//, "") }),
});

const queuePolicy = resource({
  token: "aws:sqs/queuePolicy:QueuePolicy",
  service: api,
  noun: "Queue",
  id: "{queueUrl}",
  create: "SetQueueAttributes",
  read: attributes,
  updates: ["SetQueueAttributes"],
  delete: { call: "SetQueueAttributes", with: { Attributes: { Policy: "" } }, only: [] },
  replace: ["queueUrl"],
  update: ["policy"],
  required: ["queueUrl", "policy"],
  part: "policy",
  names: { policy: "Attributes.Policy" },
});

export const sqs: Service = { resources: [queue, queuePolicy] };
