/**
 * A burst of 1,000 launches and then 1,000 terminations, against a Route 53 that allows five requests a second (what it
 * took when the architecture was described; today it takes ten), in simulated time: the queue, the lease and the real
 * handlers of wavelength-dns beside one change per event, which is how that description does it. Route 53's limit of
 * 100 weighted records of one name is lifted for both, because the burst is about its rate limit.
 */
import { World, type WorldOptions } from "../fakes/wavelength-dns/world";
import { handlePerEvent, type PerEventOptions } from "./dns/per-event";
import { atMost, type Goal } from "./support/benchmark";

const STANDING = 500;
const BURST = 1000;
/** How long the launches take, and then the terminations. */
const BURST_MS = 5000;

const surroundings: WorldOptions = {
  seed: 2026,
  route53: { requestsPerSecond: 5, processingMs: 100, maxPerName: 10_000 },
  settings: { maxRecords: 10_000 },
};

export interface DnsFigures extends Record<string, number> {
  /** ChangeResourceRecordSets requests, those that were throttled included. */
  readonly writeCalls: number;
  /** Requests of all kinds that Route 53 turned away for their rate. */
  readonly throttledCalls: number;
  /** From the last event of the burst to the last change of a record. */
  readonly secondsToSettle: number;
  /** Events whose handling was given up. */
  readonly eventsLost: number;
  /** Records that point to nobody, plus instances in service without a record, when all is quiet. */
  readonly wrongRecords: number;
}

export interface DnsBench {
  readonly ours: DnsFigures;
  readonly peers: Record<string, DnsFigures>;
  readonly ratio: Record<string, number>;
  readonly goals: Goal[];
}

export async function run(): Promise<DnsBench> {
  const ours = await runOurs();
  const peers = {
    "one change per event": await runPerEvent({ invocations: 1 }),
    "one change per event, retried by Lambda": await runPerEvent({ invocations: 3 }),
    "one change per event, redelivered until made": await runPerEvent({ invocations: Infinity }),
  };
  // Beside the only peer that comes to the right records.
  const peer = peers["one change per event, redelivered until made"];
  return {
    ours,
    peers,
    ratio: {
      writeCalls: round(ours.writeCalls / peer.writeCalls),
      secondsToSettle: round(ours.secondsToSettle / peer.secondsToSettle),
    },
    goals: [
      atMost("write calls", ours.writeCalls, 20),
      atMost("seconds from the last event to the last change", ours.secondsToSettle, 10),
      atMost("events lost", ours.eventsLost, 0),
    ],
  };
}

/** Our side alone. */
export async function runOurs(): Promise<DnsFigures> {
  const world = new World(surroundings).start();
  await standingFleet(world);
  const before = world.wire.count("ChangeResourceRecordSets");
  const throttledBefore = world.route53.throttled;
  const lastEvent = await burst(world);
  await world.clock.runUntil(() => world.isConverged(), 600_000, "the right set of records");
  const writeCalls = world.wire.count("ChangeResourceRecordSets") - before;
  const throttledCalls = world.route53.throttled - throttledBefore;
  const secondsToSettle = sinceLastChange(world, lastEvent);
  // Until every terminated instance has been held and let go, and the events of that are handled too.
  const isQuiet = (): boolean => world.events.messages.size === 0 && world.drains.messages.size === 0;
  await world.clock.runUntil(isQuiet, 3_600_000, "empty queues");
  const heldForEver = [...world.fleet.instances.values()].filter(({ lifecycle }) => lifecycle === "Terminating:Wait");
  const deadLetters = world.events.deadLetters.length + world.drains.deadLetters.length;
  return {
    writeCalls,
    throttledCalls,
    secondsToSettle,
    eventsLost: deadLetters + heldForEver.length,
    wrongRecords: wrongRecords(world),
  };
}

async function runPerEvent(options: PerEventOptions): Promise<DnsFigures> {
  const outcome = { pending: 0, lost: 0 };
  let begun = false;
  const world: World = new World({
    ...surroundings,
    deliver: (event, send) => (begun ? handlePerEvent(world, event, options, outcome) : send(event)),
  });
  world.start();
  // The standing fleet is registered by our own handlers in both runs: both begin with the same records.
  await standingFleet(world);
  begun = true;
  const before = world.wire.count("ChangeResourceRecordSets");
  const throttledBefore = world.route53.throttled;
  const lastEvent = await burst(world);
  await world.clock.runUntil(() => outcome.pending === 0, 36_000_000, "the end of all retries");
  return {
    writeCalls: world.wire.count("ChangeResourceRecordSets") - before,
    throttledCalls: world.route53.throttled - throttledBefore,
    secondsToSettle: sinceLastChange(world, lastEvent),
    eventsLost: outcome.lost,
    wrongRecords: wrongRecords(world),
  };
}

async function standingFleet(world: World): Promise<void> {
  for (let i = 0; i < STANDING; i += 1) world.fleet.launch();
  await world.clock.runUntil(
    () => world.isConverged() && world.events.messages.size === 0,
    600_000,
    "the standing fleet",
  );
  // Far enough for Route 53's rate to be all there again.
  await world.clock.run(10_000);
}

/** Gives the time of the last event. */
async function burst(world: World): Promise<number> {
  for (let i = 0; i < BURST; i += 1) {
    world.fleet.launch();
    await world.clock.run(BURST_MS / BURST);
  }
  const candidates = [...world.fleet.instances.values()];
  for (let i = 0; i < BURST; i += 1) {
    const [picked] = candidates.splice(Math.floor(world.clock.random() * candidates.length), 1);
    if (picked) world.fleet.scaleIn(picked);
    if (i < BURST - 1) await world.clock.run(BURST_MS / BURST);
  }
  return world.clock.now();
}

function sinceLastChange(world: World, lastEvent: number): number {
  return round(Math.max(0, (world.route53.applied.at(-1)?.at ?? lastEvent) - lastEvent) / 1000);
}

function wrongRecords(world: World): number {
  const { owned } = world.records();
  const truth = world.truth();
  const missing = Object.entries(truth).filter(([id, address]) => owned[id] !== address).length;
  const stale = Object.keys(owned).filter((id) => !(id in truth)).length;
  return missing + stale;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
