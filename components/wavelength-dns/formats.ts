/** Forms of texts among the arguments of WavelengthDns. */
import { FORMATS as COMMON } from "../internal/formats";
import type { Format } from "../internal/schema";

export const FORMATS: Readonly<Record<string, Format>> = {
  ...COMMON,
  "device-name": {
    test: /^(\/dev\/)?[a-z][a-z0-9]+$/,
    allowed: "a device name such as /dev/xvda",
    fix: "`aws ec2 describe-images` tells the image's root device.",
  },
  /** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html */
  "group-name": {
    test: /^[!-9;-~]{1,255}$/,
    allowed: "the name of an Auto Scaling group: 1 to 255 visible ASCII characters without a colon",
    fix: "Give the group's name; `aws autoscaling describe-auto-scaling-groups` lists them.",
  },
  "instance-type": {
    test: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
    allowed: "an instance type such as t3.medium",
    fix: "`aws ec2 describe-instance-type-offerings` lists what a zone has.",
  },
  "key-pair-name": {
    test: /^[\x20-\x7e]{1,255}$/,
    allowed: "the name of an EC2 key pair: 1 to 255 ASCII characters",
    fix: "Give the key pair's name, or leave it out.",
  },
  "parameter-name": {
    test: /^[\w.:/-]{1,2048}$/,
    allowed: "the name of an SSM parameter, such as /images/media",
    fix: "Give the parameter's name, or leave it out for Amazon Linux 2023.",
  },
  "template-version": {
    test: /^(\d+|\$Latest|\$Default)$/,
    allowed: "the number of a version, $Latest or $Default",
    fix: "Give the version that is to be launched.",
  },
  "wavelength-zone": {
    test: /^[a-z]{2}(-[a-z]+)+-\d-wl\d-[a-z]{3}-wlz-\d$/,
    allowed: "a Wavelength zone such as us-east-1-wl1-bos-wlz-1",
    fix: "`aws ec2 describe-availability-zones --all-availability-zones` lists the region's.",
  },
};
