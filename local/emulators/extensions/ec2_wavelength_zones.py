"""
Adds: Wavelength Zones. DescribeAvailabilityZones lists them, ModifyAvailabilityZoneGroup opts in to their group, and
CreateSubnet and DeleteSubnet take them into account (zone opted in, range inside the VPC, nothing left inside).
Follows: AWS Wavelength Developer Guide, "Available Wavelength Zones" and "Get started"; EC2 API Reference,
DescribeAvailabilityZones, ModifyAvailabilityZoneGroup, CreateSubnet.
Delete when: the emulator has Wavelength Zones with an opt-in state of their own.
"""

import ipaddress

from ministack.core.responses import AccountRegionScopedDict, get_region
from ministack.services import ec2

from .ec2_common import matches, new_id, requested_tags, set_tags, subnet, vpc
from .wire import AwsError, operation

# Region -> zones, as (group, zone name, zone ID, network border group) relative to the region and its ID prefix.
_VERIZON_EAST = ("atl", "bna", "bos", "chi", "clt", "dfw", "dtw", "iah", "mia", "msp", "nyc", "tpa", "was")
_VERIZON_WEST = ("den", "las", "lax", "phx", "sea", "sfo")


def _wl(group, cities):
    return [(group, f"{group}-{city}-wlz-1", f"{group}-{city}-wlz1", f"{group}-{city}-wlz-1") for city in cities]


_ZONES = {
    "us-east-1": _wl("wl1", _VERIZON_EAST),
    "us-west-2": _wl("wl1", _VERIZON_WEST),
    "ap-northeast-1": _wl("wl1", ("kix", "nrt")),
    "ca-central-1": _wl("wl1", ("yto",)),
    "eu-west-2": _wl("wl2", ("man",)),
    "eu-west-3": [("cmn-wlz-1", "cmn-wlz-1a", "cmn1-wlz1", "cmn-wlz-1")],
}
_LETTERS = "abc"

_opted_in = AccountRegionScopedDict()


def zones():
    """Every zone of the present region, as the API describes it."""
    region, prefix = get_region(), ec2._az_id_prefix(get_region())
    standard = [{
        "OptInStatus": "opt-in-not-required", "Messages": [], "RegionName": region,
        "ZoneName": f"{region}{letter}", "ZoneId": f"{prefix}-az{number}", "GroupName": f"{region}-zg-1",
        "NetworkBorderGroup": region, "ZoneType": "availability-zone", "State": "available",
    } for number, letter in enumerate(_LETTERS, 1)]
    edge = [{
        "OptInStatus": "opted-in" if f"{region}-{group}" in _opted_in else "not-opted-in", "Messages": [],
        "RegionName": region, "ZoneName": f"{region}-{name}", "ZoneId": f"{prefix}-{zone_id}",
        "GroupName": f"{region}-{group}", "NetworkBorderGroup": f"{region}-{border}", "ZoneType": "wavelength-zone",
        # Which zone is a parent differs between accounts at AWS too.
        "ParentZoneName": f"{region}{_LETTERS[index % 3]}", "ParentZoneId": f"{prefix}-az{index % 3 + 1}",
        "State": "available",
    } for index, (group, name, zone_id, border) in enumerate(_ZONES.get(region, []))]
    return standard + edge


def zone(name):
    """One zone of the present region by name, or None."""
    return next((candidate for candidate in zones() if candidate["ZoneName"] == name), None)


def usable_zones():
    return [candidate for candidate in zones() if candidate["OptInStatus"] != "not-opted-in"]


def wavelength_zone_of(subnet_record):
    """The Wavelength Zone that a subnet is in, or None for a subnet elsewhere."""
    found = zone(subnet_record["AvailabilityZone"])
    return found if found and found["ZoneType"] == "wavelength-zone" else None


@operation("ec2", "DescribeAvailabilityZones")
def describe_availability_zones(request):
    names, ids = request.get("ZoneNames"), request.get("ZoneIds")
    offered = zones() if request.get("AllAvailabilityZones") else usable_zones()
    by_name, by_id = {z["ZoneName"] for z in offered}, {z["ZoneId"] for z in offered}
    for wanted, have in ((names, by_name), (ids, by_id)):
        unknown = [value for value in wanted or [] if value not in have]
        if unknown:
            raise AwsError("InvalidParameterValue", f"Invalid availability zone: [{', '.join(unknown)}]")
    filters = {
        "group-name": "GroupName", "opt-in-status": "OptInStatus", "parent-zone-id": "ParentZoneId",
        "parent-zone-name": "ParentZoneName", "region-name": "RegionName", "state": "State", "zone-id": "ZoneId",
        "zone-name": "ZoneName", "zone-type": "ZoneType",
    }
    found = [
        z for z in offered
        if (not names or z["ZoneName"] in names) and (not ids or z["ZoneId"] in ids)
        and matches(z, z["ZoneId"], request.get("Filters"), filters)
    ]
    return {"AvailabilityZones": found}


