"""
Adds: DescribeInstances with interfaces, all common filters and pages; TerminateInstances, StopInstances, StartInstances
and RebootInstances with AWS's checks of state.
Follows: EC2 API Reference, the same calls and "Instance".
Delete when: the emulator describes networkInterfaceSet and honours MaxResults, NextToken and unknown filters.
"""

from ministack.core.responses import get_account_id
from ministack.services import ec2

from . import ec2_lifecycle
from .ec2_common import instance, select, tags_of
from .ec2_interfaces import view_on_instance
from .wire import AwsError, operation, page


def _view(record):
    interfaces = [ec2._network_interfaces[eni] for eni in record["_enis"] if eni in ec2._network_interfaces]
    association = (interfaces[0].get("Association") or {}) if interfaces else {}
    placement = record["Placement"]
    return {
        "AmiLaunchIndex": record["AmiLaunchIndex"], "Architecture": record["Architecture"],
        "BlockDeviceMappings": record["BlockDeviceMappings"], "ClientToken": record["ClientToken"],
        "EbsOptimized": record["EbsOptimized"], "EnaSupport": True, "Hypervisor": record["Hypervisor"],
        "IamInstanceProfile": record["IamInstanceProfile"], "ImageId": record["ImageId"],
        "InstanceId": record["InstanceId"], "InstanceLifecycle": record["InstanceLifecycle"],
        "InstanceType": record["InstanceType"], "KeyName": record["KeyName"] or None,
        "LaunchTime": record["LaunchTime"], "MetadataOptions": record["MetadataOptions"],
        "Monitoring": record["Monitoring"], "NetworkInterfaces": [view_on_instance(eni) for eni in interfaces],
        "Placement": placement, "PrivateDnsName": record["PrivateDnsName"],
        "PrivateIpAddress": record["PrivateIpAddress"] or None, "ProductCodes": [],
        # "The public IPv4 address, or the Carrier IP address assigned to the instance, if applicable."
        "PublicIpAddress": association.get("PublicIp") or association.get("CarrierIp"), "PublicDnsName": "",
        "RootDeviceName": record["RootDeviceName"], "RootDeviceType": record["RootDeviceType"],
        "SecurityGroups": record["SecurityGroups"] if interfaces else [], "SourceDestCheck": record["SourceDestCheck"],
        "SpotInstanceRequestId": record["SpotInstanceRequestId"], "State": record["State"],
        "StateReason": record["StateReason"], "StateTransitionReason": record["StateTransitionReason"],
        # A terminated instance is no longer in a subnet.
        "SubnetId": record["SubnetId"] if interfaces else None, "VpcId": record["VpcId"] if interfaces else None,
        "Tags": tags_of(record["InstanceId"]), "VirtualizationType": record["Virtualization"],
    }


def reservations(records):
    """Instances grouped by the call that launched them."""
    groups = {}
    for record in records:
        groups.setdefault(record["_reservation"], []).append(record)
    return [{"ReservationId": key, "OwnerId": get_account_id(), "Groups": [], "RequesterId": group[0]["_requester"],
             "Instances": [_view(record) for record in group]} for key, group in groups.items()]


def _attached(name):
    """A member that a terminated instance, which has left its network, no longer shows."""
    return lambda record: record[name] if record["_enis"] else None


def _associated(*kinds):
    return lambda record: [(ec2._network_interfaces[eni].get("Association") or {}).get(kind)
                           for eni in record["_enis"] for kind in kinds]


_FILTERS = {
    "instance-id": "InstanceId", "instance-type": "InstanceType", "image-id": "ImageId",
    "instance-state-name": "State.Name", "instance-state-code": "State.Code", "subnet-id": _attached("SubnetId"),
    "vpc-id": _attached("VpcId"), "key-name": "KeyName", "architecture": "Architecture",
    "private-ip-address": "PrivateIpAddress", "private-dns-name": "PrivateDnsName", "client-token": "ClientToken",
    "reservation-id": "_reservation", "requester-id": "_requester", "instance-lifecycle": "InstanceLifecycle",
    "root-device-type": "RootDeviceType", "spot-instance-request-id": "SpotInstanceRequestId",
    "launch-time": "LaunchTime", "owner-id": lambda _record: get_account_id(),
    "availability-zone": "Placement.AvailabilityZone", "tenancy": "Placement.Tenancy",
    "ip-address": _associated("PublicIp", "CarrierIp"),
    "network-interface.association.carrier-ip": _associated("CarrierIp"),
    "network-interface.association.public-ip": _associated("PublicIp"),
    "network-interface.network-interface-id": "_enis", "network-interface.subnet-id": _attached("SubnetId"),
    "network-interface.vpc-id": _attached("VpcId"),
    "instance.group-id": lambda record: [group["GroupId"] for group in record["SecurityGroups"]],
    "instance.group-name": lambda record: [group["GroupName"] for group in record["SecurityGroups"]],
    "iam-instance-profile.arn": "IamInstanceProfile.Arn", "metadata-options.http-tokens": "MetadataOptions.HttpTokens",
}


@operation("ec2", "DescribeInstances")
def describe_instances(request):
    ec2_lifecycle.forget_terminated()
    if request.get("InstanceIds") and "MaxResults" in request:
        raise AwsError("InvalidParameterCombination",
                       "The parameter instancesSet cannot be used with the parameter maxResults")
    found = select(request, "InstanceIds", ec2._instances, instance, _FILTERS)
    return page(request, found, 1000, reservations)


def _requested(request):
    if not request["InstanceIds"]:
        raise AwsError("MissingParameter", "The request must contain the parameter InstanceId")
    return [instance(identifier) for identifier in request["InstanceIds"]]


def _change(records, action):
    """Apply an action; what each instance was and is."""
    changes = []
    for record in records:
        before = record["State"]
        action(record)
        changes.append({"InstanceId": record["InstanceId"], "CurrentState": record["State"], "PreviousState": before})
    return changes


def _require_state(records, states, verb):
    for record in records:
        if record["State"]["Name"] not in states:
            raise AwsError("IncorrectInstanceState", f"The instance '{record['InstanceId']}' is not in a state from "
                           f"which it can be {verb}.")


@operation("ec2", "TerminateInstances")
def terminate_instances(request):
    return {"TerminatingInstances": _change(_requested(request), ec2_lifecycle.terminate)}


@operation("ec2", "StopInstances")
def stop_instances(request):
    records = _requested(request)
    _require_state(records, ("pending", "running", "stopping", "stopped"), "stopped")
    for record in records:
        if record["InstanceLifecycle"] == "spot":
            raise AwsError("UnsupportedOperation", f"You can't stop the Spot Instance '{record['InstanceId']}' because "
                           "it is associated with a one-time Spot Instance request.")
    return {"StoppingInstances": _change(records, ec2_lifecycle.stop)}


@operation("ec2", "StartInstances")
def start_instances(request):
    records = _requested(request)
    _require_state(records, ("stopped", "pending", "running"), "started")
    return {"StartingInstances": _change(records, ec2_lifecycle.start)}


@operation("ec2", "RebootInstances")
def reboot_instances(request):
    # A reboot keeps every address and changes no state, so it sends no event.
    _require_state(_requested(request), ("pending", "running"), "rebooted")
