"""
Adds: RunInstances as AWS does it: launch template, subnet or network interfaces, tags, instance profile, metadata
options, market options, and in a Wavelength Zone a carrier address in place of a public one.
Follows: EC2 API Reference, RunInstances; EC2 User Guide, "Launch instances from a launch template" (what the request
says wins over the template); AWS Wavelength Developer Guide, "Quotas and considerations" (instance types).
Delete when: the emulator launches from templates into subnets, with interfaces.
"""

import re
import time

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import ec2

from .ec2_addresses import assign_automatic
from .ec2_common import interface, new_id, requested_tags, set_tags, subnet
from .ec2_instances import reservations
from .ec2_interfaces import AddressPool, add_interface, attach
from .ec2_launch_templates import resolve_template, template_data
from .ec2_lifecycle import begin
from .ec2_wavelength_zones import wavelength_zone_of
from .ssm_public_parameters import image_architecture, resolve_image
from .wire import AwsError, operation, timestamp

_WAVELENGTH_TYPES = {"t3.medium", "t3.xlarge", "r5.2xlarge", "g4dn.2xlarge"}
_launches = AccountRegionScopedDict()


def _merge_tags(first, second):
    """Tag specifications of template and request: for one type of resource, the request's keys win."""
    merged = {}
    for specification in [*first, *second]:
        tags = merged.setdefault(specification["ResourceType"], {})
        tags.update({tag["Key"]: tag.get("Value", "") for tag in specification.get("Tags", [])})
    return [{"ResourceType": kind, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
            for kind, tags in merged.items()]


def _unique(tags):
    """Tags without repeated keys; the later one wins."""
    return [{"Key": key, "Value": value} for key, value in {t["Key"]: t["Value"] for t in tags}.items()]


def _with_template(request):
    """The request on top of its launch template."""
    if "LaunchTemplate" not in request:
        return dict(request), []
    template, version = resolve_template(request["LaunchTemplate"])
    merged = template_data(version)
    tags = _merge_tags(merged.get("TagSpecifications", []), request.get("TagSpecifications", []))
    metadata = {**merged.get("MetadataOptions", {}), **request.get("MetadataOptions", {})}
    merged.update(request)
    merged.update(TagSpecifications=tags, MetadataOptions=metadata)
    return merged, [
        {"Key": "aws:ec2launchtemplate:id", "Value": template["LaunchTemplateId"]},
        {"Key": "aws:ec2launchtemplate:version", "Value": str(version["VersionNumber"])},
    ]


def _default_subnet(spec):
    zone = spec.get("Placement", {}).get("AvailabilityZone")
    found = next((s for s in ec2._subnets.values()
                  if s["DefaultForAz"] and zone in (None, s["AvailabilityZone"])), None)
    if found is None:
        raise AwsError("MissingInput", f"No default subnet for availability zone: '{zone}'." if zone else
                       "No subnets found for the default VPC. Please specify a subnet.")
    return found


def _interfaces(spec):
    """The interface specifications of a launch: those of the request, or one made of its subnet and groups."""
    given = spec.get("NetworkInterfaces")
    if not given:
        return [{"DeviceIndex": 0, "SubnetId": spec.get("SubnetId"), "Groups": spec.get("SecurityGroupIds"),
                 "PrivateIpAddress": spec.get("PrivateIpAddress")}]
    for member, label in (("SubnetId", "subnet ID"), ("SecurityGroupIds", "security groups")):
        if spec.get(member):
            raise AwsError("InvalidParameterCombination", f"Network interfaces and an instance-level {label} may not "
                           "be specified on the same request")
    if min(i.get("DeviceIndex", 0) for i in given) != 0:
        raise AwsError("InvalidParameterCombination", "You must specify a network interface at device index 0")
    return sorted(given, key=lambda i: i.get("DeviceIndex", 0))


def _architecture_of_type(instance_type):
    match = re.fullmatch(r"([a-z]+)(\d+)([a-z]*)(-[a-z0-9]+)?\.[a-z0-9-]+", instance_type)
    if not match:
        raise AwsError("InvalidParameterValue", f"Invalid value '{instance_type}' for InstanceType.")
    return "arm64" if "g" in match[3] or match[1] == "a" else "x86_64"


def _check_type(spec, image_id, zone):
    instance_type = spec.get("InstanceType", "m1.small")
    architecture = _architecture_of_type(instance_type)
    image = image_architecture(image_id)
    if image and image != architecture:
        raise AwsError("InvalidParameterValue", f"The architecture '{architecture}' of the specified instance type "
                       f"does not match the architecture '{image}' of the specified AMI. Specify an instance type and "
                       "an AMI that have matching architectures, and try again.")
    if zone and instance_type not in _WAVELENGTH_TYPES:
        raise AwsError("Unsupported", f"Your requested instance type ({instance_type}) is not supported in your "
                       f"requested Availability Zone ({zone['ZoneName']}). Wavelength Zones have: "
                       f"{', '.join(sorted(_WAVELENGTH_TYPES))}.")
    return instance_type, architecture


def _automatic_address(specification, subnet_record, zone):
    """Which automatic address an interface gets at launch: CarrierIp, PublicIp or None."""
    if specification.get("AssociateCarrierIpAddress"):
        if not zone:
            raise AwsError("InvalidParameterCombination", "A carrier IP address can only be assigned to a network "
                           f"interface in a Wavelength Zone; {subnet_record['SubnetId']} is in "
                           f"{subnet_record['AvailabilityZone']}.")
        return "CarrierIp"
    if zone:
        if specification.get("AssociatePublicIpAddress"):
            raise AwsError("InvalidParameterCombination", "Instances in a Wavelength Zone cannot have a public IP "
                           "address; ask for a carrier IP address.")
        return None
    public = specification.get("AssociatePublicIpAddress")
    return "PublicIp" if (subnet_record["MapPublicIpOnLaunch"] if public is None else public) else None


def _profile(spec):
    wanted = spec.get("IamInstanceProfile") or {}
    profile, error = ec2._resolve_iam_instance_profile(wanted.get("Arn", ""), wanted.get("Name", ""))
    if error:
        raise AwsError("InvalidParameterValue", f"Value ({wanted.get('Name') or wanted.get('Arn')}) for parameter "
                       f"iamInstanceProfile.{'name' if wanted.get('Name') else 'arn'} is invalid. "
                       "Invalid IAM Instance Profile name")
    return profile


def _root_volume(instance_id, zone, spec):
    mapping = next((m for m in spec.get("BlockDeviceMappings", []) if m.get("DeviceName") == "/dev/xvda"), {})
    ebs = mapping.get("Ebs") or {}
    volume_id, now = new_id("vol"), timestamp(time.time())
    keep = ebs.get("DeleteOnTermination", True)
    ec2._volumes[volume_id] = {
        "VolumeId": volume_id, "Size": ebs.get("VolumeSize", 8), "AvailabilityZone": zone, "State": "in-use",
        "VolumeType": ebs.get("VolumeType", "gp2"), "SnapshotId": "", "Iops": ebs.get("Iops", 100),
        "Encrypted": ebs.get("Encrypted", False), "CreateTime": now, "MultiAttachEnabled": False, "Throughput": 0,
        "Attachments": [{"VolumeId": volume_id, "InstanceId": instance_id, "Device": "/dev/xvda", "State": "attached",
                         "AttachTime": now, "DeleteOnTermination": keep}],
    }
    set_tags(volume_id, requested_tags(spec, "volume"))
    return [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": volume_id, "Status": "attached", "AttachTime": now,
                                                "DeleteOnTermination": keep}}]


