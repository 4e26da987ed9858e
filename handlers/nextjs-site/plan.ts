/** Seconds for which a run is remembered. */
const REMEMBERED_SECONDS = 30 * 86_400;

/** A run as it is noted. */
export interface Run {
  /** ISO 8601. */
  readonly at: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

export function planRun(nowMs: number): Run {
  return { at: new Date(nowMs).toISOString(), expiresAt: Math.floor(nowMs / 1000) + REMEMBERED_SECONDS };
}
