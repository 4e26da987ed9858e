"""
What the extensions of AWS Organizations share: whose organization an account is in, and the way from an account up to
the root. The emulator keeps each organization under its management account.
"""

from ministack.services import organizations


FULL_ACCESS = organizations.FULL_ACCESS_POLICY_ID


def management_of(account):
    """The management account of the organization that an account is in, or None."""
    managers = [manager for manager, _ in organizations._orgs.to_dict()]
    return next((m for m in managers if organizations._accounts.contains_scoped(m, None, account)), None)


def organization_of(account):
    """The organization that an account is in, or None."""
    management = management_of(account)
    return organizations._orgs.get_scoped(management, None, "self") if management else None


def levels_above(management, identifier):
    """An account or unit and all that contains it, from itself up to the root."""
    levels = []
    while identifier:
        levels.append(identifier)
        record = (organizations._accounts.get_scoped(management, None, identifier)
                  or organizations._ous.get_scoped(management, None, identifier) or {})
        identifier = record.get("_ParentId")
    return levels


def organization_path(management, identifier):
    """The path of an account or unit as AWS writes it: o-…/r-…/ou-…/."""
    organization = organizations._orgs.get_scoped(management, None, "self")
    return "/".join([organization["Id"], *reversed(levels_above(management, identifier))]) + "/"


def attach(policy_id, target_id):
    """Attach a policy in the present account's organization."""
    organizations._attachments[policy_id] = [*organizations._attachments.get(policy_id, []), target_id]


def detach_everything(target_id):
    for policy_id, targets in organizations._attachments.items():
        organizations._attachments[policy_id] = [target for target in targets if target != target_id]


def set_tags(resource_id, tags):
    if tags:
        organizations._tags[resource_id] = {tag["Key"]: tag["Value"] for tag in tags}
