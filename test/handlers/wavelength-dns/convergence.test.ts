import * as assert from "node:assert/strict";
import fc from "fast-check";
import { actions, type Action, play, steps } from "./support/chaos";
import { foreignRecords } from "./support/observations";
import { World } from "../../../fakes/wavelength-dns/world";

const allActions = Object.keys(actions) as Action[];
const SCHEDULE_MS = 300_000;

/** How an event fares on its way: for each, the delays of its copies; none where it is lost. */
const deliveries = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant([0]) },
    { weight: 2, arbitrary: fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 1, maxLength: 3 }) },
    { weight: 2, arbitrary: fc.constant([] as number[]) },
  ),
  { minLength: 1, maxLength: 30, size: "max" },
);

function unreliable(seed: number, fates: readonly (readonly number[])[], batchSize: number): World {
  let events = 0;
  const world: World = new World({
    seed,
    batchSize,
    route53: { maxPerName: 1000 },
    settings: { maxRecords: 1000 },
    deliver: (event, send) => {
      for (const delay of fates[events++ % fates.length] ?? []) {
        world.clock.at(world.clock.now() + delay, () => send(event));
      }
    },
  });
  return world.start().scheduleEvery(SCHEDULE_MS);
}

describe("wavelength-dns as a whole", () => {
  it("ends in the observed truth after any sequence of events, duplicated, reordered and lost, whatever fails", async () => {
    const property = fc.asyncProperty(
      fc.integer(),
      fc.array(steps(allActions), { minLength: 1, maxLength: 40, size: "max" }),
      deliveries,
      fc.uniqueArray(foreignRecords, { selector: ({ SetIdentifier }) => SetIdentifier, maxLength: 6 }),
      fc.constantFrom(1, 3, 1000),
      async (seed, story, fates, foreign, batchSize) => {
        const world = unreliable(seed, fates, batchSize);
        for (const ResourceRecordSet of foreign) world.route53.changeDirectly({ Action: "CREATE", ResourceRecordSet });
        const theirs = world.records().foreign;
        const tampers = story.some((it) => it.kind === "action" && (it.action === "tamper" || it.action === "remove"));

        await play(world, story);
        world.wire.heal();
        // Long enough for a killed holder's lease, an interruption that did not come, redeliveries and several schedules;
        // and not at the moment of one.
        await world.clock.run(6 * SCHEDULE_MS - (world.clock.now() % SCHEDULE_MS) + 60_000);

        assert.ok(
          world.isConverged(),
          `${JSON.stringify(world.records().owned)} is not ${JSON.stringify(world.truth())}`,
        );
        if (!tampers) assert.deepEqual(world.records().foreign, theirs);
        assert.deepEqual(world.staleWrites, [], "two writers");
        assert.ok(
          world.route53.batchSizes.every(({ elements, characters }) => elements <= 1000 && characters <= 32_000),
        );
        assert.equal(world.events.messages.size, 0);
        assert.deepEqual(world.events.deadLetters, []);
        const waiting = [...world.fleet.instances.values()].filter(({ lifecycle }) => lifecycle === "Terminating:Wait");
        assert.deepEqual(waiting, [], "an instance is held for ever");

        const writes = world.route53.applied.length;
        await world.clock.run(SCHEDULE_MS);
        assert.equal(world.route53.applied.length, writes, "a run without need writes");
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it("never has two writers, however two invocations are interleaved", async () => {
    const burst = fc.array(
      fc.record({
        action: fc.constantFrom("launch", "kill", "scaleIn", "replaceAddress"),
        pick: fc.nat(50),
        waitMs: fc.nat(400),
      }),
      { minLength: 5, maxLength: 40, size: "max" },
    );
    let left = 0;
    const property = fc.asyncProperty(fc.integer(), burst, async (seed, story) => {
      // No batching window, one message a batch, slow calls: as many overlaps as can be had.
      const world = new World({
        seed,
        windowMs: 0,
        batchSize: 1,
        latencyMs: [1, 800],
        route53: { requestsPerSecond: 1000, processingMs: 400, maxPerName: 1000 },
        settings: { maxRecords: 1000 },
      }).start();
      await play(
        world,
        story.map((step) => ({ ...step, kind: "action", action: step.action as Action })),
      );
      await world.clock.runUntil(() => world.events.messages.size === 0, 900_000, "an empty queue");
      assert.ok(world.isConverged());
      assert.deepEqual(world.staleWrites, []);
      left += world.telemetry.leftToTheHolder();
    });
    await fc.assert(property, { numRuns: 60 });
    assert.ok(left > 100, "too few overlaps to show anything");
  });

  it("needs no schedule while no event is lost", async () => {
    const world = new World({ seed: 7 }).start();
    for (let i = 0; i < 40; i += 1) {
      world.fleet.launch();
      if (i % 3 === 2) world.fleet.kill([...world.fleet.instances.values()][i - 1] as never);
      await world.clock.run(700);
    }
    await world.clock.runUntil(() => world.events.messages.size === 0, 60_000, "an empty queue");
    assert.ok(world.isConverged());
    assert.equal(world.telemetry.sum("DriftRepaired"), 0);
  });
});
