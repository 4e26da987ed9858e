/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListInstanceProfilesForRole,
  paginateListRolePolicies,
  PutRolePermissionsBoundaryCommand,
  RemoveRoleFromInstanceProfileCommand,
  type Role,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from "@aws-sdk/client-iam";
import { isEqual, type Values } from "../../property-values";
import {
  optionalNumber,
  type Operation,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
  texts,
} from "../../resource-type";
import { checkRange } from "../checks";
import { checkPolicy, documentLike, documentText } from "../documents";
import { like } from "../shape";
import { actual, changedTags, ifMissing, settled, tagList, tagRecord } from "../support";
import { checkName, checkPath, decoded } from "./common";

async function attachedPolicies(client: IAMClient, name: string): Promise<string[]> {
  const found: string[] = [];
  for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName: name })) {
    found.push(...(page.AttachedPolicies ?? []).map(({ PolicyArn = "" }) => PolicyArn));
  }
  return found;
}

function describe(role: Role, state: Values): Values {
  return actual(state, {
    arn: role.Arn,
    assumeRolePolicy: documentLike(state.assumeRolePolicy, decoded(role.AssumeRolePolicyDocument)),
    createDate: role.CreateDate?.toISOString(),
    description: role.Description ?? "",
    maxSessionDuration: role.MaxSessionDuration,
    name: role.RoleName,
    path: role.Path,
    permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
    uniqueId: role.RoleId,
    tagsAll: tagRecord(role.Tags),
  });
}

async function read({ account }: Operation, name: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(IAMClient);
  const answer = await ifMissing(client.send(new GetRoleCommand({ RoleName: name })), NoSuchEntityException);
  if (answer?.Role === undefined) return undefined;
  const attached = await attachedPolicies(client, name);
  const managedPolicyArns = like(state.managedPolicyArns, attached) ?? attached;
  return { id: name, outputs: { ...describe(answer.Role, state), managedPolicyArns } };
}

async function setPolicies(client: IAMClient, name: string, before: string[], after: string[]): Promise<void> {
  for (const arn of before.filter((policy) => !after.includes(policy))) await detach(client, name, arn);
  for (const arn of after.filter((policy) => !before.includes(policy))) {
    await client.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: arn }));
  }
}

async function detach(client: IAMClient, name: string, arn: string): Promise<void> {
  const detachment = client.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn: arn }));
  await ifMissing(detachment, NoSuchEntityException);
}

async function setTags({ account, tags }: Operation, name: string, olds: Values): Promise<void> {
  const client = account.client(IAMClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagRoleCommand({ RoleName: name, TagKeys: removed }));
  if (Object.keys(set).length > 0) await client.send(new TagRoleCommand({ RoleName: name, Tags: tagList(set) }));
}

async function setBoundary(client: IAMClient, name: string, arn: string | undefined): Promise<void> {
  if (arn === undefined) {
    const removal = client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name }));
    await ifMissing(removal, NoSuchEntityException);
  } else {
    await client.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary: arn }));
  }
}

/** IAM keeps a role as long as something hangs on it. */
async function release(client: IAMClient, name: string, state: Values): Promise<void> {
  for await (const page of paginateListInstanceProfilesForRole({ client }, { RoleName: name })) {
    for (const { InstanceProfileName } of page.InstanceProfiles ?? []) {
      await client.send(new RemoveRoleFromInstanceProfileCommand({ RoleName: name, InstanceProfileName }));
    }
  }
  const isForced = state.forceDetachPolicies === true;
  const attached = await attachedPolicies(client, name);
  for (const arn of isForced ? attached : texts(state, "managedPolicyArns")) await detach(client, name, arn);
  if (!isForced) return;
  for await (const page of paginateListRolePolicies({ client }, { RoleName: name })) {
    for (const PolicyName of page.PolicyNames ?? []) {
      await client.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName }));
    }
  }
}

export const role: ResourceType = {
  token: "aws:iam/role:Role",
  properties: {
    assumeRolePolicy: "update",
    description: "update",
    forceDetachPolicies: "update",
    managedPolicyArns: "update",
    maxSessionDuration: "update",
    name: "replace",
    namePrefix: "replace",
    path: "replace",
    permissionsBoundary: "update",
  },
  required: ["assumeRolePolicy"],
  computed: ["arn", "createDate", "uniqueId"],
  autoName: { property: "name", maxLength: 64 },
  taggable: true,
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  check: (inputs) => [
    ...checkPolicy("assumeRolePolicy", inputs.assumeRolePolicy, { principal: "required" }),
    ...checkRange("maxSessionDuration", inputs.maxSessionDuration, 3600, 43_200),
    ...checkName("name", inputs.name, 64),
    ...checkPath(inputs.path),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(IAMClient);
    const name = text(inputs, "name");
    await client.send(
      new CreateRoleCommand({
        RoleName: name,
        Path: optionalText(inputs, "path"),
        AssumeRolePolicyDocument: documentText(inputs.assumeRolePolicy),
        Description: optionalText(inputs, "description"),
        MaxSessionDuration: optionalNumber(inputs, "maxSessionDuration"),
        PermissionsBoundary: optionalText(inputs, "permissionsBoundary"),
        Tags: tagList(operation.tags),
      }),
    );
    operation.created(name);
    await setPolicies(client, name, [], texts(inputs, "managedPolicyArns"));
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, name, olds, news) {
    const client = operation.account.client(IAMClient);
    if (!isEqual(olds.assumeRolePolicy, news.assumeRolePolicy)) {
      const document = documentText(news.assumeRolePolicy);
      await client.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: document }));
    }
    const changed = (property: string): boolean => !isEqual(olds[property] ?? "", news[property] ?? "");
    if (changed("description")) {
      const description = optionalText(news, "description") ?? "";
      await client.send(new UpdateRoleDescriptionCommand({ RoleName: name, Description: description }));
    }
    if (changed("maxSessionDuration")) {
      await client.send(
        new UpdateRoleCommand({
          RoleName: name,
          Description: optionalText(news, "description"),
          MaxSessionDuration: optionalNumber(news, "maxSessionDuration"),
        }),
      );
    }
    if (changed("permissionsBoundary")) await setBoundary(client, name, optionalText(news, "permissionsBoundary"));
    if (news.managedPolicyArns !== undefined) {
      await setPolicies(client, name, texts(olds, "managedPolicyArns"), texts(news, "managedPolicyArns"));
    }
    await setTags(operation, name, olds);
    return (await settled(read, operation, name, news)).outputs;
  },
  async delete({ account }, name, state) {
    const client = account.client(IAMClient);
    await ifMissing(release(client, name, state), NoSuchEntityException);
    await ifMissing(client.send(new DeleteRoleCommand({ RoleName: name })), NoSuchEntityException);
  },
};
