/** No answer came back, so that the call may have had its effect. Not retried, since its name is not retryable. */
export class AnswerLostError extends Error {
  override readonly name = "AnswerLostError";
}

/** The connection did not come about, so that nothing can have been sent. Others may also end one that was in use. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);
/** The service was not there to take the call. After any other fault of a server's it may have had its effect. */
const UNAVAILABLE_STATUS = 503;

/** For calls that must not be repeated unless they certainly had no effect. @throws AnswerLostError where that is open */
export async function noticingLostAnswers<T>(service: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    const isAnswer = status !== undefined && (status < 500 || status === UNAVAILABLE_STATUS);
    if (isAnswer || (typeof code === "string" && NEVER_CONNECTED.has(code))) throw error;
    throw new AnswerLostError(
      `${service}'s answer was lost: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
