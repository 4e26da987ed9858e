"""
Adds: findings of Amazon Inspector that a test says there are, in place of the emulator's 58 invented ones; filters that
suppress them; their events, and what Security Hub gets, in the account and in that of its delegated administrator.
Follows: Amazon Inspector API Reference, ListFindings, FilterCriteria, CreateFilter, UpdateFilter, ListFilters,
DeleteFilter; User Guide, "Amazon EventBridge event schema for Amazon Inspector events" and "Suppressing findings". Of
the criteria, those below; others are refused.
Delete when: the emulator takes findings, matches all criteria and sends events.
"""

import time
from datetime import datetime, timezone

from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope

from . import eventbus, security_hub
from .inspector_accounts import administrator_of, enabled, invalid
from .wire import AwsError, operation, page

# The type of scan that finds something in a resource.
_SCANS = {"AWS_EC2_INSTANCE": "EC2", "AWS_ECR_CONTAINER_IMAGE": "ECR", "AWS_LAMBDA_FUNCTION": "LAMBDA"}
_TIMES = ("firstObservedAt", "lastObservedAt", "updatedAt")
# By account and region; findings and filters then by ARN.
_findings, _filters = {}, {}


class BadFinding(Exception):
    pass


def _details(finding, kind):
    return [resource.get("details", {}).get(kind, {}) for resource in finding["resources"]]


def _packages(finding):
    return finding.get("packageVulnerabilityDetails", {}).get("vulnerablePackages", [])


# What a criterion looks at.
_CRITERIA = {
    "findingArn": lambda it: [it["findingArn"]],
    "awsAccountId": lambda it: [it["awsAccountId"]],
    "findingStatus": lambda it: [it["status"]],
    "findingType": lambda it: [it["type"]],
    "severity": lambda it: [it["severity"]],
    "title": lambda it: [it.get("title", "")],
    "resourceId": lambda it: [resource["id"] for resource in it["resources"]],
    "resourceType": lambda it: [resource["type"] for resource in it["resources"]],
    "vulnerabilityId": lambda it: [it.get("packageVulnerabilityDetails", {}).get("vulnerabilityId")],
    "lambdaFunctionName": lambda it: [each.get("functionName") for each in _details(it, "awsLambdaFunction")],
    "ecrImageRepositoryName": lambda it: [each.get("repositoryName") for each in _details(it, "awsEcrContainerImage")],
}


def _fits(values, wanted):
    fits = {"EQUALS": lambda value: value == wanted["value"], "NOT_EQUALS": lambda value: value != wanted["value"],
            "PREFIX": lambda value: (value or "").startswith(wanted["value"])}[wanted["comparison"]]
    return (all if wanted["comparison"] == "NOT_EQUALS" else any)(fits(value) for value in values)


def _fits_package(finding, wanted):
    return any(all(_fits([package.get(name)], text) for name, text in wanted.items()) for package in _packages(finding))


def _matches(finding, criteria):
    """Every criterion is met, by one of its conditions; conditions that exclude something all count."""
    for name, conditions in criteria.items():
        if name == "vulnerablePackages":
            if not any(_fits_package(finding, wanted) for wanted in conditions):
                return False
            continue
        values = _CRITERIA[name](finding)
        excluding = [wanted for wanted in conditions if wanted["comparison"] == "NOT_EQUALS"]
        including = [wanted for wanted in conditions if wanted not in excluding]
        if not all(_fits(values, wanted) for wanted in excluding):
            return False
        if including and not any(_fits(values, wanted) for wanted in including):
            return False
    return True


def _checked(criteria):
    unknown = set(criteria) - set(_CRITERIA) - {"vulnerablePackages"}
    if unknown:
        raise invalid(f"The local cloud does not know the criteria {', '.join(sorted(unknown))}.")
    return criteria


def _here(kept):
    return kept.setdefault((get_account_id(), get_region()), {})


def _text(seconds):
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return f"{moment:%a %b %d %H:%M:%S}.{moment.microsecond // 1000:03d} UTC {moment:%Y}"


def _emit(finding):
    detail = {**finding, **{name: _text(finding[name]) for name in _TIMES}}
    resources = [resource["id"] for resource in finding["resources"]]
    own = get_account_id()
    for account in filter(None, (own, administrator_of(own))):
        with request_scope(account, get_region()):
            eventbus.emit("aws.inspector2", "Inspector2 Finding", resources, detail)
            security_hub.take(_findings[own, get_region()][finding["findingArn"]])


