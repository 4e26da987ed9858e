/**
 * What priming gives the Java service of pattern snapstart: the time until a snapshot could be taken, and the time from
 * a restore to the first answer, with priming and without. Each environment is a fresh process on this machine.
 */
import { buildService } from "../local/stories/snapstart/build";
import { environment, type Times } from "./snapstart/environment";
import { atMost, type BenchResult, type Figures, type Progress } from "./support/benchmark";
import { median, rounded } from "./support/statistics";

const PEER = "without priming";
const ROUNDS = 5;

function figuresOf(times: readonly Times[]): Figures {
  return {
    initMs: rounded(median(times.map(({ initMs }) => initMs))),
    firstMs: rounded(median(times.map(({ firstMs }) => firstMs))),
  };
}

export async function run(progress: Progress): Promise<BenchResult> {
  const lacking = await buildService(new AbortController().signal);
  if (lacking !== undefined) throw new Error(`This benchmark needs more: ${lacking}.`);
  const [primed, unprimed]: [Times[], Times[]] = [[], []];
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`environments: round ${round} of ${ROUNDS}`);
    // One after the other, so that what else the machine does falls on both.
    primed.push(await environment(true));
    unprimed.push(await environment(false));
  }
  const [ours, peer] = [figuresOf(primed), figuresOf(unprimed)];
  const ratio = Object.fromEntries(
    Object.keys(ours).map((figure) => [`${figure} / ${PEER}`, rounded((ours[figure] ?? NaN) / (peer[figure] ?? NaN))]),
  );
  const goals = [atMost(`first answer beside ${PEER}`, ratio[`firstMs / ${PEER}`] ?? NaN, 0.5)];
  return { ours, peers: { [PEER]: peer }, ratio, goals, notes: NOTES };
}

const NOTES = [
  "initMs is what Lambda does once, when a version is published; firstMs is what callers wait for, besides the restore,",
  "which takes place in Lambda alone and is the same for both.",
];
