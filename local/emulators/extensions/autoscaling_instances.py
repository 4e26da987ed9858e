"""
Adds: the calls on members of Auto Scaling groups: end, attach, detach, standby, health, protection.
Follows: EC2 Auto Scaling API Reference, TerminateInstanceInAutoScalingGroup, AttachInstances, DetachInstances,
EnterStandby, ExitStandby, SetInstanceHealth, SetInstanceProtection, DescribeAutoScalingInstances; User Guide,
"Temporarily remove instances" (standby).
Delete when: the emulator's groups own instances.
"""

from ministack.services import autoscaling, ec2

from . import autoscaling_activities as activities
from . import autoscaling_engine as engine
from . import clock
from .autoscaling_groups import find
from .ec2_common import set_tags, tags_of
from .wire import AwsError, operation, page

_NOT_FOUND = "Instance Id not found - No managed instance found for instance ID: {0}"


def _member(instance_id):
    group, member = engine.group_of(instance_id)
    if group is None:
        raise AwsError("ValidationError", _NOT_FOUND.format(instance_id))
    return group, member


def _members_of(request):
    """The group of a request and those members that it names."""
    group = find(request["AutoScalingGroupName"])
    members = []
    for instance_id in request.get("InstanceIds", []):
        member = next((m for m in group["Instances"] if m["InstanceId"] == instance_id), None)
        if member is None:
            raise AwsError("ValidationError", f"The instance {instance_id} is not part of Auto Scaling group "
                           f"{group['AutoScalingGroupName']}.")
        members.append(member)
    return group, members


def _decrement(group, count):
    if group["DesiredCapacity"] - count < group["MinSize"]:
        raise AwsError("ValidationError", "Currently, desiredSize equals minSize. Terminating instance without "
                       "replacement will violate group's min size constraint. Either set "
                       "shouldDecrementDesiredCapacity flag to false or lower group's min size.")
    group["DesiredCapacity"] -= count


@operation("autoscaling", "TerminateInstanceInAutoScalingGroup")
def terminate_instance(request):
    group, member = _member(request.get("InstanceId", ""))
    if request["ShouldDecrementDesiredCapacity"]:
        _decrement(group, 1)
    activity = engine.terminate(group, member, "an instance was taken out of service in response to a user request.")
    engine.request_reconcile(group, "an instance was started in response to a difference between desired and actual "
                             "capacity.")
    return {"Activity": activity}


@operation("autoscaling", "AttachInstances")
def attach_instances(request):
    group = find(request["AutoScalingGroupName"])
    wanted = request.get("InstanceIds", [])
    if group["DesiredCapacity"] + len(wanted) > group["MaxSize"]:
        raise AwsError("ValidationError", f"AttachInstances: attaching {len(wanted)} instances would exceed the "
                       f"maximum size {group['MaxSize']} of the group")
    for instance_id in wanted:
        record = ec2._instances.get(instance_id)
        if record is None or record["State"]["Name"] != "running":
            raise AwsError("ValidationError", f"Invalid Instance ID(s): {instance_id} is not in a running state")
        if engine.group_of(instance_id)[0]:
            raise AwsError("ValidationError", f"The instance {instance_id} is already part of an Auto Scaling group")
    for instance_id in wanted:
        record = ec2._instances[instance_id]
        member = engine.join(group, record, None, "an instance was attached in response to a user request.")
        own = [t for t in tags_of(instance_id) if t["Key"] != "aws:autoscaling:groupName"]
        set_tags(instance_id, [*own, {"Key": "aws:autoscaling:groupName", "Value": group["AutoScalingGroupName"]}])
        clock.after(clock.DELAY, engine.begin_service, group, member)
    group["DesiredCapacity"] += len(wanted)


def _leave_service(request, description, change):
    """Take members out of the count, by a change to each, and launch others unless the capacity sinks with them."""
    group, members = _members_of(request)
    if request["ShouldDecrementDesiredCapacity"]:
        _decrement(group, len(members))
    begun = []
    for member in members:
        activity = activities.begin(group, description.format(member["InstanceId"]), f"instance {member['InstanceId']} "
                                    "was moved in response to a user request.",
                                    {"Availability Zone": member["AvailabilityZone"]})
        change(group, member)
        activities.finish(activity)
        begun.append(activity)
    engine.request_reconcile(group, "an instance was started in response to a difference between desired and actual "
                             "capacity.")
    return {"Activities": begun}


@operation("autoscaling", "DetachInstances")
def detach_instances(request):
    return _leave_service(request, "Detaching EC2 instance: {0}", engine.remove_member)


@operation("autoscaling", "EnterStandby")
def enter_standby(request):
    def change(_group, member):
        if member["LifecycleState"] != "InService":
            raise AwsError("ValidationError", f"The instance {member['InstanceId']} is not in InService.")
        member["LifecycleState"] = "Standby"

    return _leave_service(request, "Moving EC2 instance to Standby: {0}", change)


@operation("autoscaling", "ExitStandby")
def exit_standby(request):
    group, members = _members_of(request)
    for member in members:
        if member["LifecycleState"] != "Standby":
            raise AwsError("ValidationError", f"The instance {member['InstanceId']} is not in Standby.")
    if group["DesiredCapacity"] + len(members) > group["MaxSize"]:
        raise AwsError("ValidationError", f"Exiting standby would exceed the maximum size {group['MaxSize']}")
    begun = []
    for member in members:
        member["LifecycleState"] = "Pending"
        member["_activity"] = activities.begin(
            group, f"Moving EC2 instance out of Standby: {member['InstanceId']}", f"instance {member['InstanceId']} "
            "was moved out of standby in response to a user request.",
            {"Availability Zone": member["AvailabilityZone"]})
        begun.append(member["_activity"])
        record = ec2._instances.get(member["InstanceId"])
        if record and record["State"]["Name"] == "running":
            clock.after(clock.DELAY, engine.begin_service, group, member)
        else:
            clock.after(clock.DELAY, engine.check_health, member["InstanceId"])
    group["DesiredCapacity"] += len(members)
    return {"Activities": begun}


@operation("autoscaling", "SetInstanceHealth")
def set_instance_health(request):
    group, member = _member(request["InstanceId"])
    if request["HealthStatus"] not in ("Healthy", "Unhealthy"):
        raise AwsError("ValidationError", f"Invalid health status: {request['HealthStatus']}")
    if request["HealthStatus"] == "Unhealthy":
        engine.replace(group, member, "an instance was taken out of service in response to a user health-check.")
    else:
        member["HealthStatus"] = "Healthy"


@operation("autoscaling", "SetInstanceProtection")
def set_instance_protection(request):
    _, members = _members_of(request)
    for member in members:
        member["ProtectedFromScaleIn"] = request["ProtectedFromScaleIn"]


@operation("autoscaling", "DescribeAutoScalingInstances")
def describe_auto_scaling_instances(request):
    wanted = request.get("InstanceIds")
    shown = ("InstanceId", "InstanceType", "AvailabilityZone", "LifecycleState", "LaunchTemplate",
             "LaunchConfigurationName", "ProtectedFromScaleIn")
    found = [
        # This call, unlike DescribeAutoScalingGroups, writes the health in capitals.
        {**{name: m[name] for name in shown}, "HealthStatus": m["HealthStatus"].upper(), "AutoScalingGroupName": name_}
        for name_, group in sorted(autoscaling._asgs.items()) for m in group["Instances"]
        if not wanted or m["InstanceId"] in wanted
    ]
    return page(request, found, 50)
