/** What roles and users may do. */
import { limitResources } from "../conditions";
import { ATTACHED_POLICIES, IDENTITY_POLICIES } from "../documents";
import { isNarrowable, namesNothing } from "../resources";
import { type Finding, properties, type Rule, type Subject } from "../rule";
import { type Statement, statementsAt } from "../statements";

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

function wildcardResources(subject: Subject): Finding[] {
  return allowed(subject).flatMap(({ path, actions, notActions, resources, notResources, conditions }): Finding[] => {
    if (notResources) return [{ property: `${path}.NotResource`, value: [...resources] }];
    if (limitResources(conditions)) return [];
    return resources
      .filter(namesNothing)
      .map((resource) => ({
        resource,
        reached: notActions ? ["everything else"] : actions.filter((action) => isNarrowable(action, resource)),
      }))
      .filter(({ reached }) => reached.length > 0)
      .map(({ resource, reached }) => ({
        property: `${path}.Resource`,
        value: `${resource} for ${reached.join(", ")}`,
      }));
  });
}

/** Policies of AWS's that allow everything of all services, of one, or of a whole profession's. */
const ALLOWING_EVERYTHING =
  /^arn:[^:]*:iam::aws:policy\/.*(AdministratorAccess|PowerUserAccess|FullAccess|(System|Database|Network)Administrator)/;

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
      "Name the resources' ARNs; put actions for which AWS has none (Service Authorization Reference) into a statement of their own, or narrow it with a condition on aws:ResourceTag.",
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
    ...properties(ATTACHED_POLICIES, (value) => !ALLOWING_EVERYTHING.test(String(value))),
  },
];
