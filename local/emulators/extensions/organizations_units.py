"""
Adds: UpdateOrganizationalUnit and ListChildren; organizational units that start with FullAWSAccess, have names of their
own beside their siblings, nest five deep at most, and are deleted only when they are empty.
Follows: AWS Organizations API Reference, CreateOrganizationalUnit, UpdateOrganizationalUnit, DeleteOrganizationalUnit,
ListChildren; User Guide, "Quotas and service limits for AWS Organizations".
Delete when: the emulator has UpdateOrganizationalUnit and refuses to delete a unit with accounts in it.
"""

import random
import string

from ministack.core.responses import get_account_id
from ministack.services import organizations

from .organizations_common import (
    FULL_ACCESS,
    attach,
    detach_everything,
    levels_above,
    organization_path,
    set_tags,
)
from .wire import AwsError, operation, page

_DEEPEST = 5


def _unit(identifier):
    unit = organizations._ous.get(identifier)
    if unit is None:
        raise AwsError("OrganizationalUnitNotFoundException",
                       f"You specified an organizational unit that doesn't exist: {identifier}.")
    return unit


def _require_parent(identifier):
    if identifier not in organizations._roots and identifier not in organizations._ous:
        raise AwsError("ParentNotFoundException",
                       f"You specified a root or parent OU that doesn't exist: {identifier}.")


def _units_in(parent):
    return [unit for unit in organizations._ous.values() if unit["_ParentId"] == parent]


def _accounts_in(parent):
    return [account for account in organizations._accounts.values() if account["_ParentId"] == parent]


def _require_free_name(parent, name, own=None):
    if any(unit["Name"] == name and unit["Id"] != own for unit in _units_in(parent)):
        raise AwsError("DuplicateOrganizationalUnitException",
                       f"An organizational unit with the name {name} already exists in {parent}.")


@operation("organizations", "CreateOrganizationalUnit")
def create_organizational_unit(request):
    parent, name = request["ParentId"], request["Name"]
    _require_parent(parent)
    _require_free_name(parent, name)
    # The levels above a unit are its parents and, last, the root.
    if len(levels_above(get_account_id(), parent)) > _DEEPEST:
        raise AwsError("ConstraintViolationException", "You have exceeded the maximum depth of organizational units.",
                        Reason="OU_DEPTH_LIMIT_EXCEEDED")
    root = next(iter(organizations._roots))
    suffix = "".join(random.choices(string.ascii_lowercase + string.digits, k=8))
    identifier = f"ou-{root.removeprefix('r-')}-{suffix}"
    organizations._ous[identifier] = {
        "Id": identifier, "Name": name, "_ParentId": parent,
        "Arn": f"arn:aws:organizations::{get_account_id()}:ou/{organizations._orgs['self']['Id']}/{identifier}",
    }
    set_tags(identifier, request.get("Tags"))
    if organizations._policy_type_enabled("SERVICE_CONTROL_POLICY"):
        attach(FULL_ACCESS, identifier)
    return {"OrganizationalUnit": organizations._public_ou(organizations._ous[identifier])}


@operation("organizations", "UpdateOrganizationalUnit")
def update_organizational_unit(request):
    unit = _unit(request["OrganizationalUnitId"])
    if "Name" in request:
        _require_free_name(unit["_ParentId"], request["Name"], unit["Id"])
        unit["Name"] = request["Name"]
    return {"OrganizationalUnit": organizations._public_ou(unit)}


@operation("organizations", "DeleteOrganizationalUnit")
def delete_organizational_unit(request):
    identifier = _unit(request["OrganizationalUnitId"])["Id"]
    if _units_in(identifier) or _accounts_in(identifier):
        raise AwsError("OrganizationalUnitNotEmptyException", f"The organizational unit {identifier} is not empty. "
                       "Move its accounts to other units or the root, and delete its units first.")
    detach_everything(identifier)
    organizations._ous.pop(identifier)
    organizations._tags.pop(identifier, None)


@operation("organizations", "ListChildren")
def list_children(request):
    parent, kind = request["ParentId"], request["ChildType"]
    _require_parent(parent)
    children = _units_in(parent) if kind == "ORGANIZATIONAL_UNIT" else _accounts_in(parent)
    return page(request, [{"Id": child["Id"], "Type": kind} for child in children], 20)


def install():
    def public(unit):
        shown = {name: value for name, value in unit.items() if not name.startswith("_")}
        return {**shown, "Path": organization_path(get_account_id(), unit["Id"])}

    organizations._public_ou = public
