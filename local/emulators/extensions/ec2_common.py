"""Small things that the EC2 extensions share: identifiers, tags and filters."""

import fnmatch
import random
import re

from ministack.services import ec2

from .wire import AwsError, before


_MALFORMED = {"i": "InvalidInstanceID.Malformed"}

# A region's default VPC is there before anybody asks for it.
before("ec2")(lambda _request: ec2._ensure_defaults_initialized())


def new_id(prefix):
    return f"{prefix}-{random.getrandbits(68):017x}"


def tags_of(resource_id):
    return [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in ec2._tags.get(resource_id, [])]


def requested_tags(request, resource_type):
    """The tags that a request asks for on one type of resource."""
    tags = [
        {"Key": tag["Key"], "Value": tag.get("Value", "")}
        for specification in request.get("TagSpecifications", [])
        if specification.get("ResourceType") == resource_type
        for tag in specification.get("Tags", [])
    ]
    if any(tag["Key"].startswith("aws:") for tag in tags):
        raise AwsError("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
    return tags


def set_tags(resource_id, tags):
    if tags:
        ec2._tags[resource_id] = tags


def values_match(actual, wanted):
    """One filter: any of its values, with * and ?, against any of the resource's."""
    candidates = actual if isinstance(actual, (list, set, tuple)) else [actual]
    texts = ["true" if c is True else "false" if c is False else str(c) for c in candidates if c is not None]
    return any(fnmatch.fnmatchcase(text, pattern.replace("[", "[[]")) for text in texts for pattern in wanted)


def _value(record, attribute):
    if callable(attribute):
        return attribute(record)
    for name in attribute.split("."):
        record = (record or {}).get(name)
    return record


def matches(record, resource_id, filters, attributes):
    """
    Whether a resource passes all filters. `attributes` maps filter names to members of the record, or functions of it.
    A filter that AWS does not have, or that this emulator lacks, is refused rather than ignored.
    """
    for filter_ in filters or []:
        name, wanted = filter_.get("Name", ""), filter_.get("Values", [])
        if name.startswith("tag:"):
            actual = [tag["Value"] for tag in tags_of(resource_id) if tag["Key"] == name[4:]]
        elif name == "tag-key":
            actual = [tag["Key"] for tag in tags_of(resource_id)]
        elif name in attributes:
            actual = _value(record, attributes[name])
        else:
            raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
        if not values_match(actual, wanted):
            return False
    return True


def select(request, identifiers, store, find, attributes):
    """The records that a Describe call asks for, by their identifiers (the name of that member) and by its filters."""
    wanted = request.get(identifiers)
    candidates = [find(identifier) for identifier in wanted] if wanted else store.values()
    return [record for record in candidates
            if matches(record, record[identifiers[:-1]], request.get("Filters"), attributes)]


def known(store, identifier, code, kind):
    """A record by its identifier, or the error that AWS gives for it."""
    prefix = kind[0]
    if not re.fullmatch(rf"{prefix}-([0-9a-f]{{8}}|[0-9a-f]{{17}})", identifier):
        malformed = _MALFORMED.get(prefix, code.replace("NotFound", "Malformed"))
        raise AwsError(malformed, f'Invalid id: "{identifier}" (expecting "{prefix}-...")')
    record = store.get(identifier)
    if record is None:
        raise AwsError(code, f"The {kind[1]} '{identifier}' does not exist")
    return record


SUBNET = ("subnet", "subnet ID")
VPC = ("vpc", "vpc ID")
INSTANCE = ("i", "instance ID")
INTERFACE = ("eni", "networkInterface ID")
CARRIER_GATEWAY = ("cagw", "carrier gateway ID")


def subnet(identifier):
    return known(ec2._subnets, identifier, "InvalidSubnetID.NotFound", SUBNET)


def vpc(identifier):
    return known(ec2._vpcs, identifier, "InvalidVpcID.NotFound", VPC)


def instance(identifier):
    return known(ec2._instances, identifier, "InvalidInstanceID.NotFound", INSTANCE)


def interface(identifier):
    return known(ec2._network_interfaces, identifier, "InvalidNetworkInterfaceID.NotFound", INTERFACE)
