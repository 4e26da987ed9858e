"""
Adds: service control policies that are enforced. A request of a user or role of a member account must be allowed by the
policies of the root, of every unit above the account, and of the account itself, and denied by none of them. They do
not bind the management account, nor service-linked roles. The account's own root user, which AWS binds too, is how the
local cloud is set up: like everywhere in the emulator, it is exempt.
Follows: AWS Organizations User Guide, "Service control policies" and "SCP evaluation"; IAM User Guide, "Policy
evaluation logic" and "Troubleshoot access denied error messages".
Delete when: the emulator's IAM evaluation includes the policies of its Organizations.
"""

import contextvars
import functools

from ministack.core import iam_actions, iam_evaluator
from ministack.core.iam_evaluator import AuthError, EvalContext, EvalResult
from ministack.core.responses import get_account_id
from ministack.services import iam, organizations

from . import iam_request_context
from .organizations_common import levels_above, management_of
from .organizations_policies import SERVICE_CONTROL_POLICY

_denial = contextvars.ContextVar("aws_patterns_policy_denial", default=None)
_parsed = functools.lru_cache(maxsize=512)(iam_evaluator.parse_policy_document)


def _levels(account):
    """For each level from the account up to the root, its policies as (ARN, statements); none where nothing binds."""
    management = management_of(account)
    if management is None or management == account:
        return []
    stores = organizations._roots, organizations._policies, organizations._attachments
    roots, policies, attachments = ({key: value for (owner, key), value in store.to_dict().items()
                                     if owner == management} for store in stores)
    enabled = any(entry["Type"] == SERVICE_CONTROL_POLICY and entry["Status"] == "ENABLED"
                  for root in roots.values() for entry in root["PolicyTypes"])
    if not enabled:
        return []
    return [[(policy["Arn"], _parsed(policy["_Content"])) for identifier, policy in policies.items()
             if policy["Type"] == SERVICE_CONTROL_POLICY and level in attachments.get(identifier, [])]
            for level in levels_above(management, account)]


def _is_service_linked(principal_arn, account):
    name = iam_evaluator._role_name_from_assumed_arn(principal_arn)
    role = iam._roles.get_scoped(account, None, name) if name else None
    return bool(role) and role.get("Path", "/").startswith("/aws-service-role/")


def _first(context, policies, effect):
    return next((arn for arn, statements in policies
                 if iam_evaluator._first_match(context, statements, effect)), None)


def bind(account):
    """Whether service control policies apply to an account: it is a member, and the organization has them enabled."""
    return bool(_levels(account))


def problem(context):
    """Why the service control policies keep a request out, in AWS's words, or None."""
    levels = _levels(context.principal_account)
    if not levels or _is_service_linked(context.principal_arn, context.principal_account):
        return None
    if iam_evaluator._names_condition_key([s for level in levels for _, s in level], "aws:resourcetag/"):
        context.service_context.update(iam_request_context.resource_tags(context.resource_arn))
    denying = next((arn for level in levels if (arn := _first(context, level, "Deny"))), None)
    if denying:
        return f"with an explicit deny in a service control policy: {denying}"
    if not all(_first(context, level, "Allow") for level in levels):
        return f"because no service control policy allows the {context.action} action"
    return None


def _check(principal, action, service, region, resource, keys):
    """The denial of one resource of a request, or None."""
    context = EvalContext(
        principal_arn=principal.arn, principal_type=principal.type, principal_account=principal.account, action=action,
        resource_arn=resource, region=region, principal_keys=principal.keys,
        service_context={"aws:tagkeys": None, **{key.lower(): value for key, value in keys.items()}})
    reason = problem(context)
    if reason is None:
        return None
    message = f"User: {principal.arn} is not authorized to perform: {action} on resource: {resource} {reason}"
    _denial.set(f"You are not authorized to perform this operation. {message}" if service == "ec2" else message)
    return EvalResult("Deny" if "explicit" in reason else "ImplicitDeny", principal.arn)


def say_denial(result, action, resource):
    """Make the answer name an action other than the one that was called, unless a policy here has denied it."""
    if _denial.get() is None:
        reason = ("with an explicit deny in an identity-based policy" if result.decision == "Deny"
                  else f"because no identity-based policy allows the {action} action")
        _denial.set(f"User: {result.principal_arn} is not authorized to perform: {action} on resource: {resource} "
                    f"{reason}")


def _bound_principal(access_key_id, action):
    """Who asks, when service control policies may bind them: a user or a session, not root, not nobody."""
    if not access_key_id or action in iam_evaluator._ALWAYS_ALLOWED_ACTIONS:
        return None
    principal = iam_evaluator.resolve_principal(access_key_id, get_account_id())
    return None if isinstance(principal, AuthError) or principal.policies is None else principal


def _enforced(standard):
    def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        _denial.set(None)
        region = iam_request_context.requested_region(service, region)
        checks = [(resource, {**(service_context or {}), **keys})
                  for resource, keys in iam_request_context.resources(iam_action, resource_arn)]
        for resource, keys in checks:
            answer = standard(access_key_id, iam_action, service, region, resource, keys)
            if isinstance(answer, AuthError):
                return answer
            principal = _bound_principal(access_key_id, iam_action)
            if principal is not None:
                answer = _check(principal, iam_action, service, region, resource, keys) or answer
            if answer is not None:
                return answer
        return None
    return enforce


def install():
    iam_evaluator.enforce = _enforced(iam_evaluator.enforce)
    respond, describe = iam_actions.access_denied_response, iam_actions.identity_denial_message

    def access_denied_response(*arguments, error_code="", message="", **options):
        message = message or ("" if error_code else _denial.get() or "")
        return respond(*arguments, error_code=error_code, message=message, **options)

    iam_actions.access_denied_response = access_denied_response
    iam_actions.identity_denial_message = lambda *arguments: _denial.get() or describe(*arguments)
