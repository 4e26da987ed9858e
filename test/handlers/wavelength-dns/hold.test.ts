import * as assert from "node:assert/strict";
import fc from "fast-check";
import { type Action, play, steps } from "./support/chaos";
import { assertHeld } from "./support/held";
import type { Served } from "../../../fakes/wavelength-dns/route53";
import { World, type WorldOptions } from "../../../fakes/wavelength-dns/world";

/** What can happen to a fleet without an instance vanishing of its own accord. */
const orderly: Action[] = [
  "launch",
  "launch",
  "launchSlowly",
  "scaleIn",
  "scaleIn",
  "sicken",
  "recover",
  "standBy",
  "returnToService",
  "warnOfInterruption",
];

interface Cached {
  readonly address: string;
  readonly until: number;
}

/**
 * Resolvers that keep an answer for its TTL, and clients that go to the address they were given. The resolvers are
 * unlucky: they ask the name server that is last to forget, and get the record that is about to be forgotten.
 */
class Clients {
  private readonly caches = new Map<number, Cached>();
  /** Addresses at which a client found nobody. */
  readonly strandedAt: string[] = [];
  visits = 0;

  constructor(private readonly world: World) {}

  start(count: number): this {
    for (let resolver = 0; resolver < count; resolver += 1) this.tick(resolver);
    return this;
  }

  private tick(resolver: number): void {
    const { clock, fleet } = this.world;
    const address = this.resolve(resolver);
    if (address !== undefined) {
      this.visits += 1;
      if (!fleet.answers(address)) this.strandedAt.push(address);
    }
    clock.at(clock.now() + clock.between(500, 5000), () => this.tick(resolver));
  }

  private resolve(resolver: number): string | undefined {
    const { clock, route53 } = this.world;
    const cached = this.caches.get(resolver);
    if (cached && cached.until > clock.now()) return cached.address;
    const doomed: Served[] = [];
    const served = route53.served();
    for (const it of served) if (it.removedAt !== undefined) doomed.push(it);
    const choice = doomed.length > 0 ? doomed : served;
    const picked = choice[Math.floor(clock.random() * choice.length)]?.recordSet;
    const address = picked?.ResourceRecords?.[0]?.Value;
    if (address === undefined) return undefined;
    this.caches.set(resolver, { address, until: clock.now() + (picked?.TTL ?? 0) * 1000 });
    return address;
  }
}

async function run(
  options: WorldOptions,
  story: Parameters<typeof play>[1],
): Promise<{ world: World; clients: Clients }> {
  const world = new World(options).start().scheduleEvery(60_000);
  for (let i = 0; i < 3; i += 1) world.fleet.launch();
  const clients = new Clients(world).start(12);
  await play(world, story);
  world.wire.heal();
  await world.clock.run(1_500_000);
  return { world, clients };
}

describe("the hold", () => {
  it("lets no instance go while a client may be sent to it", async () => {
    let visits = 0;
    const property = fc.asyncProperty(
      fc.integer(),
      fc.array(steps(orderly), { minLength: 5, maxLength: 40, size: "max" }),
      fc.constantFrom([1000, 30_000] as const, [5000, 55_000] as const, [40_000, 180_000] as const),
      async (seed, story, propagationMs) => {
        // Where a change is unknown, Route 53's usual minute is all there is to go by: then nothing may take longer.
        const usual = story.some((it) => it.kind === "fault") ? ([5000, 55_000] as const) : propagationMs;
        const { world, clients } = await run({ seed, route53: { propagationMs: usual } }, story);
        assertHeld(world);
        assert.deepEqual(clients.strandedAt, []);
        visits += clients.visits;
        const held = [...world.fleet.instances.values()].filter(({ lifecycle }) => lifecycle === "Terminating:Wait");
        assert.deepEqual(held, []);
      },
    );
    await fc.assert(property, { numRuns: 40 });
    assert.ok(visits > 10_000, "too few clients to show anything");
  });

  it("is what keeps clients safe: instances that vanish strand some", async () => {
    const kill = { kind: "action", action: "kill", pick: 0, waitMs: 60_000 } as const;
    const launch = { kind: "action", action: "launch", pick: 0, waitMs: 60_000 } as const;
    const { clients } = await run({ seed: 3 }, [launch, kill, launch, kill]);
    assert.ok(clients.strandedAt.length > 0, "or the simulated clients could not tell");
  });
});
