/** AWS IAM. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import { type Operation, optionalText, type Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-iam",
  client: "IAMClient",
  missing: ["NoSuchEntity", "NoSuchEntityException"],
});

const role = resource({
  token: "aws:iam/role:Role",
  service: api,
  id: "{name}",
  create: "CreateRole",
  read: "GetRole",
  updates: ["UpdateAssumeRolePolicy", "UpdateRole"],
  delete: "DeleteRole",
  replace: ["name", "namePrefix", "path"],
  update: ["assumeRolePolicy", "description", "maxSessionDuration"],
  local: ["forceDetachPolicies"],
  required: ["assumeRolePolicy"],
  computed: ["arn", "createDate", "uniqueId"],
  autoName: { property: "name", maxLength: 64 },
  taggable: true,
  tags: { set: "TagRole", remove: "UntagRole" },
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  none: { description: "" },
  ranges: { maxSessionDuration: [3600, 43_200] },
  names: { assumeRolePolicy: "AssumeRolePolicyDocument|PolicyDocument", uniqueId: "RoleId" },
});

const rolePolicy = resource({
  token: "aws:iam/rolePolicy:RolePolicy",
  service: api,
  noun: "Policy",
  id: "{role}:{name}",
  create: "PutRolePolicy",
  read: "GetRolePolicy",
  updates: ["PutRolePolicy"],
  delete: "DeleteRolePolicy",
  replace: ["name", "namePrefix", "role"],
  update: ["policy"],
  required: ["policy", "role"],
  autoName: { property: "name", maxLength: 128 },
  names: { policy: "PolicyDocument", role: "RoleName" },
});

const rolePolicyAttachment = resource({
  token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  service: api,
  id: "{role}/{policyArn}",
  create: "AttachRolePolicy",
  read: { call: "ListAttachedRolePolicies", at: "AttachedPolicies" },
  delete: "DetachRolePolicy",
  replace: ["policyArn", "role"],
  required: ["policyArn", "role"],
  names: { role: "RoleName" },
});

async function removeRole({ account }: Operation, InstanceProfileName: string, RoleName?: string): Promise<void> {
  if (RoleName === undefined) return;
  await api.find(account, "RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName });
}

const instanceProfile = resource(
  {
    token: "aws:iam/instanceProfile:InstanceProfile",
    service: api,
    id: "{name}",
    create: "CreateInstanceProfile",
    read: "GetInstanceProfile",
    updates: ["AddRoleToInstanceProfile"],
    delete: "DeleteInstanceProfile",
    replace: ["name", "namePrefix", "path"],
    update: ["role"],
    computed: ["arn", "createDate", "uniqueId"],
    autoName: { property: "name", maxLength: 128 },
    taggable: true,
    tags: { set: "TagInstanceProfile", remove: "UntagInstanceProfile" },
    defaults: { path: "/" },
    names: { role: "RoleName|Roles.RoleName", uniqueId: "InstanceProfileId" },
    outputs: (_, { role: held }) => (Array.isArray(held) ? { role: held[0] ?? null } : {}),
  },
  // A profile holds one role: the old one goes first.
  (base) => ({
    async update(operation, id, olds, news) {
      if (olds.role !== news.role) await removeRole(operation, id, optionalText(olds, "role"));
      return (await base.update?.(operation, id, olds, news)) ?? {};
    },
    async delete(operation, id, state) {
      await removeRole(operation, id, optionalText(state, "role"));
      await base.delete(operation, id, state);
    },
  }),
);

/** Deletes versions of a managed policy that are not its default: the oldest where `all` is not asked for. */
async function deleteVersions({ account }: Operation, PolicyArn: string, all: boolean): Promise<void> {
  const found = await api.find(account, "ListPolicyVersions", { PolicyArn });
  const versions = ((found?.Versions ?? []) as Structure[]).filter(({ IsDefaultVersion }) => IsDefaultVersion !== true);
  // IAM keeps five, the newest first.
  for (const { VersionId } of all ? versions : versions.slice(3)) {
    await api.send(account, "DeletePolicyVersion", { PolicyArn, VersionId });
  }
}

const policy = resource(
  {
    token: "aws:iam/policy:Policy",
    service: api,
    id: "{arn}",
    create: "CreatePolicy",
    read: [
      { call: "GetPolicy", at: "Policy" },
      { call: "GetPolicyVersion", at: "PolicyVersion" },
    ],
    updates: [{ call: "CreatePolicyVersion", with: { SetAsDefault: true } }],
    delete: "DeletePolicy",
    replace: ["description", "name", "namePrefix", "path"],
    update: ["policy"],
    required: ["policy"],
    computed: ["arn", "policyId"],
    internal: ["defaultVersionId"],
    autoName: { property: "name", maxLength: 128 },
    taggable: true,
    tags: { set: "TagPolicy", remove: "UntagPolicy" },
    defaults: { path: "/" },
    names: { policy: "PolicyDocument|Document", defaultVersionId: "DefaultVersionId|VersionId" },
  },
  (base) => ({
    async update(operation, id, olds, news) {
      if (olds.policy !== news.policy) await deleteVersions(operation, id, false);
      return (await base.update?.(operation, id, olds, news)) ?? {};
    },
    async delete(operation, id, state) {
      await deleteVersions(operation, id, true);
      await base.delete(operation, id, state);
    },
  }),
);

const openIdConnectProvider = resource(
  {
    token: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    service: api,
    noun: "OpenIDConnectProvider",
    id: "{arn}",
    create: "CreateOpenIDConnectProvider",
    read: "GetOpenIDConnectProvider",
    delete: "DeleteOpenIDConnectProvider",
    replace: ["url"],
    update: ["clientIdLists"],
    required: ["clientIdLists", "url"],
    computed: ["arn"],
    taggable: true,
    tags: { set: "TagOpenIDConnectProvider", remove: "UntagOpenIDConnectProvider" },
    names: { clientIdLists: "ClientIDList" },
    // IAM leaves the scheme out.
    outputs: (_, { url }) => ({ url: `https://${String(url).replace("https://", "")}` }),
  },
  (base) => ({
    async update(operation, id, olds, news) {
      const [before, after] = [olds.clientIdLists, news.clientIdLists] as [string[], string[]];
      const change = (call: string, ClientID: string): Promise<unknown> =>
        api.send(operation.account, call, { OpenIDConnectProviderArn: id, ClientID });
      const [added, gone] = [
        after.filter((one) => !before.includes(one)),
        before.filter((one) => !after.includes(one)),
      ];
      for (const one of added) await change("AddClientIDToOpenIDConnectProvider", one);
      for (const one of gone) await change("RemoveClientIDFromOpenIDConnectProvider", one);
      return (await base.update?.(operation, id, olds, news)) ?? {};
    },
  }),
);

export const iam: Service = {
  resources: [role, rolePolicy, rolePolicyAttachment, policy, instanceProfile, openIdConnectProvider],
};
