"""
Adds: the service Cost Explorer, `ce`, which the emulator lacks. Each of its parts is an extension of its own that
declares operations here: cost_anomalies, cost_allocation_tags, cost_reports.
Follows: AWS Billing and Cost Management API Reference, "AWS Cost Explorer Service"; Service Authorization Reference,
"Actions, resources, and condition keys for AWS Cost Explorer Service".
Delete when: the emulator has the service `ce`.
"""

from ministack import app
from ministack.core import iam_actions, router
from ministack.core.responses import get_account_id
from ministack.services import organizations

from .iam_resources import resource_of
from .organizations_common import management_of
from .wire import AwsError, serve

_TARGET = "AWSInsightsIndexService"


def invalid(message):
    return AwsError("ValidationException", message)


def accounts_seen():
    """The accounts whose costs the caller may see, with their names: its own, and, from a management account, all."""
    caller = get_account_id()
    if management_of(caller) == caller:
        return {account["Id"]: account["Name"] for account in organizations._accounts.values()}
    return {caller: caller}


async def _lacking(_method, _path, headers, _body, _query_params):
    raise AwsError("UnknownOperationException", f"The local cloud's Cost Explorer lacks {headers.get('x-amz-target')}.")


@resource_of("ce")
def _resource(request, _region, _account):
    """The monitor, subscription or tagged resource that a request names."""
    return request.get("MonitorArn") or request.get("SubscriptionArn") or request.get("ResourceArn") or "*"


def install():
    app.SERVICE_HANDLERS["ce"] = serve("ce", _lacking)
    router.SERVICE_PATTERNS["ce"] = {"target_prefixes": [_TARGET], "host_patterns": [r"^ce\."],
                                     "credential_scope": "ce"}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["ce"] = "ce"
