"""
Adds: organizations with more than one account: CreateOrganization and DeleteOrganization, invitations and their
acceptance, leaving and removing, and who may ask what. The emulator gives every account an organization of its own the
first time it asks; here an account that is in none gets an error, a member sees its management account's, and all else
is for the management account. An account that is created has the role through which its management account enters it.
Follows: AWS Organizations API Reference, CreateOrganization, DeleteOrganization, InviteAccountToOrganization,
AcceptHandshake, DeclineHandshake, CancelHandshake, DescribeHandshake, ListHandshakesForAccount, LeaveOrganization,
RemoveAccountFromOrganization, ListAWSServiceAccessForOrganization; User Guide, "Accessing member accounts".
Delete when: the emulator's DescribeOrganization answers a member account with the organization that it was created in.
"""

import contextlib
import json
import time

from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope
from ministack.services import iam, organizations

from .organizations_common import (
    FULL_ACCESS,
    attach,
    detach_everything,
    management_of,
    organization_path,
    set_tags,
)
from .wire import AwsError, around, operation, page

# From outside of any organization, too.
_FOR_EVERYBODY = {"CreateOrganization", "AcceptHandshake", "DeclineHandshake", "DescribeHandshake",
                  "ListHandshakesForAccount", "LeaveOrganization"}
_FOR_MEMBERS = {"DescribeOrganization"}
_INVITATION_SECONDS = 15 * 24 * 3600
_ENTRY_ROLE = "OrganizationAccountAccessRole"
_handshakes = {}
_trusted_services = {}
_initialize = organizations._ensure_org


def _not_in_use():
    return AwsError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")


@operation("organizations", "CreateOrganization")
def create_organization(request):
    if management_of(get_account_id()):
        raise AwsError("AlreadyInOrganizationException", "The AWS account is already a member of an organization.")
    _initialize()
    if request.get("FeatureSet") == "CONSOLIDATED_BILLING":
        organizations._orgs["self"].update(FeatureSet="CONSOLIDATED_BILLING", AvailablePolicyTypes=[])
        for root in organizations._roots.values():
            root["PolicyTypes"] = []
    return {"Organization": organizations._orgs["self"]}


@operation("organizations", "DeleteOrganization")
def delete_organization(_request):
    if len(organizations._accounts) > 1 or organizations._ous:
        raise AwsError("OrganizationNotEmptyException", "The organization isn't empty. To delete an organization, you "
                       "must first remove all accounts except the management account, and delete all OUs.")
    for store in (organizations._orgs, organizations._roots, organizations._accounts, organizations._policies,
                  organizations._attachments, organizations._tags):
        for key in list(store.keys()):
            del store[key]


def _admit(management, account, name, email, method):
    """Make an account a member, in the root, as AWS does."""
    organization = organizations._orgs["self"]
    organizations._accounts[account] = {
        "Id": account, "Arn": f"arn:aws:organizations::{management}:account/{organization['Id']}/{account}",
        "Email": email, "Name": name, "Status": "ACTIVE", "JoinedMethod": method, "JoinedTimestamp": int(time.time()),
        "_ParentId": next(iter(organizations._roots)),
    }
    if organizations._policy_type_enabled("SERVICE_CONTROL_POLICY"):
        attach(FULL_ACCESS, account)


def _depart(account):
    del organizations._accounts[account]
    organizations._tags.pop(account, None)
    detach_everything(account)


@operation("organizations", "InviteAccountToOrganization")
def invite_account(request):
    target, management = request["Target"], get_account_id()
    account = target["Id"]
    if target["Type"] != "ACCOUNT" or not account.isdigit() or len(account) != 12:
        raise AwsError("InvalidInputException", "You specified an invalid value for Target: the local cloud knows "
                       f"accounts by their 12 digits only, not {target['Type']} {account}.")
    if account in organizations._accounts:
        raise AwsError("HandshakeConstraintViolationException", "The account is already a member of an organization.",
                        Reason="ALREADY_IN_AN_ORGANIZATION")
    if any(h["State"] == "OPEN" and h["_Account"] == account and h["_Management"] == management
           for h in _handshakes.values()):
        raise AwsError("DuplicateHandshakeException", f"There is already an open invitation for the account {account}.")
    organization, now = organizations._orgs["self"], int(time.time())
    identifier = "h-" + new_uuid().replace("-", "")[:32]
    _handshakes[identifier] = {
        "Id": identifier, "State": "OPEN", "Action": "INVITE", "RequestedTimestamp": now,
        "ExpirationTimestamp": now + _INVITATION_SECONDS,
        "Arn": f"arn:aws:organizations::{management}:handshake/{organization['Id']}/invite/{identifier}",
        "Parties": [{"Id": organization["Id"].removeprefix("o-"), "Type": "ORGANIZATION"},
                    {"Id": account, "Type": "ACCOUNT"}],
        "Resources": [{"Type": "ORGANIZATION", "Value": organization["Id"]}, {"Type": "ACCOUNT", "Value": account},
                      *([{"Type": "NOTES", "Value": request["Notes"]}] if "Notes" in request else [])],
        "_Account": account, "_Management": management, "_Tags": request.get("Tags"),
    }
    return {"Handshake": _handshakes[identifier]}


