"""
Adds: GetCostAndUsage over the rows that were loaded (see cost_data): periods, groups, filters, metrics, pages, and
AWS's errors. A member account sees its own costs, the management account those of all.
Follows: AWS Billing and Cost Management API Reference, GetCostAndUsage, Expression, GroupDefinition, ResultByTime;
User Guide, "Quotas and restrictions" (14 months of days, 38 months of months).
Delete when: the emulator has GetCostAndUsage with costs that a test can set.
"""

import base64
import calendar
import datetime
import hashlib
import json
from decimal import Decimal

from ministack.core.responses import get_account_id

from .cost_data import COSTS, FAULTS, METRICS, next_fault
from .cost_explorer import accounts_seen, invalid
from .wire import AwsError, operation

_DIMENSIONS = {"LINKED_ACCOUNT": lambda row: row.account, "SERVICE": lambda row: row.service,
               "RECORD_TYPE": lambda row: row.record_type}
_CASE_OPTIONS = {"EQUALS", "CASE_SENSITIVE"}


def _months_before(day, months):
    month = day.year * 12 + day.month - 1 - months
    return datetime.date(month // 12, month % 12 + 1, min(day.day, calendar.monthrange(month // 12, month % 12 + 1)[1]))


def _next_month(day):
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def _date(text, name):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise invalid(f"Invalid {name} date {text}: the format of dates is yyyy-MM-dd for this granularity.") from None


def _interval(request):
    """Start and end of the report, checked against what Cost Explorer keeps."""
    start, end = (_date(request["TimePeriod"][name], name) for name in ("Start", "End"))
    today, monthly = datetime.datetime.now(datetime.timezone.utc).date(), request["Granularity"] == "MONTHLY"
    if start >= end:
        raise invalid("Start date (and hour) should be before end date (and hour)")
    if end > _next_month(today):
        raise invalid("end date past the beginning of next month")
    if start > today:
        raise invalid("start date past today")
    if start < _months_before(today, 38).replace(day=1):
        raise AwsError("BillExpirationException", FAULTS["BillExpirationException"])
    if start < _months_before(today, 14) and not monthly:
        raise invalid("Data beyond the past 14 months is available with MONTHLY granularity only.")
    if start < _months_before(today, 14) and start.day != 1:
        raise invalid("To retrieve data beyond the past 14 months, your start date needs to be the first day of the "
                      "month.")
    return start, end


def _periods(start, end, monthly):
    while start < end:
        after = min(_next_month(start), end) if monthly else start + datetime.timedelta(days=1)
        yield start, after
        start = after


def _operand(expression, name):
    """A predicate over rows for one simple expression."""
    given = expression[name]
    key, values, options = given.get("Key"), given.get("Values") or [], set(given.get("MatchOptions") or [])
    if name == "Tags":
        absent = options == {"ABSENT"} or not values
        if not absent and not options <= _CASE_OPTIONS:
            raise invalid(f"Match options {', '.join(sorted(options))} are not supported for Tags.")
        return lambda row: (key not in row.tags) if absent else row.tags.get(key) in values
    if not options <= _CASE_OPTIONS:
        raise invalid(f"Match options {', '.join(sorted(options))} are not supported for Dimensions.")
    if name == "CostCategories" or key not in _DIMENSIONS:
        raise invalid(f"The local cloud's costs cannot be filtered by {key or name}, only by the dimensions "
                      f"{', '.join(sorted(_DIMENSIONS))} and by Tags.")
    if not values:
        raise invalid(f"Values of the dimension {key} cannot be empty.")
    return lambda row: _DIMENSIONS[key](row) in values


def _predicate(expression):
    kinds = [name for name, value in expression.items() if value is not None]
    if len(kinds) != 1:
        raise invalid("Expression must have exactly one root operator: one of And, Or, Not, Dimensions, Tags and "
                      f"CostCategories. It has {', '.join(kinds) or 'none'}.")
    kind = kinds[0]
    if kind == "Not":
        inner = _predicate(expression["Not"])
        return lambda row: not inner(row)
    if kind in ("And", "Or"):
        operands = [_predicate(operand) for operand in expression[kind]]
        if len(operands) < 2:
            raise invalid(f"{kind} expression must have at least 2 operands.")
        combine = all if kind == "And" else any
        return lambda row: combine(operand(row) for operand in operands)
    return _operand(expression, kind)


def _grouping(group):
    """A function from a row to its key in one grouping."""
    kind, key = group.get("Type"), group.get("Key")
    if kind == "TAG":
        return lambda row: f"{key}${row.tags.get(key, '')}"
    if kind != "DIMENSION" or key not in _DIMENSIONS:
        raise invalid(f"The local cloud's costs cannot be grouped by {kind} {key}, only by DIMENSION "
                      f"{', '.join(sorted(_DIMENSIONS))} and by TAG.")
    return _DIMENSIONS[key]


def _sum(rows, metrics):
    def unit(metric):
        return "N/A" if "Usage" in metric else "USD"
    sums = {metric: sum((row.amounts[metric] for row in rows), Decimal(0)) for metric in metrics}
    return {metric: {"Amount": format(amount, "f"), "Unit": unit(metric)} for metric, amount in sums.items()}


def _items(rows, request, start, end):
    """All results, one an item: a period without groups, or one group of a period."""
    groupings = [_grouping(group) for group in request.get("GroupBy", [])]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    for first, after in _periods(start, end, request["Granularity"] == "MONTHLY"):
        inside = [row for row in rows if first <= row.day < after]
        period = {"TimePeriod": {"Start": first.isoformat(), "End": after.isoformat()},
                  "Estimated": any(row.estimated for row in inside) or after > today}
        groups = {}
        for row in inside if groupings else []:
            groups.setdefault(tuple(grouping(row) for grouping in groupings), []).append(row)
        if not groups:
            yield period, None, _sum(inside, request["Metrics"])
        for keys in sorted(groups):
            yield period, list(keys), _sum(groups[keys], request["Metrics"])


def _results(items):
    """One page of items as ResultsByTime; a period whose groups do not fit goes on in the next page."""
    results = []
    for period, keys, metrics in items:
        if not results or results[-1]["TimePeriod"] != period["TimePeriod"]:
            results.append({**period, "Total": metrics if keys is None else {}, "Groups": []})
        if keys is not None:
            results[-1]["Groups"].append({"Keys": keys, "Metrics": metrics})
    return results


def _fingerprint(request):
    same = {name: value for name, value in request.items() if name != "NextPageToken"}
    return hashlib.sha256(json.dumps([get_account_id(), same], sort_keys=True).encode()).hexdigest()[:32]


def _offset(request):
    token = request.get("NextPageToken")
    if not token:
        return 0
    try:
        fingerprint, _, offset = base64.b64decode(token, validate=True).decode().partition(":")
        start = int(offset)
    except ValueError:
        raise AwsError("InvalidNextTokenException", "The pagination token is invalid. Try again without a pagination "
                       "token.") from None
    if fingerprint != _fingerprint(request):
        raise AwsError("RequestChangedException", "Your request parameters changed between pages. Try again with the "
                       "old parameters or without a pagination token.")
    return start


def _attributes(items, request, names):
    """The names of the accounts that a page groups by."""
    positions = [n for n, group in enumerate(request.get("GroupBy", [])) if group.get("Key") == "LINKED_ACCOUNT"]
    accounts = {keys[position] for _, keys, _ in items if keys for position in positions}
    return [{"Value": account, "Attributes": {"description": COSTS.names.get(account, names.get(account, account))}}
            for account in sorted(accounts)]


def _check(request):
    if request["Granularity"] == "HOURLY":
        raise invalid("Hourly granularity is an opt-in of Cost Explorer, which this account has not chosen.")
    if len(request.get("GroupBy", [])) > 2:
        raise invalid("Group Definition can have at most 2 groups")
    if not request["Metrics"]:
        raise invalid("Metrics cannot be empty")
    for metric in request["Metrics"]:
        if metric not in METRICS:
            raise invalid(f"Metric {metric} is invalid. Valid values are {', '.join(METRICS)}.")


@operation("ce", "GetCostAndUsage")
def get_cost_and_usage(request):
    fault = next_fault(get_account_id())
    if fault:
        raise AwsError(fault, FAULTS[fault])
    _check(request)
    start, end = _interval(request)
    offset, names = _offset(request), accounts_seen()
    if not any(row.account in names for row in COSTS.rows):
        raise AwsError("DataUnavailableException", FAULTS["DataUnavailableException"])
    matches = _predicate(request["Filter"]) if "Filter" in request else lambda row: True
    rows = [row for row in COSTS.rows if row.account in names and matches(row)]
    items = list(_items(rows, request, start, end))
    shown, last = items[offset:offset + COSTS.page_size], offset + COSTS.page_size
    token = base64.b64encode(f"{_fingerprint(request)}:{last}".encode()).decode() if last < len(items) else None
    return {"ResultsByTime": _results(shown), "GroupDefinitions": request.get("GroupBy"),
            "DimensionValueAttributes": _attributes(shown, request, names), "NextPageToken": token}
