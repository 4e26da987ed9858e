/** AWS Organizations. https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html */
import type { Account } from "../account";
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import type { Value } from "../property-values";
import { type InvokeFunction, optionalBoolean, type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-organizations",
  client: "OrganizationsClient",
  missing: ["NotFoundException", "PolicyNotAttachedException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

/** What AWS answers while a new organization is not ready yet. */
const retry = ["FinalizingOrganizationException", "ConcurrentModificationException"];

const policy = resource({
  token: "aws:organizations/policy:Policy",
  service: api,
  id: "{id}",
  inside: ["PolicySummary"],
  create: "CreatePolicy",
  read: "DescribePolicy",
  updates: ["UpdatePolicy"],
  delete: { call: "DeletePolicy", only: [] },
  replace: ["type"],
  update: ["content", "description", "name"],
  local: ["skipDestroy"],
  required: ["content"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  defaults: { type: "SERVICE_CONTROL_POLICY" },
  none: { description: "" },
  allowed: { type: "PolicyType" },
  retry,
  request(request, _values, _operation, call) {
    if (call === "CreatePolicy") request.Description ??= "";
  },
});

const policyAttachment = resource({
  token: "aws:organizations/policyAttachment:PolicyAttachment",
  service: api,
  id: "{targetId}:{policyId}",
  create: "AttachPolicy",
  read: { call: "ListTargetsForPolicy", at: "Targets" },
  delete: "DetachPolicy",
  replace: ["policyId", "targetId"],
  local: ["skipDestroy"],
  required: ["policyId", "targetId"],
  retry,
});

async function all(account: Account, operation: string, member: string, request = {}): Promise<Structure[]> {
  const found: Structure[] = [];
  for await (const page of api.pages(account, operation, request)) found.push(...((page[member] ?? []) as Structure[]));
  return found;
}

/** An answer's members with Pulumi's names. */
function properties(answer: Structure, ...names: string[]): { [name: string]: Value } {
  const member = (name: string): unknown => answer[name.charAt(0).toUpperCase() + name.slice(1)];
  const entries = names.map((name): [string, unknown] => [name, member(name)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as { [name: string]: Value };
}

const memberOf = (answer: Structure) =>
  properties(answer, "arn", "email", "id", "joinedMethod", "name", "state", "status");

function rootOf(answer: Structure): { [name: string]: Value } {
  const types = (answer.PolicyTypes ?? []) as Structure[];
  return {
    ...properties(answer, "arn", "id", "name"),
    policyTypes: types.map((type) => properties(type, "status", "type")),
  };
}

const getOrganization: InvokeFunction = {
  token: "aws:organizations/getOrganization:getOrganization",
  arguments: ["returnOrganizationOnly"],
  async invoke(account, args) {
    const { Organization } = await api.send(account, "DescribeOrganization", {});
    const organization = (Organization ?? {}) as Structure;
    const managementId = String(organization.MasterAccountId);
    // A member account may ask for the organization, and for nothing that is in it.
    const isOpen = optionalBoolean(args, "returnOrganizationOnly") !== true && (await account.id()) === managementId;
    const [members, roots] = isOpen
      ? [await all(account, "ListAccounts", "Accounts"), await all(account, "ListRoots", "Roots")]
      : [[], []];
    return {
      ...properties(
        organization,
        "arn",
        "featureSet",
        "id",
        "masterAccountArn",
        "masterAccountEmail",
        "masterAccountId",
      ),
      accounts: members.map(memberOf),
      nonMasterAccounts: members.filter(({ Id }) => Id !== managementId).map(memberOf),
      roots: roots.map(rootOf),
    };
  },
};

const getOrganizationalUnit: InvokeFunction = {
  token: "aws:organizations/getOrganizationalUnit:getOrganizationalUnit",
  arguments: ["name", "parentId"],
  async invoke(account, args) {
    const [name, ParentId] = [text(args, "name"), text(args, "parentId")];
    const units = await all(account, "ListOrganizationalUnitsForParent", "OrganizationalUnits", { ParentId });
    const found = units.find(({ Name }) => Name === name);
    if (found === undefined) {
      const names = units.map(({ Name }) => String(Name)).join(", ") || "none";
      throw new Error(`no organizational unit "${name}" in ${ParentId}; there are: ${names}`);
    }
    return { ...properties(found, "arn", "id"), name, parentId: ParentId };
  },
};

export const organizations: Service = {
  resources: [policy, policyAttachment],
  functions: [getOrganization, getOrganizationalUnit],
};
