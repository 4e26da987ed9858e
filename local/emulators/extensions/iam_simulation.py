"""
Adds: IAM's policy simulator as it answers today: one result an action, with the decision for each resource, the
statements that decided it and where they stand, missing context values, permissions boundaries, resource policies,
service control policies with their conditions; and the context keys that policies name. Keys that follow from the
simulated principal (its ARN, account, organization, tags) are there without being given. EvalDecisionDetails is not
reported, and EvalResourceName is `*`, where AWS has the ARN's template.
Follows: IAM API Reference, SimulateCustomPolicy, SimulatePrincipalPolicy, EvaluationResult, ResourceSpecificResult,
GetContextKeysForCustomPolicy, GetContextKeysForPrincipalPolicy.
Delete when: the emulator evaluates every ResourceArn and ContextEntries.
"""

import re
from dataclasses import dataclass, field

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import iam

from . import service_control_policies
from .iam_request_context import SimulatedContext, principal_keys
from .policy_documents import statements_of
from .wire import AwsError, operation, page

_WORDS = {"Allow": "allowed", "Deny": "explicitDeny", "ImplicitDeny": "implicitDeny"}
_STORES = {"user": iam._users, "role": iam._roles, "group": iam._groups}


@dataclass
class _Simulation:
    """What every pair of action and resource is evaluated against."""
    statements: list
    # None where there is no boundary; else the statements of it.
    boundary: list | None
    resource_statements: list
    resource_policy: str | None
    owner: str
    caller: str
    account: str
    entries: dict = field(default_factory=dict)

    def context(self, action, resource):
        context = SimulatedContext(
            principal_arn=self.caller, principal_type="AssumedRole" if ":role/" in self.caller else "User",
            principal_account=self.account, action=action, resource_arn=resource, region="us-east-1",
            principal_keys=_tag_keys(self.caller, self.account))
        context.entries = {**principal_keys(context), **self.entries}
        return context


def _invalid(message):
    return AwsError("InvalidInput", message)


