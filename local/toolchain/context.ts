import type { Variables } from "./run";

/** What every part of the toolchain works with. */
export interface Context {
  /** The cache folder, absolute. */
  readonly cache: string;
  /** The variables of the machine: PATH, proxy settings, HOME. */
  readonly variables: Variables;
  /** Reports what is being done; called at most about once a second for each step. */
  readonly onProgress: (step: string, detail?: string) => void;
  /** Ends everything that was started. */
  readonly signal?: AbortSignal | undefined;
}

/** The steps that progress is reported under. */
export const steps = {
  pulumi: "Pulumi CLI",
  python: "Python packages",
  lambdaNode: "Node.js for Lambdas",
} as const;

/** "12 s", "2 min 10 s": how long ago `start` (milliseconds since the epoch) was. */
export function elapsedSince(start: number, now: number = Date.now()): string {
  const seconds = Math.round((now - start) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Calls `tell` once a second until `work` ends, so that a silent command still shows a moving time. */
export async function telling<T>(tell: (elapsed: string) => void, work: Promise<T>): Promise<T> {
  const start = Date.now();
  tell(elapsedSince(start));
  const timer = setInterval(() => tell(elapsedSince(start)), 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
