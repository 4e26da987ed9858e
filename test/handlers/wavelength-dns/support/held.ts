import * as assert from "node:assert/strict";
import type { World } from "../../../../fakes/wavelength-dns/world";

/** No lifecycle action was completed before TTL plus margin had passed, nor before every cache had forgotten. */
export function assertHeld({ fleet, route53, settings }: World): void {
  for (const { address, at } of fleet.released) {
    for (const { recordSet, removedAt, forgottenAt } of route53.history) {
      if (recordSet.ResourceRecords?.[0]?.Value !== address) continue;
      assert.ok(removedAt !== undefined && forgottenAt !== undefined, "released with its record in place");
      assert.ok(at >= removedAt + settings.drainSeconds * 1000, "released before TTL and margin had passed");
      const early = Math.ceil((forgottenAt + (recordSet.TTL ?? 0) * 1000 - at) / 1000);
      assert.ok(early <= 0, `released ${early} s before the last cache forgot it`);
    }
  }
}
