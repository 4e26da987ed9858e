"""
Adds: carrier IP addresses beside Elastic IP addresses, and addresses that really move: allocation in a network border
group, association with an instance or a network interface, disassociation, release.
Follows: EC2 API Reference, AllocateAddress, AssociateAddress, DisassociateAddress, ReleaseAddress, DescribeAddresses;
EC2 User Guide, "Public IPv4 addresses" (an automatic address is released when an Elastic one is associated, when the
instance stops or ends; the instance gets a new one when it starts or when the Elastic one is disassociated). AWS does
not document carrier addresses apart from that, so automatic carrier addresses behave as automatic public ones.
Delete when: the emulator has NetworkBorderGroup and CarrierIp, and addresses show on instances and interfaces.
"""

import random

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2

from .ec2_carrier_gateways import gateway_of
from .ec2_common import instance, interface, new_id, requested_tags, select, set_tags, tags_of
from .ec2_wavelength_zones import usable_zones, wavelength_zone_of
from .wire import AwsError, operation

_CARRIER_PREFIX = "155.146."
_PUBLIC_PREFIX = "54.196."


# Addresses that somebody has, in any account or region.
_taken = set()


def _take_address(prefix):
    while True:
        address = f"{prefix}{random.randint(0, 255)}.{random.randint(1, 254)}"
        if address not in _taken:
            _taken.add(address)
            return address


def border_group_of(eni):
    """The network border group whose addresses an interface can have."""
    found = wavelength_zone_of(eni)
    return found["NetworkBorderGroup"] if found else get_region()


def assign_automatic(eni):
    """Give an interface the automatic address that it was launched to have, if any."""
    kind = eni.get("_automatic")
    if not kind or eni.get("Association"):
        return
    prefix = _CARRIER_PREFIX if kind == "CarrierIp" else _PUBLIC_PREFIX
    eni["Association"] = {kind: _take_address(prefix), "IpOwnerId": "amazon", "PublicDnsName": ""}


def release_automatic(eni):
    """Take the automatic address of an interface away; an Elastic one stays."""
    if eni.get("Association") and "AllocationId" not in eni["Association"]:
        _taken.discard(eni["Association"].get("CarrierIp") or eni["Association"].get("PublicIp"))
        eni["Association"] = None


