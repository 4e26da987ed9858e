/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html */
import {
  AutoScalingClient,
  DeletePolicyCommand,
  DescribePoliciesCommand,
  PutScalingPolicyCommand,
  type PutScalingPolicyType,
  type ScalingPolicy,
} from "@aws-sdk/client-auto-scaling";
import type { Values } from "../../property-values";
import { type CheckFailure, type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { checkOneOf } from "../checks";
import {
  boolean,
  checkShape,
  fromAws,
  likeState,
  named,
  nested,
  nestedList,
  number,
  type Shape,
  text as asText,
  toAws,
} from "../shape";
import { settled } from "../support";
import { FILE, ifNotFound } from "./common";

const DIMENSIONS = nestedList({ name: asText, value: asText });

const TARGET_TRACKING: Shape = {
  customizedMetricSpecification: nested({
    metricDimensions: named("Dimensions", DIMENSIONS),
    metricName: asText,
    metrics: nestedList({
      expression: asText,
      id: asText,
      label: asText,
      metricStat: nested({
        metric: nested({ dimensions: DIMENSIONS, metricName: asText, namespace: asText }),
        period: number,
        stat: asText,
        unit: asText,
      }),
      returnData: boolean,
    }),
    namespace: asText,
    period: number,
    statistic: asText,
    unit: asText,
  }),
  disableScaleIn: boolean,
  predefinedMetricSpecification: nested({ predefinedMetricType: asText, resourceLabel: asText }),
  targetValue: number,
};

const POLICY: Shape = {
  adjustmentType: asText,
  autoscalingGroupName: named("AutoScalingGroupName", asText),
  cooldown: number,
  enabled: boolean,
  estimatedInstanceWarmup: number,
  metricAggregationType: asText,
  minAdjustmentMagnitude: number,
  name: named("PolicyName", asText),
  policyType: asText,
  scalingAdjustment: number,
  stepAdjustments: nestedList({
    metricIntervalLowerBound: number,
    metricIntervalUpperBound: number,
    scalingAdjustment: number,
  }),
  targetTrackingConfiguration: nested(TARGET_TRACKING),
};

const NEEDS: Readonly<Record<string, readonly string[]>> = {
  SimpleScaling: ["adjustmentType", "scalingAdjustment"],
  StepScaling: ["adjustmentType", "stepAdjustments"],
  TargetTrackingScaling: ["targetTrackingConfiguration"],
};

async function find({ account }: Operation, id: string, group: string): Promise<ScalingPolicy | undefined> {
  const question = new DescribePoliciesCommand({ AutoScalingGroupName: group, PolicyNames: [id] });
  const answer = await ifNotFound(account.client(AutoScalingClient).send(question));
  return answer?.ScalingPolicies?.find(({ PolicyName }) => PolicyName === id);
}

async function read(operation: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const policy = await find(operation, id, text(state, "autoscalingGroupName"));
  if (policy === undefined) return undefined;
  return { id, outputs: likeState(state, { ...fromAws(POLICY, policy), arn: policy.PolicyARN ?? "" }) };
}

function check(inputs: Values): CheckFailure[] {
  const type = String(inputs.policyType);
  const missing = (NEEDS[type] ?? []).filter((property) => inputs[property] === undefined);
  return [
    ...checkShape(POLICY, inputs, FILE),
    ...checkOneOf("policyType", inputs.policyType, Object.keys(NEEDS)),
    ...missing.map((property) => ({ property, reason: `missing, and required for policyType ${type}` })),
  ];
}

async function put(operation: Operation, id: string, inputs: Values): Promise<ResourceState> {
  const request = new PutScalingPolicyCommand(toAws<PutScalingPolicyType>(POLICY, inputs));
  await operation.account.client(AutoScalingClient).send(request);
  operation.created(id);
  return settled(read, operation, id, inputs);
}

export const policy: ResourceType = {
  token: "aws:autoscaling/policy:Policy",
  properties: {
    ...Object.fromEntries(Object.keys(POLICY).map((property) => [property, "update" as const])),
    autoscalingGroupName: "replace",
    name: "replace",
    policyType: "update",
  },
  required: ["autoscalingGroupName"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 255 },
  defaults: { policyType: "SimpleScaling", enabled: true },
  check,
  create: (operation, inputs) => put(operation, text(inputs, "name"), inputs),
  read,
  update: async (operation, id, _olds, news) => (await put(operation, id, news)).outputs,
  async delete({ account }, id, state) {
    const request = { AutoScalingGroupName: text(state, "autoscalingGroupName"), PolicyName: id };
    await ifNotFound(account.client(AutoScalingClient).send(new DeletePolicyCommand(request)));
  },
};
