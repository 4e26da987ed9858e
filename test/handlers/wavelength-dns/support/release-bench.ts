import * as assert from "node:assert/strict";
import type { FakeInstance } from "../../../../fakes/wavelength-dns/fleet";
import { toRecord } from "../../../../fakes/wavelength-dns/queue";
import { World, type WorldOptions } from "../../../../fakes/wavelength-dns/world";

export const TTL_MS = 30_000;
export const DRAIN_MS = 35_000;

/** A world whose instances wait for the hook; the drain queue is emptied by hand. */
export class ReleaseBench extends World {
  constructor(options: WorldOptions = {}) {
    super({ ...options, route53: { propagationMs: [20_000, 20_000], requestsPerSecond: 50, ...options.route53 } });
  }

  /** One reconciliation of whatever events there are. */
  async settle(): Promise<void> {
    this.schedule();
    const messages = this.events.receive(1000);
    const response = await this.clock.finish(this.reconcile({ Records: messages.map(toRecord) }));
    assert.deepEqual(response, { batchItemFailures: [] });
    for (const { id } of messages) this.events.delete(id);
  }

  async launched(count: number): Promise<FakeInstance[]> {
    const instances = Array.from({ length: count }, () => this.fleet.launch());
    await this.settle();
    return instances;
  }

  /**
   * Invokes the release Lambda with what the drain queue has now; gives how many messages it had, and how many of them
   * the queue keeps: those that are held on, and those that failed.
   */
  async releaseDue(): Promise<{ received: number; kept: number }> {
    const messages = this.drains.receive(10);
    if (messages.length === 0) return { received: 0, kept: 0 };
    const response = await this.clock.finish(this.release({ Records: messages.map(toRecord) }));
    const kept = new Set(response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id } of messages) if (response && !kept.has(id)) this.drains.delete(id);
    return { received: messages.length, kept: kept.size };
  }

  /** Lets time pass until the drain queue hands a message out, and releases. */
  async look(): Promise<{ received: number; kept: number }> {
    const next = Math.min(...[...this.drains.messages.values()].map(({ visibleAt }) => visibleAt));
    await this.clock.run(Math.max(0, next - this.clock.now()) + 1);
    return this.releaseDue();
  }

  /** Looks until the instance is gone; gives how often. */
  lookUntilGone(instance: FakeInstance): Promise<number> {
    return this.lookUntil(() => instance.state !== "running");
  }

  /** Looks until `done`; gives how often. */
  async lookUntil(done: () => boolean, most = 20): Promise<number> {
    let looks = 0;
    for (; !done(); looks += 1) {
      assert.ok(looks < most, `nothing came about in ${looks} looks`);
      assert.ok((await this.look()).received > 0);
    }
    return looks;
  }
}
