"""
Adds: tags of Auto Scaling groups that follow the group, with filters and pages.
Follows: EC2 Auto Scaling API Reference, CreateOrUpdateTags, DeleteTags, DescribeTags.
Delete when: the emulator's DescribeTags honours filters.
"""

from ministack.services import autoscaling

from .autoscaling_groups import find, tag_of
from .ec2_common import values_match
from .wire import AwsError, operation, page


def _group(tag):
    if tag.get("ResourceType", "auto-scaling-group") != "auto-scaling-group":
        raise AwsError("ValidationError", f"Resource type {tag['ResourceType']} is not auto-scaling-group")
    return find(tag.get("ResourceId", ""))


@operation("autoscaling", "CreateOrUpdateTags")
def create_or_update_tags(request):
    for tag in request["Tags"]:
        group = _group(tag)
        kept = [t for t in group["Tags"] if t["Key"] != tag["Key"]]
        group["Tags"] = [*kept, tag_of(group["AutoScalingGroupName"], tag)]


@operation("autoscaling", "DeleteTags")
def delete_tags(request):
    for tag in request["Tags"]:
        group = _group(tag)
        group["Tags"] = [t for t in group["Tags"] if t["Key"] != tag["Key"]]


@operation("autoscaling", "DescribeTags")
def describe_tags(request):
    members = {"auto-scaling-group": "ResourceId", "key": "Key", "value": "Value",
               "propagate-at-launch": "PropagateAtLaunch"}
    for filter_ in request.get("Filters", []):
        if filter_.get("Name") not in members:
            raise AwsError("ValidationError", f"Filter type {filter_.get('Name')} is not correct. Allowed Filter types "
                           f"are: {' '.join(members)}")
    found = [
        tag for group in autoscaling._asgs.values() for tag in group["Tags"]
        if all(values_match(tag[members[f["Name"]]], f.get("Values", [])) for f in request.get("Filters", []))
    ]
    return page(request, found, 50)