def _entity(arn):
    """The kind and the name of a user, role or group of the caller's account."""
    match = re.fullmatch(r"arn:aws[\w-]*:iam::(\d{12}):(user|role|group)/(?:.*/)?([^/]+)", arn)
    if not match or match[1] != get_account_id():
        raise _invalid(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    if match[3] not in _STORES[match[2]]:
        raise AwsError("NoSuchEntity", f"The {match[2]} with name {match[3]} cannot be found.", 404)
    return match[2], match[3]


def _tag_keys(arn, account):
    match = re.fullmatch(r"arn:aws[\w-]*:iam::\d{12}:(user|role)/(?:.*/)?([^/]+)", arn)
    entity = _STORES[match[1]].get_scoped(account, None, match[2]) if match else None
    tags = {f"aws:principaltag/{tag['Key'].lower()}": tag["Value"] for tag in (entity or {}).get("Tags") or []}
    return {**tags, "aws:username": match[2]} if match and match[1] == "user" else tags


def _managed(arn):
    kind = "aws-managed" if arn.startswith("arn:aws:iam::aws:") else "user-managed"
    document = iam_evaluator._resolve_managed_policy_document(arn, get_account_id())
    return statements_of(document, arn.rsplit("/", 1)[-1], kind) if document else []


def _attached(kind, name):
    """The statements of all policies of one user, role or group."""
    inline = {"role": lambda: iam._roles[name].get("InlinePolicies"),
              "user": lambda: iam._user_inline_policies.get(name),
              "group": lambda: iam._group_inline_policies.get(name)}[kind]() or {}
    found = [s for policy, document in inline.items() for s in statements_of(document, policy, kind)]
    return found + [s for arn in _STORES[kind][name].get("AttachedPolicies", []) for s in _managed(arn)]


def _principal_statements(kind, name):
    found = _attached(kind, name)
    if kind == "user":
        found += [s for group, record in iam._groups.items() if name in record.get("Users", [])
                  for s in _attached("group", group)]
    return found


def _inputs(request, member="PolicyInputList"):
    return [s for number, document in enumerate(request.get(member, []), 1)
            for s in statements_of(document, f"{member}.{number}")]


def _entries(request):
    return {entry["ContextKeyName"].lower(): entry.get("ContextKeyValues", [])
            if entry.get("ContextKeyType", "").endswith("List") else next(iter(entry.get("ContextKeyValues", [])), None)
            for entry in request.get("ContextEntries", [])}


def _simulation(request, statements, boundary, caller):
    given = request.get("PermissionsBoundaryPolicyInputList", [])
    if len(given) > 1:
        raise _invalid("You can input only one permissions boundary policy.")
    policy = request.get("ResourcePolicy")
    if policy and ":role/" in caller:
        raise _invalid("Simulation of resource-based policies isn't supported for IAM roles.")
    if policy and not request.get("CallerArn") and ":user/" not in caller:
        raise _invalid("CallerArn is required with a ResourcePolicy.")
    account = caller.split(":")[4]
    return _Simulation(
        statements=statements, resource_policy=policy,
        boundary=_inputs(request, "PermissionsBoundaryPolicyInputList") if given else boundary,
        resource_statements=statements_of(policy, "ResourcePolicy", "resource") if policy else [],
        owner=request.get("ResourceOwner", account), caller=caller, account=account, entries=_entries(request))


def _matching(simulation, context, effect):
    return [{"SourcePolicyId": s.policy_id, "SourcePolicyType": s.policy_type, "StartPosition": s.start,
             "EndPosition": s.end} for s in simulation.statements + simulation.resource_statements
            if iam_evaluator._first_match(context, [s.parsed], effect)]


def _missing(simulation, context):
    """The keys of statements about this action and resource that nobody gave, as the policies write them."""
    everything = simulation.statements + simulation.resource_statements + (simulation.boundary or [])
    keys = {key.lower(): key for s in everything if s.applies(context.action, context.resource_arn)
            for key in s.condition_keys()}
    return sorted(key for name, key in keys.items() if name not in context.entries)


def _evaluate(simulation, action, resource):
    context = simulation.context(action, resource)
    limits = [] if simulation.boundary is None else [[[s.parsed for s in simulation.boundary]]]
    result = iam_evaluator.evaluate(context, [[s.parsed for s in simulation.statements]], *limits)
    if simulation.resource_policy:
        result = iam_evaluator.combine_resource_policy(
            result, context, simulation.resource_policy, simulation.owner, limits=tuple(limits))
    forbidden = service_control_policies.problem(context)
    decision = _WORDS[result.decision]
    if forbidden:
        decision = "explicitDeny" if "explicit" in forbidden else "implicitDeny"
    effect = {"allowed": "Allow", "explicitDeny": "Deny"}.get(decision)
    return {
        "decision": decision, "resource": resource, "missing": _missing(simulation, context),
        "matched": _matching(simulation, context, effect) if effect else [],
        "organization": not forbidden if service_control_policies.bind(simulation.account) else None,
        "boundary": None if simulation.boundary is None else bool(
            iam_evaluator.evaluate(context, limits[0]).decision == "Allow"),
    }


def _boundary_detail(allowed):
    return None if allowed is None else {"AllowedByPermissionsBoundary": allowed}


def _specific(result):
    return {"EvalResourceName": result["resource"], "EvalResourceDecision": result["decision"],
            "MatchedStatements": result["matched"], "MissingContextValues": result["missing"],
            "PermissionsBoundaryDecisionDetail": _boundary_detail(result["boundary"])}


def _all(values):
    """False when any is, None when none says anything."""
    given = [value for value in values if value is not None]
    return all(given) if given else None


def _summary(action, results, listed):
    """The result for an action: allowed when it is on every resource."""
    decisions = {result["decision"] for result in results}
    decision = next(word for word in ("explicitDeny", "implicitDeny", "allowed") if word in decisions)
    matched = [m for result in results if result["decision"] == decision for m in result["matched"]]
    organization = _all(result["organization"] for result in results)
    return {
        "EvalActionName": action, "EvalResourceName": "*", "EvalDecision": decision,
        "MatchedStatements": [m for number, m in enumerate(matched) if m not in matched[:number]],
        "MissingContextValues": sorted({key for result in results for key in result["missing"]}),
        "OrganizationsDecisionDetail": None if organization is None else {"AllowedByOrganizations": organization},
        "PermissionsBoundaryDecisionDetail": _boundary_detail(_all(result["boundary"] for result in results)),
        "ResourceSpecificResults": [_specific(result) for result in results] if listed else None,
    }


def _simulate(simulation, request):
    for action in request["ActionNames"]:
        if not re.fullmatch(r"[\w-]+:\w+", action):
            raise _invalid(f"Invalid action name: {action}. It has the form service:Operation, without wildcards.")
    resources = request.get("ResourceArns") or ["*"]
    results = [_summary(action, [_evaluate(simulation, action, resource) for resource in resources],
                        listed=resources != ["*"]) for action in request["ActionNames"]]
    return page(request, results, 100)


@operation("iam", "SimulateCustomPolicy")
def simulate_custom_policy(request):
    caller = request.get("CallerArn") or f"arn:aws:iam::{get_account_id()}:root"
    return _simulate(_simulation(request, _inputs(request), None, caller), request)


@operation("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(request):
    kind, name = _entity(request["PolicySourceArn"])
    boundary_arn = _STORES[kind][name].get("PermissionsBoundary")
    boundary = _managed(boundary_arn) if boundary_arn else None
    statements = _principal_statements(kind, name) + _inputs(request)
    caller = request.get("CallerArn") or request["PolicySourceArn"]
    return _simulate(_simulation(request, statements, boundary, caller), request)


def _key_names(statements):
    return {"ContextKeyNames": sorted({key for statement in statements for key in statement.condition_keys()})}


@operation("iam", "GetContextKeysForCustomPolicy")
def context_keys_of_custom_policy(request):
    return _key_names(_inputs(request))


@operation("iam", "GetContextKeysForPrincipalPolicy")
def context_keys_of_principal_policy(request):
    return _key_names(_principal_statements(*_entity(request["PolicySourceArn"])) + _inputs(request))
