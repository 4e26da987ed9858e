"""
Adds: the service Cost Explorer, `ce`, which the emulator lacks. Each of its parts is an extension of its own that
declares operations here: cost_anomalies, cost_allocation_tags, cost_reports.
Follows: AWS Billing and Cost Management API Reference, "AWS Cost Explorer Service"; Service Authorization Reference,
"Actions, resources, and condition keys for AWS Cost Explorer Service".
Delete when: the emulator has the service `ce`.
"""

import json

from ministack import app
from ministack.core import iam_actions, router
from ministack.core.responses import get_account_id
from ministack.services import organizations

from .awsjson import JsonService
from .awsmodel import AwsError
from .organizations_common import management_of

_TARGET = "AWSInsightsIndexService"
SERVICE = JsonService("ce", {}, "ValidationException")


def invalid(message):
    return AwsError("ValidationException", message)


def accounts_seen():
    """The accounts whose costs the caller may see, with their names: its own, and, from a management account, all."""
    caller = get_account_id()
    if management_of(caller) == caller:
        return {account["Id"]: account["Name"] for account in organizations._accounts.values()}
    return {caller: caller}


async def handle_request(method, path, headers, body, query_params):
    name = (headers.get("x-amz-target") or "").partition(".")[2]
    operation = SERVICE.operations.get(name)
    if operation is None:
        return SERVICE.refuse(AwsError("UnknownOperationException", f"The local cloud's Cost Explorer lacks {name}; it "
                                       f"has {', '.join(sorted(SERVICE.operations))}."))
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return SERVICE.refuse(AwsError("SerializationException", "The request is no JSON document."))
    return operation(request)


def _resource(body):
    """The monitor, subscription or tagged resource that a request names."""
    for member in ("MonitorArn", "SubscriptionArn", "ResourceArn"):
        found = iam_actions._safe_json_field(body, member)
        if isinstance(found, str) and found:
            return found
    return "*"


def install():
    app.SERVICE_HANDLERS["ce"] = handle_request
    router.SERVICE_PATTERNS["ce"] = {"target_prefixes": [_TARGET], "host_patterns": [r"^ce\."],
                                     "credential_scope": "ce"}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["ce"] = "ce"
    extract = iam_actions.extract_resource_arn

    def extract_resource_arn(service, method, path, headers, body, *rest):
        return _resource(body) if service == "ce" else extract(service, method, path, headers, body, *rest)

    iam_actions.extract_resource_arn = extract_resource_arn