def _record(spec, plan, index, reservation):
    """The record of one instance, in the form that the rest of the emulator reads."""
    instance_id, market = new_id("i"), spec.get("InstanceMarketOptions") or {}
    spot = market.get("MarketType") == "spot"
    metadata = spec.get("MetadataOptions") or {}
    return {
        "InstanceId": instance_id, "ImageId": plan["image"], "InstanceType": plan["type"],
        "KeyName": spec.get("KeyName", ""), "SubnetId": plan["subnets"][0]["SubnetId"],
        "VpcId": plan["subnets"][0]["VpcId"], "SourceDestCheck": True, "Architecture": plan["architecture"],
        "RootDeviceType": "ebs", "RootDeviceName": "/dev/xvda", "Hypervisor": "xen", "Virtualization": "hvm",
        "Placement": {"AvailabilityZone": plan["subnets"][0]["AvailabilityZone"],
                      "Tenancy": (spec.get("Placement") or {}).get("Tenancy", "default"), "GroupName": ""},
        "Monitoring": {"State": "enabled" if (spec.get("Monitoring") or {}).get("Enabled") else "disabled"},
        "AmiLaunchIndex": index, "UserData": spec.get("UserData", ""), "LaunchTime": timestamp(time.time()),
        "BlockDeviceMappings": _root_volume(instance_id, plan["subnets"][0]["AvailabilityZone"], spec),
        "IamInstanceProfile": plan["profile"], "EbsOptimized": spec.get("EbsOptimized", False),
        "InstanceLifecycle": "spot" if spot else None, "SpotInstanceRequestId": new_id("sir") if spot else None,
        "MetadataOptions": {
            "State": "applied", "HttpTokens": metadata.get("HttpTokens", "optional"),
            "HttpPutResponseHopLimit": metadata.get("HttpPutResponseHopLimit", 1),
            "HttpEndpoint": metadata.get("HttpEndpoint", "enabled"),
            "HttpProtocolIpv6": metadata.get("HttpProtocolIpv6", "disabled"),
            "InstanceMetadataTags": metadata.get("InstanceMetadataTags", "disabled")},
        "ClientToken": spec.get("ClientToken", ""), "_enis": [], "_reservation": reservation,
        "_requester": spec.get("_requester"),
    }


