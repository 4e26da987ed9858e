"""
Adds: Auto Scaling groups that really launch and end instances: capacity kept, zones balanced, dead and stopped members
replaced, lifecycle states passed through.
Follows: EC2 Auto Scaling User Guide, "Amazon EC2 Auto Scaling instance lifecycle", "Health checks for instances",
"Configure termination policies". A member that EC2 ends first is noticed afterwards and still goes through the
terminate hooks, as AWS does it.
Delete when: the emulator's groups own instances.
"""

import random

from ministack.services import autoscaling, ec2

from . import autoscaling_activities as activities
from . import autoscaling_hooks as hooks
from . import clock, ec2_lifecycle
from .autoscaling_choices import counts, spread, victims
from .ec2_launch import launch
from .ec2_launch_templates import resolve_template
from .wire import AwsError

# A group that wants many instances launches this many before it lets requests through again.
_BATCH = 50
_HEALTH_CHECK_SECONDS = 5 * clock.DELAY
_RETRY_SECONDS = max(1.0, 20 * clock.DELAY)
_UNSUCCESSFUL = "EC2 Instance Launch Unsuccessful"
# Instance -> name of its group, over all accounts and regions.
_membership = {}


def group_of(instance_id):
    """The group and the member record of an instance, or (None, None)."""
    group = autoscaling._asgs.get(_membership.get(instance_id, ""))
    member = next((m for m in group["Instances"] if m["InstanceId"] == instance_id), None) if group else None
    return (group, member) if member else (None, None)


def is_suspended(group, process):
    return any(p["ProcessName"] == process for p in group["SuspendedProcesses"])


def request_reconcile(group, reason):
    """Bring the group to its desired capacity, once the present request has been answered."""
    clock.after(0, _reconcile, group["AutoScalingGroupName"], group["AutoScalingGroupARN"], reason)


def _reconcile(name, arn, reason):
    group = autoscaling._asgs.get(name)
    if group is None or group["AutoScalingGroupARN"] != arn or group["Status"]:
        return
    if not is_suspended(group, "ReplaceUnhealthy"):
        for member in list(group["Instances"]):
            if member["HealthStatus"] == "Unhealthy" and counts(member):
                terminate(group, member, member["_unhealthy"])
    active = [m for m in group["Instances"] if counts(m)]
    gap = group["DesiredCapacity"] - len(active)
    if gap > 0 and not is_suspended(group, "Launch"):
        if _launch(group, min(gap, _BATCH), reason) and gap > _BATCH:
            request_reconcile(group, reason)
    elif gap < 0 and not is_suspended(group, "Terminate"):
        for member in victims(group, active, -gap):
            terminate(group, member, reason)


# --- launching ---


def launch_source(group):
    """What a group launches: (launch template specification, overridden instance type)."""
    mixed = group.get("MixedInstancesPolicy")
    if not mixed:
        return group.get("LaunchTemplate"), None
    template = mixed["LaunchTemplate"]
    override = next(iter(template.get("Overrides", [])), {})
    specification = override.get("LaunchTemplateSpecification") or template["LaunchTemplateSpecification"]
    return specification, override.get("InstanceType")


def _wants_spot(group, position):
    distribution = (group.get("MixedInstancesPolicy") or {}).get("InstancesDistribution") or {}
    base = distribution.get("OnDemandBaseCapacity", 0)
    share = distribution.get("OnDemandPercentageAboveBaseCapacity", 100)
    return position >= base and (position - base) % 100 >= share


