/** What roles and users may do, and who may take a role. */
import { allowNoResource } from "../actions-without-resources";
import { type Finding, properties, type Rule, type Subject } from "../rule";
import { isForEverybody, type Statement, statementsAt } from "../statements";

/** Documents that give permissions to whom they belong to, by type. */
const IDENTITY_POLICIES: Readonly<Record<string, string>> = {
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:iam/policy:Policy": "policy",
  "aws:iam/role:Role": "inlinePolicies[].policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
};

function allowed(subject: Subject): Statement[] {
  const statements = statementsAt(subject, IDENTITY_POLICIES[subject.type] ?? []);
  return statements.filter(({ effect }) => effect === "Allow");
}

function wildcardActions(subject: Subject): Finding[] {
  return allowed(subject).flatMap(({ path, actions, notActions }) => {
    if (notActions) return [{ property: `${path}.NotAction`, value: [...actions] }];
    const wild = actions.filter((action) => /[*?]/.test(action));
    return wild.length === 0 ? [] : [{ property: `${path}.Action`, value: wild }];
  });
}

/** `*`, or an ARN of everything in a service. */
function isEverything(resource: string): boolean {
  return /^\*+$/.test(resource) || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:\*+$/.test(resource);
}

function wildcardResources(subject: Subject): Finding[] {
  return allowed(subject).flatMap(({ path, actions, notActions, resources, notResources }): Finding[] => {
    if (notResources) return [{ property: `${path}.NotResource`, value: [...resources] }];
    if (!resources.some(isEverything)) return [];
    const narrowable = actions.filter((action) => !allowNoResource(action));
    if (!notActions && narrowable.length === 0) return [];
    return [{ property: `${path}.Resource`, value: `${resources.find(isEverything)} for ${narrowable.join(", ")}` }];
  });
}

function openTrust(subject: Subject): Finding[] {
  return statementsAt(subject, "assumeRolePolicy")
    .filter((statement) => statement.effect === "Allow" && isForEverybody(statement))
    .map(({ path, principals, notPrincipals }) =>
      notPrincipals
        ? { property: `${path}.NotPrincipal`, value: [...principals] }
        : { property: `${path}.Principal`, value: "*" },
    );
}

export const permissionRules: readonly Rule[] = [
  {
    id: "iam-action-wildcard",
    title: "Policies list their actions one by one",
    reason: "A wildcard also allows what AWS will add to the service some day.",
    remedy: "List the actions that are called, without wildcards and NotAction.",
    severity: "mandatory",
    types: Object.keys(IDENTITY_POLICIES),
    check: wildcardActions,
  },
  {
    id: "iam-resource-wildcard",
    title: "Policies name their resources, where AWS has resources to name",
    reason: "The permission reaches what belongs to other teams and programs in the account.",
    remedy:
      "Name the resources' ARNs; put actions for which AWS has none (policy/actions-without-resources.ts) into a statement of their own.",
    severity: "mandatory",
    types: Object.keys(IDENTITY_POLICIES),
    check: wildcardResources,
  },
  {
    id: "iam-managed-policy",
    title: "Nobody gets AWS's policies that allow everything of a service",
    reason: "Such policies are wildcards on both sides, and grow with the service.",
    remedy: "Write a policy with the actions that are called, on the resources that are used.",
    severity: "mandatory",
    ...properties(
      {
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
        "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
        "aws:iam/role:Role": "managedPolicyArns[]",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
      },
      (value) => !/^arn:[^:]*:iam::aws:policy\/.*(AdministratorAccess|PowerUserAccess|FullAccess)/.test(String(value)),
    ),
  },
  {
    id: "no-trust-in-everyone",
    title: "No role can be taken by everybody",
    reason: "Anybody with an AWS account could act as the role.",
    remedy: "Name the account, role or service in the trust policy's Principal.",
    severity: "mandatory",
    types: ["aws:iam/role:Role"],
    check: openTrust,
  },
];
