/** What every invocation of a function brings along: the time that is left, and clients that keep within it. */
import type { Context } from "aws-lambda";
import type { Clock } from "./clock";
import { type Call, makeCall } from "./retry";
import type { Telemetry } from "./telemetry";

/** Makes calls for as long as the invocation has more than `marginMs` left, and logs what is tried again. */
export function callWithin(
  deps: Clock & { readonly telemetry: Pick<Telemetry<never>, "info"> },
  context: Context,
  marginMs: number,
): Call {
  const deadline = { remainingMs: () => context.getRemainingTimeInMillis(), marginMs };
  return makeCall(deps, deadline, {
    onRetry: (doing, error, waitMs) =>
      deps.telemetry.info("Retrying", { doing, waitMs: Math.round(waitMs), reason: String(error) }),
  });
}

/**
 * Settings of an SDK client. One attempt each: `makeCall` retries, knowing what is retryable and how much time is left.
 * The time limits, in milliseconds, keep a request that hangs from taking the invocation with it.
 */
export function clientConfig(requestTimeout = 5000) {
  return { maxAttempts: 1, requestHandler: { connectionTimeout: 2000, requestTimeout, throwOnRequestTimeout: true } };
}
