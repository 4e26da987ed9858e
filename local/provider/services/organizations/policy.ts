/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html */
import {
  CreatePolicyCommand,
  DeletePolicyCommand,
  DescribePolicyCommand,
  OrganizationsClient,
  PolicyNotFoundException,
  type PolicyType,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import { containsUnknown, isEqual, type Value, type Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkOneOf } from "../checks";
import { checkJson, checkPolicy, documentLike, documentText } from "../documents";
import { actual, ifMissing, settled, tagList, whileRefused } from "../support";
import { NOT_READY, setTags, tagsOf } from "./common";

const SERVICE_CONTROL = "SERVICE_CONTROL_POLICY";

/** The most characters by type of policy. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const CHARACTERS: Readonly<Record<string, number>> = {
  AISERVICES_OPT_OUT_POLICY: 2_500,
  BACKUP_POLICY: 10_000,
  BEDROCK_POLICY: 10_000,
  CHATBOT_POLICY: 10_000,
  DECLARATIVE_POLICY_EC2: 10_000,
  INSPECTOR_POLICY: 10_000,
  RESOURCE_CONTROL_POLICY: 5_120,
  S3_POLICY: 10_000,
  SECURITYHUB_POLICY: 10_000,
  [SERVICE_CONTROL]: 10_240,
  TAG_POLICY: 10_000,
  UPGRADE_ROLLOUT_POLICY: 10_000,
};

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const question = account.client(OrganizationsClient).send(new DescribePolicyCommand({ PolicyId: id }));
  const found = (await ifMissing(question, PolicyNotFoundException))?.Policy;
  if (found?.PolicySummary === undefined) return undefined;
  const { Arn, Description, Name, Type } = found.PolicySummary;
  const outputs = actual(state, {
    arn: Arn,
    content: documentLike(state.content, found.Content),
    description: Description ?? "",
    name: Name,
    tagsAll: await tagsOf(account, id),
    type: Type,
  });
  return { id, outputs };
}

function checkSize(content: Value | undefined, type: Value | undefined): CheckFailure[] {
  const most = typeof type === "string" ? CHARACTERS[type] : undefined;
  if (content === undefined || containsUnknown(content) || most === undefined) return [];
  const { length } = documentText(content);
  if (length <= most) return [];
  return [
    {
      property: "content",
      reason: `received ${length} characters; a ${String(type)} has at most ${most}. Split it over several policies`,
    },
  ];
}

function check({ content, type, name, description }: Values): CheckFailure[] {
  const tooLong = (property: string, value: Value | undefined, most: number): CheckFailure[] =>
    typeof value === "string" && value.length > most
      ? [{ property, reason: `received ${value.length} characters; at most ${most}` }]
      : [];
  const failures =
    type === SERVICE_CONTROL
      ? checkPolicy("content", content, { principal: "forbidden" })
      : checkJson("content", content);
  return [
    ...failures,
    ...checkSize(content, type),
    ...checkOneOf("type", type, Object.keys(CHARACTERS)),
    ...tooLong("name", name, 128),
    ...tooLong("description", description, 512),
  ];
}

export const policy: ResourceType = {
  token: "aws:organizations/policy:Policy",
  properties: { content: "update", description: "update", name: "update", skipDestroy: "update", type: "replace" },
  required: ["content"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  defaults: { type: SERVICE_CONTROL },
  check,
  async create(operation, inputs) {
    const command = new CreatePolicyCommand({
      Content: documentText(inputs.content),
      Description: optionalText(inputs, "description") ?? "",
      Name: text(inputs, "name"),
      Tags: tagList(operation.tags),
      Type: text(inputs, "type") as PolicyType,
    });
    const client = operation.account.client(OrganizationsClient);
    const { Policy } = await whileRefused(() => client.send(command), NOT_READY);
    const id = Policy?.PolicySummary?.Id ?? "";
    operation.created(id, { arn: Policy?.PolicySummary?.Arn ?? "" });
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    if (["content", "description", "name"].some((property) => !isEqual(olds[property], news[property]))) {
      const command = new UpdatePolicyCommand({
        PolicyId: id,
        Content: documentText(news.content),
        Description: optionalText(news, "description") ?? "",
        Name: text(news, "name"),
      });
      await operation.account.client(OrganizationsClient).send(command);
    }
    await setTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    if (state.skipDestroy === true) return;
    const command = new DeletePolicyCommand({ PolicyId: id });
    await ifMissing(account.client(OrganizationsClient).send(command), PolicyNotFoundException);
  },
};
