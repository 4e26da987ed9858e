/** What a failed command was meant to do, for the sentence that reports it. */
export interface Attempt {
  /** A noun phrase: "Building the Pulumi CLI". */
  readonly what: string;
  /** What it fetches from, and how its address is set: "the Go module proxy (GOPROXY)". */
  readonly source: string;
}

/**
 * The toolchain cannot be completed. `message` is the one line that a user needs: what happened, then what to do next.
 */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";

  constructor(
    /** What happened, as a sentence. */
    readonly happened: string,
    /** What to do next, as a sentence. */
    readonly next: string,
    /** The last output of the command that failed, of many lines; shown on demand. */
    readonly details?: string,
  ) {
    super(`${happened} ${next}`);
  }
}

const diskFull = /no space left on device|ENOSPC|disk quota exceeded|EDQUOT|not enough space/i;
const noNetwork = new RegExp(
  [
    "dial tcp",
    "no such host",
    "i/o timeout",
    "TLS handshake timeout",
    "proxyconnect",
    "connection (refused|reset|timed out)",
    "ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT",
    "network is unreachable|could not resolve host|fetch failed|name resolution",
    "NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Max retries exceeded",
    "module lookup disabled by GOPROXY=off",
  ].join("|"),
  "i",
);

/** Turns the output of a failed command into the one line that says what to do about it. */
export function explainFailure(attempt: Attempt, output: string): ToolchainError {
  if (diskFull.test(output)) return diskIsFull(attempt.what, output);
  if (noNetwork.test(output)) {
    return new ToolchainError(
      `${attempt.what} failed: ${attempt.source} cannot be reached.`,
      "Check the network and its proxy settings, then run it again.",
      output,
    );
  }
  return new ToolchainError(
    `${attempt.what} failed: ${lastMeaningfulLine(output)}.`,
    "Fix what it names, then run it again; what is already done is kept.",
    output,
  );
}

/** Turns a failed file operation in the cache folder into the one line that says what to do about it. */
export function explainCacheFailure(cache: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOSPC" || code === "EDQUOT") return diskIsFull(`Writing to the cache folder ${cache}`);
  if (code && ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENAMETOOLONG"].includes(code)) {
    return new ToolchainError(
      `The cache folder ${cache} cannot be written (${code}).`,
      "Make it writable, or set AWS_PATTERNS_CACHE to a folder that is.",
    );
  }
  return error;
}

function diskIsFull(what: string, details?: string): ToolchainError {
  return new ToolchainError(
    `${what} failed: the disk is full.`,
    "Free about 5 GB (the Go build needs most of it), or set AWS_PATTERNS_CACHE to a folder on another disk.",
    details,
  );
}

/** The line of a log that says most: the last one that names an error, else the last one. */
export function lastMeaningfulLine(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const telling = lines.filter((line) => /error|fail|cannot|not found|denied/i.test(line));
  const line = telling.at(-1) ?? lines.at(-1);
  return line?.replace(/[.:]+$/, "") ?? "it ended without a message";
}
