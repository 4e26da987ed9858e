"""
Adds: which actions each role was asked for, and which of them it was refused, at
  GET /_aws-patterns/authorizations?role=aws-patterns-deployer[&account=A]
Follows: CloudTrail User Guide, "CloudTrail record contents": userIdentity.sessionContext.sessionIssuer, eventName and
errorCode, with the action as IAM policies write it.
Delete when: the emulator's CloudTrail names the role and the IAM action of each call.
"""

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import AuthError
from ministack.core.responses import get_account_id

# By account and role name: the decisions on each action.
_seen = {}


def _note(access_key_id, action, answer):
    principal = iam_evaluator.resolve_principal(access_key_id or "", get_account_id())
    if isinstance(principal, AuthError) or ":assumed-role/" not in principal.arn:
        return
    role = iam_evaluator._role_name_from_assumed_arn(principal.arn)
    decisions = _seen.setdefault((principal.account, role), {}).setdefault(action, set())
    decisions.add("allowed" if answer is None else "denied")


def authorizations(role, account=None):
    """The actions that sessions of a role asked for, in one account or in all, and those of them that were refused."""
    found = {}
    for (owner, name), actions in _seen.items():
        if name == role and account in (None, owner):
            for action, decisions in actions.items():
                found.setdefault(action, set()).update(decisions)
    return {"actions": sorted(found), "denied": sorted(action for action, seen in found.items() if "denied" in seen)}


def install():
    standard = iam_evaluator.enforce

    def enforce(access_key_id, iam_action, *arguments, **options):
        answer = standard(access_key_id, iam_action, *arguments, **options)
        _note(access_key_id, iam_action, answer)
        return answer

    iam_evaluator.enforce = enforce
