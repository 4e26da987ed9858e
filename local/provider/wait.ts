/** Waits that grow, as AWS's limits on calls ask for. A call answers false when the time is over. */
export function pauses(timeoutSeconds: number): () => Promise<boolean> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  let seconds = 0.05;
  return async () => {
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    seconds = Math.min(seconds * 1.5, 5);
    return true;
  };
}

/** Asks again until the answer is there; for what AWS makes or removes in its own time. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, timeoutSeconds = 600): Promise<T> {
  const paused = pauses(timeoutSeconds);
  do {
    const answer = await ask();
    if (answer !== undefined) return answer;
  } while (await paused());
  throw new Error(`waited ${timeoutSeconds} s for ${what}`);
}
