/** What has to be seen afterwards: logs for a time, traces. */
import { exceptAtEdge } from "../lambda-at-edge";
import { properties, type Rule, type Stack, type Subject } from "../rule";
import { isAbsent, isTrue, valueAt } from "../values";

const WHY_TRACES = "Without traces nobody sees where the time of a slow or failed request went.";
const FUNCTION = "aws:lambda/function:Function";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** Whether a log group of the stack is where Lambda puts a function's logs by itself. */
function hasDefaultLogGroup(lambda: Subject, stack: Stack): boolean {
  const name = lambda.outputs?.name ?? lambda.props.name;
  return stack
    .ofType(LOG_GROUP)
    .some(
      (group) =>
        (typeof name === "string" && group.props.name === `/aws/lambda/${name}`) ||
        stack.references(group, "name", [FUNCTION]).includes(lambda),
    );
}

export const observabilityRules: readonly Rule[] = [
  {
    id: "log-retention",
    title: "Log groups keep their logs for a set time",
    reason: "Logs are kept, and paid for, for ever otherwise.",
    remedy: "Set retentionInDays, e.g. to 30.",
    severity: "mandatory",
    ...properties(
      { [LOG_GROUP]: "retentionInDays" },
      // AWS sets the time of the DELIVERY class.
      (value, { props }) => Number(value ?? 0) > 0 || valueAt(props, "logGroupClass") === "DELIVERY",
    ),
  },
  {
    id: "lambda-log-group",
    title: "Lambda functions log to a log group of the stack",
    reason:
      "Lambda makes a log group by itself otherwise, which keeps everything for ever and stays when the stack goes.",
    remedy: "Make a log group with retention, and name it in loggingConfig.logGroup.",
    severity: "mandatory",
    types: [],
    checkStack: (stack) =>
      stack
        .ofType(FUNCTION)
        .filter((lambda) => isAbsent(valueAt(lambda.props, "loggingConfig.logGroup")))
        .filter((lambda) => !hasDefaultLogGroup(lambda, stack))
        .map((subject) => ({ subject, property: "loggingConfig.logGroup", value: undefined })),
  },
  {
    id: "log-encryption",
    title: "Log groups are encrypted with a key of the account's, where the settings ask for it",
    reason: "The stack's settings ask for keys that the account controls and can withdraw (encryptLogs).",
    remedy: "Set kmsKeyId to a key whose policy lets CloudWatch Logs use it.",
    severity: "mandatory",
    parameters: ["encryptLogs"],
    ...properties(
      { [LOG_GROUP]: "kmsKeyId" },
      (value, _, { encryptLogs }) => !encryptLogs || (!isAbsent(value) && value !== ""),
    ),
  },
  {
    id: "lambda-tracing",
    title: "Lambda functions are traced by X-Ray, but for those that CloudFront runs",
    reason: WHY_TRACES,
    remedy: 'Set tracingConfig to { mode: "Active" }, and allow xray:PutTraceSegments and xray:PutTelemetryRecords.',
    severity: "mandatory",
    ...exceptAtEdge("tracingConfig.mode", (value) => value === "Active"),
  },
  {
    id: "state-machine-tracing",
    title: "State machines are traced by X-Ray",
    reason: WHY_TRACES,
    remedy: "Set tracingConfiguration to { enabled: true }, and allow the four X-Ray actions that it needs.",
    severity: "advisory",
    ...properties({ "aws:sfn/stateMachine:StateMachine": "tracingConfiguration.enabled" }, isTrue),
  },
  {
    id: "state-machine-logs",
    title: "State machines log the errors of their executions at least",
    reason: "An Express execution leaves nothing else behind, and the history of a Standard one is gone after 90 days.",
    remedy: "Set loggingConfiguration with a level and the logDestination, a log group's ARN and :*.",
    severity: "advisory",
    ...properties(
      { "aws:sfn/stateMachine:StateMachine": "loggingConfiguration.level" },
      (value) => !isAbsent(value) && value !== "OFF",
    ),
  },
  {
    id: "api-tracing",
    title: "REST and GraphQL APIs are traced by X-Ray",
    reason: WHY_TRACES,
    remedy: "Set xrayTracingEnabled of the stage, or xrayEnabled of the GraphQL API, to true.",
    severity: "advisory",
    ...properties(
      {
        "aws:apigateway/stage:Stage": "xrayTracingEnabled",
        "aws:appsync/graphQLApi:GraphQLApi": "xrayEnabled",
      },
      isTrue,
    ),
  },
];
