import type { Clock } from "../handlers/shared/clock";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/**
 * Simulated time: a timer fires only when every promise that can go on has gone on, and the clock then jumps to it.
 * Everything simulated must wait on this clock alone. The same seed gives the same run.
 */
export class SimClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private order = 0;
  /** A binary heap by time, then by order. */
  private readonly timers: Timer[] = [];

  /**
   * @param turns of the event loop that real work between two waits may take, such as that of streams; it takes no
   *   simulated time
   */
  constructor(
    private seed = 1,
    private readonly turns = 1,
  ) {}

  readonly now = (): number => this.time;

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => this.at(this.time + Math.max(0, milliseconds), resolve));

  /** mulberry32. */
  readonly random = (): number => {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };

  /** From `low` up to `high`. */
  between(low: number, high: number): number {
    return low + this.random() * (high - low);
  }

  at(time: number, fire: () => void): void {
    this.push({ at: time, order: this.order++, fire });
  }

  /** Runs until `done`, or throws when that has not come after `limitMs` of simulated time. */
  async runUntil(done: () => boolean, limitMs: number, what = "the simulation"): Promise<void> {
    const limit = this.time + limitMs;
    for (;;) {
      for (let turn = 0; turn < this.turns; turn += 1) await settled();
      if (done()) return;
      const next = this.timers[0];
      if (next === undefined) throw new Error(`Nothing is left to happen, but ${what} has not come about`);
      if (next.at > limit) throw new Error(`${what} has not come about after ${limitMs / 1000} s`);
      this.pop();
      this.time = Math.max(this.time, next.at);
      next.fire();
    }
  }

  /** Lets `milliseconds` pass. */
  async run(milliseconds: number): Promise<void> {
    let passed = false;
    this.at(this.time + milliseconds, () => (passed = true));
    await this.runUntil(() => passed, milliseconds);
  }

  /** Runs until the promise has a result, which is given back. */
  async finish<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    let ended = false;
    const noted = promise.finally(() => (ended = true));
    noted.catch(() => undefined);
    await this.runUntil(() => ended, limitMs, "the promise");
    return noted;
  }

  private push(timer: Timer): void {
    const heap = this.timers;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(timer, heap[parent])) break;
      heap[index] = heap[parent] as Timer;
      index = parent;
    }
    heap[index] = timer;
  }

  private pop(): void {
    const heap = this.timers;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[index] = heap[child] as Timer;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Timer | undefined, b: Timer | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Every promise that could go on has gone on once the event loop reaches its check phase. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
