"""
Adds: network interfaces whose private address lies in their subnet, that carry their public or carrier address, and
that instances own; DescribeNetworkInterfaces with filters and pages; security groups that stay while in use.
Follows: EC2 API Reference, CreateNetworkInterface, DeleteNetworkInterface, DescribeNetworkInterfaces,
AttachNetworkInterface, DetachNetworkInterface.
Delete when: the emulator gives every instance its interfaces.
"""

import ipaddress
import random
import time

from ministack.core.responses import get_account_id
from ministack.services import ec2

from .ec2_addresses import address_of, disassociate, release_automatic
from .ec2_common import instance, interface, new_id, requested_tags, select, set_tags, subnet, tags_of
from .ec2_wavelength_zones import wavelength_zone_of
from .wire import AwsError, before, operation, page, timestamp


class AddressPool:
    """The free private addresses of one subnet, read once and then drawn from."""

    def __init__(self, subnet_record):
        self._subnet = subnet_record
        network = ipaddress.ip_network(subnet_record["CidrBlock"])
        used = {eni["PrivateIpAddress"] for eni in ec2._network_interfaces.values()
                if eni["SubnetId"] == subnet_record["SubnetId"]}
        # AWS keeps the first four addresses of a subnet and the last one.
        self._network, self._used = network, used
        self._candidates = (str(network[index]) for index in range(4, network.num_addresses - 1))

    def take(self, wanted=None):
        if wanted:
            if wanted in self._used:
                raise AwsError("InvalidIPAddress.InUse", f"Address {wanted} is in use.")
            if ipaddress.ip_address(wanted) not in self._network:
                raise AwsError("InvalidParameterValue", f"Address {wanted} does not fall within the subnet's "
                               "address range")
            found = wanted
        else:
            found = next((c for c in self._candidates if c not in self._used), None)
            if found is None:
                raise AwsError("InsufficientFreeAddressesInSubnet", "There are not enough free addresses in subnet "
                               f"'{self._subnet['SubnetId']}' to satisfy the requested number of instances.")
        self._used.add(found)
        return found


def security_groups(ids, vpc_id):
    """The groups of an interface; the VPC's default group when none is asked for."""
    if not ids:
        default = next((g for g in ec2._security_groups.values()
                        if g["VpcId"] == vpc_id and g["GroupName"] == "default"), None)
        ids = [default["GroupId"]] if default else []
    groups = []
    for identifier in ids:
        group = ec2._security_groups.get(identifier)
        if group is None:
            raise AwsError("InvalidGroup.NotFound", f"The security group '{identifier}' does not exist")
        if group["VpcId"] != vpc_id:
            raise AwsError("InvalidParameter", f"Security group {identifier} and the subnet belong to different "
                           "networks.")
        groups.append({"GroupId": identifier, "GroupName": group["GroupName"]})
    return groups


def add_interface(pool, subnet_record, specification, tags=()):
    """Make an interface in a subnet, attached to nothing."""
    address = pool.take(specification.get("PrivateIpAddress"))
    eni_id = new_id("eni")
    eni = {
        "NetworkInterfaceId": eni_id, "SubnetId": subnet_record["SubnetId"], "VpcId": subnet_record["VpcId"],
        "AvailabilityZone": subnet_record["AvailabilityZone"], "Description": specification.get("Description", ""),
        "OwnerId": get_account_id(), "Status": "available", "PrivateIpAddress": address,
        "PrivateDnsName": f"ip-{address.replace('.', '-')}.ec2.internal", "InterfaceType": "interface",
        "SourceDestCheck": True, "MacAddress": "06:" + ":".join(f"{random.getrandbits(8):02x}" for _ in range(5)),
        "Groups": security_groups(specification.get("Groups"), subnet_record["VpcId"]), "Attachment": None,
        "Association": None,
    }
    ec2._network_interfaces[eni_id] = eni
    subnet_record["AvailableIpAddressCount"] -= 1
    set_tags(eni_id, list(tags))
    return eni


def attach(eni, instance_record, device_index, delete_on_termination):
    eni["Status"] = "in-use"
    eni["Attachment"] = {
        "AttachmentId": new_id("eni-attach"), "InstanceId": instance_record["InstanceId"],
        "InstanceOwnerId": get_account_id(), "DeviceIndex": device_index, "NetworkCardIndex": 0, "Status": "attached",
        "AttachTime": timestamp(time.time()), "DeleteOnTermination": delete_on_termination,
    }
    instance_record["_enis"].append(eni["NetworkInterfaceId"])


def detach(eni):
    owner = ec2._instances.get(eni["Attachment"]["InstanceId"])
    if owner:
        owner["_enis"].remove(eni["NetworkInterfaceId"])
    eni["Status"], eni["Attachment"] = "available", None


def remove(eni):
    """Delete an interface; its Elastic address stays allocated, its automatic one ends."""
    elastic = address_of(eni)
    if elastic:
        disassociate(elastic)
    eni["_automatic"] = None
    release_automatic(eni)
    owner = ec2._subnets.get(eni["SubnetId"])
    if owner:
        owner["AvailableIpAddressCount"] += 1
    ec2._network_interfaces.pop(eni["NetworkInterfaceId"], None)
    ec2._tags.pop(eni["NetworkInterfaceId"], None)


def _association(eni):
    shown = ("CarrierIp", "PublicIp", "IpOwnerId", "PublicDnsName")
    association = eni.get("Association")
    return {name: association[name] for name in shown if name in association} if association else None


