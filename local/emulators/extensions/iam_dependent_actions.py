"""
Adds: what AWS asks of a caller besides the action itself: iam:PassRole for each role that the call gives to a service,
with that service in iam:PassedToService; the service's own action for tags, where something is created with tags; and
ec2:RunInstances for an Auto Scaling group with a launch template.
Follows: IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; Service Authorization Reference,
dependent actions; EC2 Auto Scaling User Guide, "Control Amazon EC2 launch template usage in Auto Scaling groups"; for
tags, the API reference of each operation.
Delete when: the emulator checks these actions.
"""

from itertools import chain

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import AuthError
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam

from . import service_control_policies
from .ec2_launch_templates import resolve_template, template_data
from .iam_resources import present_request
from .wire import AwsError

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
    "pipes:CreatePipe": "pipes:TagResource",
    "scheduler:CreateScheduleGroup": "scheduler:TagResource",
    "ses:CreateConfigurationSet": "ses:TagResource",
    "ses:CreateEmailIdentity": "ses:TagResource",
    "sns:CreateTopic": "sns:TagResource",
    "sqs:CreateQueue": "sqs:TagQueue",
    "ssm:PutParameter": "ssm:AddTagsToResource",
}

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


def _of_group(request):
    """Creating or changing a group with a launch template takes what its launches take."""
    if "LaunchTemplate" not in request:
        return []
    template = resolve_template(request["LaunchTemplate"])[0]["LaunchTemplateId"]
    launch = ("ec2:RunInstances", f"arn:aws:ec2:{get_region()}:{get_account_id()}:launch-template/{template}", {})
    return [launch, *_launch_roles(request)]


def _roles(service, holders):
    """The roles of what holds one under one of its two names, passed to a service."""
    given = [holder.get("RoleArn") or holder.get("Role") for holder in holders]
    return [_passed(arn, f"{service}.amazonaws.com") for arn in given if arn]


_PASSING = {
    "lambda:CreateFunction": lambda request: _roles("lambda", [request]),
    "lambda:UpdateFunctionConfiguration": lambda request: _roles("lambda", [request]),
    "scheduler:CreateSchedule": lambda request: _roles("scheduler", [request.get("Target", {})]),
    "scheduler:UpdateSchedule": lambda request: _roles("scheduler", [request.get("Target", {})]),
    "pipes:CreatePipe": lambda request: _roles("pipes", [request]),
    "pipes:UpdatePipe": lambda request: _roles("pipes", [request]),
    "events:PutTargets": lambda request: _roles("events", request.get("Targets", [])),
    "iam:AddRoleToInstanceProfile": lambda request: [
        _passed(_role_arn(request.get("RoleName", "")), "ec2.amazonaws.com")],
    "ec2:RunInstances": _launch_roles,
    "autoscaling:CreateAutoScalingGroup": _of_group,
    "autoscaling:UpdateAutoScalingGroup": _of_group,
}


def _tagging(action, resource, request):
    if action.startswith("ec2:"):
        kinds = {specification.get("ResourceType", "") for specification in request.get("TagSpecifications", [])}
        return [("ec2:CreateTags", f"arn:aws:ec2:{get_region()}:{get_account_id()}:{kind}/*", {})
                for kind in sorted(kinds)]
    has_tags = bool(request.get("Tags") or request.get("tags"))
    return [(_TAGGING[action], resource, {})] if has_tags and action in _TAGGING else []


def _dependents(action, resource):
    """What else an action of the present request takes: (action, resource, condition keys)."""
    request = present_request()
    if request is None or request.operation.name != action.partition(":")[2]:
        return ()
    try:
        return tuple(chain(_PASSING.get(action, lambda _request: [])(request), _tagging(action, resource, request)))
    except AwsError:
        # The call itself will say what is wrong with it.
        return tuple(_tagging(action, resource, request))


def install():
    standard = iam_evaluator.enforce

    def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        answer = standard(access_key_id, iam_action, service, region, resource_arn, service_context)
        for action, resource, keys in _dependents(iam_action, resource_arn) if answer is None else ():
            answer = standard(access_key_id, action, action.split(":")[0], region, resource, keys)
            if answer is not None:
                if not isinstance(answer, AuthError):
                    service_control_policies.say_denial(answer, action, resource)
                break
        return answer

    iam_evaluator.enforce = enforce
