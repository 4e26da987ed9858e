/**
 * Lets a terminating instance go, once no client can be sent to it any more. A drain message is looked at twice at least
 * before that: until the change that deleted the record is known to have reached every name server, and then when the
 * record's TTL has passed from that moment on, because a cache may have asked the last name server just before.
 * What decides are the times in the table; when the message comes again is only the alarm clock.
 */
import type { Call } from "../shared/retry";
import type { ReleaseDeps } from "./apis";
import { completeTermination } from "./autoscaling";
import type { DrainMessage } from "./drain";
import { ChangePendingError, RecordStillPresentError } from "./errors";
import { instanceOf, scopeOf } from "./names";
import type { Removal } from "./plan";
import { isInSync, listRecordSets } from "./route53";
import { MAX_TTL_SECONDS, type ReleaseSettings } from "./settings";
import { findRemoval, rememberSync } from "./state";

/**
 * Route 53 normally reaches every name server within 60 seconds. This stands in where the change is not known: the
 * invocation that made it was killed before it could say so, or the instance never had a record.
 */
const PROPAGATION_MS = 60_000;
/** A change that takes longer than this is trouble: the message fails, and ends in the dead-letter queue if it lasts. */
const PENDING_PATIENCE_MS = 300_000;

/** Seconds between two looks at a change that is not in sync: longer the longer it takes already. */
const LOOK_SECONDS = { least: 15, most: 60 } as const;

export type Outcome =
  /** `shortened`: some caches may have the address longer than any instance is held. */
  | { readonly kind: "released"; readonly shortened: boolean }
  /** Nothing holds the instance any more. */
  | { readonly kind: "already gone" }
  /** Its record came back, and went away again: another message is about that. */
  | { readonly kind: "superseded" }
  | { readonly kind: "hold on"; readonly seconds: number };

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
    let { syncedAt } = removal;
    if (syncedAt === undefined) {
      const secondsLeft = await this.secondsToSync(removal);
      if (secondsLeft > 0) return { kind: "hold on", seconds: secondsLeft };
      syncedAt = deps.now();
      const isCurrent = await rememberSync(deps.table, this.call, where, removal, syncedAt);
      if (!isCurrent) return { kind: "superseded" };
    }
    const seconds = Math.ceil((syncedAt - deps.now()) / 1000) + this.holdSeconds(removal);
    if (seconds > 0) return { kind: "hold on", seconds };
    if ((await this.registeredInstances()).has(message.instanceId)) {
      throw new RecordStillPresentError(message.instanceId, settings.recordName);
    }
    const released = await completeTermination(deps.autoScaling, this.call, message);
    if (!released) return { kind: "already gone" };
    return { kind: "released", shortened: removal.ttlSeconds > MAX_TTL_SECONDS };
  }

  /** From the moment that every name server has forgotten the record. */
  private holdSeconds({ ttlSeconds }: Removal): number {
    return Math.max(Math.min(ttlSeconds, MAX_TTL_SECONDS), this.settings.drainSeconds);
  }

  /** Seconds until it is worth looking whether every name server has forgotten the record; 0 where they have. */
  private async secondsToSync({ instanceId, removedAt, changeId }: Removal): Promise<number> {
    const waitedMs = this.deps.now() - removedAt;
    const synced = changeId === undefined ? undefined : await this.checkSync(changeId);
    if (synced === undefined) return Math.max(0, Math.ceil((PROPAGATION_MS - waitedMs) / 1000));
    if (synced) return 0;
    if (changeId !== undefined && waitedMs >= PENDING_PATIENCE_MS) throw new ChangePendingError(instanceId, changeId);
    return Math.min(LOOK_SECONDS.most, Math.max(LOOK_SECONDS.least, Math.ceil(waitedMs / 2000)));
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
