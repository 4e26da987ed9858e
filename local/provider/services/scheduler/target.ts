/** What a schedule calls. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html */
import type { Target } from "@aws-sdk/client-scheduler";
import type { Values } from "../../property-values";
import { optionalBoolean, optionalObject, texts } from "../../resource-type";
import { boolean, fromAws, named, nested, nestedList, number, type Shape, text, texts as list, toAws } from "../shape";
import { known } from "../support";

const ECS: Shape = {
  capacityProviderStrategies: named(
    "CapacityProviderStrategy",
    nestedList({
      base: named("base", number),
      capacityProvider: named("capacityProvider", text),
      weight: named("weight", number),
    }),
  ),
  enableEcsManagedTags: named("EnableECSManagedTags", boolean),
  enableExecuteCommand: boolean,
  group: text,
  launchType: text,
  placementConstraints: nestedList({ expression: named("expression", text), type: named("type", text) }),
  placementStrategies: named(
    "PlacementStrategy",
    nestedList({ field: named("field", text), type: named("type", text) }),
  ),
  platformVersion: text,
  propagateTags: text,
  referenceId: text,
  taskCount: number,
  taskDefinitionArn: text,
};

export const TARGET: Shape = {
  arn: text,
  deadLetterConfig: nested({ arn: text }),
  ecsParameters: nested(ECS),
  eventbridgeParameters: named("EventBridgeParameters", nested({ detailType: text, source: text })),
  input: text,
  kinesisParameters: nested({ partitionKey: text }),
  retryPolicy: nested({ maximumEventAgeInSeconds: number, maximumRetryAttempts: number }),
  roleArn: text,
  sagemakerPipelineParameters: named(
    "SageMakerPipelineParameters",
    nested({ pipelineParameters: named("PipelineParameterList", nestedList({ name: text, value: text })) }),
  ),
  sqsParameters: nested({ messageGroupId: text }),
};

/** Pulumi writes ECS's network flatter than AWS, with a boolean for two words. */
export const NETWORK: Shape = { assignPublicIp: boolean, securityGroups: list, subnets: list };

export function targetToAws(target: Values): Target {
  const request = toAws<Target>(TARGET, target);
  const network = optionalObject(optionalObject(target, "ecsParameters") ?? {}, "networkConfiguration");
  if (request.EcsParameters !== undefined && network !== undefined) {
    request.EcsParameters.NetworkConfiguration = {
      awsvpcConfiguration: {
        Subnets: texts(network, "subnets"),
        SecurityGroups: texts(network, "securityGroups"),
        AssignPublicIp: optionalBoolean(network, "assignPublicIp") === true ? "ENABLED" : "DISABLED",
      },
    };
  }
  return request;
}

export function targetFromAws(answer: Target | undefined): Values {
  const target = fromAws(TARGET, answer);
  const network = answer?.EcsParameters?.NetworkConfiguration?.awsvpcConfiguration;
  if (network === undefined) return target;
  const networkConfiguration = known({
    assignPublicIp: network.AssignPublicIp === "ENABLED",
    securityGroups: network.SecurityGroups,
    subnets: network.Subnets,
  });
  return { ...target, ecsParameters: { ...(target.ecsParameters as Values), networkConfiguration } };
}
