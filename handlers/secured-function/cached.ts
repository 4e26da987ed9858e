/** A value that is read from elsewhere, and kept for a while. */
export interface Cached<T> {
  get(): Promise<T>;
  /** Reads it again, after something failed with the value as it was; not more often than every `leastAgeMs`. */
  renewed(): Promise<T>;
}

interface CacheSettings {
  /** How long a value is kept, in milliseconds. */
  readonly ttlMs: number;
  readonly leastAgeMs: number;
  readonly now: () => number;
}

/** Those who ask at the same time wait for one reading; a failed one is not kept. */
export function cached<T>(load: () => Promise<T>, { ttlMs, leastAgeMs, now }: CacheSettings): Cached<T> {
  let known: { readonly at: number; readonly value: Promise<T> } | undefined;
  const younger = (ageMs: number): Promise<T> => {
    if (known !== undefined && now() - known.at < ageMs) return known.value;
    const reading = { at: now(), value: load() };
    known = reading;
    reading.value.catch(() => {
      if (known === reading) known = undefined;
    });
    return reading.value;
  };
  return { get: () => younger(ttlMs), renewed: () => younger(leastAgeMs) };
}
