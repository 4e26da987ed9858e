"""
Adds: the refusals of Route 53 that the emulator lacks: records outside the zone, simple and weighted records under one
name, weighted records with different TTLs, the size of a batch, and, where a story asks for it, AWS's limit of requests
a second.
Follows: Route 53 API Reference, ChangeResourceRecordSets, ResourceRecordSet (TTL); Developer Guide, "Quotas" (1,000
ResourceRecord elements and 32,000 characters of values in a batch, each counted twice under UPSERT; five requests a
second for an account).
Delete when: the emulator refuses them. The limit of requests is off unless AWS_PATTERNS_ROUTE53_REQUESTS_PER_SECOND.
"""

import os
import time

from ministack.core.responses import get_account_id
from ministack.services import route53

from .wire import AwsError, before

_MAX_RECORDS, _MAX_CHARACTERS = 1000, 32_000
_PER_SECOND = float(os.environ.get("AWS_PATTERNS_ROUTE53_REQUESTS_PER_SECOND", "0"))
_POLICIES = ("Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer", "CidrRoutingConfig")

# Account -> (requests left, when that was).
_budgets = {}


def _change(given):
    """The action and the records of a change, in the form that the emulator stores."""
    records = given["ResourceRecordSet"]
    return given["Action"], {**records, "Name": route53._normalise_name(records["Name"]),
                             "ResourceRecords": [record["Value"] for record in records.get("ResourceRecords", [])]}


def _size_problem(changes):
    factor = {"UPSERT": 2}
    records = sum(len(r["ResourceRecords"]) * factor.get(action, 1) for action, r in changes)
    characters = sum(len(v) * factor.get(action, 1) for action, r in changes for v in r["ResourceRecords"])
    if records > _MAX_RECORDS:
        return f"Number of records limit of {_MAX_RECORDS} exceeded."
    if characters > _MAX_CHARACTERS:
        return f"Number of characters limit of {_MAX_CHARACTERS} exceeded."
    return None


def _policy(record):
    return next((p for p in _POLICIES if p in record), None) if record.get("SetIdentifier") else None


def _ttls_differ(record, other):
    """An alias has no TTL. The emulator keeps them as text."""
    aliases = "AliasTarget" in record or "AliasTarget" in other
    return not aliases and str(record.get("TTL")) != str(other.get("TTL"))


def _mix_problem(zone_name, current, changes):
    """Why the records that would be there after the changes cannot live beside each other, or None."""
    after = {route53._rs_key(r): r for r in current}
    for action, record in changes:
        if record["Name"] != zone_name and not record["Name"].endswith(f".{zone_name}"):
            return f"RRSet with DNS name {record['Name']} is not permitted in zone {zone_name}"
        if action == "DELETE":
            after.pop(route53._rs_key(record), None)
        else:
            after[route53._rs_key(record)] = record
    by_name = {}
    for record in after.values():
        by_name.setdefault(record["Name"], []).append(record)
    for action, record in changes:
        for other in by_name.get(record["Name"], []) if action != "DELETE" else []:
            if other["Type"] == record["Type"] and _policy(other) != _policy(record):
                return (f"RRSet with DNS name {record['Name']}, type {record['Type']}, SetIdentifier "
                        f"{record.get('SetIdentifier')} cannot be created because other RRSets exist with the same "
                        "name and type, but with a different routing policy.")
            if other["Type"] == record["Type"] and "Weight" in record and _ttls_differ(record, other):
                return (f"RRSet with DNS name {record['Name']}, type {record['Type']}, SetIdentifier "
                        f"{record.get('SetIdentifier')} cannot be created as weighted sets must contain the same TTL.")
            if "CNAME" in (other["Type"], record["Type"]) and other["Type"] != record["Type"]:
                return (f"RRSet of type {record['Type']} with DNS name {record['Name']} is not permitted because a "
                        f"conflicting RRSet of type {other['Type']} with the same DNS name already exists.")
    return None


@before("route53")
def _throttle(_request):
    if not _PER_SECOND:
        return
    now = time.monotonic()
    left, then = _budgets.get(get_account_id(), (_PER_SECOND, now))
    left = min(_PER_SECOND, left + (now - then) * _PER_SECOND)
    _budgets[get_account_id()] = (max(0.0, left - 1) if left >= 1 else left, now)
    if left < 1:
        raise AwsError("Throttling", "Rate exceeded")


@before("route53", "ChangeResourceRecordSets")
def _check_changes(request):
    zone = route53._zones.get(request["HostedZoneId"])
    changes = [_change(given) for given in request["ChangeBatch"]["Changes"]]
    problem = zone and (_size_problem(changes) or
                        _mix_problem(zone["name"], route53._records[request["HostedZoneId"]], changes))
    if problem:
        raise AwsError("InvalidChangeBatch", f"[{problem}]")
