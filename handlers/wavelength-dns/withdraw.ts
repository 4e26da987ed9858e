/**
 * Takes every record of ours away from a name that is no longer looked after: the component is destroyed, or has been
 * given another name or zone. Invoked by the deployment itself, once nothing asks for reconciliation any more.
 */
import * as z from "zod/mini";
import { coalesce, type CoalesceOptions, type Lease } from "../shared/lease";
import type { Call } from "../shared/retry";
import type { WithdrawDeps } from "./apis";
import { HostedZoneMissingError, WithdrawalDeniedError } from "./errors";
import { makePlan, type Observation } from "./plan";
import { applyChanges, isRefusedBatch, listRecordSets } from "./route53";

/** What `aws.lambda.Invocation` sends with lifecycle scope CRUD: its input, and what becomes of it under `tf`. */
export const withdrawEvent = z.object({
  hostedZoneId: z.string().check(z.minLength(1)),
  recordName: z.string().check(z.minLength(1)),
  tf: z.object({ action: z.enum(["create", "update", "delete"]) }),
});

export interface Place {
  readonly hostedZoneId: string;
  readonly recordName: string;
  readonly owner: string;
}

const MAX_ATTEMPTS = 4;

/** Waits for a round that is still under way, then deletes; gives the number of records deleted. */
export async function withdrawRecords(
  place: Place,
  deps: WithdrawDeps,
  call: Call,
  lease: Lease,
  waiting: Pick<CoalesceOptions, "pause" | "onAbandonFailed">,
): Promise<number> {
  let deleted = 0;
  const work = async (): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const recordSets = await listRecordSets(deps.route53, call, place);
        await applyChanges(deps.route53, call, place, deletions(recordSets, place), (batch) => {
          deleted += batch.length;
        });
        return;
      } catch (error) {
        // A zone that is gone has taken its records along.
        if (error instanceof HostedZoneMissingError) return;
        if (isDenied(error)) throw new WithdrawalDeniedError(place, { cause: error });
        if (!isRefusedBatch(error) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  };
  await coalesce(lease, { mustWork: true, work, ...waiting });
  return deleted;
}

/** The plan for a group without instances deletes what is ours, and nothing else. */
function deletions(recordSets: Observation["recordSets"], place: Place) {
  const nothing = {
    members: [],
    instances: [],
    interrupted: new Set<string>(),
    removals: new Map(),
    cachedTtlSeconds: new Map(),
    addresslessSince: new Map(),
  };
  const settings = { ...place, ttlSeconds: 0, weights: { kind: "equal" } } as const;
  return makePlan({ ...nothing, recordSets }, settings).changes;
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && /^AccessDenied/.test(error.name);
}
