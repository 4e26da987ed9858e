"""
Adds: launch templates that keep every member of their data (carrier address, market options, placement...), that name
a missing template or version as AWS does, and that drop removed tags.
Follows: EC2 API Reference, RequestLaunchTemplateData, ResponseLaunchTemplateData, DescribeLaunchTemplates,
"Client error codes".
Delete when: the emulator stores AssociateCarrierIpAddress and InstanceMarketOptions of a template.
"""

import copy

from ministack.services import ec2

from .awsmodel import AwsError, checked, read_members, write_members

_CALLS = ("CreateLaunchTemplate", "CreateLaunchTemplateVersion", "DescribeLaunchTemplates",
          "DescribeLaunchTemplateVersions", "ModifyLaunchTemplate", "DeleteLaunchTemplate")


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
    nested = {key: value for key, value in params.items() if key.startswith(f"{prefix}.")}
    return read_members("ec2", "RequestLaunchTemplateData", nested, prefix)


def _write_data(data):
    shown = dict(data)
    if "MetadataOptions" in shown:
        shown["MetadataOptions"] = {"State": "applied", **shown["MetadataOptions"]}
    return write_members("ec2", "ResponseLaunchTemplateData", shown)


def _check_template_exists(handler):
    def run(params):
        for number in range(1, 1000):
            identifier = ec2._p(params, f"LaunchTemplateId.{number}")
            name = ec2._p(params, f"LaunchTemplateName.{number}")
            if not identifier and not name:
                break
            _template(identifier, name)
        if ec2._p(params, "LaunchTemplateId") or ec2._p(params, "LaunchTemplateName"):
            _template(ec2._p(params, "LaunchTemplateId"), ec2._p(params, "LaunchTemplateName"))
        return handler(params)
    return run


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
    for call in _CALLS:
        handler = ec2._ACTION_MAP[call]
        wrapped = _drop_copied_tags(handler) if call == "CreateLaunchTemplate" else _check_template_exists(handler)
        ec2._ACTION_MAP[call] = checked("ec2", wrapped)
