/** From measured previews to the figures of the benchmark. */
import type { Figures } from "../support/benchmark";
import { growth, median, rounded } from "../support/statistics";
import type { Preview } from "./workbench";

const MEGABYTE = 1_000_000;

/** Medians of several previews of the same stack. */
export function middle(previews: readonly Preview[]): Preview {
  const of = (figure: keyof Preview): number => median(previews.map((preview) => preview[figure]));
  return {
    seconds: of("seconds"),
    resources: of("resources"),
    programBytes: of("programBytes"),
    treeBytes: of("treeBytes"),
    cpuSeconds: of("cpuSeconds"),
  };
}

/** Figures of one size of stack, `prefix` before their names. */
export function figuresOf(prefix: string, preview: Preview): Figures {
  const { seconds, resources, programBytes, treeBytes, cpuSeconds } = preview;
  const figures = {
    Resources: resources,
    Seconds: seconds,
    CpuSeconds: cpuSeconds,
    MsPerResource: (seconds * 1000) / resources,
    ProgramMegabytes: programBytes / MEGABYTE,
    TreeMegabytes: treeBytes / MEGABYTE,
    ProgramKilobytesPerResource: programBytes / 1000 / resources,
    TreeKilobytesPerResource: treeBytes / 1000 / resources,
  };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}${name}`, rounded(value)]));
}

/** Exponents of time and memory over the number of resources, by name. */
export function growthsBetween(small: Preview, large: Preview, step: string): Figures {
  const exponent = (figure: keyof Preview): number =>
    rounded(growth({ size: small.resources, cost: small[figure] }, { size: large.resources, cost: large[figure] }));
  return {
    [`growth of time, ${step} (1 is linear)`]: exponent("seconds"),
    [`growth of processor time, ${step} (1 is linear)`]: exponent("cpuSeconds"),
    [`growth of the program's memory, ${step} (1 is linear)`]: exponent("programBytes"),
    [`growth of all memory, ${step} (1 is linear)`]: exponent("treeBytes"),
  };
}

/** Ours divided by a peer's, for time and memory. */
export function ratiosTo(peerName: string, ours: Figures, peer: Figures): Figures {
  const compared = Object.entries(peer).filter(([name]) => /(Seconds|ProgramMegabytes|TreeMegabytes)$/.test(name));
  return Object.fromEntries(
    compared.map(([name, value]) => [`${name} / ${peerName}`, rounded((ours[name] ?? NaN) / value)]),
  );
}