def _launch_request(group, subnet_id, spot):
    specification, instance_type = launch_source(group)
    if specification is None:
        configuration = autoscaling._launch_configs[group["LaunchConfigurationName"]]
        request = {"ImageId": configuration["ImageId"], "InstanceType": configuration["InstanceType"],
                   "SecurityGroupIds": configuration["SecurityGroups"], "KeyName": configuration["KeyName"],
                   "SubnetId": subnet_id}
        return {name: value for name, value in request.items() if value}, None
    template, version = resolve_template(specification)
    request = {"LaunchTemplate": specification}
    if instance_type:
        request["InstanceType"] = instance_type
    if spot:
        request["InstanceMarketOptions"] = {"MarketType": "spot"}
    interfaces = version["LaunchTemplateData"].get("NetworkInterfaces")
    if interfaces:
        request["NetworkInterfaces"] = [{**interface, "SubnetId": subnet_id} for interface in interfaces]
    else:
        request["SubnetId"] = subnet_id
    return request, {"LaunchTemplateId": template["LaunchTemplateId"], "Version": str(version["VersionNumber"]),
                     "LaunchTemplateName": template["LaunchTemplateName"]}


def _launch(group, count, reason):
    """Launch instances; on failure say so and try again later. Returns whether all were launched."""
    tags = [{"Key": t["Key"], "Value": t["Value"]} for t in group["Tags"] if t["PropagateAtLaunch"]]
    tags.append({"Key": "aws:autoscaling:groupName", "Value": group["AutoScalingGroupName"]})
    position = sum(counts(m) for m in group["Instances"])
    try:
        for offset, subnet_id in enumerate(list(spread(group, count))):
            request, template = _launch_request(group, subnet_id, _wants_spot(group, position + offset))
            record = launch(request, 1, "autoscaling.amazonaws.com", tags)[0]
            join(group, record, template, reason)
    except AwsError as error:
        activity = activities.begin(group, "Launching a new EC2 instance", reason, {})
        activities.finish(activity, "Failed", f"{error.message} Launching EC2 instance failed.")
        activities.report(group, activity, _UNSUCCESSFUL, None, "EC2", "AutoScalingGroup", "Failed")
        clock.after(_RETRY_SECONDS, request_reconcile, group, reason)
        return False
    return True


def join(group, record, template, reason):
    """Make an instance a member; it goes in service when EC2 says that it runs."""
    member = {
        "InstanceId": record["InstanceId"], "InstanceType": record["InstanceType"],
        "AvailabilityZone": record["Placement"]["AvailabilityZone"], "LifecycleState": "Pending",
        "HealthStatus": "Healthy", "ProtectedFromScaleIn": group["NewInstancesProtectedFromScaleIn"],
        "LaunchTemplate": template, "LaunchConfigurationName": group.get("LaunchConfigurationName"),
        "_activity": activities.begin(
            group, f"Launching a new EC2 instance: {record['InstanceId']}", reason,
            {"Subnet ID": record["SubnetId"], "Availability Zone": record["Placement"]["AvailabilityZone"]}),
    }
    group["Instances"].append(member)
    _membership[record["InstanceId"]] = group["AutoScalingGroupName"]
    return member


def begin_service(group, member):
    """A member that runs: through the launch hooks, if there are any, into service."""
    def proceed(result):
        if result == "ABANDON":
            _abandon_launch(group, member)
        else:
            member["LifecycleState"] = "Pending:Proceed"
            clock.after(clock.DELAY, _enter_service, group, member)

    if hooks.hooks_of(group, hooks.LAUNCHING):
        member["LifecycleState"] = "Pending:Wait"
        member["_activity"]["StatusCode"] = "MidLifecycleAction"
        hooks.hold(group, member["InstanceId"], hooks.LAUNCHING, proceed)
    else:
        _enter_service(group, member)


def _enter_service(group, member):
    if not member["LifecycleState"].startswith("Pending"):
        return
    member["LifecycleState"] = "InService"
    activities.finish(member["_activity"])
    activities.report(group, member["_activity"], "EC2 Instance Launch Successful", member["InstanceId"], "EC2",
                      "AutoScalingGroup")


def _abandon_launch(group, member):
    reason = "an instance was taken out of service because its launch lifecycle action was abandoned."
    activities.finish(member["_activity"], "Cancelled", "Instance failed to complete user's Lifecycle Action")
    activities.report(group, member["_activity"], _UNSUCCESSFUL, member["InstanceId"], "EC2", "AutoScalingGroup",
                      "Cancelled")
    terminate(group, member, reason)
    request_reconcile(group, reason)


