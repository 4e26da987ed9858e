"""
Adds: Cost Anomaly Detection: monitors, alert subscriptions, and their tags. Nothing is detected.
Follows: AWS Billing and Cost Management API Reference, AnomalyMonitor, AnomalySubscription, CreateAnomalyMonitor,
GetAnomalyMonitors, UpdateAnomalyMonitor, DeleteAnomalyMonitor, the same for AnomalySubscription, TagResource,
UntagResource, ListTagsForResource; User Guide, "Quotas and restrictions".
Delete when: the emulator has CreateAnomalyMonitor and CreateAnomalySubscription.
"""

import math

from ministack.core.responses import AccountScopedDict, get_account_id, new_uuid

from .clock import now_text
from .cost_explorer import invalid
from .wire import AwsError, operation, page

_CUSTOM_MONITORS = 500
_TAGS = 50
_IMPACTS = {"ANOMALY_TOTAL_IMPACT_ABSOLUTE", "ANOMALY_TOTAL_IMPACT_PERCENTAGE"}
# What a monitor of an AWS managed dimension or of a customer's own has to specify.
_SPECIFIED = {"TAG": "Tags", "COST_CATEGORY": "CostCategories"}
_monitors = AccountScopedDict()
_subscriptions = AccountScopedDict()
_tags = AccountScopedDict()


def _monitor(arn):
    if arn not in _monitors:
        raise AwsError("UnknownMonitorException", f"No anomaly monitor found for the ARN {arn}.")
    return _monitors[arn]


def _subscription(arn):
    if arn not in _subscriptions:
        raise AwsError("UnknownSubscriptionException", f"No anomaly subscription found for the ARN {arn}.")
    return _subscriptions[arn]


def _check_specification(monitor):
    """A specification names one thing, and no values when AWS manages the monitor."""
    given, dimension = monitor.get("MonitorSpecification"), monitor.get("MonitorDimension")
    if monitor["MonitorType"] == "DIMENSIONAL":
        if not dimension:
            raise invalid("Dimensional monitors must have a monitor dimension.")
        wanted = _SPECIFIED.get(dimension)
        if wanted and (set(given or {}) != {wanted} or set(given[wanted]) != {"Key"}):
            raise invalid(f"A monitor of the dimension {dimension} needs a MonitorSpecification of the form "
                          f'{{"{wanted}":{{"Key":"..."}}}}.')
        if not wanted and given:
            raise invalid(f"A monitor of the dimension {dimension} takes no MonitorSpecification.")
        return
    if dimension:
        raise invalid("Custom monitors do not support a monitor dimension.")
    kinds = [kind for kind in ("Dimensions", "Tags", "CostCategories") if (given or {}).get(kind)]
    if len(kinds) != 1 or set(given) != set(kinds):
        raise invalid("Custom monitors must have a MonitorSpecification of one of Dimensions, Tags or CostCategories.")
    values = given[kinds[0]].get("Values") or []
    if kinds[0] == "Dimensions" and given["Dimensions"].get("Key") != "LINKED_ACCOUNT":
        raise invalid("Custom monitors support the dimension LINKED_ACCOUNT only.")
    most = 1 if kinds[0] == "CostCategories" else 10
    if not 1 <= len(values) <= most:
        raise invalid(f"A custom monitor of {kinds[0]} has from 1 to {most} values, not {len(values)}.")


def _check_quota(monitor):
    others = [other for other in _monitors.values() if other["MonitorType"] == monitor["MonitorType"]]
    if monitor["MonitorType"] == "CUSTOM" and len(others) >= _CUSTOM_MONITORS:
        raise invalid("Limit exceeded on custom spend monitor creation")
    if any(other.get("MonitorDimension") == monitor.get("MonitorDimension") for other in others
           if monitor["MonitorType"] == "DIMENSIONAL"):
        raise invalid("Limit exceeded on dimensional spend monitor creation")


