/**
 * Real previews of stacks of 1, 10 and 40 patterns, of 3 and 10 accounts, and of a hundred stacks: time and memory.
 * Beside them the same program with TypeScript's type checks, and with CallbackFunction's packaging.
 */
import { type LocalRun, withLocalRun } from "../local/local-run";
import { configurationOf } from "../stacks/stack-file";
import { prepareAccounts } from "../local/play";
import { figuresOf, furtherCosts, growthsBetween, middle, ratiosTo } from "./preview/figures";
import { type Hundred, previewHundred } from "./preview/hundred";
import { settingsOf } from "./preview/stacks";
import { DEFAULT_PACKAGING, OURS, TYPE_CHECKS, type Variant } from "./preview/variants";
import { type Preview, Workbench } from "./preview/workbench";
import { atMost, type BenchResult, type Figures, type Progress } from "./support/benchmark";
import { rounded } from "./support/statistics";

interface Size {
  /** Name of the stack, and how its figures begin. */
  readonly name: string;
  readonly accounts: number;
  /** In each account. */
  readonly instances: number;
  readonly variants: readonly Variant[];
  /** How often it is previewed, if there is time. */
  readonly rounds: number;
}

const ALL = [OURS, TYPE_CHECKS, DEFAULT_PACKAGING];

/** One account with one instance is the beginning of both series. */
const SIZES: readonly Size[] = [
  { name: "instances1", accounts: 1, instances: 1, variants: ALL, rounds: 3 },
  { name: "instances10", accounts: 1, instances: 10, variants: ALL, rounds: 2 },
  { name: "instances40", accounts: 1, instances: 40, variants: [OURS], rounds: 2 },
  { name: "accounts3", accounts: 3, instances: 1, variants: [OURS], rounds: 3 },
  { name: "accounts10", accounts: 10, instances: 1, variants: [OURS], rounds: 2 },
];

/** Every stack is previewed once; repetitions end after so much time, on a slow machine as on a fast one. */
const SIZES_MS = 5 * 60_000;
const ALL_MS = 8 * 60_000;

type Measured = Map<Variant, Map<Size, Preview[]>>;

async function createBenches(run: LocalRun): Promise<Map<Variant, Workbench>> {
  const benches = new Map<Variant, Workbench>();
  for (const [i, variant] of ALL.entries()) {
    const bench = await Workbench.create(run, String(i), variant);
    benches.set(variant, bench);
    for (const size of SIZES) {
      if (size.variants.includes(variant)) await bench.createStack(size.name, settingsOf(size));
    }
  }
  return benches;
}

/** Previews every size in every variant, in turns. @param until when repetitions end, as milliseconds since 1970 */
async function measure(run: LocalRun, until: number, progress: Progress): Promise<Measured> {
  const benches = await createBenches(run);
  progress("a first preview, which is not counted");
  await benches.get(OURS)?.preview("instances1");
  const measured: Measured = new Map(ALL.map((variant) => [variant, new Map()]));
  const turns = [1, 2, 3].flatMap((round) =>
    SIZES.filter(({ rounds }) => round <= rounds).map((size) => ({ round, size })),
  );
  for (const { round, size } of turns) {
    if (round > 1 && Date.now() > until) continue;
    for (const variant of size.variants) {
      const preview = await benches.get(variant)?.preview(size.name);
      if (preview === undefined) continue;
      const previews = measured.get(variant);
      previews?.set(size, [...(previews.get(size) ?? []), preview]);
      progress(`round ${round}, ${size.name}, ${variant.name}: ${describe(preview)}`);
    }
  }
  return measured;
}

function describe({ seconds, resources, programBytes, treeBytes }: Preview): string {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
  return `${resources} resources, ${seconds.toFixed(1)} s, program ${megabytes(programBytes)}, all ${megabytes(treeBytes)}`;
}

/** Medians by the name of the size. */
function middles(sizes: ReadonlyMap<Size, Preview[]> | undefined): Map<string, Preview> {
  return new Map([...(sizes ?? [])].map(([{ name }, previews]) => [name, middle(previews)]));
}

function allFigures(medians: ReadonlyMap<string, Preview>): Figures {
  return Object.assign({}, ...[...medians].map(([name, preview]) => figuresOf(name, preview))) as Figures;
}

function growths(ours: ReadonlyMap<string, Preview>): Figures {
  const between = (small: string, large: string, step: string): Figures => {
    const [from, to] = [ours.get(small), ours.get(large)];
    return from === undefined || to === undefined ? {} : growthsBetween(from, to, step);
  };
  return {
    ...between("instances10", "instances40", "10 to 40 instances"),
    ...between("accounts3", "accounts10", "3 to 10 accounts"),
  };
}

function further(ours: ReadonlyMap<string, Preview>): Figures {
  const [small, middling, large] = [ours.get("instances1"), ours.get("instances10"), ours.get("instances40")];
  if (small === undefined || middling === undefined || large === undefined) return {};
  return furtherCosts(small, middling, large, "10 to 40 instances beside 1 to 10");
}

const FLAT = "slowest of a hundred stacks beside one alone (1 is flat)";

function summarise(measured: Measured, { alone, stacks }: Hundred): BenchResult {
  const medians = middles(measured.get(OURS));
  const seconds = [...stacks].map(([number, value]) => [`stack${number}Of100Seconds`, value] as const);
  const ours = { ...allFigures(medians), stackAloneSeconds: alone, ...Object.fromEntries(seconds) };
  const peers = Object.fromEntries(
    [TYPE_CHECKS, DEFAULT_PACKAGING].map((variant) => [variant.name, allFigures(middles(measured.get(variant)))]),
  );
  const growing = growths(medians);
  const uneven = rounded(Math.max(...stacks.values()) / alone);
  const ratios = Object.entries(peers).map(([name, figures]) => ratiosTo(name, ours, figures));
  return {
    ours,
    peers,
    ratio: Object.assign({ ...growing, ...further(medians), [FLAT]: uneven }, ...ratios) as Figures,
    goals: [...Object.entries(growing).map(([name, value]) => atMost(name, value, 1)), atMost(FLAT, uneven, 1.2)],
    notes: [
      "An instance is a WavelengthDns with two zones. A preview is `pulumi preview` from start to end, hosted zones looked",
      "up in the emulator. Program: the peak of the Node.js process that runs it; tree: of the CLI and all that it starts.",
    ],
  };
}

export async function run(progress: Progress): Promise<BenchResult> {
  return withLocalRun(async (run) => {
    const began = Date.now();
    for (let firstAccount = 1; firstAccount <= 100; firstAccount += 10) {
      const settings = settingsOf({ accounts: 10, instances: 1, firstAccount });
      await prepareAccounts(run, configurationOf("bench", settings));
    }
    const measured = await measure(run, began + SIZES_MS, progress);
    return summarise(measured, await previewHundred(run, began + ALL_MS, progress));
  });
}
