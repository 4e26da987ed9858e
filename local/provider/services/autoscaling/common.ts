/** What the Auto Scaling resource types share. */
import {
  type AutoScalingGroup,
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  type LifecycleHook,
  PutLifecycleHookCommand,
  type PutLifecycleHookType,
} from "@aws-sdk/client-auto-scaling";
import type { Value, Values } from "../../property-values";
import type { CheckFailure } from "../../resource-type";
import { checkOneOf, checkRange } from "../checks";
import { fromAws, named, number, type Shape, text, toAws } from "../shape";
import { whileRefused } from "../support";

export const FILE = "local/provider/services/autoscaling.ts";

export async function findGroup(client: AutoScalingClient, name: string): Promise<AutoScalingGroup | undefined> {
  const question = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  const { AutoScalingGroups = [] } = await client.send(question);
  return AutoScalingGroups.find((group) => group.AutoScalingGroupName === name);
}

/** Auto Scaling has no error of its own for what does not exist: a ValidationError that says so. */
export async function ifNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationError" && /not found/i.test(error.message))
      return undefined;
    throw error;
  }
}

export const HOOK: Shape = {
  name: named("LifecycleHookName", text),
  defaultResult: text,
  heartbeatTimeout: number,
  lifecycleTransition: text,
  notificationMetadata: text,
  notificationTargetArn: named("NotificationTargetARN", text),
  roleArn: named("RoleARN", text),
};

export async function putHook(client: AutoScalingClient, group: string, hook: Values): Promise<void> {
  const request = { ...toAws<PutLifecycleHookType>(HOOK, hook), AutoScalingGroupName: group };
  // A role or topic made a moment ago may not be usable yet.
  const call = () => client.send(new PutLifecycleHookCommand(request));
  await whileRefused(call, ["Unable to publish test message to notification target"]);
}

export function hookOutputs(hook: LifecycleHook): Values {
  return fromAws(HOOK, hook);
}

export function checkHook(hook: Values, path = ""): CheckFailure[] {
  const transitions = ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"];
  const value = (name: string): Value | undefined => hook[name];
  return [
    ...checkOneOf(`${path}lifecycleTransition`, value("lifecycleTransition"), transitions),
    ...checkOneOf(`${path}defaultResult`, value("defaultResult"), ["CONTINUE", "ABANDON"]),
    ...checkRange(`${path}heartbeatTimeout`, value("heartbeatTimeout"), 30, 7200),
  ];
}