@operation("ec2", "ModifyAvailabilityZoneGroup")
def modify_availability_zone_group(request):
    group, status = request["GroupName"], request["OptInStatus"]
    groups = {z["GroupName"] for z in zones() if z["ZoneType"] == "wavelength-zone"}
    if group not in groups:
        raise AwsError("InvalidParameterValue", f"Value ({group}) for parameter GroupName is invalid. "
                       f"The groups of {get_region()} are: {', '.join(sorted(groups)) or 'none'}.")
    if status != "opted-in":
        raise AwsError("InvalidParameterValue", f"Value ({status}) for parameter OptInStatus is invalid. "
                       "Contact AWS Support to opt out of a zone group.")
    _opted_in[group] = True
    return {"Return": True}


def _zone_for_subnet(request):
    name, zone_id = request.get("AvailabilityZone"), request.get("AvailabilityZoneId")
    usable = usable_zones()
    if not name and not zone_id:
        return usable[0]
    found = next((z for z in usable if name in (None, z["ZoneName"]) and zone_id in (None, z["ZoneId"])), None)
    if found is None:
        parameter, member = ("availabilityZone", "ZoneName") if name else ("availabilityZoneId", "ZoneId")
        raise AwsError("InvalidParameterValue", f"Value ({name or zone_id}) for parameter {parameter} is invalid. "
                       "Subnets can currently only be created in the following availability zones: "
                       f"{', '.join(z[member] for z in usable)}.")
    return found


def _network_for_subnet(vpc_record, cidr):
    try:
        network = ipaddress.ip_network(cidr)
    except ValueError:
        raise AwsError("InvalidParameterValue", f"Value ({cidr}) for parameter cidrBlock is invalid. "
                       "This is not a valid CIDR block.") from None
    ranges = [vpc_record["CidrBlock"], *(a["CidrBlock"] for a in vpc_record.get("CidrBlockAssociationSet", []))]
    if not 16 <= network.prefixlen <= 28 or not any(network.subnet_of(ipaddress.ip_network(r)) for r in ranges):
        raise AwsError("InvalidSubnet.Range", f"The CIDR '{cidr}' is invalid.")
    for other in ec2._subnets.values():
        if other["VpcId"] == vpc_record["VpcId"] and network.overlaps(ipaddress.ip_network(other["CidrBlock"])):
            raise AwsError("InvalidSubnet.Conflict", f"The CIDR '{cidr}' conflicts with another subnet")
    return network


@operation("ec2", "CreateSubnet")
def create_subnet(request):
    owner = vpc(request["VpcId"])
    if "CidrBlock" not in request:
        raise AwsError("MissingParameter", "The request must contain the parameter CidrBlock")
    where = _zone_for_subnet(request)
    network = _network_for_subnet(owner, request["CidrBlock"])
    subnet_id = new_id("subnet")
    ec2._subnets[subnet_id] = {
        "SubnetId": subnet_id, "VpcId": owner["VpcId"], "CidrBlock": request["CidrBlock"],
        "AvailabilityZone": where["ZoneName"], "AvailabilityZoneId": where["ZoneId"],
        # AWS keeps the first four addresses and the last one.
        "AvailableIpAddressCount": network.num_addresses - 5, "State": "available", "DefaultForAz": False,
        "MapPublicIpOnLaunch": False, "OwnerId": owner["OwnerId"],
    }
    set_tags(subnet_id, requested_tags(request, "subnet"))
    return {"Subnet": view(ec2._subnets[subnet_id])}


def view(record):
    """A subnet as the API describes it."""
    options = ec2._subnet_dns_name_options(record)
    return {
        "SubnetId": record["SubnetId"], "State": record["State"], "VpcId": record["VpcId"],
        "SubnetArn": f"arn:aws:ec2:{get_region()}:{record['OwnerId']}:subnet/{record['SubnetId']}",
        "CidrBlock": record["CidrBlock"], "AvailableIpAddressCount": record["AvailableIpAddressCount"],
        "AvailabilityZone": record["AvailabilityZone"], "AvailabilityZoneId": record["AvailabilityZoneId"],
        "DefaultForAz": record["DefaultForAz"], "MapPublicIpOnLaunch": record["MapPublicIpOnLaunch"],
        "OwnerId": record["OwnerId"], "AssignIpv6AddressOnCreation": False, "EnableDns64": False,
        "Ipv6Native": False, "Ipv6CidrBlockAssociationSet": [], "PrivateDnsNameOptionsOnLaunch": options,
        "Tags": ec2._tags.get(record["SubnetId"], []),
    }


@operation("ec2", "DeleteSubnet")
def delete_subnet(request):
    record = subnet(request["SubnetId"])
    if any(eni["SubnetId"] == record["SubnetId"] for eni in ec2._network_interfaces.values()):
        raise AwsError("DependencyViolation",
                       f"The subnet '{record['SubnetId']}' has dependencies and cannot be deleted.")
    for table in ec2._route_tables.values():
        table["Associations"] = [a for a in table["Associations"] if a.get("SubnetId") != record["SubnetId"]]
    del ec2._subnets[record["SubnetId"]]
    ec2._tags.pop(record["SubnetId"], None)


def install():
    standard = ec2._az_id_for_zone_name

    def zone_id(zone_name):
        # CloudFormation and the default VPC ask this too.
        found = zone(zone_name)
        return found["ZoneId"] if found else standard(zone_name)

    ec2._az_id_for_zone_name = zone_id
    ec2._zone_name_for_az_id = lambda zone_id: next((z["ZoneName"] for z in zones() if z["ZoneId"] == zone_id), None)
