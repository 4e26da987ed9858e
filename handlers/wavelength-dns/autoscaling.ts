import type { Instance } from "@aws-sdk/client-auto-scaling";
import { pages } from "../shared/pages";
import type { Call } from "../shared/retry";
import type { GroupReader, LifecycleCompleter } from "./apis";
import type { Member } from "./plan";

/**
 * The group's members and those of its warm pool, each once; undefined where there is no such group. What is in a warm
 * pool has a state that begins with "Warmed:", and only DescribeWarmPool tells of it.
 */
export async function listMembers(
  api: GroupReader,
  call: Call,
  autoScalingGroupName: string,
): Promise<Member[] | undefined> {
  let found: Map<string, Member> | undefined;
  let hasWarmPool = false;
  const ask = (token: string | undefined) =>
    call("describing the group", () =>
      api.describeAutoScalingGroups({
        AutoScalingGroupNames: [autoScalingGroupName],
        ...(token !== undefined && { NextToken: token }),
      }),
    );
  for await (const page of pages(ask, ({ NextToken }) => NextToken)) {
    for (const group of page.AutoScalingGroups ?? []) {
      found ??= new Map();
      hasWarmPool ||= group.WarmPoolConfiguration !== undefined;
      addMembers(found, group.Instances);
    }
  }
  if (found !== undefined && hasWarmPool) await addWarmPool(api, call, autoScalingGroupName, found);
  return found && [...found.values()];
}

async function addWarmPool(
  api: GroupReader,
  call: Call,
  AutoScalingGroupName: string,
  members: Map<string, Member>,
): Promise<void> {
  const ask = (token: string | undefined) =>
    call("describing the warm pool", () =>
      api.describeWarmPool({ AutoScalingGroupName, ...(token !== undefined && { NextToken: token }) }),
    );
  for await (const { Instances } of pages(ask, ({ NextToken }) => NextToken)) addMembers(members, Instances);
}

function addMembers(members: Map<string, Member>, instances: readonly Instance[] = []): void {
  for (const { InstanceId, LifecycleState, HealthStatus } of instances) {
    if (InstanceId === undefined) continue;
    members.set(InstanceId, {
      instanceId: InstanceId,
      lifecycleState: LifecycleState ?? "unknown",
      healthStatus: HealthStatus ?? "unknown",
    });
  }
}

export interface HeldInstance {
  readonly instanceId: string;
  readonly autoScalingGroupName: string;
  readonly lifecycleHookName: string;
}

/**
 * Lets the instance go. False where nothing holds it any more: completed before, timed out, or the group is gone,
 * none of which Auto Scaling has an error code of its own for.
 */
export async function completeTermination(
  api: LifecycleCompleter,
  call: Call,
  { instanceId, autoScalingGroupName, lifecycleHookName }: HeldInstance,
): Promise<boolean> {
  try {
    await call("completing the lifecycle action", () =>
      api.completeLifecycleAction({
        InstanceId: instanceId,
        AutoScalingGroupName: autoScalingGroupName,
        LifecycleHookName: lifecycleHookName,
        LifecycleActionResult: "CONTINUE",
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationError" && isOver.test(error.message)) return false;
    throw error;
  }
}

const isOver = /no active lifecycle action|AutoScalingGroup name not found|group .* not found/i;
