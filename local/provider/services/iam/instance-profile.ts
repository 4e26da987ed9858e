/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html */
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  DeleteInstanceProfileCommand,
  GetInstanceProfileCommand,
  IAMClient,
  NoSuchEntityException,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  UntagInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import type { Values } from "../../property-values";
import { type Operation, optionalText, type ResourceState, type ResourceType, text } from "../../resource-type";
import { actual, changedTags, ifMissing, settled, tagList, tagRecord } from "../support";
import { checkName, checkPath } from "./common";

async function read({ account }: Operation, name: string, state: Values): Promise<ResourceState | undefined> {
  const question = account.client(IAMClient).send(new GetInstanceProfileCommand({ InstanceProfileName: name }));
  const profile = (await ifMissing(question, NoSuchEntityException))?.InstanceProfile;
  if (profile === undefined) return undefined;
  const outputs = actual(state, {
    arn: profile.Arn,
    createDate: profile.CreateDate?.toISOString(),
    name: profile.InstanceProfileName,
    path: profile.Path,
    role: profile.Roles?.[0]?.RoleName,
    uniqueId: profile.InstanceProfileId,
    tagsAll: tagRecord(profile.Tags),
  });
  return { id: name, outputs };
}

/** A profile holds one role. */
async function setRole(client: IAMClient, name: string, before: string | undefined, after: string | undefined) {
  if (before === after) return;
  if (before !== undefined) {
    const removal = new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: name, RoleName: before });
    await ifMissing(client.send(removal), NoSuchEntityException);
  }
  if (after !== undefined) {
    await client.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: after }));
  }
}

async function setTags({ account, tags }: Operation, name: string, olds: Values): Promise<void> {
  const client = account.client(IAMClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) {
    await client.send(new UntagInstanceProfileCommand({ InstanceProfileName: name, TagKeys: removed }));
  }
  if (Object.keys(set).length > 0) {
    await client.send(new TagInstanceProfileCommand({ InstanceProfileName: name, Tags: tagList(set) }));
  }
}

export const instanceProfile: ResourceType = {
  token: "aws:iam/instanceProfile:InstanceProfile",
  properties: { name: "replace", namePrefix: "replace", path: "replace", role: "update" },
  computed: ["arn", "createDate", "uniqueId"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  defaults: { path: "/" },
  check: (inputs) => [
    ...checkName("name", inputs.name, 128),
    ...checkName("role", inputs.role, 64),
    ...checkPath(inputs.path),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(IAMClient);
    const name = text(inputs, "name");
    await client.send(
      new CreateInstanceProfileCommand({
        InstanceProfileName: name,
        Path: optionalText(inputs, "path"),
        Tags: tagList(operation.tags),
      }),
    );
    operation.created(name);
    await setRole(client, name, undefined, optionalText(inputs, "role"));
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, name, olds, news) {
    const client = operation.account.client(IAMClient);
    await setRole(client, name, optionalText(olds, "role"), optionalText(news, "role"));
    await setTags(operation, name, olds);
    return (await settled(read, operation, name, news)).outputs;
  },
  async delete({ account }, name, state) {
    const client = account.client(IAMClient);
    await setRole(client, name, optionalText(state, "role"), undefined);
    const deletion = client.send(new DeleteInstanceProfileCommand({ InstanceProfileName: name }));
    await ifMissing(deletion, NoSuchEntityException);
  },
};
