import type { SimClock } from "./clock";

/** An error as the SDK throws it for a service's answer. */
export function awsError(name: string, message = name, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

/** Who is calling: one invocation of a Lambda. Once killed, it neither calls nor hears anything any more. */
export interface Caller {
  readonly id: string;
  /** How many invocations led to this one, each by a message that the former sent. Default: none. */
  readonly chain?: number;
  killed: boolean;
}

type Hook = (caller: Caller) => void;

/**
 * The way to a service and back: takes time, carries nothing for a killed caller, and breaks where a test says so.
 * The effect of a call happens at one moment between its two halves.
 */
export class Wire {
  /** How often each operation reached the service. */
  readonly counts = new Map<string, number>();
  /** Called with each call's number, counted from 0, right before and right after its effect. */
  onCall: (caller: Caller, index: number, when: "before" | "after") => void = () => undefined;
  private calls = 0;
  private readonly planned: { operation: string; when: "before" | "after"; hook: Hook }[] = [];

  constructor(
    private readonly clock: SimClock,
    private readonly latencyMs: readonly [number, number] = [5, 20],
  ) {}

  async call<T>(caller: Caller, operation: string, effect: () => T): Promise<T> {
    await this.half(caller);
    this.counts.set(operation, this.count(operation) + 1);
    const index = this.calls++;
    this.onCall(caller, index, "before");
    this.runHook(caller, operation, "before");
    const result = effect();
    this.runHook(caller, operation, "after");
    this.onCall(caller, index, "after");
    await this.half(caller);
    return result;
  }

  count(operation: string): number {
    return this.counts.get(operation) ?? 0;
  }

  /** The next call of the operation fails before it has any effect. Several faults happen one after the other. */
  refuseNext(operation: string, error: Error, times = 1): void {
    for (let i = 0; i < times; i += 1) {
      this.next(operation, "before", () => {
        throw error;
      });
    }
  }

  /** The next call of the operation has its effect, but its answer is lost. */
  loseNextAnswer(operation: string): void {
    this.next(operation, "after", () => {
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    });
  }

  /** The next caller of the operation is killed, before or after the effect. */
  killNextCaller(operation: string, when: "before" | "after"): void {
    this.next(operation, when, (caller) => {
      caller.killed = true;
    });
  }

  /** Something else happens right before or after the next call's effect. */
  next(operation: string, when: "before" | "after", hook: Hook): void {
    this.planned.push({ operation, when, hook });
  }

  /** Forgets what was planned and has not happened. */
  heal(): void {
    this.planned.length = 0;
  }

  private runHook(caller: Caller, operation: string, when: "before" | "after"): void {
    const index = this.planned.findIndex((it) => it.operation === operation && it.when === when);
    const planned = this.planned[index];
    if (planned === undefined) return;
    this.planned.splice(index, 1);
    planned.hook(caller);
  }

  private async half(caller: Caller): Promise<void> {
    await this.clock.sleep(this.clock.between(this.latencyMs[0], this.latencyMs[1]) / 2);
    if (caller.killed) await new Promise<never>(() => undefined);
  }
}
