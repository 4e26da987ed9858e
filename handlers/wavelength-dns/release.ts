/**
 * Lets a terminating instance go, once no client can be sent to it any more. A drain message passes the queue's delay
 * at least twice: first until the change that deleted the record is known to have reached every name server, then for
 * the record's TTL from that moment on, because a cache may have asked the last name server just before.
 * What decides are the times in the message and in the table; the queue's delay is only the alarm clock.
 */
import type { Call } from "../shared/retry";
import type { ReleaseDeps } from "./apis";
import { completeTermination } from "./autoscaling";
import type { DrainMessage } from "./drain";
import { ChangePendingError, RecordStillPresentError } from "./errors";
import { instanceOf, scopeOf } from "./names";
import type { Removal } from "./plan";
import { isInSync, listRecordSets } from "./route53";
import type { ReleaseSettings } from "./settings";
import { findRemoval } from "./state";

/**
 * Route 53 normally reaches every name server within 60 seconds. This stands in where the change is not known: the
 * invocation that made it was killed before it could say so, or the instance never had a record.
 */
const PROPAGATION_MS = 60_000;
/** A change that takes longer than this is trouble: the message fails, and ends in the dead-letter queue if it lasts. */
const PENDING_PATIENCE_MS = 300_000;

export type Outcome =
  | { readonly kind: "released" }
  /** Nothing holds the instance any more. */
  | { readonly kind: "already gone" }
  /** Its record came back, and went away again: another message is about that. */
  | { readonly kind: "superseded" }
  | { readonly kind: "hold on"; readonly next: DrainMessage };

export class Releaser {
  private owners: Promise<ReadonlySet<string>> | undefined;
  private readonly syncChecks = new Map<string, Promise<boolean | undefined>>();

  /** One per invocation: it lists the records at most once. */
  constructor(
    private readonly settings: ReleaseSettings,
    private readonly deps: ReleaseDeps,
    private readonly call: Call,
  ) {}

  async process(message: DrainMessage): Promise<Outcome> {
    const { deps, settings } = this;
    const where = { tableName: settings.tableName, scope: scopeOf(settings) };
    const removal = await findRemoval(deps.table, this.call, where, message.instanceId, deps.now());
    if (removal?.removedAt !== message.removedAt) return { kind: "superseded" };
    const hop = message.hop + 1;
    if (message.syncedAt === undefined) {
      const synced = await this.hasLeftEveryServer(removal);
      return { kind: "hold on", next: { ...message, hop, ...(synced && { syncedAt: deps.now() }) } };
    }
    if (deps.now() < message.syncedAt + removal.ttlSeconds * 1000) {
      return { kind: "hold on", next: { ...message, hop } };
    }
    if ((await this.registeredInstances()).has(message.instanceId)) {
      throw new RecordStillPresentError(message.instanceId, settings.recordName);
    }
    const released = await completeTermination(deps.autoScaling, this.call, message);
    return { kind: released ? "released" : "already gone" };
  }

  private async hasLeftEveryServer({ instanceId, removedAt, changeId }: Removal): Promise<boolean> {
    const waitedMs = this.deps.now() - removedAt;
    const synced = changeId === undefined ? undefined : await this.checkSync(changeId);
    if (changeId !== undefined && synced === false && waitedMs >= PENDING_PATIENCE_MS) {
      throw new ChangePendingError(instanceId, changeId);
    }
    return synced ?? waitedMs >= PROPAGATION_MS;
  }

  /** One change deletes the records of many instances: it is asked for once, and never again once it is in sync. */
  private async checkSync(changeId: string): Promise<boolean | undefined> {
    if (this.deps.inSyncChanges.has(changeId)) return true;
    const check = this.syncChecks.get(changeId) ?? isInSync(this.deps.route53, this.call, changeId);
    this.syncChecks.set(changeId, check);
    const synced = await check;
    if (synced === true) this.deps.inSyncChanges.add(changeId);
    return synced;
  }

  private registeredInstances(): Promise<ReadonlySet<string>> {
    const { settings, deps } = this;
    this.owners ??= listRecordSets(deps.route53, this.call, settings).then(
      (recordSets) => new Set(recordSets.flatMap((recordSet) => instanceOf(settings.owner, recordSet) ?? [])),
    );
    return this.owners;
  }
}
