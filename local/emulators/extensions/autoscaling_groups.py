"""
Adds: the calls on Auto Scaling groups, with AWS's checks, pages and filters, on top of the engine.
Follows: EC2 Auto Scaling API Reference, CreateAutoScalingGroup, UpdateAutoScalingGroup, SetDesiredCapacity,
DeleteAutoScalingGroup (ForceDelete ends instances without lifecycle actions), DescribeAutoScalingGroups,
PutLifecycleHook, SuspendProcesses, CreateOrUpdateTags and their counterparts.
Delete when: the emulator's groups own instances.
"""

import time

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import autoscaling, ec2

from . import autoscaling_engine as engine
from . import autoscaling_hooks as hooks
from .autoscaling_choices import subnets_of
from .clock import now_text
from .ec2_common import values_match
from .ec2_launch_templates import resolve_template
from .wire import AwsError, operation, page, service_model

_KEPT_AS_GIVEN = (
    frozenset(service_model("autoscaling").shape_for("AutoScalingGroup").members) - {"Instances", "Tags", "Status"})
_PROCESSES = ("Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck",
              "InstanceRefresh", "ReplaceUnhealthy", "ScheduledActions")
_METRICS = ("GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances",
            "GroupTerminatingInstances", "GroupTotalInstances")
_DELETING = "Delete in progress"


def find(name, message="AutoScalingGroup name not found - AutoScalingGroup '{0}' not found"):
    group = autoscaling._asgs.get(name)
    if group is None:
        raise AwsError("ValidationError", message.format(name))
    return group