def disassociate(address):
    """Separate an allocated address from its interface."""
    eni = ec2._network_interfaces.get(address["NetworkInterfaceId"])
    for member in ("AssociationId", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress", "NetworkInterfaceOwnerId"):
        address[member] = None
    if eni:
        eni["Association"] = None
        owner = ec2._instances.get((eni.get("Attachment") or {}).get("InstanceId"))
        if owner and owner["State"]["Name"] in ("pending", "running") and len(owner["_enis"]) == 1:
            assign_automatic(eni)


def address_of(eni):
    """The allocated address on an interface, or None."""
    allocation = (eni.get("Association") or {}).get("AllocationId")
    return ec2._addresses.get(allocation) if allocation else None


@operation("ec2", "AllocateAddress")
def allocate_address(request):
    group = request.get("NetworkBorderGroup") or get_region()
    groups = {z["NetworkBorderGroup"]: z["ZoneType"] for z in usable_zones()}
    if group not in groups:
        raise AwsError("InvalidParameterValue", f"Value ({group}) for parameter NetworkBorderGroup is invalid. "
                       f"It is none of: {', '.join(groups)}")
    kind = "CarrierIp" if groups[group] == "wavelength-zone" else "PublicIp"
    address = {
        "AllocationId": new_id("eipalloc"),
        kind: _take_address(_CARRIER_PREFIX if kind == "CarrierIp" else _PUBLIC_PREFIX),
        "Domain": "vpc", "NetworkBorderGroup": group, "PublicIpv4Pool": "amazon", "AssociationId": None,
        "InstanceId": None, "NetworkInterfaceId": None, "NetworkInterfaceOwnerId": None, "PrivateIpAddress": None,
    }
    # Other parts of the emulator read PublicIp of every address.
    address.setdefault("PublicIp", None)
    ec2._addresses[address["AllocationId"]] = address
    set_tags(address["AllocationId"], requested_tags(request, "elastic-ip"))
    shown = ("AllocationId", "PublicIp", "CarrierIp", "Domain", "NetworkBorderGroup", "PublicIpv4Pool")
    return {member: address.get(member) for member in shown}


def _allocation(identifier):
    address = ec2._addresses.get(identifier)
    if address is None:
        raise AwsError("InvalidAllocationID.NotFound", f"The allocation ID '{identifier}' does not exist")
    return address


def _by_ip(ip):
    found = next((a for a in ec2._addresses.values() if ip in (a.get("PublicIp"), a.get("CarrierIp"))), None)
    if found is None:
        raise AwsError("InvalidAddress.NotFound", f"Address '{ip}' not found.")
    return found


def _requested(request):
    if request.get("AllocationId"):
        return _allocation(request["AllocationId"])
    if request.get("PublicIp"):
        return _by_ip(request["PublicIp"])
    raise AwsError("MissingParameter", "Either public IP or allocation id must be specified")


@operation("ec2", "ReleaseAddress")
def release_address(request):
    address = _requested(request)
    if request.get("NetworkBorderGroup", address["NetworkBorderGroup"]) != address["NetworkBorderGroup"]:
        raise AwsError("InvalidAddress.NotFound", "The address is not in the network border group "
                       f"{request['NetworkBorderGroup']}")
    if address["AssociationId"]:
        ip = address.get("CarrierIp") or address["PublicIp"]
        raise AwsError("InvalidIPAddress.InUse", f"Address {ip} is in use.")
    _taken.discard(address.get("CarrierIp") or address["PublicIp"])
    del ec2._addresses[address["AllocationId"]]
    ec2._tags.pop(address["AllocationId"], None)


def _interface_for(request):
    if request.get("NetworkInterfaceId"):
        return interface(request["NetworkInterfaceId"])
    if not request.get("InstanceId"):
        raise AwsError("MissingParameter", "Either instance ID or network interface id must be specified")
    owner = instance(request["InstanceId"])
    if owner["State"]["Name"] not in ("pending", "running", "stopping", "stopped"):
        raise AwsError("InvalidInstanceID", f"The instance '{owner['InstanceId']}' is not in a valid state for this "
                       "operation.")
    if len(owner["_enis"]) != 1:
        raise AwsError("InvalidInstanceID", f"There are multiple interfaces attached to instance "
                       f"'{owner['InstanceId']}'. Please specify an interface ID for the operation instead.")
    return interface(owner["_enis"][0])


def _check_association(address, eni, request):
    if border_group_of(eni) != address["NetworkBorderGroup"]:
        raise AwsError("InvalidParameterCombination", f"The address {address['AllocationId']} of "
                       f"{address['NetworkBorderGroup']} cannot be associated with the interface "
                       f"{eni['NetworkInterfaceId']} of {border_group_of(eni)}")
    attached = gateway_of(eni["VpcId"]) if address.get("CarrierIp") else any(
        attachment.get("VpcId") == eni["VpcId"]
        for gateway in ec2._internet_gateways.values() for attachment in gateway.get("Attachments", []))
    if not attached:
        raise AwsError("Gateway.NotAttached", f"Network {eni['VpcId']} is not attached to any "
                       f"{'carrier' if address.get('CarrierIp') else 'internet'} gateway")
    elsewhere = address["NetworkInterfaceId"] not in (None, eni["NetworkInterfaceId"])
    if elsewhere and request.get("AllowReassociation") is False:
        raise AwsError("Resource.AlreadyAssociated", f"resource {address['AllocationId']} is already associated with "
                       f"associate-id {address['AssociationId']}")


@operation("ec2", "AssociateAddress")
def associate_address(request):
    address, eni = _requested(request), _interface_for(request)
    _check_association(address, eni, request)
    if address["NetworkInterfaceId"] == eni["NetworkInterfaceId"]:
        return {"AssociationId": address["AssociationId"]}
    if address["NetworkInterfaceId"]:
        disassociate(address)
    previous = address_of(eni)
    if previous:
        disassociate(previous)
    release_automatic(eni)
    address.update(
        AssociationId=new_id("eipassoc"), NetworkInterfaceId=eni["NetworkInterfaceId"],
        NetworkInterfaceOwnerId=get_account_id(), PrivateIpAddress=eni["PrivateIpAddress"],
        InstanceId=(eni.get("Attachment") or {}).get("InstanceId"))
    kind = "CarrierIp" if address.get("CarrierIp") else "PublicIp"
    eni["Association"] = {
        kind: address[kind], "IpOwnerId": get_account_id(), "PublicDnsName": "",
        "AllocationId": address["AllocationId"], "AssociationId": address["AssociationId"],
    }
    return {"AssociationId": address["AssociationId"]}


@operation("ec2", "DisassociateAddress")
def disassociate_address(request):
    if request.get("AssociationId"):
        address = next((a for a in ec2._addresses.values() if a["AssociationId"] == request["AssociationId"]), None)
        if address is None:
            raise AwsError("InvalidAssociationID.NotFound",
                           f"The association ID '{request['AssociationId']}' does not exist")
    else:
        address = _requested(request)
    disassociate(address)


@operation("ec2", "DescribeAddresses")
def describe_addresses(request):
    wanted = [_by_ip(ip) for ip in request.get("PublicIps", [])]
    filters = {
        "allocation-id": "AllocationId", "association-id": "AssociationId", "instance-id": "InstanceId",
        "network-border-group": "NetworkBorderGroup", "network-interface-id": "NetworkInterfaceId",
        "network-interface-owner-id": "NetworkInterfaceOwnerId", "private-ip-address": "PrivateIpAddress",
        "public-ip": "PublicIp", "carrier-ip": "CarrierIp", "domain": "Domain",
    }
    return {"Addresses": [
        {**address, "Tags": tags_of(address["AllocationId"])}
        for address in select(request, "AllocationIds", ec2._addresses, _allocation, filters)
        if not wanted or address in wanted
    ]}
