/** A hundred accounts as a hundred stacks of one backend, beside one stack in a backend of its own. */
import type { LocalRun } from "../../local/local-run";
import type { Progress } from "../support/benchmark";
import { median, rounded } from "../support/statistics";
import { settingsOf } from "./stacks";
import { Workbench } from "./workbench";

const STACKS = 100;
const PREVIEWED = [1, 25, 50, 75, 100];
const ROUNDS = 3;

export interface Hundred {
  /** Median seconds of a stack that has no others beside it. */
  readonly alone: number;
  /** Median seconds by the number of the stack, with all hundred there. */
  readonly stacks: ReadonlyMap<number, number>;
}

async function backendOf(run: LocalRun, name: string, stacks: number): Promise<Workbench> {
  const bench = await Workbench.create(run, name);
  for (let number = 1; number <= stacks; number += 1) {
    const settings = settingsOf({ accounts: 1, instances: 1, firstAccount: number });
    await bench.createStack(stackName(number), settings);
  }
  return bench;
}

function stackName(number: number): string {
  return `account-${number}`;
}

/** @param until when repetitions end, as milliseconds since 1970 */
export async function previewHundred(run: LocalRun, until: number, progress: Progress): Promise<Hundred> {
  progress(`creating ${STACKS} stacks`);
  const one = await backendOf(run, "one", 1);
  const hundred = await backendOf(run, "hundred", STACKS);
  const alone: number[] = [];
  const taken = new Map(PREVIEWED.map((number): [number, number[]] => [number, []]));
  for (let round = 1; round <= ROUNDS && (round === 1 || Date.now() < until); round += 1) {
    const time = async (bench: Workbench, number: number): Promise<number> => {
      const { seconds } = await bench.preview(stackName(number));
      const which = bench === one ? "the one stack" : `stack ${number} of ${STACKS}`;
      progress(`round ${round}, ${which}: ${seconds.toFixed(1)} s`);
      return seconds;
    };
    alone.push(await time(one, 1));
    for (const [number, times] of taken) times.push(await time(hundred, number));
  }
  const medians = [...taken].map(([number, times]) => [number, rounded(median(times))] as const);
  return { alone: rounded(median(alone)), stacks: new Map(medians) };
}
