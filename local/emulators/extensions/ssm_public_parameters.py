"""
Adds: the public parameters of Amazon Linux 2023 images for both architectures, the images behind them, and image ids of
the form `resolve:ssm:NAME`.
Follows: EC2 User Guide, "Reference AMIs using Systems Manager public parameters" and "Use a Systems Manager parameter
instead of an AMI ID in your launch template".
Delete when: the emulator knows al2023-ami-kernel-default-arm64 and resolves `resolve:ssm:`.
"""

import re

from ministack.services import ec2, ssm

from .wire import AwsError


_PREFIX = "/aws/service/ami-amazon-linux-latest/"
_IMAGES = {"x86_64": "ami-0c2023a1b2c3d4e5f", "arm64": "ami-0c2023a1b2c3d4e60"}
_VARIANTS = ("al2023-ami-kernel-default", "al2023-ami-kernel-6.1", "al2023-ami-kernel-6.12",
             "al2023-ami-minimal-kernel-default", "al2023-ami-minimal-kernel-6.1")
_RESOLVE = "resolve:ssm:"


def image_architecture(image_id):
    """The processor architecture of an image that this emulator knows, or None."""
    registered = ec2._images.get(image_id)
    if registered:
        return registered.get("Architecture")
    if image_id in {stub[0] for stub in ec2._STUB_AMIS}:
        return "arm64" if image_id == _IMAGES["arm64"] else "x86_64"
    return None


def resolve_image(image_id):
    """The image that an image id or a `resolve:ssm:` reference stands for."""
    if image_id.startswith(_RESOLVE):
        name = image_id.removeprefix(_RESOLVE)
        parameter, error = ssm._select_parameter(name)
        if error or not parameter:
            raise AwsError("InvalidParameterValue", f"The parameter {name} of the image id '{image_id}' does not exist")
        image_id = parameter["Value"]
    if not re.fullmatch(r"ami-([0-9a-f]{8}|[0-9a-f]{17})", image_id):
        raise AwsError("InvalidAMIID.Malformed", f'Invalid id: "{image_id}" (expecting "ami-...")')
    return image_id


def install():
    for variant in _VARIANTS:
        for architecture, image in _IMAGES.items():
            ssm._PUBLIC_AMI_PARAMETERS[f"{_PREFIX}{variant}-{architecture}"] = image
    ec2._STUB_AMIS.append((
        _IMAGES["arm64"], "al2023-ami-2023.6.20241010.0-kernel-6.1-arm64", "Amazon Linux 2023 AMI", "", "/dev/xvda",
        "137112412989", "amazon"))
    view = ec2._stub_image_view

    def view_with_architecture(image_id, *rest):
        return {**view(image_id, *rest), "Architecture": image_architecture(image_id)}

    ec2._stub_image_view = view_with_architecture