def _handshake(request, *parties):
    """The handshake that a request names, when the caller is one of the parties that may act on it."""
    handshake = _handshakes.get(request["HandshakeId"])
    if handshake is None or get_account_id() not in (handshake["_Account"], handshake["_Management"]):
        raise AwsError("HandshakeNotFoundException",
                       f"We can't find a handshake with the HandshakeId {request['HandshakeId']}.")
    if get_account_id() not in [handshake[party] for party in parties]:
        raise AwsError("AccessDeniedException", "You don't have permissions to perform the requested operation.")
    return handshake


def _settle(request, party, state):
    handshake = _handshake(request, party)
    if handshake["State"] == state:
        raise AwsError("HandshakeAlreadyInStateException", f"The specified handshake is already in the {state} state.")
    if handshake["State"] != "OPEN":
        raise AwsError("InvalidHandshakeTransitionException",
                       f"You can't change a handshake in the {handshake['State']} state.")
    handshake["State"] = state
    return handshake


@operation("organizations", "AcceptHandshake")
def accept_handshake(request):
    account = get_account_id()
    if management_of(account):
        raise AwsError("HandshakeConstraintViolationException", "The account is already a member of an organization.",
                        Reason="ALREADY_IN_AN_ORGANIZATION")
    handshake = _settle(request, "_Account", "ACCEPTED")
    with request_scope(handshake["_Management"], get_region()):
        _admit(handshake["_Management"], account, f"Account {account}", f"account+{account}@example.com", "INVITED")
        set_tags(account, handshake["_Tags"])
    return {"Handshake": handshake}


@operation("organizations", "DeclineHandshake")
def decline_handshake(request):
    return {"Handshake": _settle(request, "_Account", "DECLINED")}


@operation("organizations", "CancelHandshake")
def cancel_handshake(request):
    return {"Handshake": _settle(request, "_Management", "CANCELED")}


@operation("organizations", "DescribeHandshake")
def describe_handshake(request):
    return {"Handshake": _handshake(request, "_Account", "_Management")}


@operation("organizations", "ListHandshakesForAccount")
def list_handshakes_for_account(request):
    return page(request, [h for h in _handshakes.values() if h["_Account"] == get_account_id()], 20)


@operation("organizations", "RemoveAccountFromOrganization")
def remove_account(request):
    account = request["AccountId"]
    if account == get_account_id():
        raise AwsError("MasterCannotLeaveOrganizationException",
                       "You can't remove a management account from an organization.")
    if account not in organizations._accounts:
        raise AwsError("AccountNotFoundException", f"We can't find an AWS account with the AccountId {account} that "
                       "you specified, or the account whose credentials you used to make this request isn't a member "
                       "of an organization.")
    _depart(account)


@operation("organizations", "LeaveOrganization")
def leave_organization(_request):
    account = get_account_id()
    management = management_of(account)
    if management is None:
        raise _not_in_use()
    with request_scope(management, get_region()):
        remove_account({"AccountId": account})


@operation("organizations", "ListAWSServiceAccessForOrganization")
def list_service_access(request):
    enabled = [{"ServicePrincipal": name, "DateEnabled": at}
               for name, at in _trusted_services.get(get_account_id(), {}).items()]
    return page(request, enabled, 20)


@operation("organizations", "EnableAWSServiceAccess")
def enable_service_access(request):
    _trusted_services.setdefault(get_account_id(), {}).setdefault(request["ServicePrincipal"], int(time.time()))


@operation("organizations", "DisableAWSServiceAccess")
def disable_service_access(request):
    _trusted_services.get(get_account_id(), {}).pop(request["ServicePrincipal"], None)


def _public_account(account):
    shown = {name: value for name, value in account.items() if not name.startswith("_") and name != "Path"}
    return {**shown, "State": account["Status"], "Paths": [organization_path(get_account_id(), account["Id"])]}


def _make_entry_role(account, name, management):
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{management}:root"}, "Action": "sts:AssumeRole"}]}
    with request_scope(account, get_region()):
        iam._create_role({"RoleName": [name], "AssumeRolePolicyDocument": [json.dumps(trust)]})
        iam._roles[name]["AttachedPolicies"].append("arn:aws:iam::aws:policy/AdministratorAccess")


def _with_entry_role(create):
    def run(payload):
        answer = create(payload)
        if answer[0] == 200:
            account = json.loads(answer[2])["CreateAccountStatus"]["AccountId"]
            _make_entry_role(account, payload.get("RoleName") or _ENTRY_ROLE, get_account_id())
        return answer
    return run


@around("organizations")
def _in_organization(request):
    """Run an operation in the caller's organization, when it may ask for it."""
    caller, name = get_account_id(), request.operation.name
    if name in _FOR_EVERYBODY:
        return contextlib.nullcontext()
    management = management_of(caller)
    if management is None:
        raise _not_in_use()
    if caller != management and name not in _FOR_MEMBERS:
        raise AwsError("AccessDeniedException", "You don't have permissions to access this resource.")
    return request_scope(management, get_region())


def install():
    organizations._ensure_org = lambda: None
    organizations._public_account = _public_account
    organizations._DISPATCH["CreateAccount"] = _with_entry_role(organizations._DISPATCH["CreateAccount"])
