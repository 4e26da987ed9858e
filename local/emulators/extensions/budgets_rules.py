"""
Adds: what AWS Budgets checks and fills in: the account, the shape of the request, limits, planned limits and costs that
go together, one topic and ten mail addresses a notification, default cost types; DescribeBudgetNotificationsForAccount;
and authorization on the budget.
Follows: AWS Billing and Cost Management API Reference, Budget, Notification, Subscriber, CreateBudget, UpdateBudget,
CreateNotification, CreateSubscriber, DescribeBudgetNotificationsForAccount; Service Authorization Reference, "Actions,
resources, and condition keys for AWS Budget Service".
Delete when: the emulator refuses a second topic of a notification, and authorizes CreateBudget on the budget.
"""

import datetime
import re
from decimal import Decimal

from ministack.core.responses import get_account_id
from ministack.services import budgets

from .iam_resources import resource_of
from .wire import AwsError, before, operation, page


_COST_TYPES = {"IncludeTax": True, "IncludeSubscription": True, "UseBlended": False, "IncludeRefund": True,
               "IncludeCredit": True, "IncludeUpfront": True, "IncludeRecurring": True,
               "IncludeOtherSubscription": True, "IncludeSupport": True, "IncludeDiscount": True, "UseAmortized": False}
_PLANNED = {"MONTHLY": (12, 1), "QUARTERLY": (4, 3)}
_MAILS = 10
_ADDRESSES = {"EMAIL": r"[^\s@]+@[^\s@]+\.[^\s@]+", "SNS": r"arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+"}


def _invalid(message):
    return AwsError("InvalidParameterException", message)


@before("budgets")
def _check_account(request):
    if request.get("AccountId", get_account_id()) != get_account_id():
        raise AwsError("AccessDeniedException", f"Account {get_account_id()} is not authorized to access the budgets "
                       f"of account {request['AccountId']}.")


