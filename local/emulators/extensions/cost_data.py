"""
The costs that Cost Explorer reports: daily rows that a story or a test loads, as a bill of real accounts cannot be made
here, and the faults that it asks for. Amounts are decimal text or numbers, in US dollars.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

METRICS = {"UnblendedCost": "unblended", "BlendedCost": "blended", "AmortizedCost": "amortized",
           "NetUnblendedCost": "netUnblended", "NetAmortizedCost": "netAmortized", "UsageQuantity": "usage",
           "NormalizedUsageAmount": "normalizedUsage"}
_QUANTITIES = ("usage", "normalizedUsage")
RECORD_TYPES = ("Usage", "Credit", "Refund", "Tax", "Support", "Recurring", "Upfront", "DiscountedUsage",
                "SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee", "BundledDiscount",
                "Enterprise Discount Program Discount", "Other out-of-cycle charges")
FAULTS = {
    "LimitExceededException": "Rate exceeded",
    "DataUnavailableException": "Data is not available. Please try to adjust the time period. If just enabled Cost "
                                "Explorer, data might not be ingested yet",
    "BillExpirationException": "The requested report expired. Update the date interval and try again.",
    "ThrottlingException": "Rate exceeded",
}
_FIELDS = {"account", "service", "day", "recordType", "estimated", "tags", *METRICS.values()}


class BadCosts(Exception):
    """What is wrong with the costs that somebody loads."""


@dataclass
class Row:
    account: str
    service: str
    day: datetime.date
    amounts: dict
    record_type: str
    estimated: bool
    tags: dict


@dataclass
class Costs:
    """All that was loaded; one store for the whole local cloud, as accounts see their own rows only."""
    rows: list = field(default_factory=list)
    names: dict = field(default_factory=dict)
    page_size: int = 1000
    faults: list = field(default_factory=list)


COSTS = Costs()


def _amount(row, name, default, where):
    value = row.get(name, default)
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        return Decimal(str(value))
    except InvalidOperation:
        raise BadCosts(f"{where}.{name} is {value!r}, which is no amount") from None


def _row(row, where):
    if not isinstance(row, dict):
        raise BadCosts(f"{where} is {row!r}; it is an object")
    unknown = sorted(set(row) - _FIELDS)
    if unknown:
        raise BadCosts(f"{where} has {', '.join(unknown)}; a row has {', '.join(sorted(_FIELDS))}")
    for name in ("account", "service", "day", "unblended"):
        if name not in row:
            raise BadCosts(f"{where} lacks {name}")
    account = str(row["account"])
    if not (account.isdigit() and len(account) == 12):
        raise BadCosts(f"{where}.account is {account!r}; it has 12 digits")
    try:
        day = datetime.date.fromisoformat(row["day"])
    except (TypeError, ValueError):
        raise BadCosts(f"{where}.day is {row['day']!r}; it looks like 2026-07-31") from None
    record_type = row.get("recordType", "Usage")
    if record_type not in RECORD_TYPES:
        raise BadCosts(f"{where}.recordType is {record_type!r}; it is one of {', '.join(RECORD_TYPES)}")
    unblended = _amount(row, "unblended", 0, where)
    amounts = {metric: _amount(row, name, 0 if name in _QUANTITIES else unblended, where)
               for metric, name in METRICS.items()}
    return Row(account, str(row["service"]), day, amounts, record_type, bool(row.get("estimated", False)),
               dict(row.get("tags", {})))


def load(document):
    """Add costs; nothing of them when anything in them is wrong."""
    if not isinstance(document, dict) or set(document) - {"rows", "names", "pageSize"}:
        raise BadCosts("costs are an object with rows, names (of accounts, by their ids) and pageSize")
    rows = [_row(row, f"rows[{number}]") for number, row in enumerate(document.get("rows", []))]
    size = document.get("pageSize", COSTS.page_size)
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise BadCosts(f"pageSize is {size!r}; it is a whole number of at least 1")
    names = document.get("names", {})
    if not isinstance(names, dict):
        raise BadCosts("names is an object of names by account ids")
    COSTS.rows.extend(rows)
    COSTS.names.update(names)
    COSTS.page_size = size
    return {"rows": len(COSTS.rows)}


def clear():
    COSTS.__dict__.update(Costs().__dict__)
    return {"rows": 0}


def fail(error, count, account=None):
    """Let the next calls of an account, or of any, fail."""
    if error not in FAULTS:
        raise BadCosts(f"error is {error!r}; it is one of {', '.join(FAULTS)}")
    COSTS.faults.append({"error": error, "left": count, "account": account})
    return {"error": error, "count": count}


def next_fault(account):
    """The code of the fault that a call of an account meets, or None."""
    for fault in COSTS.faults:
        if fault["left"] > 0 and fault["account"] in (None, account):
            fault["left"] -= 1
            return fault["error"]
    return None
