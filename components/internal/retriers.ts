/** When tasks of state machines are tried again. */
import type { Retrier } from "../building-blocks/state-language";

/**
 * Errors of services after which the same may succeed.
 * https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html
 */
export const TRANSIENT_ERRORS = {
  dynamodb: [
    "DynamoDB.InternalServerErrorException",
    "DynamoDB.ProvisionedThroughputExceededException",
    "DynamoDB.RequestLimitExceededException",
    "DynamoDB.SdkClientException",
    "DynamoDB.ThrottlingException",
  ],
  lambda: [
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
  ],
} as const;

/** With waits that grow, and differ: executions that were throttled at once must not come back at once. */
export function backingOff(
  ErrorEquals: readonly string[],
  settings: Pick<Retrier, "BackoffRate" | "IntervalSeconds" | "MaxAttempts" | "MaxDelaySeconds"> = {},
): Retrier {
  const defaults = { IntervalSeconds: 1, MaxAttempts: 6, BackoffRate: 2, MaxDelaySeconds: 60 };
  return { ErrorEquals, ...defaults, ...settings, JitterStrategy: "FULL" };
}
