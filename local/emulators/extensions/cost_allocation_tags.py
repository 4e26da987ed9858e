"""
Adds: cost allocation tags: which tags of resources count in the bill. A tag can be activated once a resource of an
account whose costs the caller sees has it; here at once, at AWS within 24 hours.
Follows: AWS Billing and Cost Management API Reference, ListCostAllocationTags, UpdateCostAllocationTagsStatus; Billing
User Guide, "Activating user-defined cost allocation tags" (the management account activates them).
Delete when: the emulator has UpdateCostAllocationTagsStatus.
"""

import time

from ministack.core.responses import AccountScopedDict, get_account_id, request_scope
from ministack.services import ec2, tagging

from .clock import now_text
from .cost_explorer import accounts_seen, invalid
from .organizations_common import management_of
from .wire import AwsError, operation, page

_REGIONS = [name for name, _ in ec2._AWS_REGIONS]
_COLLECTORS = list({**tagging._COLLECTORS, **tagging._RESOURCE_TAG_COLLECTORS}.values())
# Tag key -> (status, when it was changed), for those that somebody has changed.
_statuses = AccountScopedDict()


def _check_caller():
    if management_of(get_account_id()) not in (None, get_account_id()):
        raise AwsError("AccessDeniedException", "Linked account doesn't have access to cost allocation tags.", 400)


def _keys_in_use():
    """The tag keys on the resources of all accounts that the caller pays for."""
    keys = set()
    for account in accounts_seen():
        for region in _REGIONS:
            with request_scope(account, region):
                keys.update(tag["Key"] for collect in _COLLECTORS for _, tags in collect() for tag in tags)
                keys.update(tag["Key"] for tags in ec2._tags.values() for tag in tags)
    return {key for key in keys if not key.startswith("aws:")}


def _described(key):
    status, changed = _statuses.get(key, ("Inactive", None))
    month = time.strftime("%Y-%m-01T00:00:00Z", time.gmtime())
    generated = key.startswith("aws:")
    return {"TagKey": key, "Type": "AWSGenerated" if generated else "UserDefined", "Status": status,
            **({"LastUpdatedDate": changed} if changed else {}), **({} if generated else {"LastUsedDate": month})}


def _known_keys():
    return sorted({"aws:createdBy", *_keys_in_use(), *_statuses.keys()})


@operation("ce", "ListCostAllocationTags")
def list_tags(request):
    _check_caller()
    wanted, status, kind = request.get("TagKeys"), request.get("Status"), request.get("Type")
    found = [tag for tag in map(_described, _known_keys())
             if (not wanted or tag["TagKey"] in wanted) and status in (None, tag["Status"])
             and kind in (None, tag["Type"])]
    return page(request, found, 100)


@operation("ce", "UpdateCostAllocationTagsStatus")
def update_tags(request):
    _check_caller()
    entries = request["CostAllocationTagsStatus"]
    if len({entry["TagKey"] for entry in entries}) < len(entries):
        raise invalid("Duplicate tag keys found in the request.")
    known, errors = set(_known_keys()), []
    for entry in entries:
        key, status = entry["TagKey"], entry["Status"]
        if key not in known:
            errors.append({"TagKey": key, "Code": "TagKeysNotFoundException", "Message": f"Tag keys not found: {key}"})
        elif _described(key)["Status"] != status:
            _statuses[key] = (status, now_text())
    return {"Errors": errors}
