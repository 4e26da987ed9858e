/**
 * Explores every order in which the calls of processes that run side by side may happen. A process is real code; each of
 * its calls of the outside world is held back until it is its turn. A killed process needs no case of its own: every
 * order in which it has no more turns is among those explored. Runs that come to a state that is known are not followed:
 * a process goes by its answers alone, so that these, and what is outside, are the state.
 */
import * as assert from "node:assert/strict";

interface Pending {
  readonly operation: string;
  readonly effect: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Process {
  readonly name: string;
  readonly heard: string[];
  pending?: Pending;
  over?: { readonly error?: unknown };
}

/** What may happen to a call; see `World.faults`. */
export interface Fault {
  readonly name: string;
  readonly operations: readonly string[];
  /** Whether the call has its effect all the same. */
  readonly hasEffect: boolean;
  readonly error: () => Error;
}

/** Something that happens by itself, such as a lapse of time. */
export interface Happening {
  readonly name: string;
  /** Whether it can happen; after it did, it should not for ever. */
  readonly isPossible: () => boolean;
  /** @returns the processes that cannot be alive any more */
  readonly happen: () => readonly string[];
}

export interface World {
  /** By name; each is begun when it is its turn for the first time. */
  readonly processes: Readonly<Record<string, () => Promise<unknown>>>;
  /** Names of processes that run the same: states in which only these are exchanged are one. Default: none. */
  readonly alike?: readonly string[];
  /** Everything outside of the processes, as text; ids drawn at random may be in it. */
  readonly state: () => string;
  /** Throws where something is wrong; called after each step. */
  readonly check: (ended: Readonly<Record<string, { readonly error?: unknown }>>) => void;
  readonly faults?: readonly Fault[];
  /** Most faults in one run. Default: 0. */
  readonly mostFaults?: number;
  readonly happenings?: readonly Happening[];
  /** Longest run of one process, in calls; what goes on longer is not followed. */
  readonly mostCalls: number;
}

export class Stage {
  readonly processes: Process[] = [];

  /** What a process calls the outside by. */
  callFor(name: string): <T>(operation: string, effect: () => T) => Promise<T> {
    return (operation, effect) =>
      new Promise((resolve, reject) => {
        const pending: Pending = { operation, effect, resolve: resolve as (result: unknown) => void, reject };
        (this.processes.find((it) => it.name === name) ?? assert.fail(`no process ${name}`)).pending = pending;
      });
  }
}

export interface Explored {
  readonly states: number;
  /** States in which every process had ended. */
  readonly ends: number;
}

/** @throws the first wrong state's error, with the steps that lead to it */
export async function exploreInterleavings(makeWorld: (stage: Stage) => World): Promise<Explored> {
  const known = new Set<string>();
  const paths: string[][] = [[]];
  let ends = 0;
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    const run = new Run(makeWorld);
    for (const step of path) await run.take(step);
    for (;;) {
      run.check();
      const key = run.key();
      if (known.has(key)) break;
      known.add(key);
      const [next, ...others] = run.choices();
      if (next === undefined) {
        if (run.isOver()) ends += 1;
        break;
      }
      for (const other of others) paths.push([...run.taken, other]);
      await run.take(next);
    }
  }
  return { states: known.size, ends };
}

/** As `randomUUID` makes them. */
const ID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

class Run {
  readonly taken: string[] = [];
  private readonly stage = new Stage();
  private readonly world: World;
  private faults = 0;

  constructor(makeWorld: (stage: Stage) => World) {
    this.world = makeWorld(this.stage);
    for (const [name, begin] of Object.entries(this.world.processes)) {
      const process: Process = { name, heard: [] };
      this.stage.processes.push(process);
      void this.stage
        .callFor(name)("begin", () => undefined)
        .then(begin)
        .then(
          () => (process.over = {}),
          (error: unknown) => (process.over = { error }),
        );
    }
  }

  choices(): string[] {
    const { faults = [], mostFaults = 0, happenings = [], mostCalls } = this.world;
    const choices: string[] = [];
    for (const { name, pending, heard } of this.stage.processes) {
      if (pending === undefined || heard.length >= mostCalls) continue;
      choices.push(`${name}: ${pending.operation}`);
      if (this.faults >= mostFaults) continue;
      for (const fault of faults) {
        if (fault.operations.includes(pending.operation)) {
          choices.push(`${name}: ${pending.operation}: ${fault.name}`);
        }
      }
    }
    return [...choices, ...happenings.filter(({ isPossible }) => isPossible()).map(({ name }) => name)];
  }

  async take(choice: string): Promise<void> {
    this.taken.push(choice);
    const happening = this.world.happenings?.find(({ name }) => name === choice);
    if (happening !== undefined) {
      for (const name of happening.happen()) delete this.process(name).pending;
      return;
    }
    const [name = "", , faultName] = choice.split(": ");
    const process = this.process(name);
    const pending = process.pending ?? assert.fail(`${name} has nothing to do`);
    delete process.pending;
    const fault = this.world.faults?.find((it) => it.name === faultName);
    if (fault !== undefined) this.faults += 1;
    try {
      const result = fault === undefined || fault.hasEffect ? pending.effect() : undefined;
      if (fault !== undefined) throw fault.error();
      process.heard.push(JSON.stringify(result) ?? "");
      pending.resolve(result);
    } catch (error) {
      process.heard.push(`${String(error)} ${JSON.stringify(error)}`);
      pending.reject(error);
    }
    for (let turns = 0; process.pending === undefined && process.over === undefined; turns += 1) {
      assert.ok(turns < 10_000, `${name} neither calls nor ends`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  check(): void {
    const ended = this.stage.processes.flatMap(({ name, over }) => (over === undefined ? [] : [[name, over] as const]));
    try {
      this.world.check(Object.fromEntries(ended));
    } catch (error) {
      throw new Error(`${(error as Error).message}, after\n  ${this.taken.join("\n  ")}`, { cause: error });
    }
  }

  /** Whether every process has ended. */
  isOver(): boolean {
    return this.stage.processes.every(({ over }) => over !== undefined);
  }

  /** Ids drawn at random are distinguished, but not by what they are. */
  key(): string {
    const seen: string[] = [];
    const { alike = [], state } = this.world;
    const texts = this.stage.processes.map(({ name, heard, pending, over }) => {
      const text = JSON.stringify([heard, pending?.operation, over && String(over.error)]);
      return { isAlike: alike.includes(name), text };
    });
    const others = texts.filter(({ isAlike }) => !isAlike).map(({ text }) => text);
    const sorted = texts
      .filter(({ isAlike }) => isAlike)
      .map(({ text }) => ({ text, shape: text.replace(ID, "id") }))
      .sort((one, two) => Number(one.shape > two.shape) - Number(one.shape < two.shape))
      .map(({ text }) => text);
    return [...others, ...sorted, this.faults, state()].join("\n").replace(ID, (id) => {
      if (!seen.includes(id)) seen.push(id);
      return `id-${seen.indexOf(id)}`;
    });
  }

  private process(name: string): Process {
    return this.stage.processes.find((it) => it.name === name) ?? assert.fail(`no process ${name}`);
  }
}
