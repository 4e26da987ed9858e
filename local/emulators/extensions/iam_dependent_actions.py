"""
Adds: what AWS asks of a caller besides the action itself: iam:PassRole for each role that the call gives to a service,
with that service in iam:PassedToService; the service's own action for tags, where something is created with tags; and
ec2:RunInstances for an Auto Scaling group with a launch template.
Follows: IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; Service Authorization Reference,
dependent actions; EC2 Auto Scaling User Guide, "Control Amazon EC2 launch template usage in Auto Scaling groups"; for
tags, the API reference of each operation. Tags in CBOR, which CloudWatch's clients send, are not looked at.
Delete when: the emulator checks these actions.
"""

import contextvars
import json
import re
from itertools import chain

from ministack.core import iam_actions, iam_evaluator
from ministack.core.iam_evaluator import AuthError
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam

from . import service_control_policies
from .awsmodel import AwsError, read_request
from .ec2_launch_templates import resolve_template, template_data

_TAGGING = {
    "autoscaling:CreateAutoScalingGroup": "autoscaling:CreateOrUpdateTags",
    "cloudwatch:PutMetricAlarm": "cloudwatch:TagResource",
    "dynamodb:CreateTable": "dynamodb:TagResource",
    "events:CreateEventBus": "events:TagResource",
    "events:PutRule": "events:TagResource",
    "iam:CreateInstanceProfile": "iam:TagInstanceProfile",
    "iam:CreateOpenIDConnectProvider": "iam:TagOpenIDConnectProvider",
    "iam:CreatePolicy": "iam:TagPolicy",
    "iam:CreateRole": "iam:TagRole",
    "kms:CreateKey": "kms:TagResource",
    "lambda:CreateEventSourceMapping": "lambda:TagResource",
    "lambda:CreateFunction": "lambda:TagResource",
    "logs:CreateLogGroup": "logs:TagResource",
    "organizations:CreateOrganizationalUnit": "organizations:TagResource",
    "organizations:CreatePolicy": "organizations:TagResource",
    "scheduler:CreateScheduleGroup": "scheduler:TagResource",
    "ses:CreateConfigurationSet": "ses:TagResource",
    "ses:CreateEmailIdentity": "ses:TagResource",
    "sns:CreateTopic": "sns:TagResource",
    "sqs:CreateQueue": "sqs:TagQueue",
    "ssm:PutParameter": "ssm:AddTagsToResource",
}
_QUERY_TAG = re.compile(r"(?:Tags?\.|TagSpecification\.\d+\.Tag\.)(?:member\.|entry\.)?\d+\.Key")
_QUERY_KIND = re.compile(r"TagSpecification\.\d+\.ResourceType")

# The action that the present request asks for, and what else it takes: (action, resource, condition keys).
_described = contextvars.ContextVar("aws_patterns_dependent_actions", default=("", ()))


def _passed(arn, service):
    return ("iam:PassRole", arn, {"iam:PassedToService": service})


def _role_arn(name):
    role = iam._roles.get(name)
    return role["Arn"] if role else f"arn:aws:iam::{get_account_id()}:role/{name}"


def _roles_of_profile(profile):
    """The roles that instances with a profile, known by its name or ARN, get."""
    name = profile.get("Name") or (profile.get("Arn") or "").rsplit("/", 1)[-1]
    return [_role_arn(role) for role in (iam._instance_profiles.get(name) or {}).get("Roles", [])]


def _launch_roles(request):
    data = template_data(resolve_template(request["LaunchTemplate"])[1]) if "LaunchTemplate" in request else {}
    profile = request.get("IamInstanceProfile") or data.get("IamInstanceProfile")
    return [_passed(arn, "ec2.amazonaws.com") for arn in _roles_of_profile(profile or {})]


def _of_group(name, params):
    """Creating or changing a group with a launch template takes what its launches take."""
    request = read_request("autoscaling", name, params)
    if "LaunchTemplate" not in request:
        return []
    template = resolve_template(request["LaunchTemplate"])[0]["LaunchTemplateId"]
    launch = ("ec2:RunInstances", f"arn:aws:ec2:{get_region()}:{get_account_id()}:launch-template/{template}", {})
    return [launch, *_launch_roles(request)]


def _json_roles(service, *values):
    return [_passed(value, service) for value in values if value]


_PASSING = {
    "lambda:CreateFunction": lambda body, params: _json_roles("lambda.amazonaws.com", body.get("Role")),
    "lambda:UpdateFunctionConfiguration": lambda body, params: _json_roles("lambda.amazonaws.com", body.get("Role")),
    "scheduler:CreateSchedule": lambda body, params: _json_roles(
        "scheduler.amazonaws.com", (body.get("Target") or {}).get("RoleArn")),
    "scheduler:UpdateSchedule": lambda body, params: _json_roles(
        "scheduler.amazonaws.com", (body.get("Target") or {}).get("RoleArn")),
    "events:PutTargets": lambda body, params: _json_roles(
        "events.amazonaws.com", *(target.get("RoleArn") for target in body.get("Targets") or [])),
    "iam:AddRoleToInstanceProfile": lambda body, params: [
        _passed(_role_arn(iam_actions._query_param(params, "RoleName")), "ec2.amazonaws.com")],
    "ec2:RunInstances": lambda body, params: _launch_roles(read_request("ec2", "RunInstances", params)),
    "autoscaling:CreateAutoScalingGroup": lambda body, params: _of_group("CreateAutoScalingGroup", params),
    "autoscaling:UpdateAutoScalingGroup": lambda body, params: _of_group("UpdateAutoScalingGroup", params),
}


def _json_body(body):
    try:
        document = json.loads(body) if body[:1] == b"{" else {}
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _tagging(action, resource, body, params):
    if action.startswith("ec2:"):
        kinds = {iam_actions._query_param(params, name) for name in params if _QUERY_KIND.fullmatch(name)}
        return [("ec2:CreateTags", f"arn:aws:ec2:{get_region()}:{get_account_id()}:{kind}/*", {})
                for kind in sorted(kinds)]
    has_tags = bool(body.get("Tags") or body.get("tags")) or any(_QUERY_TAG.fullmatch(name) for name in params)
    return [(_TAGGING[action], resource, {})] if has_tags and action in _TAGGING else []


def _dependents(action, resource, body, params):
    document = _json_body(body)
    try:
        passing = _PASSING.get(action, lambda *_: [])(document, params)
    except AwsError:
        # The call itself will say what is wrong with it.
        passing = []
    return tuple(chain(passing, _tagging(action, resource, document, params)))


def install():
    extract, standard = iam_actions.extract_resource_arn, iam_evaluator.enforce

    def extract_and_describe(service, method, path, headers, body, query_params, region, account_id):
        resource = extract(service, method, path, headers, body, query_params, region, account_id)
        action = iam_actions.extract_iam_action(service, method, path, headers, body, query_params)
        _described.set((action, _dependents(action or "", resource, body or b"", query_params)))
        return resource

    def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        answer = standard(access_key_id, iam_action, service, region, resource_arn, service_context)
        described, dependents = _described.get()
        if answer is not None or described != iam_action:
            return answer
        for action, resource, keys in dependents:
            answer = standard(access_key_id, action, action.split(":")[0], region, resource, keys)
            if answer is not None:
                if not isinstance(answer, AuthError):
                    service_control_policies.say_denial(answer, action, resource)
                return answer
        return None

    iam_actions.extract_resource_arn = extract_and_describe
    iam_evaluator.enforce = enforce
