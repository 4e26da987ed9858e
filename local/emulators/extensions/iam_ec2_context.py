"""
Adds: what AWS authorizes a launch and other calls about instances on: every resource that takes part, each with the
condition keys of its own. So `ec2:InstanceType` is there for the instance, and absent for its image or subnet: a policy
that denies a launch unless the type is one of a few has to be about instances.
Follows: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2", RunInstances,
StartInstances, StopInstances, RebootInstances, TerminateInstances, ModifyInstanceAttribute.
Delete when: the emulator authorizes RunInstances on instance, image, subnet, volume, interface and security groups.
"""

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2

from .ec2_common import requested_tags, subnet, tags_of
from .ec2_launch import _default_subnet, _interfaces, _profile, _with_template
from .ec2_launch_templates import resolve_template
from .ssm_public_parameters import resolve_image
from .wire import AwsError

_ON_INSTANCES = {"StartInstances", "StopInstances", "RebootInstances", "TerminateInstances", "ModifyInstanceAttribute"}


def _arn(kind, identifier, account=None):
    owner = get_account_id() if account is None else account
    return f"arn:aws:ec2:{get_region()}:{owner}:{kind}/{identifier}"


def as_text(value):
    return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


def _keys(**values):
    """Condition keys of EC2 that have a value."""
    given = {"ec2:Region": get_region(), **{f"ec2:{name}": as_text(value) for name, value in values.items()}}
    return {name: value for name, value in given.items() if value is not None}


def _tag_keys(tags):
    if not tags:
        return {}
    return {"aws:TagKeys": [tag["Key"] for tag in tags],
            **{f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags}}


def _instance(spec, zone):
    metadata, placement = spec.get("MetadataOptions") or {}, spec.get("Placement") or {}
    profile = _profile(spec)
    market = (spec.get("InstanceMarketOptions") or {}).get("MarketType", "on-demand")
    return _arn("instance", "*"), _keys(
        InstanceType=spec.get("InstanceType", "m1.small"), AvailabilityZone=zone, InstanceMarketType=market,
        Tenancy=placement.get("Tenancy", "default"), EbsOptimized=spec.get("EbsOptimized", False), RootDeviceType="ebs",
        InstanceProfile=profile["Arn"] if profile else None, MetadataHttpTokens=metadata.get("HttpTokens"),
        MetadataHttpEndpoint=metadata.get("HttpEndpoint"),
        MetadataHttpPutResponseHopLimit=metadata.get("HttpPutResponseHopLimit"))


def _volume(spec, zone):
    mapping = next((m["Ebs"] for m in spec.get("BlockDeviceMappings", []) if m.get("Ebs")), {})
    return _arn("volume", "*"), _keys(
        AvailabilityZone=zone, VolumeSize=mapping.get("VolumeSize", 8), VolumeType=mapping.get("VolumeType", "gp2"),
        Encrypted=mapping.get("Encrypted", False), VolumeIops=mapping.get("Iops"))


def _place(spec):
    wanted = _interfaces(spec)[0].get("SubnetId")
    return subnet(wanted) if wanted else _default_subnet(spec)


def _network(spec, where):
    in_vpc = {"Vpc": _arn("vpc", where["VpcId"])}
    groups = {group for i in _interfaces(spec) for group in i.get("Groups") or []} or {"*"}
    yield _arn("subnet", where["SubnetId"]), _keys(AvailabilityZone=where["AvailabilityZone"], **in_vpc)
    yield _arn("network-interface", "*"), _keys(
        AvailabilityZone=where["AvailabilityZone"], Subnet=_arn("subnet", where["SubnetId"]), **in_vpc)
    for group in sorted(groups):
        yield _arn("security-group", group), _keys(**in_vpc)


def _launch(request):
    """The resources of a launch with their keys; the launch template is read as RunInstances reads it."""
    ec2._ensure_defaults_initialized()
    spec, _ = _with_template(request)
    where = _place(spec)
    found = [_instance(spec, where["AvailabilityZone"]),
             (_arn("image", resolve_image(spec.get("ImageId", "")), ""), _keys(ImageType="machine")),
             _volume(spec, where["AvailabilityZone"]), *_network(spec, where)]
    if spec.get("KeyName"):
        found.append((_arn("key-pair", spec["KeyName"]), _keys()))
    common = {"ec2:IsLaunchTemplateResource": "false"}
    if "LaunchTemplate" in request:
        template = _arn("launch-template", resolve_template(request["LaunchTemplate"])[0]["LaunchTemplateId"])
        common["ec2:LaunchTemplate"] = template
        found.append((template, _keys()))
    return [(arn, {**common, **keys, **_tag_keys(requested_tags(spec, arn.split(":")[5].split("/")[0]))})
            for arn, keys in found]


def _existing(request):
    wanted = (request.get("InstanceType") or {}).get("Value")
    change = {"ec2:Attribute": "InstanceType", "ec2:Attribute/InstanceType": wanted} if wanted else {}
    for identifier in request.get("InstanceIds") or filter(None, [request.get("InstanceId")]):
        record = ec2._instances.get(identifier)
        if record is None:
            yield _arn("instance", identifier), {**_keys(), **change}
            continue
        tags = {f"{prefix}:ResourceTag/{tag['Key']}": tag["Value"]
                for tag in tags_of(identifier) for prefix in ("aws", "ec2")}
        placement = record["Placement"]
        yield _arn("instance", identifier), {**_keys(
            InstanceType=record["InstanceType"], AvailabilityZone=placement["AvailabilityZone"],
            Tenancy=placement["Tenancy"], EbsOptimized=record["EbsOptimized"], RootDeviceType="ebs"), **tags, **change}


def resources(request):
    """The resources that an EC2 call is authorized on, as (ARN, condition keys); None where the emulator knows best."""
    name = request.operation.name
    try:
        if name == "RunInstances":
            return _launch(request)
        if name in _ON_INSTANCES:
            return list(_existing(request)) or None
    except AwsError:
        # The call itself will say what is wrong with it.
        pass
    return None
