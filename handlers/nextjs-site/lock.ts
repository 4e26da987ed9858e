/** One sync at a time, by an object of the bucket; reserved concurrency would need a quota that new accounts lack. */
import type { Context } from "aws-lambda";
import * as z from "zod";
import type { Call } from "../shared/retry";
import type { SyncDeps } from "./clients";

/** Another invocation has the bucket. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

const Held = z.object({ until: z.number() });
const FREE = JSON.stringify({ until: 0 });
/** For clocks that differ, and for what is under way when Lambda ends an invocation. */
const SLACK_MS = 30_000;

/**
 * Does its work while nobody else does. Lambda ends each invocation in time: what one that was killed held is free by
 * then.
 *
 * @throws BusyError
 */
export async function alone<T>(
  { now, store }: Pick<SyncDeps, "now" | "store">,
  key: string,
  context: Context,
  call: Call,
  work: () => Promise<T>,
): Promise<T> {
  const read = async (): Promise<string | undefined> => {
    const found = await call("reading the lock", () => store.read(key));
    return found && Buffer.from(found).toString();
  };
  const found = await read();
  const until = found === undefined ? 0 : Held.parse(JSON.parse(found)).until;
  const mine = JSON.stringify({
    until: now() + context.getRemainingTimeInMillis() + SLACK_MS,
    by: context.awsRequestId,
  });
  const isTaken = until <= now() && (await call("taking the lock", () => store.swap(key, mine, found)));
  // A call that was tried again may have been refused for what it had done before.
  if (!isTaken && (until > now() || (await read()) !== mine)) {
    const when = until > now() ? `, until ${new Date(until).toISOString()} at the latest` : "";
    throw new BusyError(`Another deployment brings files into the bucket${when}. Deploy again then.`);
  }
  try {
    return await work();
  } finally {
    await call("giving the lock back", () => store.swap(key, FREE, mine));
  }
}
