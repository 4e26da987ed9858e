/** The components, as `import { WavelengthDns } from "aws-patterns/components"` gives them. */
export { ArgumentsError, type ArgumentError } from "./argument-errors";
export { CallbackLambda, type AsynchronousArgs, type CallbackLambdaArgs } from "./callback-lambda";
export { Component, type ObservabilityArgs } from "./component";
export * from "./cost-guardrails";
export * from "./cost-report";
export { DeadLetterQueue, type DeadLetterQueueArgs } from "./dead-letter-queue";
export type { PolicyStatement } from "./policy";
export {
  EventRuleSubscription,
  type EventRuleSubscriptionArgs,
  QueueSubscription,
  type QueueSubscriptionArgs,
  ScheduleSubscription,
  type ScheduleSubscriptionArgs,
  TableStreamSubscription,
  type TableStreamSubscriptionArgs,
} from "./subscriptions";
export * from "./wavelength-dns";
export { WorkQueue, type WorkQueueArgs } from "./work-queue";