def view_on_instance(eni):
    """An interface as DescribeInstances shows it."""
    attachment = eni["Attachment"]
    return {
        "Association": _association(eni), "Attachment": {
            name: attachment.get(name) for name in (
                "AttachTime", "AttachmentId", "DeleteOnTermination", "DeviceIndex", "Status", "NetworkCardIndex")},
        "Description": eni["Description"], "Groups": eni["Groups"], "Ipv6Addresses": [],
        "MacAddress": eni["MacAddress"], "NetworkInterfaceId": eni["NetworkInterfaceId"], "OwnerId": eni["OwnerId"],
        "PrivateDnsName": eni.get("PrivateDnsName"), "PrivateIpAddress": eni["PrivateIpAddress"],
        "PrivateIpAddresses": [{
            "Association": _association(eni), "Primary": True, "PrivateDnsName": eni.get("PrivateDnsName"),
            "PrivateIpAddress": eni["PrivateIpAddress"]}],
        "SourceDestCheck": eni["SourceDestCheck"], "Status": eni["Status"], "SubnetId": eni["SubnetId"],
        "VpcId": eni["VpcId"], "InterfaceType": eni["InterfaceType"],
    }


def _view(eni):
    association = eni.get("Association") and {
        **_association(eni), "AllocationId": eni["Association"].get("AllocationId"),
        "AssociationId": eni["Association"].get("AssociationId")}
    return {
        **{name: value for name, value in view_on_instance({**eni, "Attachment": {}}).items() if name != "Attachment"},
        "Association": association, "Attachment": eni["Attachment"], "AvailabilityZone": eni["AvailabilityZone"],
        "PrivateIpAddresses": [{"Association": association, "Primary": True, "PrivateIpAddress":
                                eni["PrivateIpAddress"], "PrivateDnsName": eni.get("PrivateDnsName")}],
        "RequesterManaged": False, "TagSet": tags_of(eni["NetworkInterfaceId"]),
    }


@operation("ec2", "CreateNetworkInterface")
def create_network_interface(request):
    where = subnet(request["SubnetId"])
    eni = add_interface(AddressPool(where), where, request, requested_tags(request, "network-interface"))
    return {"NetworkInterface": _view(eni)}


@operation("ec2", "DeleteNetworkInterface")
def delete_network_interface(request):
    eni = interface(request["NetworkInterfaceId"])
    if eni["Attachment"]:
        raise AwsError("InvalidParameterValue", f"Network interface '{eni['NetworkInterfaceId']}' is currently in use.")
    remove(eni)


@operation("ec2", "AttachNetworkInterface")
def attach_network_interface(request):
    eni, owner = interface(request["NetworkInterfaceId"]), instance(request["InstanceId"])
    if eni["Attachment"]:
        raise AwsError("InvalidParameterValue", f"Interface: {eni['NetworkInterfaceId']} in use.")
    if wavelength_zone_of(eni) and eni["AvailabilityZone"] != owner["Placement"]["AvailabilityZone"]:
        raise AwsError("InvalidParameterCombination", "The interface and the instance are in different zones")
    attach(eni, owner, request["DeviceIndex"], False)
    return {"AttachmentId": eni["Attachment"]["AttachmentId"], "NetworkCardIndex": 0}


@operation("ec2", "DetachNetworkInterface")
def detach_network_interface(request):
    eni = next((e for e in ec2._network_interfaces.values()
                if (e["Attachment"] or {}).get("AttachmentId") == request["AttachmentId"]), None)
    if eni is None:
        raise AwsError("InvalidAttachmentID.NotFound", f"The attachment '{request['AttachmentId']}' does not exist")
    if eni["Attachment"]["DeviceIndex"] == 0:
        raise AwsError("OperationNotPermitted", "The network interface at device index 0 cannot be detached.")
    detach(eni)


_FILTERS = {
    "network-interface-id": "NetworkInterfaceId", "subnet-id": "SubnetId", "vpc-id": "VpcId",
    "availability-zone": "AvailabilityZone", "description": "Description", "status": "Status", "owner-id": "OwnerId",
    "mac-address": "MacAddress", "private-ip-address": "PrivateIpAddress", "interface-type": "InterfaceType",
    "addresses.private-ip-address": "PrivateIpAddress", "requester-managed": lambda eni: False,
    "group-id": lambda eni: [group["GroupId"] for group in eni["Groups"]],
    "attachment.instance-id": "Attachment.InstanceId", "attachment.attachment-id": "Attachment.AttachmentId",
    "attachment.status": "Attachment.Status", "association.carrier-ip": "Association.CarrierIp",
    "association.public-ip": "Association.PublicIp", "association.allocation-id": "Association.AllocationId",
    "association.association-id": "Association.AssociationId",
}


@operation("ec2", "DescribeNetworkInterfaces")
def describe_network_interfaces(request):
    found = select(request, "NetworkInterfaceIds", ec2._network_interfaces, interface, _FILTERS)
    return page(request, found, 1000, lambda shown: [_view(eni) for eni in shown])


@before("ec2", "DeleteSecurityGroup")
def _check_unused(request):
    group_id = request.get("GroupId")
    if any(g["GroupId"] == group_id for eni in ec2._network_interfaces.values() for g in eni["Groups"]):
        raise AwsError("DependencyViolation", f"resource {group_id} has a dependent object")
