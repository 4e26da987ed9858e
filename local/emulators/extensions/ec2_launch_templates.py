"""
Adds: launch templates that keep every member of their data (carrier address, market options, placement...), that name
a missing template or version as AWS does, and that drop removed tags.
Follows: EC2 API Reference, RequestLaunchTemplateData, ResponseLaunchTemplateData, DescribeLaunchTemplates,
"Client error codes".
Delete when: the emulator stores AssociateCarrierIpAddress and InstanceMarketOptions of a template.
"""

import copy

from ministack.services import ec2

from .wire import AwsError, before, write_members
from .wire_requests import read_members



def _template(identifier, name):
    if identifier:
        found = ec2._launch_templates.get(identifier)
        if found is None:
            raise AwsError("InvalidLaunchTemplateId.NotFound", "The specified launch template, with template ID "
                           f"{identifier}, does not exist.")
        return found
    found = next((t for t in ec2._launch_templates.values() if t["LaunchTemplateName"] == name), None)
    if found is None:
        raise AwsError("InvalidLaunchTemplateName.NotFoundException", "The specified launch template, with template "
                       f"name {name}, does not exist.")
    return found


def resolve_template(specification):
    """The template and the version that a LaunchTemplateSpecification means: (template, version record)."""
    template = _template(specification.get("LaunchTemplateId"), specification.get("LaunchTemplateName"))
    wanted = str(specification.get("Version") or "$Default")
    aliases = {"$Default": template["DefaultVersionNumber"], "$Latest": template["LatestVersionNumber"]}
    number = aliases.get(wanted, wanted)
    version = next((v for v in template["Versions"] if str(v["VersionNumber"]) == str(number)), None)
    if version is None:
        raise AwsError("InvalidLaunchTemplateId.VersionNotFound", f"Could not find the specified version {wanted} for "
                       f"the launch template with ID {template['LaunchTemplateId']}.")
    return template, version


def template_data(version):
    return copy.deepcopy(version["LaunchTemplateData"])


def _read_data(params, prefix="LaunchTemplateData"):
    return read_members("ec2", "RequestLaunchTemplateData", params, prefix)


def _write_data(data):
    shown = dict(data)
    if "MetadataOptions" in shown:
        shown["MetadataOptions"] = {"State": "applied", **shown["MetadataOptions"]}
    return write_members("ec2", "ResponseLaunchTemplateData", shown)


@before("ec2", "CreateLaunchTemplateVersion", "DescribeLaunchTemplates", "DescribeLaunchTemplateVersions",
        "ModifyLaunchTemplate", "DeleteLaunchTemplate")
def _check_template_exists(request):
    for identifier in request.get("LaunchTemplateIds", []):
        _template(identifier, None)
    for name in request.get("LaunchTemplateNames", []):
        _template(None, name)
    if request.get("LaunchTemplateId") or request.get("LaunchTemplateName"):
        _template(request.get("LaunchTemplateId"), request.get("LaunchTemplateName"))


def _drop_copied_tags(handler):
    """Leave the tags where CreateTags and DeleteTags change them, not in a copy inside the template."""
    def run(params):
        response = handler(params)
        for template in ec2._launch_templates.values():
            template.pop("Tags", None)
        return response
    return run


def install():
    ec2._parse_lt_data = _read_data
    ec2._lt_data_xml = _write_data
    ec2._ACTION_MAP["CreateLaunchTemplate"] = _drop_copied_tags(ec2._ACTION_MAP["CreateLaunchTemplate"])
