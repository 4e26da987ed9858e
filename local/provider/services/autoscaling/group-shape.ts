/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html */
import type { StartInstanceRefreshType, UpdateAutoScalingGroupType } from "@aws-sdk/client-auto-scaling";
import { containsUnknown, type Values } from "../../property-values";
import { type CheckFailure, optionalObject, texts as list } from "../../resource-type";
import { checkEach, checkExactlyOne, checkOneOf, checkRange } from "../checks";
import { INSTANCE_REQUIREMENTS } from "../ec2/launch-template-data";
import {
  boolean,
  checkShape,
  named,
  nested,
  nestedList,
  number,
  numbers,
  type Shape,
  text,
  texts,
  toAws,
} from "../shape";
import { checkHook, FILE, HOOK } from "./common";
import { durationSeconds } from "./capacity";

const TEMPLATE: Shape = {
  id: named("LaunchTemplateId", text),
  name: named("LaunchTemplateName", text),
  version: text,
};

const MIXED_TEMPLATE = nested({ launchTemplateId: text, launchTemplateName: text, version: text });

const MIXED: Shape = {
  instancesDistribution: nested({
    onDemandAllocationStrategy: text,
    onDemandBaseCapacity: number,
    onDemandPercentageAboveBaseCapacity: number,
    spotAllocationStrategy: text,
    spotInstancePools: number,
    spotMaxPrice: text,
  }),
  launchTemplate: nested({
    launchTemplateSpecification: MIXED_TEMPLATE,
    overrides: nestedList({
      instanceRequirements: nested(INSTANCE_REQUIREMENTS),
      instanceType: text,
      launchTemplateSpecification: MIXED_TEMPLATE,
      weightedCapacity: text,
    }),
  }),
};

/** What CreateAutoScalingGroup and UpdateAutoScalingGroup take under the same names. */
export const SETTINGS: Shape = {
  availabilityZones: texts,
  capacityRebalance: boolean,
  context: text,
  defaultCooldown: number,
  defaultInstanceWarmup: number,
  desiredCapacity: number,
  desiredCapacityType: text,
  healthCheckGracePeriod: number,
  healthCheckType: text,
  instanceMaintenancePolicy: nested({ maxHealthyPercentage: number, minHealthyPercentage: number }),
  launchTemplate: nested(TEMPLATE),
  maxInstanceLifetime: number,
  maxSize: number,
  minSize: number,
  mixedInstancesPolicy: nested(MIXED),
  placementGroup: text,
  protectFromScaleIn: named("NewInstancesProtectedFromScaleIn", boolean),
  serviceLinkedRoleArn: named("ServiceLinkedRoleARN", text),
  terminationPolicies: texts,
};

const REFRESH: Shape = {
  strategy: text,
  preferences: nested({
    alarmSpecification: nested({ alarms: texts }),
    autoRollback: boolean,
    checkpointDelay: number,
    checkpointPercentages: numbers,
    instanceWarmup: number,
    maxHealthyPercentage: number,
    minHealthyPercentage: number,
    scaleInProtectedInstances: text,
    skipMatching: boolean,
    standbyInstances: text,
  }),
};

/** The request for a group's settings; AWS takes the subnets as one text. */
export function settings(name: string, values: Values): UpdateAutoScalingGroupType {
  const subnets = list(values, "vpcZoneIdentifiers");
  return {
    ...toAws<UpdateAutoScalingGroupType>(SETTINGS, values),
    AutoScalingGroupName: name,
    ...(subnets.length === 0 ? {} : { VPCZoneIdentifier: subnets.join(",") }),
  };
}

export function refreshRequest(name: string, refresh: Values): StartInstanceRefreshType {
  return { ...toAws<StartInstanceRefreshType>(REFRESH, refresh), AutoScalingGroupName: name };
}

function checkSizes(inputs: Values): CheckFailure[] {
  const { minSize, maxSize, desiredCapacity } = inputs;
  const failures = [
    ...checkRange("minSize", minSize, 0, 1e6),
    ...checkRange("maxSize", maxSize, 0, 1e6),
    ...checkRange("desiredCapacity", desiredCapacity, 0, 1e6),
  ];
  if (failures.length > 0 || [minSize, maxSize, desiredCapacity].some(containsUnknown)) return failures;
  if (Number(minSize) > Number(maxSize)) {
    return [
      { property: "minSize", reason: `received ${String(minSize)}, which is above maxSize (${String(maxSize)})` },
    ];
  }
  if (desiredCapacity === undefined) return [];
  const desired = Number(desiredCapacity);
  return desired >= Number(minSize) && desired <= Number(maxSize)
    ? []
    : [
        {
          property: "desiredCapacity",
          reason: `received ${desired}; expected minSize (${String(minSize)}) to maxSize (${String(maxSize)})`,
        },
      ];
}

export function checkGroup(inputs: Values): CheckFailure[] {
  const template = optionalObject(inputs, "launchTemplate");
  const nestedShapes: Shape = {
    ...SETTINGS,
    vpcZoneIdentifiers: texts,
    initialLifecycleHooks: nestedList(HOOK),
    instanceRefresh: nested({ ...REFRESH, triggers: texts }),
    tags: nestedList({ key: text, value: text, propagateAtLaunch: boolean }),
  };
  const timeout = inputs.waitForCapacityTimeout;
  const isDuration = typeof timeout !== "string" || containsUnknown(timeout) || durationSeconds(timeout) !== undefined;
  return [
    ...checkShape(nestedShapes, inputs, FILE),
    ...checkSizes(inputs),
    ...checkExactlyOne(inputs, ["launchTemplate", "mixedInstancesPolicy"]),
    ...checkExactlyOne(inputs, ["vpcZoneIdentifiers", "availabilityZones"]),
    ...(template === undefined ? [] : checkExactlyOne(template, ["id", "name"], "launchTemplate")),
    ...checkOneOf("healthCheckType", inputs.healthCheckType, ["EC2", "ELB", "EBS", "VPC_LATTICE"]),
    ...checkEach(inputs, "initialLifecycleHooks", (hook, path) => checkHook(hook, `${path}.`)),
    ...(isDuration
      ? []
      : [
          {
            property: "waitForCapacityTimeout",
            reason: `received "${timeout}"; expected a duration such as 10m, or 0`,
          },
        ]),
  ];
}
