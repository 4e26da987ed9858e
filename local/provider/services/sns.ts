/** Amazon SNS. https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import { type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-sns",
  client: "SNSClient",
  missing: ["NotFoundException", "NotFound"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

const topic = resource({
  token: "aws:sns/topic:Topic",
  service: api,
  id: "{arn}",
  create: "CreateTopic",
  read: "GetTopicAttributes",
  updates: [
    { call: "SetTopicAttributes", only: ["displayName"], with: { AttributeName: "DisplayName" } },
    { call: "SetTopicAttributes", only: ["kmsMasterKeyId"], with: { AttributeName: "KmsMasterKeyId" } },
  ],
  delete: { call: "DeleteTopic", only: [] },
  replace: ["fifoTopic", "name", "namePrefix"],
  update: ["displayName", "kmsMasterKeyId"],
  computed: ["arn", "owner"],
  autoName: { property: "name", maxLength: 256, suffix: (inputs) => (inputs.fifoTopic === true ? ".fifo" : "") },
  taggable: true,
  defaults: { fifoTopic: false },
  none: { displayName: "", kmsMasterKeyId: "" },
  names: {
    arn: "TopicArn|Attributes.TopicArn",
    displayName: "AttributeValue|Attributes.DisplayName",
    fifoTopic: "Attributes.FifoTopic",
    kmsMasterKeyId: "AttributeValue|Attributes.KmsMasterKeyId",
    owner: "Attributes.Owner",
  },
  onlyTrue: ["fifoTopic"],
  outputs: (_, { arn }) => ({ name: String(arn).replace(/^.*:/, "") }),
});

/** What a new topic has: its own account may do everything. */
function defaultPolicy(arn: string, owner: string): string {
  const actions =
    "AddPermission,DeleteTopic,GetTopicAttributes,ListSubscriptionsByTopic,Publish,RemovePermission,SetTopicAttributes,Subscribe";
  const statement = {
    Sid: "__default_statement_ID",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: actions.split(",").map((action) => `SNS:${action}`),
    Resource: arn,
    Condition: { StringEquals: { "AWS:SourceOwner": owner } },
  };
  return JSON.stringify({ Version: "2008-10-17", Id: "__default_policy_ID", Statement: [statement] });
}

const setPolicy = { call: "SetTopicAttributes", with: { AttributeName: "Policy" } };

const topicPolicy = resource(
  {
    token: "aws:sns/topicPolicy:TopicPolicy",
    service: api,
    id: "{arn}",
    create: setPolicy,
    read: "GetTopicAttributes",
    updates: [setPolicy],
    delete: undefined,
    replace: ["arn"],
    update: ["policy"],
    required: ["arn", "policy"],
    computed: ["owner"],
    names: {
      arn: "TopicArn|Attributes.TopicArn",
      owner: "Attributes.Owner",
      policy: "AttributeValue|Attributes.Policy",
    },
  },
  () => ({
    // A topic always has a policy: deleting ours gives it the first one back.
    async delete({ account }, arn, state) {
      const AttributeValue = defaultPolicy(arn, text(state, "owner"));
      await api.find(account, setPolicy.call, { TopicArn: arn, AttributeName: "Policy", AttributeValue });
    },
  }),
);

export const sns: Service = { resources: [topic, topicPolicy] };
