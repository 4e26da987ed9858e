/** Names, ids and other texts among the arguments of WavelengthDns. */
import type { ArgumentChecks } from "../internal/argument-errors";
import { checkId } from "../internal/aws-id";
import { checkAlarmTopics, checkTags, checkText, TAG_KEY, type TextRule } from "../internal/text-checks";
import type { InstanceArgs, NewFleetArgs, WavelengthDnsArgs, Weights } from "./args";

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html */
const GROUP_NAME: TextRule = {
  form: /^[!-9;-~]{1,255}$/,
  allowed: "the name of an Auto Scaling group: 1 to 255 visible ASCII characters without a colon",
  fix: "Give the group's name; `aws autoscaling describe-auto-scaling-groups` lists them.",
};

const INSTANCE_TYPE: TextRule = {
  form: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
  allowed: "an instance type such as t3.medium",
  fix: "`aws ec2 describe-instance-type-offerings` lists what a zone has.",
};

const IMAGE_PARAMETER: TextRule = {
  form: /^[\w.:/-]{1,2048}$/,
  allowed: "the name of an SSM parameter, such as /images/media",
  fix: "Give the parameter's name, or leave it out for Amazon Linux 2023.",
};

const KEY_NAME: TextRule = {
  form: /^[\x20-\x7e]{1,255}$/,
  allowed: "the name of an EC2 key pair: 1 to 255 ASCII characters",
  fix: "Give the key pair's name, or leave it out.",
};

const DEVICE: TextRule = {
  form: /^(\/dev\/)?[a-z][a-z0-9]+$/,
  allowed: "a device name such as /dev/xvda",
  fix: "`aws ec2 describe-images` tells the image's root device.",
};

const TEMPLATE_VERSION: TextRule = {
  form: /^(\d+|\$Latest|\$Default)$/,
  allowed: "the number of a version, $Latest or $Default",
  fix: "Give the version that is to be launched.",
};

/** EC2 takes 16 KB of user data, before they are encoded. */
const MAXIMUM_USER_DATA = 16_384;

export function checkTexts(checks: ArgumentChecks, { hostedZone, fleet, weights, ...args }: WavelengthDnsArgs): void {
  if ("id" in hostedZone) checkId(checks, "hostedZone.id", "hosted zone", hostedZone.id);
  checkWeightNames(checks, weights);
  checkAlarmTopics(checks, args);
  if ("autoScalingGroupName" in fleet) {
    checkText(checks, "fleet.autoScalingGroupName", fleet.autoScalingGroupName, GROUP_NAME);
    return;
  }
  checkFleetIds(checks, fleet);
  checkInstances(checks, fleet.instances ?? {});
}

function checkWeightNames(checks: ArgumentChecks, weights: Weights | undefined): void {
  if (weights?.kind === "tag") checkText(checks, "weights.key", weights.key, TAG_KEY);
  if (weights?.kind !== "instanceType") return;
  for (const type of Object.keys(weights.weights)) {
    checkText(checks, `weights.weights[${JSON.stringify(type)}]`, type, INSTANCE_TYPE);
  }
}

function checkFleetIds(checks: ArgumentChecks, { zones, vpc, securityGroupIds, launchTemplate }: NewFleetArgs): void {
  if (vpc !== undefined && "id" in vpc) {
    checkId(checks, "fleet.vpc.id", "VPC", vpc.id);
    checkId(checks, "fleet.vpc.carrierGatewayId", "carrier gateway", vpc.carrierGatewayId);
  }
  zones.forEach(({ subnetId }, i) => checkId(checks, `fleet.zones[${i}].subnetId`, "subnet", subnetId));
  checks.require(securityGroupIds === undefined || securityGroupIds.length > 0, {
    property: "fleet.securityGroupIds",
    received: securityGroupIds,
    allowed: "at least one security group",
    fix: "Name one, or leave securityGroupIds out: one is made then.",
  });
  securityGroupIds?.forEach((id, i) => checkId(checks, `fleet.securityGroupIds[${i}]`, "security group", id));
  checkId(checks, "fleet.launchTemplate.id", "launch template", launchTemplate?.id);
  checkText(checks, "fleet.launchTemplate.version", launchTemplate?.version, TEMPLATE_VERSION);
}

function checkInstances(checks: ArgumentChecks, instances: InstanceArgs): void {
  const at = "fleet.instances";
  checkText(checks, `${at}.instanceType`, instances.instanceType, INSTANCE_TYPE);
  checkText(checks, `${at}.imageParameter`, instances.imageParameter, IMAGE_PARAMETER);
  checkText(checks, `${at}.keyName`, instances.keyName, KEY_NAME);
  checkText(checks, `${at}.rootVolume.deviceName`, instances.rootVolume?.deviceName, DEVICE);
  checkTags(checks, `${at}.tags`, instances.tags);
  const size = typeof instances.userData === "string" ? Buffer.byteLength(instances.userData) : 0;
  checks.require(size <= MAXIMUM_USER_DATA, {
    property: `${at}.userData`,
    received: `${size} bytes`,
    allowed: `at most ${MAXIMUM_USER_DATA} bytes, as EC2 takes no more`,
    fix: "Keep the script in S3, or in the image, and fetch it from there.",
  });
}
