"""
Adds: instances that take time to start, stop and end, and the event of every change of state.
Follows: EC2 User Guide, "Amazon EC2 instance state changes", "State change events for your instances" and "Spot
Instance interruption notices" (whose resource ARN names the zone in place of region and account).
Delete when: the emulator's instances pass through pending, stopping and shutting-down and emit the events.
"""

import time

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2

from . import clock
from .ec2_addresses import assign_automatic, release_automatic
from .ec2_interfaces import detach, remove
from .eventbus import emit
from .wire import timestamp

_CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
_TERMINATED_SHOWN_SECONDS = 3600

# Called with an instance after each of its changes of state.
listeners = []


def instance_arn(record):
    return f"arn:aws:ec2:{get_region()}:{get_account_id()}:instance/{record['InstanceId']}"


def _set(record, state):
    record["State"] = {"Code": _CODES[state], "Name": state}
    record["_changes"] = record.get("_changes", 0) + 1


def _announce(record, state):
    emit("aws.ec2", "EC2 Instance State-change Notification", [instance_arn(record)],
         {"instance-id": record["InstanceId"], "state": state})
    for listener in listeners:
        listener(record)


def _then(record, state, action=None):
    """Enter a state after the delay, unless something else happens to the instance before."""
    change = record["_changes"]

    def run():
        if record["_changes"] != change:
            return
        if action:
            action(record)
        _set(record, state)
        _announce(record, state)

    clock.after(clock.DELAY, run)


def _interfaces(record):
    return [ec2._network_interfaces[eni] for eni in list(record["_enis"])]


def begin(record):
    """Take a new or a stopped instance to running."""
    _set(record, "pending")
    record["StateReason"], record["StateTransitionReason"] = None, ""
    # The caller gets its answer before the first event goes out.
    clock.after(0, _announce, record, "pending")
    _then(record, "running")


def start(record):
    if record["State"]["Name"] != "stopped":
        return
    for eni in _interfaces(record):
        assign_automatic(eni)
    record["LaunchTime"] = timestamp(time.time())
    begin(record)


def _reason(record, code, message, transition):
    record["StateReason"] = {"Code": code, "Message": f"{code}: {message}"}
    record["StateTransitionReason"] = f"{transition} ({time.strftime('%Y-%m-%d %H:%M:%S GMT', time.gmtime())})"


_USER = ("Client.UserInitiatedShutdown", "User initiated shutdown", "User initiated")
HARDWARE = ("Server.InternalError", "The hardware of the instance failed", "Server.InternalError")
SPOT = ("Server.SpotInstanceTermination", "Spot instance termination", "Server.SpotInstanceTermination")


def stop(record, reason=_USER):
    if record["State"]["Name"] in ("stopping", "stopped"):
        return
    _set(record, "stopping")
    _reason(record, *reason)
    for eni in _interfaces(record):
        release_automatic(eni)
    _announce(record, "stopping")
    _then(record, "stopped")


def _clear(record):
    for eni in _interfaces(record):
        delete = eni["Attachment"]["DeleteOnTermination"]
        detach(eni)
        if delete:
            remove(eni)
    for mapping in record["BlockDeviceMappings"]:
        if mapping["Ebs"]["DeleteOnTermination"]:
            ec2._volumes.pop(mapping["Ebs"]["VolumeId"], None)
    record["BlockDeviceMappings"] = []
    record.update(PrivateIpAddress="", PrivateDnsName="", _terminated_at=time.time())
    association = ec2._find_active_iam_instance_profile_association(record["InstanceId"])
    if association:
        ec2._mark_iam_instance_profile_association_disassociated(association)


def terminate(record, reason=_USER):
    if record["State"]["Name"] in ("shutting-down", "terminated"):
        return
    _set(record, "shutting-down")
    _reason(record, *reason)
    for eni in _interfaces(record):
        release_automatic(eni)
    _announce(record, "shutting-down")
    _then(record, "terminated", _clear)


def interrupt(record, notice_seconds):
    """Warn of a Spot interruption, then end the instance when the notice is over."""
    zone = record["Placement"]["AvailabilityZone"]
    emit("aws.ec2", "EC2 Spot Instance Interruption Warning", [f"arn:aws:ec2:{zone}:instance/{record['InstanceId']}"],
         {"instance-id": record["InstanceId"], "instance-action": "terminate"})
    clock.after(notice_seconds, terminate, record, SPOT)


def forget_terminated():
    """Drop instances that ended long ago, as DescribeInstances does after about an hour."""
    now = time.time()
    for identifier, record in ec2._instances.items():
        if record["State"]["Name"] == "terminated" and now - record["_terminated_at"] > _TERMINATED_SHOWN_SECONDS:
            del ec2._instances[identifier]
            ec2._tags.pop(identifier, None)


def install():
    ec2._cleanup_terminated = forget_terminated
