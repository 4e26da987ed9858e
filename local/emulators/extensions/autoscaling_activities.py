"""
Adds: scaling activities, and the events that report how they ended.
Follows: EC2 Auto Scaling User Guide, "Amazon EC2 Auto Scaling event reference" (the events say InProgress, as AWS's
do); API Reference, Activity and DescribeScalingActivities.
Delete when: the emulator records scaling activities.
"""

import json
import time

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region, new_uuid

from .clock import now_text
from .eventbus import emit
from .wire import operation, page, timestamp

_KEPT = 2000
# Group name -> activities, newest first; they outlive their group, as at AWS.
_activities = AccountRegionScopedDict()


def begin(group, description, reason, details):
    """Start an activity of a group; `details` names zone and subnet."""
    activity = {
        "ActivityId": new_uuid(), "AutoScalingGroupName": group["AutoScalingGroupName"], "Description": description,
        "Cause": f"At {now_text()} {reason}", "StartTime": time.time(), "StatusCode": "InProgress", "Progress": 0,
        "Details": json.dumps(details), "AutoScalingGroupARN": group["AutoScalingGroupARN"],
    }
    log = _activities.setdefault(group["AutoScalingGroupName"], [])
    log.insert(0, activity)
    del log[_KEPT:]
    return activity


def finish(activity, status="Successful", message=None):
    activity.update(StatusCode=status, EndTime=time.time(), Progress=100)
    if message:
        activity["StatusMessage"] = message


def report(group, activity, detail_type, instance_id, origin, destination, status="InProgress"):
    """Tell EventBridge how the launch or the end of an instance went."""
    resources = [group["AutoScalingGroupARN"]]
    if instance_id:
        resources.append(f"arn:aws:ec2:{get_region()}:{get_account_id()}:instance/{instance_id}")
    emit("aws.autoscaling", detail_type, resources, {
        "StatusCode": status, "Description": activity["Description"],
        "AutoScalingGroupName": group["AutoScalingGroupName"], "ActivityId": activity["ActivityId"],
        "Details": json.loads(activity["Details"]), "RequestId": activity["ActivityId"],
        "StatusMessage": activity.get("StatusMessage", ""), "EndTime": timestamp(activity.get("EndTime", time.time())),
        "EC2InstanceId": instance_id or "", "StartTime": timestamp(activity["StartTime"]),
        "Cause": activity["Cause"], "Origin": origin, "Destination": destination,
    })


@operation("autoscaling", "DescribeScalingActivities")
def describe_scaling_activities(request):
    name, wanted = request.get("AutoScalingGroupName"), request.get("ActivityIds")
    logs = [_activities.get(name, [])] if name else _activities.values()
    found = [a for log in logs for a in log if not wanted or a["ActivityId"] in wanted]
    found.sort(key=lambda a: a["StartTime"], reverse=True)
    return page(request, found, 100)