# --- ending ---


def terminate(group, member, reason, with_hooks=True):
    """End a member: through the terminate hooks, then at EC2. It leaves the group when EC2 says that it ended."""
    if member["LifecycleState"].startswith("Terminating") and with_hooks:
        return member["_activity"]
    hooks.release(member["InstanceId"])
    if not member["LifecycleState"].startswith("Terminating"):
        member["LifecycleState"] = "Terminating"
        member["_activity"] = activities.begin(
            group, f"Terminating EC2 instance: {member['InstanceId']}", reason,
            {"Subnet ID": (ec2._instances.get(member["InstanceId"]) or {}).get("SubnetId", ""),
             "Availability Zone": member["AvailabilityZone"]})

    def proceed(_result):
        member["LifecycleState"] = "Terminating:Proceed"
        clock.after(clock.DELAY, _end_at_ec2, group, member)

    if with_hooks and hooks.hooks_of(group, hooks.TERMINATING):
        member["LifecycleState"] = "Terminating:Wait"
        member["_activity"]["StatusCode"] = "MidLifecycleAction"
        hooks.hold(group, member["InstanceId"], hooks.TERMINATING, proceed)
    else:
        _end_at_ec2(group, member)
    return member["_activity"]


def _end_at_ec2(group, member):
    record = ec2._instances.get(member["InstanceId"])
    if record is None or record["State"]["Name"] == "terminated":
        _leave(group, member)
    else:
        ec2_lifecycle.terminate(record)


def _leave(group, member):
    """The instance has ended: it is no member any more."""
    if member not in group["Instances"]:
        return
    group["Instances"].remove(member)
    _membership.pop(member["InstanceId"], None)
    activities.finish(member["_activity"])
    activities.report(group, member["_activity"], "EC2 Instance Terminate Successful", member["InstanceId"],
                      "AutoScalingGroup", "EC2")
    if group["Status"] and not group["Instances"]:
        autoscaling._asgs.pop(group["AutoScalingGroupName"], None)
        hooks.drop_group(group["AutoScalingGroupName"])


def remove_member(group, member):
    """Let a member go without ending its instance."""
    hooks.release(member["InstanceId"])
    group["Instances"].remove(member)
    _membership.pop(member["InstanceId"], None)
    ec2._tags[member["InstanceId"]] = [
        t for t in ec2._tags.get(member["InstanceId"], []) if t["Key"] != "aws:autoscaling:groupName"]


def replace(group, member, reason):
    """Call a member unhealthy, so that it is taken out of service and another launched in its place."""
    member.update(HealthStatus="Unhealthy", _unhealthy=reason)
    request_reconcile(group, reason)


def check_health(instance_id):
    """Replace a member whose instance does not run."""
    group, member = group_of(instance_id)
    record = ec2._instances.get(instance_id)
    if group is None or group["Status"] or is_suspended(group, "HealthCheck") or not counts(member):
        return
    if record is None or record["State"]["Name"] not in ("pending", "running"):
        replace(group, member, "an instance was taken out of service in response to an EC2 health check indicating it "
                "has been terminated or stopped.")


def _on_state_change(record):
    group, member = group_of(record["InstanceId"])
    if group is None:
        return
    state = record["State"]["Name"]
    if state == "running" and member["LifecycleState"] == "Pending":
        begin_service(group, member)
    elif state == "terminated" and member["LifecycleState"] in ("Terminating", "Terminating:Proceed"):
        _leave(group, member)
    elif state in ("stopping", "shutting-down") and counts(member):
        # The next health check finds it, up to so much later.
        clock.after(_HEALTH_CHECK_SECONDS * random.uniform(0.5, 1), check_health, record["InstanceId"])


def install():
    ec2_lifecycle.listeners.append(_on_state_change)
