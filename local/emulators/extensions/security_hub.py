"""
Adds: Security Hub CSPM, the service `securityhub`, which the emulator lacks: the hub of an account and region, and in it
what Inspector sends there, in the AWS Security Finding Format. There are no standards, and so no checks.
Follows: AWS Security Hub API Reference, EnableSecurityHub, DescribeHub, UpdateSecurityHubConfiguration,
DisableSecurityHub and GetFindings; User Guide, "AWS service integrations with Security Hub CSPM"; Inspector User Guide,
"Amazon Inspector integration with AWS Security Hub CSPM".
Delete when: the emulator has the service `securityhub`.
"""

import time
from datetime import datetime, timezone

from ministack import app
from ministack.core import iam_actions, router
from ministack.core.responses import get_account_id, get_region

from .iam_resources import resource_of
from .wire import AwsError, operation, page, serve

_KINDS = {"AWS_EC2_INSTANCE": "AwsEc2Instance", "AWS_ECR_CONTAINER_IMAGE": "AwsEcrContainerImage",
          "AWS_LAMBDA_FUNCTION": "AwsLambdaFunction"}
_LABELS = {"UNTRIAGED": "INFORMATIONAL"}
# By account and region: settings, and findings by id.
_hubs = {}


def _text(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _hub():
    hub = _hubs.get((get_account_id(), get_region()))
    if not hub:
        raise AwsError("InvalidAccessException", f"Account {get_account_id()} is not subscribed to AWS Security Hub")
    return hub


def take(finding):
    """What Inspector has found, for the hub of the present account and region, if that is on."""
    hub = _hubs.get((get_account_id(), get_region()))
    if not hub:
        return
    arn, region, severity = finding["findingArn"], get_region(), finding["severity"]
    hub["findings"][arn] = {
        "SchemaVersion": "2018-10-08", "Id": arn, "Region": region, "AwsAccountId": finding["awsAccountId"],
        "ProductArn": f"arn:aws:securityhub:{region}::product/aws/inspector", "ProductName": "Inspector",
        "CompanyName": "Amazon", "GeneratorId": "AWSInspector", "Title": finding.get("title", ""),
        "Description": finding.get("description", ""), "Severity": {"Label": _LABELS.get(severity, severity)},
        "CreatedAt": _text(finding["firstObservedAt"]), "UpdatedAt": _text(finding["updatedAt"]),
        "ProductFields": {"aws/inspector/FindingStatus": finding["status"], "aws/inspector/ProductVersion": "2"},
        "Resources": [{"Type": _KINDS[each["type"]], "Id": each["id"], "Region": region}
                      for each in finding["resources"]],
        "RecordState": "ARCHIVED" if finding["status"] == "CLOSED" else "ACTIVE",
    }


@operation("securityhub", "EnableSecurityHub")
def enable(request):
    key = get_account_id(), get_region()
    if key in _hubs:
        raise AwsError("ResourceConflictException", "Account is already subscribed to Security Hub")
    _hubs[key] = {"AutoEnableControls": True, "SubscribedAt": _text(time.time()), "findings": {},
                  "ControlFindingGenerator": request.get("ControlFindingGenerator", "SECURITY_CONTROL")}


@operation("securityhub", "UpdateSecurityHubConfiguration")
def update(request):
    _hub().update(request)


@operation("securityhub", "DescribeHub")
def describe(_request):
    settings = {name: value for name, value in _hub().items() if name != "findings"}
    return {"HubArn": _resource(None, get_region(), get_account_id()), **settings}


@operation("securityhub", "DisableSecurityHub")
def disable(_request):
    _hub()
    del _hubs[get_account_id(), get_region()]


@operation("securityhub", "GetFindings")
def findings(request):
    if request.get("Filters") or request.get("SortCriteria"):
        raise AwsError("InvalidInputException", "The local cloud's Security Hub does not filter or sort findings.")
    return page(request, list(_hub()["findings"].values()), 10)


async def _lacking(method, path, *_others):
    raise AwsError("UnknownOperationException", f"The local cloud's Security Hub lacks {method} {path}.")


@resource_of("securityhub")
def _resource(_request, region, account):
    return f"arn:aws:securityhub:{region}:{account}:hub/default"


def install():
    app.SERVICE_HANDLERS["securityhub"] = serve("securityhub", _lacking)
    router.SERVICE_PATTERNS["securityhub"] = {"host_patterns": [r"^securityhub\."], "credential_scope": "securityhub"}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["securityhub"] = "securityhub"
    iam_actions._BOTOCORE_SERVICE_MAP["securityhub"] = ["securityhub"]
