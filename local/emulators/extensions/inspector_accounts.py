"""
Adds: Amazon Inspector by account, region and resource type, and in an organization: the delegated administrator, its
members, and what is turned on in accounts that join. The emulator turns on what the caller asks for in any account, says
DISABLED of all, and knows no organization.
Follows: Amazon Inspector API Reference, Enable, Disable, BatchGetAccountStatus, EnableDelegatedAdminAccount,
AssociateMember, GetMember, UpdateOrganizationConfiguration and what belongs to these; User Guide, "Managing multiple
accounts in Amazon Inspector with AWS Organizations".
Delete when: the emulator keeps these by account, and refuses what AWS refuses.
"""

import time

from ministack.core.responses import get_account_id, get_region

from .organizations_common import management_of
from .wire import AwsError, operation, page

_TYPES = {"EC2": "ec2", "ECR": "ecr", "LAMBDA": "lambda", "LAMBDA_CODE": "lambdaCode"}
_NO_FLAGS = {"ec2": False, "ecr": False, "lambda": False, "lambdaCode": False}
# By account and region.
_enabled, _members, _flags = {}, {}, {}
# The delegated administrators, by management account and region.
_administrators = {}


def enabled(account):
    """The resource types that are scanned in an account, in the present region."""
    return _enabled.get((account, get_region()), set())


def invalid(message):
    return AwsError("ValidationException", message, reason="OTHER")


def _denied(message):
    return AwsError("AccessDeniedException", message)


def administrator_of(account):
    """The delegated administrator whose member an account is, in the present region, or None."""
    found = (admin for (admin, region), members in _members.items() if region == get_region() and account in members)
    return next(found, None)


def _own_members():
    caller = get_account_id()
    if _administrators.get((management_of(caller), get_region())) != caller:
        raise _denied("The request is rejected since the current account is not a delegated admin.")
    return _members.setdefault((caller, get_region()), {})


def _check_types(types):
    if "CODE_REPOSITORY" in types:
        raise invalid("The local cloud has no code repositories.")


def _accounts(request):
    """The accounts of a request: the caller's own, or members of the delegated administrator that calls."""
    caller = get_account_id()
    accounts = request.get("accountIds") or [caller]
    if set(accounts) != {caller}:
        strangers = [account for account in accounts if account != caller and account not in _own_members()]
        if strangers:
            raise _denied(f"Not members of the delegated administrator: {', '.join(strangers)}")
    return accounts


def _state(account):
    types = enabled(account)
    status = {name: "ENABLED" if kind in types else "DISABLED" for kind, name in _TYPES.items()}
    return {"accountId": account, "status": "ENABLED" if types else "DISABLED", "resourceStatus": status}


@operation("inspector2", "Enable")
def enable(request):
    wanted, accounts = set(request["resourceTypes"]), _accounts(request)
    _check_types(wanted)
    for account in accounts:
        if "LAMBDA_CODE" in wanted and "LAMBDA" not in wanted | enabled(account):
            raise invalid("Lambda code scanning needs Lambda standard scanning.")
    for account in accounts:
        _enabled[account, get_region()] = enabled(account) | wanted
    return {"accounts": [_state(account) for account in accounts], "failedAccounts": []}


@operation("inspector2", "Disable")
def disable(request):
    accounts, given = _accounts(request), set(request.get("resourceTypes") or _TYPES)
    _check_types(given)
    for account in accounts:
        if not enabled(account) - given and _members.get((account, get_region())):
            raise AwsError("ConflictException", "DISASSOCIATE_ALL_MEMBERS", resourceId=account, resourceType="account")
        # Code is scanned only where dependencies are.
        gone = given | {"LAMBDA_CODE"} if "LAMBDA" in given else given
        _enabled[account, get_region()] = enabled(account) - gone
    return {"accounts": [_state(account) for account in accounts], "failedAccounts": []}


def _detailed(account):
    state = _state(account)
    words = {"errorCode": "ALREADY_ENABLED", "errorMessage": "None"}
    resources = {name: {"status": status, **words} for name, status in state["resourceStatus"].items()}
    return {"accountId": account, "state": {"status": state["status"], **words}, "resourceState": resources}


@operation("inspector2", "BatchGetAccountStatus")
def account_status(request):
    return {"accounts": [_detailed(account) for account in _accounts(request)], "failedAccounts": []}


def _management():
    caller = get_account_id()
    if management_of(caller) != caller:
        raise _denied("The request is rejected since the current account is not the management account.")
    return caller, get_region()


@operation("inspector2", "EnableDelegatedAdminAccount")
def enable_administrator(request):
    key, wanted = _management(), request["delegatedAdminAccountId"]
    if management_of(wanted) != key[0]:
        raise invalid(f"{wanted} is no account of the organization.")
    if _administrators.get(key, wanted) != wanted:
        raise AwsError("ConflictException", f"{_administrators[key]} is the delegated administrator already.",
                       resourceId=_administrators[key], resourceType="account")
    _administrators[key] = wanted
    return {"delegatedAdminAccountId": wanted}


@operation("inspector2", "DisableDelegatedAdminAccount")
def disable_administrator(request):
    key, given = _management(), request["delegatedAdminAccountId"]
    if _administrators.get(key) != given:
        raise AwsError("ResourceNotFoundException", f"{given} is no delegated administrator.")
    del _administrators[key]
    for kept in (_members, _flags):
        kept.pop((given, key[1]), None)
    return {"delegatedAdminAccountId": given}


@operation("inspector2", "ListDelegatedAdminAccounts")
def list_administrators(request):
    found = _administrators.get(_management())
    return page(request, [{"accountId": found, "status": "ENABLED"}] if found else [], 100)


@operation("inspector2", "AssociateMember")
def associate(request):
    members, account = _own_members(), request["accountId"]
    if management_of(account) != management_of(get_account_id()):
        raise invalid(f"{account} is no account of the organization.")
    members[account] = {"accountId": account, "relationshipStatus": "ENABLED", "updatedAt": time.time(),
                        "delegatedAdminAccountId": get_account_id()}
    return {"accountId": account}


@operation("inspector2", "DisassociateMember")
def disassociate(request):
    _own_members().pop(request["accountId"], None)
    return {"accountId": request["accountId"]}


@operation("inspector2", "GetMember")
def get_member(request):
    member = _own_members().get(request["accountId"])
    if not member:
        raise AwsError("ResourceNotFoundException", f"{request['accountId']} is no member.")
    return {"member": member}


@operation("inspector2", "DescribeOrganizationConfiguration")
def describe_configuration(_request):
    _own_members()
    flags = _flags.get((get_account_id(), get_region()), _NO_FLAGS)
    return {"autoEnable": flags, "maxAccountLimitReached": False}


@operation("inspector2", "UpdateOrganizationConfiguration")
def update_configuration(request):
    _own_members()
    flags = {**_NO_FLAGS, **{name: flag for name, flag in request["autoEnable"].items() if name in _NO_FLAGS}}
    if flags["lambdaCode"] and not flags["lambda"]:
        raise invalid("Lambda code scanning needs Lambda standard scanning.")
    _flags[get_account_id(), get_region()] = flags
    return {"autoEnable": flags}
