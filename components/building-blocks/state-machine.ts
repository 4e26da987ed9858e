import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArguments } from "../internal/argument-checks";
import { lastingIdentity } from "../internal/lasting-identity";
import { checkPolicies, type PolicyStatement, serviceTrust } from "../internal/policy";
import { checkDefinition, definitionText } from "../internal/state-definition";
import { lastingPolicy } from "../internal/role-policy";
import { DEFAULTS, STATE_MACHINE } from "./args.schema";
import { alarmAbove, Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import type { StateMachineDefinition } from "./state-language";

export interface StateMachineArgs extends ObservabilityArgs {
  /** What the machine does, for its role and its alarms: at most 256 characters of Latin-1. @format latin-1-of-256 */
  description: string;
  /** The states, in Amazon States Language; values may be Outputs. @rule */
  definition: StateMachineDefinition;
  /** Exactly what the tasks may do, besides writing logs and traces. There is no managed-policy default. */
  policies: readonly PolicyStatement[];
  /**
   * Standard machines run for up to a year, exactly once; Express ones for up to five minutes, at least once.
   *
   * @default "STANDARD"
   */
  type?: "EXPRESS" | "STANDARD";
  /** Which events of executions are logged. @default "ERROR" */
  logLevel?: "ALL" | "ERROR" | "FATAL";
  /** True to log what states receive and answer, which may be personal or secret. @default false */
  logExecutionData?: boolean;
  /** How long logs are kept. @unit days @default 30 */
  logRetentionDays?: 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 180 | 365;
  /** Tags of the machine, its role and its log group. @propertyNames own-tag-key @format tag-value @default none */
  tags?: Record<string, pulumi.Input<string>>;
}

/** What Step Functions needs to deliver logs, which AWS lets nobody narrow down. */
const LOG_DELIVERY = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

const TRACING = [
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/**
 * A Step Functions state machine with a role that may do exactly what is listed, logs, traces, and an alarm for each
 * way in which an execution can fail.
 *
 * ```ts
 * const machine = new StateMachine("orders", {
 *   description: "Works off an order",
 *   policies: [{ actions: ["lambda:InvokeFunction"], resources: [lambda.function.arn] }],
 *   definition: {
 *     QueryLanguage: "JSONata",
 *     StartAt: "Charge",
 *     States: {
 *       Charge: {
 *         Type: "Task",
 *         Resource: "arn:aws:states:::lambda:invoke",
 *         Arguments: { FunctionName: lambda.function.arn, Payload: "{% $states.input %}" },
 *         Output: "{% $states.result.Payload %}",
 *         End: true,
 *       },
 *     },
 *   },
 * });
 * ```
 *
 * Arguments win over defaults. Invariants: active tracing; logs in a group of its own with retention, under the prefix
 * that AWS asks for (`/aws/vendedlogs/states/`). States, transitions, paths and expressions are checked before
 * anything is deployed.
 *
 * @throws ArgumentsError for a definition that Step Functions would refuse, wildcard actions, or `*` resources without
 *   a reason
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
export class StateMachine extends Component {
  readonly type: "EXPRESS" | "STANDARD";
  readonly machine: aws.sfn.StateMachine;
  readonly role: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly alarms: readonly aws.cloudwatch.MetricAlarm[];

  constructor(name: string, args: StateMachineArgs, opts?: ComponentOptions) {
    checkArguments(`StateMachine "${name}"`, STATE_MACHINE, args, (checks, { policies, definition }) => {
      checkPolicies(checks, "policies", policies);
      checks.rule(() => checkDefinition(checks, "definition", definition));
    });
    super("workflows", name, opts);
    this.type = args.type ?? DEFAULTS.StateMachineArgs.type;
    const { tags } = args;
    const identity = lastingIdentity(this.named("identity"), name, this.child);
    this.logGroup = new aws.cloudwatch.LogGroup(
      this.named("logs"),
      {
        name: pulumi.interpolate`/aws/vendedlogs/states/${identity}`,
        retentionInDays: args.logRetentionDays ?? DEFAULTS.StateMachineArgs.logRetentionDays,
        tags,
      },
      this.child,
    );
    this.role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: serviceTrust("states.amazonaws.com"), description: args.description, tags },
      this.child,
    );
    this.machine = this.createMachine(args);
    this.alarms = [
      this.createAlarm("failed", "ExecutionsFailed", args),
      this.createAlarm("timed-out", "ExecutionsTimedOut", args),
    ];
    this.registerOutputs({ stateMachineArn: this.machine.arn });
  }

  private createMachine(args: StateMachineArgs): aws.sfn.StateMachine {
    const policy = lastingPolicy(
      this.named("policy"),
      this.role,
      [
        ...args.policies,
        { actions: LOG_DELIVERY, resources: ["*"], reason: "deliveries of logs have no resources to name" },
        { actions: TRACING, resources: ["*"], reason: "X-Ray has no resources to name" },
      ],
      this.child,
    );
    return new aws.sfn.StateMachine(
      this.named("machine"),
      {
        definition: definitionText({ Comment: args.description, ...args.definition }),
        roleArn: this.role.arn,
        type: this.type,
        loggingConfiguration: {
          level: args.logLevel ?? DEFAULTS.StateMachineArgs.logLevel,
          includeExecutionData: args.logExecutionData ?? DEFAULTS.StateMachineArgs.logExecutionData,
          logDestination: pulumi.interpolate`${this.logGroup.arn}:*`,
        },
        tracingConfiguration: { enabled: true },
        tags: args.tags,
      },
      // Without its policy AWS refuses the machine: it may not log.
      { ...this.child, dependsOn: [policy] },
    );
  }

  private createAlarm(role: string, metricName: string, args: StateMachineArgs): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(
      this.named(role),
      {
        alarmDescription: `${metricName}: ${args.description}. Read the execution's history, fix the cause, then redrive it.`,
        namespace: "AWS/States",
        metricName,
        dimensions: { StateMachineArn: this.machine.arn },
        statistic: "Sum",
        period: 300,
        ...alarmAbove(0, args),
      },
      this.child,
    );
  }
}
