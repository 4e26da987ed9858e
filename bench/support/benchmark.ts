/** What a benchmark is: a file `bench/<name>.ts` that exports `run`. Its opening comment is what `--help` says of it. */

/** Named figures; the unit is part of the name: `initMs`, `zippedBytes`. */
export type Figures = Readonly<Record<string, number>>;

/** A figure that the project has set itself. */
export interface Goal {
  /** What is compared, as people would say it. */
  readonly name: string;
  readonly value: number;
  /** Greatest value that meets the goal. */
  readonly limit: number;
  readonly met: boolean;
}

export interface BenchResult {
  readonly ours: Figures;
  /** Figures of the same names for each thing compared with. */
  readonly peers: Readonly<Record<string, Figures>>;
  /** Ours divided by a peer's, or one figure of ours by another: below 1 is better. */
  readonly ratio: Figures;
  readonly goals?: readonly Goal[];
  /** What one has to know to read the figures. */
  readonly notes?: readonly string[];
}

/** Gets what is going on, line by line. */
export type Progress = (line: string) => void;

export interface Benchmark {
  run(progress: Progress): Promise<BenchResult>;
}

export function atMost(name: string, value: number, limit: number): Goal {
  return { name, value, limit, met: value <= limit };
}
