"""
Adds: instance refreshes that replace instances, a few at a time.
Follows: EC2 Auto Scaling User Guide, "How an instance refresh works" (at least MinHealthyPercentage stay in service,
one at a time where that leaves none) and "Instance refresh example events"; API Reference, StartInstanceRefresh,
DescribeInstanceRefreshes, CancelInstanceRefresh. Checkpoints, automatic rollback and warm-up times are not modelled; a
request for the first two is refused.
Delete when: the emulator's refreshes replace instances.
"""

import time

from ministack.core.responses import AccountRegionScopedDict, new_uuid

from . import autoscaling_engine as engine
from . import clock
from .autoscaling_choices import counts
from .autoscaling_groups import find, set_source
from .ec2_launch_templates import resolve_template
from .eventbus import emit
from .wire import AwsError, operation, page

_ACTIVE = ("Pending", "InProgress", "Cancelling")
_REASON = "an instance was taken out of service in response to an instance refresh."
# Group name -> refreshes, newest first.
_refreshes = AccountRegionScopedDict()


def _active(group):
    return next((r for r in _refreshes.get(group["AutoScalingGroupName"], []) if r["Status"] in _ACTIVE), None)


def _announce(group, refresh, what):
    emit("aws.autoscaling", f"EC2 Auto Scaling Instance Refresh {what}", [group["AutoScalingGroupARN"]], {
        "InstanceRefreshId": refresh["InstanceRefreshId"], "AutoScalingGroupName": group["AutoScalingGroupName"]})


def _is_current(group, member):
    """Whether a member was launched from what the group launches now."""
    specification, instance_type = engine.launch_source(group)
    if specification is None or member["LaunchTemplate"] is None:
        return False
    template, version = resolve_template(specification)
    return (member["LaunchTemplate"]["LaunchTemplateId"] == template["LaunchTemplateId"]
            and member["LaunchTemplate"]["Version"] == str(version["VersionNumber"])
            and instance_type in (None, member["InstanceType"]))


@operation("autoscaling", "StartInstanceRefresh")
def start_instance_refresh(request):
    group = find(request["AutoScalingGroupName"])
    if _active(group):
        raise AwsError("InstanceRefreshInProgress", "An Instance Refresh is already in progress and blocks the "
                       "execution of this Instance Refresh.")
    preferences = request.get("Preferences") or {}
    for preference in ("AutoRollback", "CheckpointPercentages"):
        if preferences.get(preference):
            raise AwsError("ValidationError", f"The local cloud's instance refreshes have no {preference}.")
    if request.get("DesiredConfiguration"):
        set_source(group, request["DesiredConfiguration"])
    waiting = [m["InstanceId"] for m in group["Instances"] if counts(m)
               and not (preferences.get("SkipMatching") and _is_current(group, m))]
    refresh = {
        "InstanceRefreshId": new_uuid(), "AutoScalingGroupName": group["AutoScalingGroupName"], "Status": "Pending",
        "StartTime": time.time(), "PercentageComplete": 0, "InstancesToUpdate": len(waiting),
        "Preferences": {"MinHealthyPercentage": 90, "SkipMatching": False, **preferences},
        "DesiredConfiguration": request.get("DesiredConfiguration"), "_waiting": waiting, "_total": len(waiting),
    }
    _refreshes.setdefault(group["AutoScalingGroupName"], []).insert(0, refresh)
    _announce(group, refresh, "Started")
    clock.after(0, _step, group, refresh)
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


def _end(group, refresh, status, event):
    refresh.update(Status=status, EndTime=time.time())
    _announce(group, refresh, event)


def _step(group, refresh):
    """Replace the next few, once the group is whole again."""
    if refresh["Status"] == "Cancelling":
        _end(group, refresh, "Cancelled", "Cancelled")
        return
    if group["Status"]:
        _end(group, refresh, "Failed", "Failed")
        return
    refresh["Status"] = "InProgress"
    members = [m for m in group["Instances"] if counts(m)]
    whole = len(members) == group["DesiredCapacity"] and all(m["LifecycleState"] == "InService" for m in members)
    if whole:
        present = {m["InstanceId"]: m for m in members}
        refresh["_waiting"] = [i for i in refresh["_waiting"] if i in present]
        done = refresh["_total"] - len(refresh["_waiting"])
        refresh.update(InstancesToUpdate=len(refresh["_waiting"]),
                       PercentageComplete=100 * done // refresh["_total"] if refresh["_total"] else 100)
        if not refresh["_waiting"]:
            _end(group, refresh, "Successful", "Succeeded")
            return
        spare = 100 - refresh["Preferences"]["MinHealthyPercentage"]
        for identifier in refresh["_waiting"][:max(1, group["DesiredCapacity"] * spare // 100)]:
            engine.terminate(group, present[identifier], _REASON)
        engine.request_reconcile(group, _REASON)
    clock.after(clock.DELAY, _step, group, refresh)


@operation("autoscaling", "CancelInstanceRefresh")
def cancel_instance_refresh(request):
    refresh = _active(find(request["AutoScalingGroupName"]))
    if refresh is None:
        raise AwsError("ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found for Auto "
                       f"Scaling group {request['AutoScalingGroupName']}")
    refresh["Status"] = "Cancelling"
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


@operation("autoscaling", "DescribeInstanceRefreshes")
def describe_instance_refreshes(request):
    group, wanted = find(request["AutoScalingGroupName"]), request.get("InstanceRefreshIds")
    found = [r for r in _refreshes.get(group["AutoScalingGroupName"], [])
             if not wanted or r["InstanceRefreshId"] in wanted]
    return page(request, found, 50)
