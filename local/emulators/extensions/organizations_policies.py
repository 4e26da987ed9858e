"""
Adds: what AWS checks of a service control policy: that it is one (a policy without principals), its size, how many are
attached to a target, and that one is left.
Follows: AWS Organizations User Guide, "Quotas and service limits for AWS Organizations" (10,240 characters and ten
policies a target since May 2026) and "SCP syntax"; API Reference, CreatePolicy, UpdatePolicy, AttachPolicy,
DetachPolicy.
Delete when: the emulator refuses a service control policy of more than 10,240 characters, an eleventh attachment, and
the detachment of the last.
"""

import json

from ministack.core.iam_evaluator import validate_policy_document
from ministack.services import organizations

from .wire import AwsError, before

SERVICE_CONTROL_POLICY = "SERVICE_CONTROL_POLICY"
_CHARACTERS = {SERVICE_CONTROL_POLICY: 10_240, "RESOURCE_CONTROL_POLICY": 5_120, "AISERVICES_OPT_OUT_POLICY": 2_500}
_CHARACTERS_OF_OTHERS = 10_000
_ATTACHED = {SERVICE_CONTROL_POLICY: 10, "RESOURCE_CONTROL_POLICY": 5, "AISERVICES_OPT_OUT_POLICY": 5}
_ATTACHED_OF_OTHERS = 10


def _constraint(reason, message):
    return AwsError("ConstraintViolationException", message, Reason=reason)


def _check_content(kind, content):
    most = _CHARACTERS.get(kind, _CHARACTERS_OF_OTHERS)
    if len(content) > most:
        raise _constraint("POLICY_CONTENT_LIMIT_EXCEEDED", "You have exceeded the maximum policy size: the policy has "
                          f"{len(content)} characters, a {kind} has at most {most}.")
    malformed = AwsError("MalformedPolicyDocumentException", "The provided policy document does not meet the "
                         "requirements of the specified policy type.")
    try:
        document = json.loads(content)
    except ValueError:
        raise malformed from None
    if kind != SERVICE_CONTROL_POLICY:
        return
    if validate_policy_document(document):
        raise malformed
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    if any("Principal" in statement or "NotPrincipal" in statement for statement in statements):
        raise malformed


def _attached(kind, target):
    return [identifier for identifier, policy in organizations._policies.items()
            if policy["Type"] == kind and target in organizations._attachments.get(identifier, [])]


@before("organizations", "AttachPolicy")
def _check_attachment(request):
    policy = organizations._policies.get(request["PolicyId"])
    if policy is None or request["TargetId"] in organizations._attachments.get(policy["Id"], []):
        return
    most = _ATTACHED.get(policy["Type"], _ATTACHED_OF_OTHERS)
    if len(_attached(policy["Type"], request["TargetId"])) >= most:
        raise _constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", "You have exceeded the maximum number of "
                          f"attached policies: {request['TargetId']} has {most} of type {policy['Type']}.")


@before("organizations", "DetachPolicy")
def _check_detachment(request):
    policy = organizations._policies.get(request["PolicyId"])
    if policy is None or policy["Type"] != SERVICE_CONTROL_POLICY:
        return
    if _attached(SERVICE_CONTROL_POLICY, request["TargetId"]) == [policy["Id"]]:
        raise _constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", "You cannot remove the last policy attached to "
                          f"{request['TargetId']}: every root, OU and account has at least one service control policy.")


@before("organizations", "CreatePolicy")
def _check_creation(request):
    _check_content(request["Type"], request["Content"])


@before("organizations", "UpdatePolicy")
def _check_update(request):
    policy = organizations._policies.get(request["PolicyId"])
    if policy is not None and "Content" in request:
        _check_content(policy["Type"], request["Content"])