def _is_suppressed(finding):
    filters = [each for owner in filter(None, (get_account_id(), administrator_of(get_account_id())))
               for each in _filters.get((owner, get_region()), {}).values()]
    return any(each["action"] == "SUPPRESS" and _matches(finding, each["criteria"]) for each in filters)


def _with_status(finding):
    if finding["status"] == "CLOSED":
        return finding
    return {**finding, "status": "SUPPRESSED" if _is_suppressed(finding) else "ACTIVE"}


def _apply_filters():
    """Filters hold for findings that are there already."""
    for arn, finding in _here(_findings).items():
        changed = _with_status(finding)
        if changed["status"] != finding["status"]:
            _findings[get_account_id(), get_region()][arn] = {**changed, "updatedAt": time.time()}
            _emit(_here(_findings)[arn])


def _seconds(value):
    return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() if isinstance(value, str) else value


def find(document):
    """Inspector finds something, or sees that it has changed, and says so; the newest of a finding is kept."""
    account, region = document.get("account"), document.get("region", "us-east-1")
    with request_scope(account, region):
        statuses = []
        for given in document["findings"]:
            finding = {**given, "awsAccountId": account, **{name: _seconds(given[name]) for name in _TIMES}}
            scan = _SCANS.get(finding["resources"][0]["type"])
            if scan not in enabled(account):
                raise BadFinding(f"{scan} is not scanned in {account}, {region}: Enable turns it on")
            finding = _with_status(finding)
            known = _here(_findings).get(finding["findingArn"])
            if known is None or known["updatedAt"] <= finding["updatedAt"]:
                _here(_findings)[finding["findingArn"]] = finding
            _emit(finding)
            statuses.append(finding["status"])
        return {"statuses": statuses}


@operation("inspector2", "ListFindings")
def list_findings(request):
    if request.get("sortCriteria"):
        raise invalid("The local cloud does not sort findings.")
    criteria = _checked(request.get("filterCriteria") or {})
    return page(request, [finding for finding in _here(_findings).values() if _matches(finding, criteria)], 100)


def _filter(arn):
    if arn not in _here(_filters):
        raise AwsError("ResourceNotFoundException", f"There is no filter {arn}.")
    return _here(_filters)[arn]


@operation("inspector2", "CreateFilter")
def create_filter(request):
    if any(other["name"] == request["name"] for other in _here(_filters).values()):
        raise invalid(f"A filter with the name {request['name']} exists already.")
    account, now = get_account_id(), time.time()
    arn = f"arn:aws:inspector2:{get_region()}:{account}:owner/{account}/filter/{new_uuid()[:16].replace('-', '')}"
    kept = {name: request[name] for name in ("name", "action", "description", "reason", "tags") if name in request}
    _here(_filters)[arn] = {"arn": arn, "ownerId": account, "createdAt": now, "updatedAt": now, **kept,
                            "criteria": _checked(request["filterCriteria"])}
    _apply_filters()
    return {"arn": arn}


@operation("inspector2", "UpdateFilter")
def update_filter(request):
    kept = _filter(request["filterArn"])
    kept.update({name: request[name] for name in ("name", "action", "description", "reason") if name in request},
                updatedAt=time.time(), criteria=_checked(request.get("filterCriteria") or kept["criteria"]))
    _apply_filters()
    return {"arn": kept["arn"]}


@operation("inspector2", "ListFilters")
def list_filters(request):
    arns, action = request.get("arns"), request.get("action")
    return page(request, [each for arn, each in _here(_filters).items()
                          if (not arns or arn in arns) and action in (None, each["action"])], 100)


@operation("inspector2", "DeleteFilter")
def delete_filter(request):
    arn = _filter(request["arn"])["arn"]
    del _here(_filters)[arn]
    _apply_filters()
    return {"arn": arn}


@operation("inspector2", "TagResource")
def tag(request):
    kept = _filter(request["resourceArn"])
    kept["tags"] = {**kept.get("tags", {}), **request["tags"]}
    return {}


@operation("inspector2", "UntagResource")
def untag(request):
    kept = _filter(request["resourceArn"])
    kept["tags"] = {key: value for key, value in kept.get("tags", {}).items() if key not in request["tagKeys"]}
    return {}


@operation("inspector2", "ListTagsForResource")
def list_tags(request):
    return {"tags": _filter(request["resourceArn"]).get("tags", {})}
