/** Amazon Inspector. https://docs.aws.amazon.com/inspector/v2/APIReference/API_Enable.html */
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import type { Account } from "../account";
import { type Service, texts } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-inspector2",
  client: "Inspector2Client",
  missing: ["ResourceNotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

/** Types by the members that tell of them. */
const TYPES = { ec2: "EC2", ecr: "ECR", lambda: "LAMBDA", lambdaCode: "LAMBDA_CODE" } as const;

async function typesIn(account: Account, accountIds: readonly string[]): Promise<string[]> {
  const { accounts } = await api.send(account, "BatchGetAccountStatus", { accountIds });
  const [state = {}] = accounts as Structure[];
  const states = (state.resourceState ?? {}) as Record<string, Structure>;
  return Object.entries(TYPES).flatMap(([name, type]) => (states[name]?.status === "ENABLED" ? [type] : []));
}

const enabler = resource(
  {
    token: "aws:inspector2/enabler:Enabler",
    service: api,
    id: {
      names: ["accountIds"],
      of: (values) =>
        ["accountIds", "resourceTypes"].map((name) => [...texts(values, name)].sort().join(":")).join("-"),
      parts: (id) => ({ accountIds: (id.split("-")[0] ?? "").split(":") }),
    },
    create: "Enable",
    read: { call: "BatchGetAccountStatus", at: "" },
    delete: { call: "Disable", only: [] },
    replace: ["accountIds"],
    update: ["resourceTypes"],
    required: ["accountIds", "resourceTypes"],
    part: "resourceTypes",
    async outputs(_, state, { account }) {
      const found = await typesIn(account, texts(state, "accountIds"));
      // In the program's order: AWS knows none.
      const kept = texts(state, "resourceTypes").filter((type) => found.includes(type));
      const all = [...kept, ...found.filter((type) => !kept.includes(type))];
      return { resourceTypes: all.length === 0 ? null : all };
    },
  },
  (base) => ({
    /** What is scanned no longer is disabled; what is new, enabled. */
    async update(operation, id, olds, news) {
      const [before, resourceTypes] = [texts(olds, "resourceTypes"), texts(news, "resourceTypes")];
      const accountIds = texts(news, "accountIds");
      const gone = before.filter((type) => !resourceTypes.includes(type));
      await api.send(operation.account, "Enable", { accountIds, resourceTypes });
      if (gone.length > 0) await api.send(operation.account, "Disable", { accountIds, resourceTypes: gone });
      return (await base.read(operation, id, news))?.outputs ?? {};
    },
  }),
);

const delegatedAdminAccount = resource({
  token: "aws:inspector2/delegatedAdminAccount:DelegatedAdminAccount",
  service: api,
  id: "{accountId}",
  create: "EnableDelegatedAdminAccount",
  read: { call: "ListDelegatedAdminAccounts", at: "delegatedAdminAccounts" },
  delete: "DisableDelegatedAdminAccount",
  replace: ["accountId"],
  required: ["accountId"],
  computed: ["relationshipStatus"],
  names: { accountId: "delegatedAdminAccountId|accountId", relationshipStatus: "status" },
});

const memberAssociation = resource({
  token: "aws:inspector2/memberAssociation:MemberAssociation",
  service: api,
  id: "{accountId}",
  create: "AssociateMember",
  read: { call: "GetMember", at: "member" },
  delete: "DisassociateMember",
  replace: ["accountId"],
  required: ["accountId"],
  computed: ["delegatedAdminAccountId", "relationshipStatus", "updatedAt"],
});

const NOTHING = { ec2: false, ecr: false, lambda: false, lambdaCode: false };

const organizationConfiguration = resource({
  token: "aws:inspector2/organizationConfiguration:OrganizationConfiguration",
  service: api,
  id: "{accountId}",
  create: "UpdateOrganizationConfiguration",
  read: "DescribeOrganizationConfiguration",
  updates: ["UpdateOrganizationConfiguration"],
  // There always is one: it is set back.
  delete: { call: "UpdateOrganizationConfiguration", with: { autoEnable: NOTHING }, only: [] },
  update: ["autoEnable"],
  required: ["autoEnable"],
  computed: ["maxAccountLimitReached"],
  internal: ["accountId"],
});

const filter = resource({
  token: "aws:inspector2/filter:Filter",
  service: api,
  id: "{arn}",
  create: "CreateFilter",
  read: { call: "ListFilters", at: "filters" },
  updates: ["UpdateFilter"],
  delete: "DeleteFilter",
  update: ["action", "description", "filterCriterias", "name"],
  required: ["action", "filterCriterias"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  allowed: { action: "FilterAction" },
  names: { arn: "arn|filterArn|arns|resourceArn", filterCriterias: "filterCriteria|criteria" },
});

export const inspector2: Service = {
  resources: [enabler, delegatedAdminAccount, memberAssociation, organizationConfiguration, filter],
};
