import type { Clock } from "./clock";

/** The invocation is too close to its end to begin anything new; the queue will retry. */
export class OutOfTimeError extends Error {
  override readonly name = "OutOfTimeError";
  constructor(doing: string, remainingMs: number, options?: ErrorOptions) {
    super(`Only ${Math.round(remainingMs)} ms are left, too few for ${doing}`, options);
  }
}

/** Part of a batch call was turned back by the service; the same call may be made again for that part. */
export class PartlyRefusedError extends Error {
  override readonly name = "PartlyRefusedError";
}

/** How much of the invocation is left, and how much of that is kept for ending it properly. */
export interface Deadline {
  remainingMs(): number;
  readonly marginMs: number;
}

/** Makes a call of a service, again while the service says that trying again may help. */
export type Call = <T>(doing: string, operation: () => Promise<T>) => Promise<T>;

export interface RetryOptions {
  /** Default 10. */
  readonly maxAttempts?: number;
  /** Wait after the first failure, doubled each time, in milliseconds. Default 200. */
  readonly baseMs?: number;
  /** Longest single wait, in milliseconds. Default 4,000. */
  readonly capMs?: number;
  /** Called for every failure that is retried. */
  readonly onRetry?: (doing: string, error: unknown, waitMs: number) => void;
}

const retryableNames = new Set([
  "EC2ThrottledException",
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "KmsThrottled",
  "NetworkingError",
  "PartlyRefusedError",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestTimeout",
  "ResourceContention",
  "ResourceContentionFault",
  "ServiceUnavailable",
  "SlowDown",
  "Throttling",
  "ThrottlingException",
  "TimeoutError",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);

const networkCodes = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Throttling, a service's own trouble, and network trouble; never a refusal of what was asked. */
export function isRetryable(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { name, code, message, $metadata } = error as {
    name?: unknown;
    code?: unknown;
    message?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return (
    status >= 500 ||
    status === 429 ||
    (typeof name === "string" && retryableNames.has(name)) ||
    (typeof code === "string" && networkCodes.has(code)) ||
    (typeof message === "string" && message.includes("Rate exceeded"))
  );
}

/**
 * Retries with exponential backoff, half of each wait by chance, so that concurrent invocations spread out.
 * The last error is thrown as it came. Waits and attempts that would reach into the deadline's margin throw
 * OutOfTimeError instead, caused by the last error.
 */
export function makeCall(clock: Clock, deadline: Deadline, options: RetryOptions = {}): Call {
  const { maxAttempts = 10, baseMs = 200, capMs = 4000, onRetry } = options;
  const ensureTime = (doing: string, neededMs: number, cause?: unknown): void => {
    const remaining = deadline.remainingMs();
    if (remaining - neededMs < deadline.marginMs) throw new OutOfTimeError(doing, remaining, { cause });
  };
  return async (doing, operation) => {
    for (let attempt = 1; ; attempt += 1) {
      ensureTime(doing, 0);
      try {
        return await operation();
      } catch (error) {
        if (attempt >= maxAttempts || !isRetryable(error)) throw error;
        const ceiling = Math.min(capMs, baseMs * 2 ** (attempt - 1));
        const wait = ceiling / 2 + (clock.random() * ceiling) / 2;
        ensureTime(doing, wait, error);
        onRetry?.(doing, error, wait);
        await clock.sleep(wait);
      }
    }
  };
}
