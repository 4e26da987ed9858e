/** What can be said of record sets at our name by looking at them. */
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { instanceOf } from "./names";

export function splitByOwner(
  recordSets: readonly ResourceRecordSet[],
  owner: string,
): { owned: Map<string, ResourceRecordSet>; foreign: ResourceRecordSet[] } {
  const owned = new Map<string, ResourceRecordSet>();
  const foreign: ResourceRecordSet[] = [];
  for (const recordSet of recordSets) {
    const instanceId = instanceOf(owner, recordSet);
    if (instanceId === undefined) foreign.push(recordSet);
    else owned.set(instanceId, recordSet);
  }
  return { owned, foreign };
}

/** Same weight, TTL and address, and nothing more: a health check or an alias put into our record is a difference. */
export function isAsDesired(current: ResourceRecordSet | undefined, desired: ResourceRecordSet): boolean {
  if (current === undefined) return false;
  const extra = Object.entries(current).filter(([key, value]) => value !== undefined && !(key in desired));
  return (
    extra.length === 0 &&
    current.Weight === desired.Weight &&
    current.TTL === desired.TTL &&
    hasAddress(current, desired)
  );
}

export function hasAddress(current: ResourceRecordSet, desired: ResourceRecordSet): boolean {
  const addresses = ({ ResourceRecords = [] }: ResourceRecordSet): string => JSON.stringify(ResourceRecords);
  return addresses(current) === addresses(desired);
}

/** Route 53 has one routing policy and one TTL per name and type, and nothing beside a CNAME. An alias has no TTL. */
export function conflictOf({ Type, SetIdentifier, Weight, TTL }: ResourceRecordSet, ttlSeconds: number): string[] {
  if (Type === "CNAME") return ["a CNAME record"];
  if (Type !== "A") return [];
  if (SetIdentifier === undefined) return ["a simple A record"];
  if (Weight === undefined) return [`the non-weighted A record "${SetIdentifier}"`];
  if (TTL === undefined || TTL === ttlSeconds) return [];
  return [
    `the weighted A record "${SetIdentifier}" with a TTL of ${TTL} s where ttlSeconds is ${ttlSeconds} ` +
      "(Route 53 wants the same of all: make them equal)",
  ];
}
