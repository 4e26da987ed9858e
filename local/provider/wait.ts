/** Waits in seconds, growing: AWS's limits on calls are kept, and short waits stay short. */
export async function* pauses(timeoutSeconds: number): AsyncGenerator<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (let seconds = 0.05; Date.now() < deadline; seconds = Math.min(seconds * 1.5, 5)) {
    yield;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

/** Asks again until the answer is there; for what AWS makes or removes in its own time. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, timeoutSeconds = 600): Promise<T> {
  for await (const _ of pauses(timeoutSeconds)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`waited ${timeoutSeconds} s for ${what}`);
}
