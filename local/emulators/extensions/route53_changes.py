"""
Adds: the refusals of Route 53 that the emulator lacks: records outside the zone, simple and weighted records under one
name, weighted records with different TTLs, the size of a batch, and, where a story asks for it, AWS's limit of requests a second.
Follows: Route 53 API Reference, ChangeResourceRecordSets, ResourceRecordSet (TTL); Developer Guide, "Quotas" (1,000 ResourceRecord elements and
32,000 characters of values in a batch, each counted twice under UPSERT; five requests a second for an account).
Delete when: the emulator refuses them. The limit of requests is off unless AWS_PATTERNS_ROUTE53_REQUESTS_PER_SECOND.
"""

import os
import time

from ministack.core.responses import get_account_id
from ministack.services import route53

_MAX_RECORDS, _MAX_CHARACTERS = 1000, 32_000
_PER_SECOND = float(os.environ.get("AWS_PATTERNS_ROUTE53_REQUESTS_PER_SECOND", "0"))
_POLICIES = ("Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer", "CidrRoutingConfig")

# Account -> (requests left, when that was).
_budgets = {}


def _parse(body):
    root = route53._parse_body(body)
    batch = route53._find(root, "ChangeBatch") if root is not None else None
    changes = route53._find(batch, "Changes") if batch is not None else None
    if changes is None:
        return []
    found = []
    for change in route53._findall(changes, "Change"):
        element = route53._find(change, "ResourceRecordSet")
        if element is not None:
            found.append((route53._text(change, "Action"), route53._parse_record_set(element)))
    return found


def _size_problem(changes):
    factor = {"UPSERT": 2}
    records = sum(len(r.get("ResourceRecords", [])) * factor.get(action, 1) for action, r in changes)
    characters = sum(len(v) * factor.get(action, 1) for action, r in changes for v in r.get("ResourceRecords", []))
    if records > _MAX_RECORDS:
        return f"Number of records limit of {_MAX_RECORDS} exceeded."
    if characters > _MAX_CHARACTERS:
        return f"Number of characters limit of {_MAX_CHARACTERS} exceeded."
    return None


def _policy(record):
    return next((p for p in _POLICIES if p in record), None) if record.get("SetIdentifier") else None


def _ttls_differ(record, other):
    """An alias has no TTL."""
    return "AliasTarget" not in record and "AliasTarget" not in other and record.get("TTL") != other.get("TTL")


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


def _is_throttled():
    if not _PER_SECOND:
        return False
    now = time.monotonic()
    left, then = _budgets.get(get_account_id(), (_PER_SECOND, now))
    left = min(_PER_SECOND, left + (now - then) * _PER_SECOND)
    _budgets[get_account_id()] = (max(0.0, left - 1) if left >= 1 else left, now)
    return left < 1


def install():
    change, handle = route53._change_resource_record_sets, route53.handle_request

    def change_checked(zone_id, body):
        zone = route53._zones.get(zone_id)
        changes = _parse(body) if zone else []
        problem = zone and (_size_problem(changes) or _mix_problem(zone["name"], route53._records[zone_id], changes))
        return route53._error_response("InvalidChangeBatch", f"[{problem}]") if problem else change(zone_id, body)

    async def handle_limited(method, path, headers, body, query_params):
        if _is_throttled():
            return route53._error_response("Throttling", "Rate exceeded")
        return await handle(method, path, headers, body, query_params)

    route53._change_resource_record_sets = change_checked
    route53.handle_request = handle_limited
