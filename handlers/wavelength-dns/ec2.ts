import type { Instance as Ec2Instance } from "@aws-sdk/client-ec2";
import { pages } from "../shared/pages";
import type { Call } from "../shared/retry";
import type { InstanceReader } from "./apis";
import type { Instance } from "./plan";

/** Every instance that EC2 knows of the Auto Scaling group, in whatever state, each once. */
export async function listInstances(
  api: InstanceReader,
  call: Call,
  autoScalingGroupName: string,
): Promise<Instance[]> {
  const found = new Map<string, Instance>();
  const ask = (token: string | undefined) =>
    call("describing the instances", () =>
      api.describeInstances({
        Filters: [{ Name: "tag:aws:autoscaling:groupName", Values: [escapeWildcards(autoScalingGroupName)] }],
        MaxResults: 1000,
        ...(token !== undefined && { NextToken: token }),
      }),
    );
  for await (const page of pages(ask, ({ NextToken }) => NextToken)) {
    for (const instance of page.Reservations?.flatMap(({ Instances }) => Instances ?? []) ?? []) {
      const read = readInstance(instance);
      if (read) found.set(read.instanceId, read);
    }
  }
  return [...found.values()];
}

function readInstance(instance: Ec2Instance): Instance | undefined {
  if (instance.InstanceId === undefined) return undefined;
  const carrierIp = carrierIpOf(instance);
  return {
    instanceId: instance.InstanceId,
    state: instance.State?.Name ?? "unknown",
    instanceType: instance.InstanceType ?? "unknown",
    tags: Object.fromEntries(instance.Tags?.map(({ Key, Value }) => [Key ?? "", Value ?? ""]) ?? []),
    launchedAt: instance.LaunchTime?.getTime() ?? 0,
    ...(carrierIp !== undefined && { carrierIp }),
  };
}

/** The primary interface's carrier IP, else that of the next interface which has one. */
function carrierIpOf({ NetworkInterfaces = [] }: Ec2Instance): string | undefined {
  return [...NetworkInterfaces]
    .sort((a, b) => (a.Attachment?.DeviceIndex ?? Infinity) - (b.Attachment?.DeviceIndex ?? Infinity) || 0)
    .map(({ Association }) => Association?.CarrierIp)
    .find((ip) => ip !== undefined && ip !== "");
}

/** EC2 filters read `*` and `?` as wildcards, and group names may contain them. */
function escapeWildcards(value: string): string {
  return value.replace(/[\\*?]/g, "\\$&");
}