def _plan(spec):
    """Check a launch wholly before anything of it is made."""
    if not spec.get("ImageId"):
        raise AwsError("MissingParameter", "The request must contain the parameter ImageId")
    interfaces = _interfaces(spec)
    subnets = []
    for specification in interfaces:
        if specification.get("NetworkInterfaceId"):
            subnets.append(subnet(interface(specification["NetworkInterfaceId"])["SubnetId"]))
        else:
            wanted = specification.get("SubnetId")
            subnets.append(subnet(wanted) if wanted else _default_subnet(spec))
    zone = wavelength_zone_of(subnets[0])
    image = resolve_image(spec["ImageId"])
    instance_type, architecture = _check_type(spec, image, zone)
    automatic = [_automatic_address(specification, where, wavelength_zone_of(where))
                 for specification, where in zip(interfaces, subnets)]
    for kind in ("instance", "volume", "network-interface"):
        requested_tags(spec, kind)
    key = spec.get("KeyName")
    if key and key not in ec2._key_pairs:
        raise AwsError("InvalidKeyPair.NotFound", f"The key pair '{key}' does not exist")
    return {"interfaces": interfaces, "subnets": subnets, "image": image, "type": instance_type,
            "architecture": architecture, "automatic": automatic, "profile": _profile(spec)}


def _add_interfaces(record, spec, plan, pools):
    tags = requested_tags(spec, "network-interface")
    for position, (specification, where) in enumerate(zip(plan["interfaces"], plan["subnets"])):
        existing = specification.get("NetworkInterfaceId")
        eni = interface(existing) if existing else add_interface(pools[position], where, specification, tags)
        attach(eni, record, specification.get("DeviceIndex", position),
               specification.get("DeleteOnTermination", not existing))
        if not existing:
            eni["_automatic"] = plan["automatic"][position]
            assign_automatic(eni)
    primary = interface(record["_enis"][0])
    record.update(PrivateIpAddress=primary["PrivateIpAddress"], PrivateDnsName=primary["PrivateDnsName"],
                  SecurityGroups=primary["Groups"])


def launch(request, count, requester=None, extra_tags=()):
    """Launch instances in the present account and region; every fault is raised before anything is made."""
    ec2._ensure_defaults_initialized()
    spec, template_tags = _with_template(request)
    spec["_requester"] = requester
    plan = _plan(spec)
    pools = [AddressPool(where) for where in plan["subnets"]]
    if plan["subnets"][0]["AvailableIpAddressCount"] < count:
        raise AwsError("InsufficientFreeAddressesInSubnet", "There are not enough free addresses in subnet "
                       f"'{plan['subnets'][0]['SubnetId']}' to satisfy the requested number of instances.")
    reservation, created = new_id("r"), []
    for index in range(count):
        record = _record(spec, plan, index, reservation)
        _add_interfaces(record, spec, plan, pools)
        ec2._instances[record["InstanceId"]] = record
        set_tags(record["InstanceId"], _unique([*requested_tags(spec, "instance"), *extra_tags, *template_tags]))
        if plan["profile"]:
            ec2._upsert_iam_instance_profile_association(record["InstanceId"], plan["profile"])
        begin(record)
        created.append(record)
    return created


@operation("ec2", "RunInstances")
def run_instances(request):
    least, most = request["MinCount"], request["MaxCount"]
    if least < 1 or least > most:
        raise AwsError("InvalidParameterValue", f"Value ({least}) for parameter minCount is invalid. It must be "
                       f"between 1 and maxCount ({most}).")
    token = request.get("ClientToken")
    if token and token in _launches:
        created = [ec2._instances[i] for i in _launches[token] if i in ec2._instances]
    else:
        created = launch(request, most)
        if token:
            _launches[token] = [record["InstanceId"] for record in created]
    return reservations(created)[0]


def _launch_for_fleet(image_id, instance_type, subnet_id, count, key_name="", user_data="", sg_ids=None,
                      requested_private_ip=None, iam_profile=None):
    """What CreateFleet calls."""
    request = {"ImageId": image_id, "InstanceType": instance_type, "SubnetId": subnet_id, "UserData": user_data,
               "KeyName": key_name, "SecurityGroupIds": sg_ids, "PrivateIpAddress": requested_private_ip,
               "IamInstanceProfile": iam_profile and {"Arn": iam_profile["Arn"]}}
    return launch({name: value for name, value in request.items() if value}, count)


def install():
    ec2._launch_instances_internal = _launch_for_fleet


