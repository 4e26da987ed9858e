/** Waiting for a group's instances, as the real provider does. */
import {
  type AutoScalingGroup,
  AutoScalingClient,
  DescribeScalingActivitiesCommand,
} from "@aws-sdk/client-auto-scaling";
import { optionalBoolean, optionalText } from "../../resource-type";
import type { Values } from "../../property-values";
import { findGroup } from "./common";

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Go's notation of durations, e.g. `1h30m`; undefined for anything else. */
export function durationSeconds(duration: string): number | undefined {
  if (duration === "0") return 0;
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== duration) return undefined;
  return parts.reduce((sum, [, amount, unit = "s"]) => sum + Number(amount) * (UNITS[unit] ?? 1), 0);
}

/** Healthy instances in service, by weight where the group has weights. */
export function inService(group: AutoScalingGroup): number {
  return (group.Instances ?? [])
    .filter(
      ({ HealthStatus, LifecycleState }) => HealthStatus?.toLowerCase() === "healthy" && LifecycleState === "InService",
    )
    .reduce((sum, { WeightedCapacity }) => sum + Number(WeightedCapacity ?? 1), 0);
}

async function failedActivity(client: AutoScalingClient, name: string, since: Date): Promise<string | undefined> {
  const { Activities = [] } = await client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }));
  const failed = Activities.find(
    ({ StatusCode, StartTime }) => StatusCode === "Failed" && StartTime !== undefined && StartTime >= since,
  );
  return failed === undefined ? undefined : `${failed.Description ?? ""}: ${failed.StatusMessage ?? ""}`;
}

export interface Wish {
  /** `exactly` after a change of the capacity, `at least` after the group's creation. */
  how: "exactly" | "at least";
  capacity: number;
  since: Date;
}

/** Bounded by `waitForCapacityTimeout`; `0` means not to wait. A failed scaling activity ends it early. */
export async function waitForCapacity(
  client: AutoScalingClient,
  name: string,
  inputs: Values,
  wish: Wish,
): Promise<void> {
  const timeout = optionalText(inputs, "waitForCapacityTimeout") ?? "10m";
  const seconds = durationSeconds(timeout) ?? 600;
  if (seconds === 0) return;
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const group = await findGroup(client, name);
    if (group === undefined) throw new Error(`the Auto Scaling group ${name} is gone`);
    const have = inService(group);
    if (wish.how === "exactly" ? have === wish.capacity : have >= wish.capacity) return;
    if (optionalBoolean(inputs, "ignoreFailedScalingActivities") !== true) {
      const failure = await failedActivity(client, name, wish.since);
      if (failure !== undefined) throw new Error(`a scaling activity failed: ${failure}`);
    }
    if (Date.now() > deadline) {
      throw new Error(
        `waited ${timeout} (waitForCapacityTimeout): want ${wish.how} ${wish.capacity} healthy instances in service, have ${have}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
