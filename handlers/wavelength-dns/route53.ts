import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { packInOrder } from "../shared/batches";
import type { Call } from "../shared/retry";
import type { ChangeReader, RecordReader, RecordWriter } from "./apis";
import { HostedZoneMissingError } from "./errors";
import { bareId, canonicalName } from "./names";
import { type PlannedChange, toChanges } from "./plan";

/**
 * What one ChangeResourceRecordSets may hold; an UPSERT counts twice in both.
 * See "Maximums on API requests" in the Route 53 developer guide.
 */
export const CHANGE_LIMITS = { elements: 1000, characters: 32_000 } as const;

interface Place {
  readonly hostedZoneId: string;
  readonly recordName: string;
}

/** Every record set at the name, of whatever type. Route 53 lists in the order of names, so it stops after ours. */
export async function listRecordSets(api: RecordReader, call: Call, place: Place): Promise<ResourceRecordSet[]> {
  const name = canonicalName(place.recordName);
  const found: ResourceRecordSet[] = [];
  let start: { StartRecordName?: string; StartRecordType?: ResourceRecordSet["Type"]; StartRecordIdentifier?: string } =
    {
      StartRecordName: name,
      StartRecordType: "A",
    };
  for (;;) {
    const page = await inZone(place.hostedZoneId, () =>
      call("listing the records", () =>
        api.listResourceRecordSets({ HostedZoneId: bareId(place.hostedZoneId), MaxItems: 300, ...start }),
      ),
    );
    for (const recordSet of page.ResourceRecordSets ?? []) {
      if (canonicalName(recordSet.Name ?? "") !== name) return found;
      found.push(recordSet);
    }
    if (page.IsTruncated !== true || canonicalName(page.NextRecordName ?? "") !== name) return found;
    start = {
      ...(page.NextRecordName !== undefined && { StartRecordName: page.NextRecordName }),
      ...(page.NextRecordType !== undefined && { StartRecordType: page.NextRecordType }),
      ...(page.NextRecordIdentifier !== undefined && { StartRecordIdentifier: page.NextRecordIdentifier }),
    };
  }
}

/** Splits changes, in their order, into as few change batches as the limits allow. */
export function toBatches(changes: readonly PlannedChange[]): PlannedChange[][] {
  return packInOrder(changes, CHANGE_LIMITS, ({ action, recordSet }) => {
    const times = action === "UPSERT" ? 2 : 1;
    const values = recordSet.ResourceRecords ?? [];
    return {
      // An alias has no values, but a batch of nothing but aliases should have an end too.
      elements: times * Math.max(1, values.length),
      characters: times * values.reduce((sum, { Value }) => sum + (Value?.length ?? 0), 0),
    };
  });
}

/**
 * Makes the changes, batch by batch, and tells of each batch that Route 53 took. Each batch is all or nothing; when a
 * later one fails, the earlier ones stay, and the next plan is made from what is then observed.
 */
export async function applyChanges(
  api: RecordWriter,
  call: Call,
  place: Place & { readonly owner: string },
  changes: readonly PlannedChange[],
  onApplied: (batch: readonly PlannedChange[], changeId: string | undefined) => void,
): Promise<void> {
  for (const batch of toBatches(changes)) {
    const { ChangeInfo } = await inZone(place.hostedZoneId, () =>
      call("changing the records", () =>
        api.changeResourceRecordSets({
          HostedZoneId: bareId(place.hostedZoneId),
          ChangeBatch: { Comment: `Instances of ${place.owner}`.slice(0, 256), Changes: toChanges(batch) },
        }),
      ),
    );
    onApplied(batch, ChangeInfo?.Id === undefined ? undefined : bareId(ChangeInfo.Id));
  }
}

/** Whether a change has reached every name server; undefined where Route 53 has forgotten it. */
export async function isInSync(api: ChangeReader, call: Call, changeId: string): Promise<boolean | undefined> {
  try {
    const { ChangeInfo } = await call("asking for a change", () => api.getChange({ Id: changeId }));
    return ChangeInfo?.Status === "INSYNC";
  } catch (error) {
    if (isNamed(error, "NoSuchChange")) return undefined;
    throw error;
  }
}

/** Route 53 refused a change batch as a whole, because of what it found in the zone. */
export function isRefusedBatch(error: unknown): boolean {
  return isNamed(error, "InvalidChangeBatch");
}

async function inZone<T>(hostedZoneId: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (isNamed(error, "NoSuchHostedZone")) throw new HostedZoneMissingError(bareId(hostedZoneId), { cause: error });
    throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
