/** Run-time errors whose `name` operators and alarms may match. Each ends in a dead-letter queue if it lasts. */

/** The Lambda was invoked with something that it does not understand. */
export class BadEventError extends Error {
  override readonly name = "BadEventError";
}

/** Others changed the same finding again and again; the queue will retry. */
export class ContentionError extends Error {
  override readonly name = "ContentionError";
  constructor(arn: string, attempts: number) {
    super(`${arn} was changed by others during each of ${attempts} attempts`);
  }
}

/** Some messages did not go out; all others did, and another run sends what is left. */
export class NotSentError extends Error {
  override readonly name = "NotSentError";
  constructor(what: string, reasons: readonly string[]) {
    super(`${what} did not reach everybody, and will be tried again: ${reasons.join("; ")}`);
  }
}