def _check_sizes(least, most, desired):
    if least > most:
        raise AwsError("ValidationError", f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    if not least <= desired <= most:
        raise AwsError("ValidationError", f"Desired capacity:{desired} must be between the specified min size:{least} "
                       f"and max size:{most}")


def _named(specification):
    """A launch template specification with both the id and the name, as groups show it."""
    try:
        template, _ = resolve_template(specification)
    except AwsError as error:
        message = f"You must use a valid fully-formed launch template. {error.message}"
        raise AwsError("ValidationError", message) from None
    shown = {"LaunchTemplateId": template["LaunchTemplateId"], "LaunchTemplateName": template["LaunchTemplateName"]}
    return {**shown, "Version": specification["Version"]} if "Version" in specification else shown


def _source(request):
    """What the request says the group launches, checked; {} when it says nothing."""
    cleared = {"LaunchTemplate": None, "MixedInstancesPolicy": None, "LaunchConfigurationName": None}
    given = [name for name in cleared if request.get(name)]
    if len(given) > 1:
        raise AwsError("ValidationError", f"Only one of {', '.join(given)} can be specified")
    if not given:
        return {}
    if given == ["LaunchTemplate"]:
        return {**cleared, "LaunchTemplate": _named(request["LaunchTemplate"])}
    if given == ["MixedInstancesPolicy"]:
        policy = request["MixedInstancesPolicy"]
        template = policy.get("LaunchTemplate") or {}
        named = {**template, "LaunchTemplateSpecification": _named(template.get("LaunchTemplateSpecification") or {})}
        return {**cleared, "MixedInstancesPolicy": {**policy, "LaunchTemplate": named}}
    if request["LaunchConfigurationName"] not in autoscaling._launch_configs:
        raise AwsError("ValidationError", f"Launch configuration name not found - {request['LaunchConfigurationName']}")
    return {**cleared, "LaunchConfigurationName": request["LaunchConfigurationName"]}


def set_source(group, request):
    """Change what a group launches."""
    group.update(_source(request))


def _placement(request):
    """Subnets and zones as the request gives them; {} when it says nothing."""
    subnets = subnets_of(request)
    if subnets:
        for identifier in subnets:
            if identifier not in ec2._subnets:
                raise AwsError("ValidationError", f"The subnet ID '{identifier}' does not exist")
        zones = sorted({ec2._subnets[s]["AvailabilityZone"] for s in subnets})
        return {"VPCZoneIdentifier": ",".join(subnets), "AvailabilityZones": zones}
    zones = request.get("AvailabilityZones")
    if not zones:
        return {}
    ec2._ensure_defaults_initialized()
    defaults = [s["SubnetId"] for s in ec2._subnets.values() if s["DefaultForAz"] and s["AvailabilityZone"] in zones]
    if not defaults:
        raise AwsError("ValidationError", f"No default subnet in {', '.join(zones)}; specify VPCZoneIdentifier")
    return {"VPCZoneIdentifier": ",".join(defaults), "AvailabilityZones": sorted(zones)}


def tag_of(name, tag):
    return {"ResourceId": name, "ResourceType": "auto-scaling-group", "Key": tag["Key"], "Value": tag.get("Value", ""),
            "PropagateAtLaunch": tag.get("PropagateAtLaunch", False)}


@operation("autoscaling", "CreateAutoScalingGroup")
def create_auto_scaling_group(request):
    name = request["AutoScalingGroupName"]
    if name in autoscaling._asgs:
        raise AwsError("AlreadyExists", "AutoScalingGroup by this name already exists - A group with the name "
                       f"{name} already exists" if not autoscaling._asgs[name]["Status"] else
                       f"AutoScalingGroup by this name already exists - A group with the name {name} is being deleted")
    least, most = request["MinSize"], request["MaxSize"]
    desired = request.get("DesiredCapacity", least)
    _check_sizes(least, most, desired)
    source, placement = _source(request), _placement(request)
    if not source:
        raise AwsError("ValidationError", "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, "
                       "InstanceId or MixedInstancesPolicy parameter.")
    if not placement:
        raise AwsError("ValidationError", "At least one Availability Zone or VPC Subnet is required.")
    group = {
        "DefaultCooldown": 300, "HealthCheckType": "EC2", "HealthCheckGracePeriod": 0,
        "NewInstancesProtectedFromScaleIn": False, "TerminationPolicies": ["Default"], "CapacityRebalance": False,
        "ServiceLinkedRoleARN": f"arn:aws:iam::{get_account_id()}:role/aws-service-role/autoscaling.amazonaws.com/"
                                "AWSServiceRoleForAutoScaling",
        **{key: value for key, value in request.items() if key in _KEPT_AS_GIVEN}, **source, **placement,
        "DesiredCapacity": desired, "Instances": [], "Status": None, "SuspendedProcesses": [], "EnabledMetrics": [],
        "Tags": [tag_of(name, tag) for tag in request.get("Tags", [])], "CreatedTime": time.time(),
        "AutoScalingGroupARN": f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:autoScalingGroup:{new_uuid()}:"
                               f"autoScalingGroupName/{name}",
    }
    for specification in request.get("LifecycleHookSpecificationList", []):
        hooks.make_hook(group, specification)
    autoscaling._asgs[name] = group
    engine.request_reconcile(group, f"a user request created an AutoScalingGroup changing the desired capacity from 0 "
                             f"to {desired}.")


@operation("autoscaling", "UpdateAutoScalingGroup")
def update_auto_scaling_group(request):
    group = find(request["AutoScalingGroupName"])
    least, most = request.get("MinSize", group["MinSize"]), request.get("MaxSize", group["MaxSize"])
    before = group["DesiredCapacity"]
    # A new bound moves the capacity with it, unless the request says what the capacity shall be.
    desired = request.get("DesiredCapacity", max(least, min(before, max(least, most))))
    _check_sizes(least, most, desired)
    source, placement = _source(request), _placement(request)
    group.update({key: value for key, value in request.items() if key in _KEPT_AS_GIVEN})
    group.update(**source, **placement, DesiredCapacity=desired)
    engine.request_reconcile(group, f"a user request update of AutoScalingGroup constraints to min: {least}, max: "
                             f"{most}, desired: {desired} changing the desired capacity from {before} to {desired}.")


@operation("autoscaling", "SetDesiredCapacity")
def set_desired_capacity(request):
    group = find(request["AutoScalingGroupName"])
    desired, before = request["DesiredCapacity"], group["DesiredCapacity"]
    for outside, bound, word in ((desired > group["MaxSize"], group["MaxSize"], "above max"),
                                 (desired < group["MinSize"], group["MinSize"], "below min")):
        if outside:
            raise AwsError("ValidationError", f"New SetDesiredCapacity value {desired} is {word} value {bound} for the "
                           "AutoScalingGroup.")
    group["DesiredCapacity"] = desired
    engine.request_reconcile(group, "a user request explicitly set group desired capacity changing the desired "
                             f"capacity from {before} to {desired}.")


@operation("autoscaling", "DeleteAutoScalingGroup")
def delete_auto_scaling_group(request):
    name = request["AutoScalingGroupName"]
    group = find(name)
    if not request.get("ForceDelete") and group["Instances"]:
        if any(not m["LifecycleState"] == "InService" for m in group["Instances"]):
            raise AwsError("ScalingActivityInProgress", "You cannot delete an AutoScalingGroup while there are scaling "
                           "activities in progress for that group.")
        raise AwsError("ResourceInUse", "You cannot delete an AutoScalingGroup while there are instances or pending "
                       "Spot instance request(s) still in the group.")
    autoscaling._delete_group_policies(name)
    for key, action in list(autoscaling._scheduled_actions.items()):
        if action["AutoScalingGroupName"] == name:
            autoscaling._scheduled_actions.pop(key)
    group.update(Status=_DELETING, MinSize=0, DesiredCapacity=0)
    members = list(group["Instances"])
    for member in members:
        engine.terminate(group, member, "a user request force-deleted AutoScalingGroup changing the desired capacity "
                         "to 0.", with_hooks=False)
    if not members:
        autoscaling._asgs.pop(name)
        hooks.drop_group(name)


def _passes(group, filters):
    for filter_ in filters or []:
        name, wanted = filter_.get("Name", ""), filter_.get("Values", [])
        if name == "tag-key":
            actual = [t["Key"] for t in group["Tags"]]
        elif name == "tag-value":
            actual = [t["Value"] for t in group["Tags"]]
        elif name.startswith("tag:"):
            actual = [t["Value"] for t in group["Tags"] if t["Key"] == name[4:]]
        else:
            raise AwsError("ValidationError", f"Filter type {name} is not correct. Allowed Filter types are: tag-key, "
                           "tag-value, tag:<key>")
        if not values_match(actual, wanted):
            return False
    return True


@operation("autoscaling", "DescribeAutoScalingGroups")
def describe_auto_scaling_groups(request):
    names = request.get("AutoScalingGroupNames")
    found = [g for name, g in sorted(autoscaling._asgs.items())
             if (not names or name in names) and _passes(g, request.get("Filters"))]
    return page(request, found, 50)


@operation("autoscaling", "PutLifecycleHook")
def put_lifecycle_hook(request):
    group = find(request["AutoScalingGroupName"])
    hooks.make_hook(group, request)


@operation("autoscaling", "DescribeLifecycleHooks")
def describe_lifecycle_hooks(request):
    group = find(request["AutoScalingGroupName"])
    names = request.get("LifecycleHookNames")
    return {"LifecycleHooks": [h for name, h in hooks.hooks_of(group).items() if not names or name in names]}


@operation("autoscaling", "DeleteLifecycleHook")
def delete_lifecycle_hook(request):
    group = find(request["AutoScalingGroupName"])
    hooks.delete_hook(group, request["LifecycleHookName"])


def _processes(request):
    wanted = request.get("ScalingProcesses") or list(_PROCESSES)
    for process in wanted:
        if process not in _PROCESSES:
            raise AwsError("ValidationError", f"Process type '{process}' is not one of {', '.join(_PROCESSES)}")
    return wanted


@operation("autoscaling", "SuspendProcesses")
def suspend_processes(request):
    group, wanted = find(request["AutoScalingGroupName"]), _processes(request)
    kept = [p for p in group["SuspendedProcesses"] if p["ProcessName"] not in wanted]
    since = f"User suspended at {now_text()}"
    group["SuspendedProcesses"] = [*kept, *({"ProcessName": p, "SuspensionReason": since} for p in wanted)]


@operation("autoscaling", "ResumeProcesses")
def resume_processes(request):
    group, wanted = find(request["AutoScalingGroupName"]), _processes(request)
    group["SuspendedProcesses"] = [p for p in group["SuspendedProcesses"] if p["ProcessName"] not in wanted]
    engine.request_reconcile(group, "a user request resumed the group's processes.")


@operation("autoscaling", "EnableMetricsCollection")
def enable_metrics_collection(request):
    group = find(request["AutoScalingGroupName"])
    names = request.get("Metrics") or _METRICS
    kept = [m for m in group["EnabledMetrics"] if m["Metric"] not in names]
    group["EnabledMetrics"] = [*kept, *({"Metric": name, "Granularity": request["Granularity"]} for name in names)]


@operation("autoscaling", "DisableMetricsCollection")
def disable_metrics_collection(request):
    group, names = find(request["AutoScalingGroupName"]), request.get("Metrics")
    group["EnabledMetrics"] = [m for m in group["EnabledMetrics"] if names and m["Metric"] not in names]