def _checked_tags(arn, before, given):
    tags = {**before, **{tag["Key"].strip(): tag["Value"].strip() for tag in given}}
    if len({tag["Key"].strip() for tag in given}) < len(given):
        raise invalid("Duplicate tag keys found. Each tag key must be unique for the resource.")
    if any(key.lower().startswith("aws:") for key in tags):
        raise invalid("Tag keys cannot begin with aws:, which is reserved for AWS.")
    if len(tags) > _TAGS:
        raise AwsError("TooManyTagsException", f"A resource has at most {_TAGS} tags.", ResourceName=arn)
    return tags


def _new_arn(kind):
    return f"arn:aws:ce::{get_account_id()}:{kind}/{new_uuid()}"


@operation("ce", "CreateAnomalyMonitor")
def create_monitor(request):
    given = request["AnomalyMonitor"]
    _check_specification(given)
    _check_quota(given)
    arn, now = _new_arn("anomalymonitor"), now_text()
    _tags[arn] = _checked_tags(arn, {}, request.get("ResourceTags", []))
    members = ("MonitorName", "MonitorType", "MonitorDimension", "MonitorSpecification")
    _monitors[arn] = {"MonitorArn": arn, "CreationDate": now, "LastUpdatedDate": now, "DimensionalValueCount": 0,
                      **{name: given[name] for name in members if given.get(name) is not None}}
    return {"MonitorArn": arn}


@operation("ce", "GetAnomalyMonitors")
def get_monitors(request):
    wanted = request.get("MonitorArnList")
    return page(request, [_monitor(arn) for arn in wanted] if wanted else list(_monitors.values()), 100)


@operation("ce", "UpdateAnomalyMonitor")
def update_monitor(request):
    monitor = _monitor(request["MonitorArn"])
    monitor.update(LastUpdatedDate=now_text(), MonitorName=request.get("MonitorName", monitor["MonitorName"]))
    return {"MonitorArn": monitor["MonitorArn"]}


@operation("ce", "DeleteAnomalyMonitor")
def delete_monitor(request):
    arn = _monitor(request["MonitorArn"])["MonitorArn"]
    for subscription in _subscriptions.values():
        subscription["MonitorArnList"] = [other for other in subscription["MonitorArnList"] if other != arn]
    del _monitors[arn]
    _tags.pop(arn, None)


def _check_impact(dimensions):
    values = dimensions.get("Values") or []
    if dimensions.get("Key") not in _IMPACTS:
        raise invalid(f"ThresholdExpression supports the dimensions {', '.join(sorted(_IMPACTS))}, "
                      f"not {dimensions.get('Key')}.")
    if dimensions.get("MatchOptions") != ["GREATER_THAN_OR_EQUAL"]:
        raise invalid("ThresholdExpression needs the match option GREATER_THAN_OR_EQUAL.")
    try:
        amounts = [float(value) for value in values]
    except ValueError:
        amounts = [math.nan]
    if len(amounts) != 1 or not 0 <= amounts[0] <= 10_000_000_000:
        raise invalid("ThresholdExpression needs one value, a number from 0 to 10000000000 in string format, "
                      f"not {values}.")


def _check_threshold(expression):
    kinds = [name for name, value in expression.items() if value]
    if len(kinds) != 1 or kinds[0] not in ("Dimensions", "And", "Or"):
        raise invalid("ThresholdExpression is one of Dimensions, And and Or.")
    if kinds[0] == "Dimensions":
        _check_impact(expression["Dimensions"])
        return
    for inner in expression[kinds[0]]:
        _check_threshold(inner)


def _settled_threshold(given):
    """The threshold in both of its forms, of which the old one is a short way to write the other."""
    if "Threshold" in given and "ThresholdExpression" in given:
        raise invalid("Threshold and ThresholdExpression cannot both be specified")
    if "Threshold" in given:
        impact = {"Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "MatchOptions": ["GREATER_THAN_OR_EQUAL"],
                  "Values": [str(given["Threshold"])]}
        return {"Threshold": given["Threshold"], "ThresholdExpression": {"Dimensions": impact}}
    if not given.get("ThresholdExpression"):
        raise invalid("Threshold and ThresholdExpression cannot both be null")
    _check_threshold(given["ThresholdExpression"])
    return {"ThresholdExpression": given["ThresholdExpression"]}


