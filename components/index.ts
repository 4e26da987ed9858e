/** The components, as `import { WavelengthDns } from "aws-patterns"` gives them. */
export { ArgumentsError } from "./internal/argument-checks";
export type { Fault } from "./internal/faults";
export { CallbackLambda, type AsynchronousArgs, type CallbackLambdaArgs } from "./building-blocks/callback-lambda";
export {
  type ChildTransform,
  Component,
  type ComponentOptions,
  type ObservabilityArgs,
} from "./building-blocks/component";
export * from "./cost-guardrails/cost-guardrails";
export * from "./cost-report/cost-report";
export { DeadLetterQueue, type DeadLetterQueueArgs } from "./building-blocks/dead-letter-queue";
export type { PolicyStatement } from "./internal/policy";
export * as eventPattern from "./event-pattern";
export { EventPipe, type EventPipeArgs } from "./building-blocks/event-pipe";
export type { PipeEnrichment, PipeSource, PipeTarget } from "./building-blocks/pipe-ends";
export { type PipeTemplate, type PipeValue, pipeValue } from "./building-blocks/pipe-template";
export { EventRuleSubscription, type EventRuleSubscriptionArgs } from "./building-blocks/event-rule-subscription";
export { QueueSubscription, type QueueSubscriptionArgs } from "./building-blocks/queue-subscription";
export {
  excludeFromInspector,
  type InspectorExclusion,
  type InspectorScan,
} from "./building-blocks/inspector-exclusion";
export type { State, StateMachineDefinition } from "./building-blocks/state-language";
export { StateMachine, type StateMachineArgs } from "./building-blocks/state-machine";
export { OneOffSchedules, type OneOffSchedulesArgs } from "./building-blocks/one-off-schedules";
export { ScheduledTask, type ScheduledTaskArgs } from "./building-blocks/scheduled-task";
export type { TaskTarget } from "./internal/task-delivery";
export { OpenApiDocument, type OperationSchemas } from "./open-api/document";
export { operationsOf, type OpenApiOperation } from "./open-api/operations";
export { OpenApiService, type OpenApiServiceArgs } from "./building-blocks/open-api-service";
export { type Canary, SnapStartFunction, type SnapStartFunctionArgs } from "./building-blocks/snap-start-function";
export { TableStreamSubscription, type TableStreamSubscriptionArgs } from "./building-blocks/table-stream-subscription";
export * from "./event-pipes/event-pipes";
export * from "./distributed-map/distributed-map";
export * from "./inspector/inspector";
export * from "./secured-function/secured-function";
export * from "./nextjs-site/nextjs-site";
export * from "./snapstart/snapstart";
export * from "./wavelength-dns/wavelength-dns";
export * from "./widget-api/widget-api";
export { WorkQueue, type WorkQueueArgs } from "./building-blocks/work-queue";
