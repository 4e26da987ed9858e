/** Splits items into runs of at most `size`. */
export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/**
 * Packs items in their order into as few batches as several limits allow at once. `costOf` gives an item's cost under
 * each limit; an item that alone exceeds a limit gets a batch of its own, for the service to judge.
 */
export function packInOrder<T, Limit extends string>(
  items: readonly T[],
  limits: Readonly<Record<Limit, number>>,
  costOf: (item: T) => Readonly<Record<Limit, number>>,
): T[][] {
  const names = Object.keys(limits) as Limit[];
  const batches: T[][] = [];
  let current: T[] = [];
  const used = new Map<Limit, number>();
  for (const item of items) {
    const cost = costOf(item);
    const fits = names.every((name) => (used.get(name) ?? 0) + cost[name] <= limits[name]);
    if (!fits && current.length > 0) {
      batches.push(current);
      current = [];
      used.clear();
    }
    current.push(item);
    for (const name of names) used.set(name, (used.get(name) ?? 0) + cost[name]);
  }
  if (current.length > 0) batches.push(current);
  return batches;
}

/** Runs `work` for every item, at most `limit` at a time; stops beginning new ones at the first failure. */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed && next < items.length) {
      const item = items[next] as T;
      next += 1;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
