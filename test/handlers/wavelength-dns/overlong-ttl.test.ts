/** A TTL made by hand can be anything; no instance is held for a day, and none for the TTL of another's record. */
import * as assert from "node:assert/strict";
import { MAX_TTL_SECONDS } from "../../../handlers/wavelength-dns/settings";
import type { FakeInstance } from "../../../fakes/wavelength-dns/fleet";
import { ReleaseBench } from "./support/release-bench";

const DAY = 86_400;

/** Somebody gives every record at the name this TTL. */
function edit(bench: ReleaseBench, TTL: number): void {
  const changes = bench.route53.all().map((it) => ({
    Action: "UPSERT" as const,
    ResourceRecordSet: { ...it, TTL, Name: it.Name, Type: it.Type },
  }));
  bench.route53.changeDirectly(...changes);
}

async function secondsHeld(bench: ReleaseBench, instance: FakeInstance): Promise<number> {
  const began = bench.clock.now();
  await bench.lookUntilGone(instance);
  return (bench.clock.now() - began) / 1000;
}

describe("a record with a TTL made by hand", () => {
  it("holds its instance as long as any of ours could, says so, and holds no other", async () => {
    const bench = new ReleaseBench();
    const [edited] = (await bench.launched(1)) as [FakeInstance];
    edit(bench, DAY);
    const [other] = (await bench.launched(1)) as [FakeInstance];
    assert.deepEqual(
      bench.route53.all().map(({ TTL }) => TTL),
      [30, 30],
    );
    bench.fleet.scaleIn(other);
    await bench.settle();
    assert.ok((await secondsHeld(bench, other)) < 120);
    assert.equal(bench.telemetry.sum("ShortenedHolds"), 0);

    bench.fleet.scaleIn(edited);
    await bench.settle();
    const held = await secondsHeld(bench, edited);
    assert.ok(held >= MAX_TTL_SECONDS && held < MAX_TTL_SECONDS + 60, `${held} s`);
    assert.equal(bench.telemetry.sum("ShortenedHolds"), 1);
  });

  it("does so also when it is deleted before anybody set it right", async () => {
    const bench = new ReleaseBench();
    const instances = await bench.launched(3);
    edit(bench, DAY);
    for (const it of instances) bench.fleet.scaleIn(it);
    await bench.settle();
    for (const it of instances) {
      const held = await secondsHeld(bench, it);
      assert.ok(held < MAX_TTL_SECONDS + 60, `${held} s`);
    }
    assert.equal(bench.telemetry.sum("ShortenedHolds"), 3);
  });

  it("is forgotten when its caches have forgotten it", async () => {
    const bench = new ReleaseBench();
    const [edited] = (await bench.launched(1)) as [FakeInstance];
    edit(bench, DAY);
    await bench.settle();
    await bench.clock.run((DAY + 200) * 1000);
    bench.fleet.scaleIn(edited);
    await bench.settle();
    assert.ok((await secondsHeld(bench, edited)) < 120);
    assert.equal(bench.telemetry.sum("ShortenedHolds"), 0);
  });

  it("is kept to exactly where it is no longer than ours may be", async () => {
    const bench = new ReleaseBench();
    const [edited] = (await bench.launched(1)) as [FakeInstance];
    edit(bench, MAX_TTL_SECONDS);
    bench.fleet.scaleIn(edited);
    await bench.settle();
    const held = await secondsHeld(bench, edited);
    assert.ok(held >= MAX_TTL_SECONDS, `${held} s`);
    assert.equal(bench.telemetry.sum("ShortenedHolds"), 0);
  });
});
