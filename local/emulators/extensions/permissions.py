"""
What a role, or an AWS service that calls another on a user's behalf, may do.

AWS checks these when it delivers, not when it is configured, so a missing permission shows as a delivery that never
arrives. The extensions that deliver ask here.
"""

import json

from ministack.core.arn import parse_arn
from ministack.core.iam_evaluator import (
    EvalContext,
    _gather_role_policies,
    _permissions_boundary,
    _service_principal_matches,
    evaluate,
    evaluate_resource_policy,
)
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam

from . import service_control_policies


def trusts(role, service):
    document = role.get("AssumeRolePolicyDocument") or "{}"
    document = json.loads(document) if isinstance(document, str) else document
    statements = document.get("Statement", [])
    # A service assumes roles by its regional name, too: states.us-east-1.amazonaws.com.
    name, domain = service.split(".", 1)
    names = (service, f"{name}.{get_region()}.{domain}")
    return any(
        s.get("Effect") == "Allow" and any(_service_principal_matches(s.get("Principal"), one) for one in names)
        for s in (statements if isinstance(statements, list) else [statements])
    )


def role_of(role_arn):
    """A role as IAM keeps it, or None."""
    arn = parse_arn(role_arn)
    return iam._roles.get_scoped(arn.account_id, None, arn.resource.rsplit("/", 1)[-1])


def can_assume(role_arn, service):
    """Whether a role exists that a service may assume."""
    role = role_of(role_arn)
    return role is not None and trusts(role, service)


def role_problem(role_arn, service, action, resource_arn):
    """Why a service that assumes a role may not do something with it, or None."""
    if not role_arn:
        return f"no role is given for {action}"
    arn = parse_arn(role_arn)
    name = arn.resource.rsplit("/", 1)[-1]
    role = role_of(role_arn)
    if role is None:
        return f"the role {role_arn} does not exist"
    if not trusts(role, service):
        return f"the role {role_arn} does not trust {service}"
    context = EvalContext(
        principal_arn=f"arn:aws:sts::{arn.account_id}:assumed-role/{name}/{service}", principal_type="AssumedRole",
        principal_account=arn.account_id, action=action, resource_arn=resource_arn, region=get_region())
    limits = _permissions_boundary(iam._roles, name, arn.account_id)
    if evaluate(context, _gather_role_policies(name, arn.account_id), *limits).decision != "Allow":
        return f"the role {role_arn} may not perform {action} on {resource_arn}"
    forbidden = service_control_policies.problem(context)
    return f"the role {role_arn} may not perform {action} on {resource_arn} {forbidden}" if forbidden else None


def policy_problem(policy, service, action, resource_arn, source_arn, keys=None):
    """Why a resource's own policy keeps a service out, or None; `keys` are further condition keys, in lower case."""
    context = EvalContext(
        # The caller is the service, which no account or role in a policy stands for.
        principal_arn="*", principal_type="Service", principal_account="", action=action, resource_arn=resource_arn,
        region=get_region(), service_context={
            "aws:sourcearn": source_arn, "aws:sourceaccount": get_account_id(), "aws:sourceowner": get_account_id(),
            **(keys or {})})
    if not policy or evaluate_resource_policy(policy, context, service=service).decision != "Allow":
        return f"the policy of {resource_arn} does not let {service} perform {action} for {source_arn}"
    return None