def _check_subscription(subscription):
    if not subscription["MonitorArnList"]:
        raise invalid("MonitorArnList cannot be empty.")
    for arn in subscription["MonitorArnList"]:
        _monitor(arn)
    subscribers = subscription["Subscribers"]
    if not subscribers:
        raise invalid("Subscribers cannot be empty.")
    if len({(s.get("Type"), s.get("Address")) for s in subscribers}) < len(subscribers):
        raise invalid("Duplicate subscribers found.")
    for subscriber in subscribers:
        kind, address = subscriber.get("Type"), subscriber.get("Address") or ""
        if not kind or address.startswith("arn:") != (kind == "SNS"):
            raise invalid(f"The subscriber address {address} does not fit the subscriber type {kind}.")
        if kind == "SNS" and subscription["Frequency"] != "IMMEDIATE":
            raise invalid("Daily or weekly frequencies only support Email subscriptions.")
        if kind == "EMAIL" and subscription["Frequency"] == "IMMEDIATE":
            raise invalid("Immediate frequency only supports SNS subscriptions.")


def _with_status(subscribers):
    return [{"Status": "CONFIRMED", **subscriber} for subscriber in subscribers]


@operation("ce", "CreateAnomalySubscription")
def create_subscription(request):
    given = {name: value for name, value in request["AnomalySubscription"].items() if value is not None}
    arn = _new_arn("anomalysubscription")
    subscription = {
        "SubscriptionArn": arn, "AccountId": get_account_id(), "SubscriptionName": given["SubscriptionName"],
        "Frequency": given["Frequency"], "MonitorArnList": given["MonitorArnList"],
        "Subscribers": _with_status(given["Subscribers"]), **_settled_threshold(given),
    }
    _check_subscription(subscription)
    _tags[arn] = _checked_tags(arn, {}, request.get("ResourceTags", []))
    _subscriptions[arn] = subscription
    return {"SubscriptionArn": arn}


@operation("ce", "GetAnomalySubscriptions")
def get_subscriptions(request):
    wanted, monitor = request.get("SubscriptionArnList"), request.get("MonitorArn")
    found = [_subscription(arn) for arn in wanted] if wanted else _subscriptions.values()
    return page(request, [s for s in found if monitor in (None, *s["MonitorArnList"])], 100)


@operation("ce", "UpdateAnomalySubscription")
def update_subscription(request):
    subscription = _subscription(request["SubscriptionArn"])
    changed = {**subscription, **{name: request[name] for name in
                                  ("Frequency", "MonitorArnList", "SubscriptionName") if name in request}}
    if "Subscribers" in request:
        changed["Subscribers"] = _with_status(request["Subscribers"])
    if "Threshold" in request or "ThresholdExpression" in request:
        changed.pop("Threshold", None)
        changed.update(_settled_threshold(request))
    _check_subscription(changed)
    _subscriptions[request["SubscriptionArn"]] = changed
    return {"SubscriptionArn": request["SubscriptionArn"]}


@operation("ce", "DeleteAnomalySubscription")
def delete_subscription(request):
    arn = _subscription(request["SubscriptionArn"])["SubscriptionArn"]
    del _subscriptions[arn]
    _tags.pop(arn, None)


def _tagged(arn):
    if arn not in _tags:
        raise AwsError("ResourceNotFoundException", f"The resource {arn} does not exist.", ResourceName=arn)
    return _tags[arn]


@operation("ce", "TagResource")
def tag_resource(request):
    arn = request["ResourceArn"]
    _tags[arn] = _checked_tags(arn, _tagged(arn), request["ResourceTags"])


@operation("ce", "UntagResource")
def untag_resource(request):
    tags = _tagged(request["ResourceArn"])
    for key in request["ResourceTagKeys"]:
        tags.pop(key, None)


@operation("ce", "ListTagsForResource")
def list_tags(request):
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in _tagged(request["ResourceArn"]).items()]}
