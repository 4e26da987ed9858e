/** What the Route 53 resource types share. */
import {
  type ChangeInfo,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
  type RRType,
} from "@aws-sdk/client-route-53";
import { until } from "../support";

export const FILE = "local/provider/services/route53.ts";
/** Errors of a zone that is gone. */
export const ZONE_MISSING = "NoSuchHostedZone";

/** Ids come as paths, e.g. `/hostedzone/Z123`. */
export function plainId(id: string | undefined): string {
  return (id ?? "").replace(/^\/(hostedzone|change|delegationset)\//, "");
}

/** Names are equal whatever their case, with or without the last dot; `\052` is how Route 53 writes an asterisk. */
export function plainName(name: string | undefined): string {
  return (name ?? "").replace(/\.$/, "").toLowerCase().replaceAll("\\052", "*");
}

/** Waits until all of Route 53's servers know the change. */
export async function inSync(client: Route53Client, change: ChangeInfo | undefined): Promise<void> {
  if (change?.Id === undefined || change.Status === "INSYNC") return;
  const question = new GetChangeCommand({ Id: plainId(change.Id) });
  const isInSync = async () => ((await client.send(question)).ChangeInfo?.Status === "INSYNC" ? true : undefined);
  await until(`the change ${plainId(change.Id)} to be in sync`, isInSync, { timeoutSeconds: 1800 });
}

interface Start {
  name: string;
  type: RRType;
}

/** Record sets from `start` on, in Route 53's order. */
export async function* recordSets(
  client: Route53Client,
  zone: string,
  start?: Start,
): AsyncGenerator<ResourceRecordSet> {
  let next = start === undefined ? {} : { StartRecordName: start.name, StartRecordType: start.type };
  for (;;) {
    const page = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone, ...next }));
    yield* page.ResourceRecordSets ?? [];
    if (page.IsTruncated !== true) return;
    next = {
      ...(page.NextRecordName === undefined ? {} : { StartRecordName: page.NextRecordName }),
      ...(page.NextRecordType === undefined ? {} : { StartRecordType: page.NextRecordType }),
      ...(page.NextRecordIdentifier === undefined ? {} : { StartRecordIdentifier: page.NextRecordIdentifier }),
    } as typeof next;
  }
}
