/** Everything that pattern wavelength-dns is made of, simulated around the real handlers. */
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { ReconcileDeps, ReleaseDeps } from "../../handlers/wavelength-dns/apis";
import { scheduledMessage } from "../../handlers/wavelength-dns/event-patterns";
import { makeReconcileHandler, makeReleaseHandler, type SqsHandler } from "../../handlers/wavelength-dns/handler";
import { canonicalName, instanceOf } from "../../handlers/wavelength-dns/names";
import { type ReconcileSettings, RELEASE_DELIVERIES } from "../../handlers/wavelength-dns/settings";
import { SimClock } from "../clock";
import { Fleet, GROUP, HOOK } from "./fleet";
import { chainOf, FakeQueue, poll } from "./queue";
import { FakeRoute53, type Route53Options } from "./route53";
import { FakeTable } from "./table";
import { RecordingTelemetry } from "./telemetry";
import { type Caller, Wire } from "../wire";

export interface WorldOptions {
  readonly seed?: number;
  readonly route53?: Partial<Route53Options>;
  readonly settings?: Partial<ReconcileSettings>;
  /** What becomes of an event on its way to the queue: delivered once at once, unless a test says otherwise. */
  readonly deliver?: (event: object, send: (event: object) => void) => void;
  readonly windowMs?: number;
  readonly batchSize?: number;
  readonly latencyMs?: readonly [number, number];
}

const LAMBDA_TIMEOUT_MS = 60_000;
const VISIBILITY_MS = 6 * LAMBDA_TIMEOUT_MS;
export const ZONE = "Z0123456789";
export const NAME = "play.example.com";

export class World {
  readonly clock: SimClock;
  readonly wire: Wire;
  readonly route53: FakeRoute53;
  readonly table: FakeTable;
  readonly fleet: Fleet;
  readonly events: FakeQueue;
  readonly drains: FakeQueue;
  readonly telemetry = new RecordingTelemetry();
  readonly settings: { -readonly [Name in keyof ReconcileSettings]: ReconcileSettings[Name] };
  /** Changes made on an observation that was older than somebody else's change: what one writer at a time rules out. */
  readonly staleWrites: string[] = [];
  private readonly inSyncChanges = new Set<string>();
  private readonly rounds = new Map<string, { readonly since: number; changed: boolean }>();
  private lastChange = { caller: "", at: -1 };
  private steps = 0;
  private invocations = 0;

  constructor(private readonly options: WorldOptions = {}) {
    this.clock = new SimClock(options.seed);
    this.wire = new Wire(this.clock, options.latencyMs);
    this.settings = {
      hostedZoneId: `/hostedzone/${ZONE}`,
      recordName: NAME,
      owner: "project/stack/name",
      ttlSeconds: 30,
      tableName: "state",
      drainQueueUrl: "https://sqs/drains.fifo",
      drainSeconds: 35,
      weights: { kind: "equal" },
      autoScalingGroupName: GROUP,
      lifecycleHookName: HOOK,
      ...options.settings,
    };
    this.route53 = new FakeRoute53(this.clock, this.wire, ZONE, {
      requestsPerSecond: 5,
      processingMs: 100,
      propagationMs: [5_000, 55_000],
      maxPerName: 100,
      ...options.route53,
    });
    this.table = new FakeTable(this.wire);
    const queue = { visibilityMs: VISIBILITY_MS, maxReceiveCount: 5 };
    this.events = new FakeQueue(this.clock, this.wire, queue);
    const delayMs = this.settings.drainSeconds * 1000;
    this.drains = new FakeQueue(this.clock, this.wire, {
      ...queue,
      maxReceiveCount: RELEASE_DELIVERIES + 10,
      fifo: true,
      delayMs,
    });
    const send = (event: object): void => this.events.send(JSON.stringify(event));
    this.fleet = new Fleet(this.clock, this.wire, (event) =>
      options.deliver === undefined ? send(event) : options.deliver(event, send),
    );
    this.route53.onAccess = (caller, kind) => this.watch(caller, kind);
  }

  /** Starts the event source mappings: two pollers for each queue. */
  start(): this {
    const { windowMs = 2000, batchSize = 1000 } = this.options;
    for (let i = 0; i < 2; i += 1) {
      void poll(this.clock, this.events, { windowMs, batchSize }, (event) => this.reconcile(event));
      void poll(this.clock, this.drains, { windowMs: 0, batchSize: 10 }, (event) => this.release(event));
    }
    return this;
  }

  schedule(): void {
    this.events.send(JSON.stringify(scheduledMessage));
  }

