/** Who asks is not signed in. The reason is for the logs: it names no code and no token. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** A request that cannot be read; the message is for its sender. */
export class BadRequestError extends Error {
  override readonly name = "BadRequestError";
}
