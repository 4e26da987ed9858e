/** https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
import {
  GetSubscriptionAttributesCommand,
  NotFoundException,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import type { Account } from "../../account";
import { containsUnknown, type Values } from "../../property-values";
import {
  type CheckFailure,
  optionalNumber,
  type Operation,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkOneOf } from "../checks";
import { checkJson } from "../documents";
import { ifMissing, known, settled, until } from "../support";
import { attributesOf, type Attributes, attributeState, changedAttributes } from "./attributes";

const ATTRIBUTES: Attributes = {
  deliveryPolicy: { name: "DeliveryPolicy", kind: "document" },
  filterPolicy: { name: "FilterPolicy", kind: "document" },
  filterPolicyScope: { name: "FilterPolicyScope", kind: "text" },
  rawMessageDelivery: { name: "RawMessageDelivery", kind: "boolean" },
  redrivePolicy: { name: "RedrivePolicy", kind: "document" },
  replayPolicy: { name: "ReplayPolicy", kind: "document" },
  subscriptionRoleArn: { name: "SubscriptionRoleArn", kind: "text" },
};

const PROTOCOLS = ["application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"];
const ARN_PROTOCOLS = ["application", "firehose", "lambda", "sqs"];

async function attributes(account: Account, arn: string): Promise<Record<string, string> | undefined> {
  const question = account.client(SNSClient).send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
  return (await ifMissing(question, NotFoundException))?.Attributes;
}

async function read({ account }: Operation, arn: string, state: Values): Promise<ResourceState | undefined> {
  const found = await attributes(account, arn);
  if (found === undefined) return undefined;
  const outputs = known({
    arn,
    confirmationWasAuthenticated: found.ConfirmationWasAuthenticated === "true",
    endpoint: found.Endpoint,
    ownerId: found.Owner,
    pendingConfirmation: found.PendingConfirmation === "true",
    protocol: found.Protocol,
    topic: found.TopicArn,
  });
  return { id: arn, outputs: { ...attributeState(ATTRIBUTES, state, found), ...outputs } };
}

async function confirmed(account: Account, arn: string, inputs: Values): Promise<void> {
  const isAutomatic = inputs.endpointAutoConfirms === true && /^https?$/.test(text(inputs, "protocol"));
  if (!isAutomatic) return;
  const timeoutSeconds = 60 * (optionalNumber(inputs, "confirmationTimeoutInMinutes") ?? 1);
  const isConfirmed = async (): Promise<true | undefined> =>
    (await attributes(account, arn))?.PendingConfirmation === "false" ? true : undefined;
  await until(`${text(inputs, "endpoint")} to confirm its subscription`, isConfirmed, { timeoutSeconds });
}

function checkSubscription(inputs: Values): CheckFailure[] {
  const { endpoint, protocol } = inputs;
  const needsArn = typeof protocol === "string" && ARN_PROTOCOLS.includes(protocol);
  const isKnown = typeof endpoint === "string" && !containsUnknown(endpoint);
  return [
    ...checkOneOf("protocol", protocol, PROTOCOLS),
    ...checkOneOf("filterPolicyScope", inputs.filterPolicyScope, ["MessageAttributes", "MessageBody"]),
    ...["deliveryPolicy", "filterPolicy", "redrivePolicy", "replayPolicy"].flatMap((name) =>
      checkJson(name, inputs[name]),
    ),
    ...(isKnown && needsArn && !endpoint.startsWith("arn:")
      ? [{ property: "endpoint", reason: `received "${endpoint}"; expected an ARN for the protocol ${protocol}` }]
      : []),
    ...(isKnown && typeof protocol === "string" && protocol.startsWith("email") && !/^[^@\s]+@[^@\s]+$/.test(endpoint)
      ? [{ property: "endpoint", reason: `received "${endpoint}"; expected an e-mail address` }]
      : []),
    ...(inputs.rawMessageDelivery === true && protocol === "lambda"
      ? [{ property: "rawMessageDelivery", reason: "not possible for Lambda, which always gets an SNS event" }]
      : []),
  ];
}

export const topicSubscription: ResourceType = {
  token: "aws:sns/topicSubscription:TopicSubscription",
  properties: {
    ...Object.fromEntries(Object.keys(ATTRIBUTES).map((property) => [property, "update"])),
    confirmationTimeoutInMinutes: "update",
    endpoint: "replace",
    endpointAutoConfirms: "update",
    protocol: "replace",
    topic: "replace",
  },
  required: ["endpoint", "protocol", "topic"],
  computed: ["arn", "confirmationWasAuthenticated", "ownerId", "pendingConfirmation"],
  defaults: { confirmationTimeoutInMinutes: 1, endpointAutoConfirms: false, rawMessageDelivery: false },
  check: checkSubscription,
  async create(operation, inputs) {
    const { account } = operation;
    const given = attributesOf(ATTRIBUTES, inputs);
    if (given.RawMessageDelivery === "false") delete given.RawMessageDelivery;
    const { SubscriptionArn: arn = "" } = await account.client(SNSClient).send(
      new SubscribeCommand({
        TopicArn: text(inputs, "topic"),
        Protocol: text(inputs, "protocol"),
        Endpoint: text(inputs, "endpoint"),
        Attributes: given,
        ReturnSubscriptionArn: true,
      }),
    );
    operation.created(arn, { arn });
    await confirmed(account, arn, inputs);
    return settled(read, operation, arn, inputs);
  },
  read,
  async update(operation, arn, olds, news) {
    const client = operation.account.client(SNSClient);
    const changed = changedAttributes(ATTRIBUTES, olds, news);
    // The scope says how the policy is read, so it has to come first.
    const ordered = changed.sort(([a], [b]) => Number(b === "FilterPolicyScope") - Number(a === "FilterPolicyScope"));
    for (const [AttributeName, AttributeValue] of ordered) {
      await client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, AttributeName, AttributeValue }));
    }
    return (await settled(read, operation, arn, news)).outputs;
  },
  async delete({ account }, arn, state) {
    // Nobody can take back a subscription that was never confirmed; SNS forgets it by itself.
    if (state.pendingConfirmation === true && (await attributes(account, arn))?.PendingConfirmation !== "false") return;
    const removal = account.client(SNSClient).send(new UnsubscribeCommand({ SubscriptionArn: arn }));
    await ifMissing(removal, NotFoundException);
  },
};
