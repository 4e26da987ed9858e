/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html */
import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  NoSuchEntityException,
  type PolicyVersion,
  TagPolicyCommand,
  UntagPolicyCommand,
} from "@aws-sdk/client-iam";
import { isEqual, type Values } from "../../property-values";
import { type Operation, optionalText, type ResourceState, type ResourceType, text } from "../../resource-type";
import { checkPolicy, documentLike, documentText } from "../documents";
import { actual, changedTags, ifMissing, settled, tagList, tagRecord } from "../support";
import { checkName, checkPath, decoded } from "./common";

const MOST_VERSIONS = 5;

async function read({ account }: Operation, arn: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(IAMClient);
  const answer = await ifMissing(client.send(new GetPolicyCommand({ PolicyArn: arn })), NoSuchEntityException);
  const policy = answer?.Policy;
  if (policy === undefined) return undefined;
  const { PolicyVersion: version } = await client.send(
    new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: policy.DefaultVersionId }),
  );
  const outputs = actual(state, {
    arn,
    attachmentCount: policy.AttachmentCount,
    description: policy.Description ?? "",
    name: policy.PolicyName,
    path: policy.Path,
    policy: documentLike(state.policy, decoded(version?.Document)),
    policyId: policy.PolicyId,
    tagsAll: tagRecord(policy.Tags),
  });
  return { id: arn, outputs };
}

async function otherVersions(client: IAMClient, arn: string): Promise<PolicyVersion[]> {
  const { Versions = [] } = await client.send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
  const age = ({ VersionId = "v0" }: PolicyVersion): number => Number(VersionId.slice(1));
  return Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).sort((a, b) => age(a) - age(b));
}

async function deleteVersion(client: IAMClient, arn: string, version: PolicyVersion): Promise<void> {
  const deletion = client.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: version.VersionId }));
  await ifMissing(deletion, NoSuchEntityException);
}

/** A policy keeps five versions; the oldest one makes room. */
async function setDocument(client: IAMClient, arn: string, document: string): Promise<void> {
  const others = await otherVersions(client, arn);
  const [oldest] = others;
  if (oldest !== undefined && others.length + 1 >= MOST_VERSIONS) await deleteVersion(client, arn, oldest);
  await client.send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: document, SetAsDefault: true }));
}

async function setTags({ account, tags }: Operation, arn: string, olds: Values): Promise<void> {
  const client = account.client(IAMClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagPolicyCommand({ PolicyArn: arn, TagKeys: removed }));
  if (Object.keys(set).length > 0) await client.send(new TagPolicyCommand({ PolicyArn: arn, Tags: tagList(set) }));
}

export const policy: ResourceType = {
  token: "aws:iam/policy:Policy",
  properties: { description: "replace", name: "replace", namePrefix: "replace", path: "replace", policy: "update" },
  required: ["policy"],
  computed: ["arn", "attachmentCount", "policyId"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  defaults: { path: "/" },
  check: (inputs) => [
    ...checkPolicy("policy", inputs.policy, { principal: "forbidden" }),
    ...checkName("name", inputs.name, 128),
    ...checkPath(inputs.path),
  ],
  async create(operation, inputs) {
    const { Policy: made } = await operation.account.client(IAMClient).send(
      new CreatePolicyCommand({
        PolicyName: text(inputs, "name"),
        Path: optionalText(inputs, "path"),
        PolicyDocument: documentText(inputs.policy),
        Description: optionalText(inputs, "description"),
        Tags: tagList(operation.tags),
      }),
    );
    const arn = made?.Arn ?? "";
    operation.created(arn, { arn });
    return settled(read, operation, arn, inputs);
  },
  read,
  async update(operation, arn, olds, news) {
    const client = operation.account.client(IAMClient);
    if (!isEqual(olds.policy, news.policy)) await setDocument(client, arn, documentText(news.policy));
    await setTags(operation, arn, olds);
    return (await settled(read, operation, arn, news)).outputs;
  },
  async delete({ account }, arn) {
    const client = account.client(IAMClient);
    const others = await ifMissing(otherVersions(client, arn), NoSuchEntityException);
    for (const version of others ?? []) await deleteVersion(client, arn, version);
    await ifMissing(client.send(new DeletePolicyCommand({ PolicyArn: arn })), NoSuchEntityException);
  },
};