  /** Sends the scheduled message again and again, as EventBridge Scheduler does. */
  scheduleEvery(milliseconds: number): this {
    const tick = (): void => {
      this.schedule();
      this.clock.at(this.clock.now() + milliseconds, tick);
    };
    this.clock.at(this.clock.now() + milliseconds, tick);
    return this;
  }

  reconcile(event: SQSEvent, timeoutMs = LAMBDA_TIMEOUT_MS): Promise<SQSBatchResponse | undefined> {
    const caller = this.newCaller(event);
    return this.invoke(
      caller,
      makeReconcileHandler({ ...this.settings }, this.reconcileDeps(caller)),
      event,
      timeoutMs,
    );
  }

  release(event: SQSEvent, timeoutMs = LAMBDA_TIMEOUT_MS): Promise<SQSBatchResponse | undefined> {
    const caller = this.newCaller(event);
    return this.invoke(caller, makeReleaseHandler({ ...this.settings }, this.releaseDeps(caller)), event, timeoutMs);
  }

  /** Every record at our name that we own, as instance id → address, and the other records of the zone. */
  records(): { owned: Record<string, string>; foreign: string[] } {
    const owned: Record<string, string> = {};
    const foreign: string[] = [];
    for (const recordSet of this.route53.all()) {
      const ours = canonicalName(recordSet.Name ?? "") === canonicalName(this.settings.recordName);
      const id = ours ? instanceOf(this.settings.owner, recordSet) : undefined;
      if (id === undefined) foreign.push(JSON.stringify(recordSet));
      else owned[id] = recordSet.ResourceRecords?.[0]?.Value ?? "";
    }
    return { owned, foreign };
  }

  /** What the records should be. */
  truth(): Record<string, string> {
    return Object.fromEntries(this.fleet.serving().map(({ id, carrierIp }) => [id, carrierIp ?? ""]));
  }

  isConverged(): boolean {
    const { owned } = this.records();
    const truth = this.truth();
    return (
      Object.keys(owned).length === Object.keys(truth).length &&
      Object.entries(truth).every(([id, address]) => owned[id] === address)
    );
  }

  private async invoke(
    caller: Caller,
    handler: SqsHandler,
    event: SQSEvent,
    timeoutMs: number,
  ): Promise<SQSBatchResponse | undefined> {
    const endsAt = this.clock.now() + timeoutMs;
    const context = {
      awsRequestId: caller.id,
      getRemainingTimeInMillis: () => endsAt - this.clock.now(),
    } as Context;
    const killed = new Promise<undefined>((resolve) => {
      const check = (): void => {
        if (this.clock.now() >= endsAt) caller.killed = true;
        if (caller.killed) resolve(undefined);
        else if (!over) this.clock.at(Math.min(endsAt, this.clock.now() + 1000), check);
      };
      this.clock.at(this.clock.now() + 1000, check);
    });
    let over = false;
    return Promise.race([handler(event, context), killed]).finally(() => (over = true));
  }

  private newCaller(event: SQSEvent): Caller {
    return { id: `invocation-${(this.invocations += 1)}`, chain: chainOf(event), killed: false };
  }

  private surroundings(caller: Caller) {
    const { clock, telemetry } = this;
    const sleep = async (milliseconds: number): Promise<void> => {
      await clock.sleep(milliseconds);
      if (caller.killed) await new Promise<never>(() => undefined);
    };
    return { now: clock.now, random: clock.random, sleep, telemetry };
  }

  private reconcileDeps(caller: Caller): ReconcileDeps {
    const fleet = this.fleet.for(caller);
    return {
      ...this.surroundings(caller),
      route53: this.route53.for(caller),
      ec2: fleet,
      autoScaling: fleet,
      table: this.table.for(caller),
      queue: this.drains.for(caller),
    };
  }

  private releaseDeps(caller: Caller): ReleaseDeps {
    return {
      ...this.surroundings(caller),
      inSyncChanges: this.inSyncChanges,
      route53: this.route53.for(caller),
      autoScaling: this.fleet.for(caller),
      table: this.table.for(caller),
      queue: this.drains.for(caller),
    };
  }

  /** A second writer shows itself by a change that comes after another's, but was planned before it. */
  private watch(caller: Caller, kind: "list" | "change"): void {
    this.steps += 1;
    const round = this.rounds.get(caller.id);
    if (kind === "list") {
      // The first listing after a change begins a new round.
      if (round === undefined || round.changed) this.rounds.set(caller.id, { since: this.steps, changed: false });
      return;
    }
    const { caller: other, at } = this.lastChange;
    if (round !== undefined && other !== caller.id && round.since < at) {
      this.staleWrites.push(`${caller.id} wrote over ${other}`);
    }
    if (round !== undefined) {
      round.changed = true;
      this.lastChange = { caller: caller.id, at: this.steps };
    }
  }
}