def _planned_starts(unit):
    """The starts of the periods that planned limits have to be for, in seconds since the epoch."""
    count, months = _PLANNED[unit]
    now = datetime.datetime.now(datetime.timezone.utc)
    first = now.year * 12 + (now.month - 1) // months * months
    starts = [datetime.datetime(month // 12, month % 12 + 1, 1, tzinfo=datetime.timezone.utc)
              for month in range(first, first + count * months, months)]
    return {str(int(start.timestamp())) for start in starts}


def _check_planned(budget):
    planned, unit = budget["PlannedBudgetLimits"], budget["TimeUnit"]
    if budget.get("BudgetLimit"):
        raise _invalid("PlannedBudgetLimits and BudgetLimit cannot both be specified.")
    if budget["BudgetType"] not in ("COST", "USAGE") or unit not in _PLANNED:
        raise _invalid("PlannedBudgetLimits is for cost and usage budgets with the time unit MONTHLY or QUARTERLY.")
    if set(planned) != _planned_starts(unit):
        raise _invalid(f"PlannedBudgetLimits of a {unit} budget has the next {_PLANNED[unit][0]} periods, from the "
                       "present one on; its keys are their starts, in seconds since the epoch.")


def _check_budget(budget):
    kind, period = budget["BudgetType"], budget.get("TimePeriod") or {}
    if budget.get("PlannedBudgetLimits"):
        _check_planned(budget)
    elif kind in ("COST", "USAGE") and not budget.get("BudgetLimit") and not budget.get("AutoAdjustData"):
        raise _invalid("BudgetLimit is required for cost and usage budgets.")
    if budget.get("CostTypes") and kind != "COST":
        raise _invalid(f"CostTypes is for COST budgets only, not for {kind} budgets.")
    if budget.get("FilterExpression") and budget.get("CostFilters"):
        raise _invalid("CostFilters and FilterExpression cannot both be specified.")
    if budget.get("Metrics") and budget.get("CostTypes"):
        raise _invalid("CostTypes and Metrics cannot both be specified.")
    if period.get("Start") and period.get("End") and period["Start"] >= period["End"]:
        raise _invalid("The start date of TimePeriod must come before its end date.")
    historical = (budget.get("AutoAdjustData") or {}).get("AutoAdjustType") == "HISTORICAL"
    if historical and not budget["AutoAdjustData"].get("HistoricalOptions"):
        raise _invalid("HistoricalOptions is required for the AutoAdjustType HISTORICAL.")


def _check_subscribers(subscribers):
    for subscriber in subscribers:
        kind, address = subscriber["SubscriptionType"], subscriber["Address"]
        if not re.fullmatch(_ADDRESSES[kind], address):
            raise _invalid(f"The address {address} is not valid for the subscription type {kind}.")
    pairs = [(s["SubscriptionType"], s["Address"]) for s in subscribers]
    if len(set(pairs)) < len(pairs):
        raise AwsError("DuplicateRecordException", "The notification has a subscriber twice.")
    kinds = [kind for kind, _ in pairs]
    if kinds.count("SNS") > 1 or kinds.count("EMAIL") > _MAILS:
        raise AwsError("CreationLimitExceededException", "A notification has at most one SNS subscriber and "
                       f"{_MAILS} email subscribers.")


@before("budgets", "CreateBudget")
def _check_new_budget(request):
    _check_budget(request["Budget"])
    for entry in request.get("NotificationsWithSubscribers", []):
        _check_subscribers(entry["Subscribers"])


def _subscribers_of(request):
    entry = budgets._find_notification_entry(request["BudgetName"], request["Notification"])
    return entry["subscribers"] if entry else []


@before("budgets", "CreateSubscriber")
def _check_new_subscriber(request):
    if request["Subscriber"] not in _subscribers_of(request):
        _check_subscribers([*_subscribers_of(request), request["Subscriber"]])


@before("budgets", "UpdateSubscriber")
def _check_changed_subscriber(request):
    others = [s for s in _subscribers_of(request) if s != request["OldSubscriber"]]
    if request["NewSubscriber"] not in others:
        _check_subscribers([*others, request["NewSubscriber"]])


before("budgets", "UpdateBudget")(lambda request: _check_budget(request["NewBudget"]))
before("budgets", "CreateNotification")(lambda request: _check_subscribers(request["Subscribers"]))


def _normal(spend):
    """Amounts as AWS answers them: with a decimal point."""
    amount = format(Decimal(spend["Amount"]), "f")
    return {**spend, "Amount": amount if "." in amount else f"{amount}.0"}


def _filled(standard, member):
    """Store a budget with what AWS fills in."""
    def run(payload):
        budget = dict(payload[member])
        if budget["BudgetType"] == "COST" and not budget.get("Metrics") and not budget.get("FilterExpression"):
            given = {name: value for name, value in (budget.get("CostTypes") or {}).items() if value is not None}
            budget["CostTypes"] = {**_COST_TYPES, **given}
        if budget.get("BudgetLimit"):
            budget["BudgetLimit"] = _normal(budget["BudgetLimit"])
        planned = budget.get("PlannedBudgetLimits") or {}
        if planned:
            budget["PlannedBudgetLimits"] = {start: _normal(spend) for start, spend in planned.items()}
        return standard({**payload, member: budget})
    return run


@operation("budgets", "DescribeBudgetNotificationsForAccount")
def describe_notifications_for_account(request):
    found = [{"BudgetName": name, "Notifications": [entry["notification"] for entry in entries]}
             for name, entries in budgets._notification_store.items() if entries]
    return page(request, found, 50)


@resource_of("budgets")
def _budget_arn(request, _region, account):
    budget = request.get("Budget") or request.get("NewBudget") or request
    return request.get("ResourceARN") or f"arn:aws:budgets::{account}:budget/{budget.get('BudgetName', '*')}"


def install():
    for name, member in (("CreateBudget", "Budget"), ("UpdateBudget", "NewBudget")):
        budgets._DISPATCH[name] = _filled(budgets._DISPATCH[name], member)
