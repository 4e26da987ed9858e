/** What makes a CallbackLambda run: an EventBridge rule, a queue, a schedule, a DynamoDB stream. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../internal/argument-errors";
import type { CallbackLambda } from "./callback-lambda";
import { alarmTopics, Component, type ObservabilityArgs } from "./component";
import { DeadLetterQueue } from "./dead-letter-queue";
import { policyDocument, type PolicyStatement, serviceTrust } from "../internal/policy";
import { checkSchedule, checkTimeZone } from "../internal/schedule-expression";
import { checkText, type TextRule } from "../internal/text-checks";
import type { WorkQueue } from "./work-queue";

/**
 * A policy that another one comes before: what is replaced with it, and depends on it, has its permission until it is
 * deleted.
 */
function lastingPolicy(
  name: string,
  role: aws.iam.Role,
  statements: readonly PolicyStatement[],
  opts: pulumi.ResourceOptions,
): aws.iam.RolePolicy {
  const args = { role: role.name, policy: policyDocument(statements) };
  return new aws.iam.RolePolicy(name, args, { ...opts, replaceOnChanges: ["policy"] });
}

/** Lets the function's role do what its event source needs. */
function grant(name: string, lambda: CallbackLambda, statement: PolicyStatement, opts: pulumi.ResourceOptions) {
  return lastingPolicy(name, lambda.role, [statement], opts);
}

/** An asynchronously invoked function needs a dead-letter queue; without one, failed events would vanish. */
function checkDeadLetters(checks: ArgumentChecks, property: string, lambda: CallbackLambda): void {
  checks.require(lambda.deadLetters !== undefined, {
    property: `${property}.asynchronous`,
    received: undefined,
    allowed: "a function with `asynchronous`",
    fix: "Events reach it asynchronously: give its CallbackLambda `asynchronous: {}`, which adds a dead-letter queue.",
  });
}

/** The dead-letter queue of a function that has been checked for it. */
function deadLettersOf({ deadLetters }: CallbackLambda): DeadLetterQueue {
  if (deadLetters === undefined) throw new Error("checkDeadLetters comes first");
  return deadLetters;
}

export interface EventRuleSubscriptionArgs {
  /** What the rule is for; shown in the console. */
  description: string;
  /** EventBridge event pattern. */
  eventPattern: Record<string, unknown>;
  /** The function to invoke; it must be `asynchronous`. */
  lambda: CallbackLambda;
  /** Event bus. Default: the account's default bus, which AWS services send to. */
  eventBusName?: pulumi.Input<string>;
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
const EVENT_BUS: TextRule = {
  form: /^[\w.:/-]{1,1600}$/,
  allowed: "the name or ARN of an event bus",
  fix: "Give the bus's name, or leave it out for the account's default bus.",
};

/** EventBridge rule → Lambda. Undeliverable events end in the function's dead-letter queue. */
export class EventRuleSubscription extends Component {
  readonly rule: aws.cloudwatch.EventRule;

  constructor(name: string, args: EventRuleSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const checks = new ArgumentChecks();
    checkDeadLetters(checks, "lambda", args.lambda);
    checkText(checks, "eventBusName", args.eventBusName, EVENT_BUS);
    checks.finish(`EventRuleSubscription "${name}"`);
    super("lambda", name, opts);
    const deadLetters = deadLettersOf(args.lambda);
    const bus = args.eventBusName === undefined ? {} : { eventBusName: args.eventBusName };
    this.rule = new aws.cloudwatch.EventRule(
      this.named("rule"),
      { description: args.description, eventPattern: JSON.stringify(args.eventPattern), ...bus },
      this.child,
    );
    const permission = new aws.lambda.Permission(
      this.named("permission"),
      {
        action: "lambda:InvokeFunction",
        function: args.lambda.function.name,
        principal: "events.amazonaws.com",
        sourceArn: this.rule.arn,
      },
      this.child,
    );
    new aws.cloudwatch.EventTarget(
      this.named("target"),
      {
        rule: this.rule.name,
        arn: args.lambda.function.arn,
        deadLetterConfig: { arn: deadLetters.queue.arn },
        ...bus,
      },
      { ...this.child, dependsOn: [permission] },
    );
    this.registerOutputs({ ruleArn: this.rule.arn });
  }
}

export interface QueueSubscriptionArgs {
  queue: WorkQueue;
  lambda: CallbackLambda;
  /** Messages an invocation gets at most: 1 to 10,000 (FIFO: 10). Default: 10. Above 10 a batching window is needed. */
  batchSize?: number;
  /** Seconds to gather a batch, 0 to 300 (FIFO: none). Default: 0. */
  batchingWindowSeconds?: number;
  /** Invocations at the same time, 2 to 1,000. Default: no limit. */
  maximumConcurrency?: number;
}

/** SQS queue → Lambda. The handler answers which messages failed; only those are delivered again. */
export class QueueSubscription extends Component {
  readonly mapping: aws.lambda.EventSourceMapping;

  constructor(name: string, args: QueueSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const checks = new ArgumentChecks();
    const { fifo } = args.queue;
    checks.wholeNumber("batchSize", args.batchSize, 1, fifo ? 10 : 10_000, "messages");
    checks.wholeNumber("batchingWindowSeconds", args.batchingWindowSeconds, 0, fifo ? 0 : 300, "seconds");
    checks.wholeNumber("maximumConcurrency", args.maximumConcurrency, 2, 1_000, "invocations");
    checks.require(fifo || (args.batchSize ?? 10) <= 10 || (args.batchingWindowSeconds ?? 0) > 0, {
      property: "batchSize",
      received: args.batchSize,
      allowed: "at most 10 without a batching window",
      fix: "Set batchingWindowSeconds to at least 1, or lower batchSize.",
    });
    checks.finish(`QueueSubscription "${name}"`);
    super("lambda", name, opts);
    const access = grant(
      this.named("access"),
      args.lambda,
      {
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        resources: [args.queue.queue.arn],
      },
      this.child,
    );
    this.mapping = new aws.lambda.EventSourceMapping(
      this.named("mapping"),
      {
        eventSourceArn: args.queue.queue.arn,
        functionName: args.lambda.function.arn,
        batchSize: args.batchSize ?? 10,
        functionResponseTypes: ["ReportBatchItemFailures"],
        ...(args.batchingWindowSeconds === undefined
          ? {}
          : { maximumBatchingWindowInSeconds: args.batchingWindowSeconds }),
        ...(args.maximumConcurrency === undefined
          ? {}
          : { scalingConfig: { maximumConcurrency: args.maximumConcurrency } }),
      },
      { ...this.child, dependsOn: [access] },
    );
    this.registerOutputs({ mappingId: this.mapping.id });
  }
}

export interface ScheduleSubscriptionArgs extends ObservabilityArgs {
  /** What the schedule is for; shown in the console. */
  description: string;
  /** `rate(5 minutes)`, `cron(18 11 * * ? *)` or `at(2026-11-01T11:18:00)`. */
  expression: string;
  /** IANA time zone of the expression. Default: UTC. */
  timeZone?: string;
  /** Minutes within which the schedule may fire, 1 to 1,440. Default: 0, exactly on time. */
  flexibleWindowMinutes?: number;
  /** Who gets the input. */
  target: { lambda: CallbackLambda } | { queue: WorkQueue };
  /** JSON for the target. Default: `{}`. */
  input?: Record<string, unknown>;
}

/** EventBridge Scheduler → Lambda or queue. What cannot be delivered in an hour ends in the target's dead letters. */
export class ScheduleSubscription extends Component {
  readonly schedule: aws.scheduler.Schedule;

  constructor(name: string, args: ScheduleSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { target } = args;
    const checks = new ArgumentChecks();
    if ("lambda" in target) checkDeadLetters(checks, "target.lambda", target.lambda);
    checkTimeZone(checks, args.timeZone);
    checkSchedule(checks, "expression", args.expression);
    checks.wholeNumber("flexibleWindowMinutes", args.flexibleWindowMinutes, 0, 1_440, "minutes");
    checks.finish(`ScheduleSubscription "${name}"`);
    super("lambda", name, opts);
    const deadLetters = "queue" in target ? target.queue.deadLetters : deadLettersOf(target.lambda);
    const arn = "queue" in target ? target.queue.queue.arn : target.lambda.function.arn;
    const action = "queue" in target ? "sqs:SendMessage" : "lambda:InvokeFunction";
    const role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: serviceTrust("scheduler.amazonaws.com"), description: args.description },
      this.child,
    );
    const policy = lastingPolicy(
      this.named("policy"),
      role,
      [
        { actions: [action], resources: [arn] },
        { actions: ["sqs:SendMessage"], resources: [deadLetters.queue.arn] },
      ],
      this.child,
    );
    this.schedule = new aws.scheduler.Schedule(
      this.named("schedule"),
      {
        description: args.description,
        scheduleExpression: args.expression,
        scheduleExpressionTimezone: args.timeZone ?? "UTC",
        flexibleTimeWindow:
          (args.flexibleWindowMinutes ?? 0) === 0
            ? { mode: "OFF" }
            : { mode: "FLEXIBLE", maximumWindowInMinutes: args.flexibleWindowMinutes ?? 0 },
        target: {
          arn,
          roleArn: role.arn,
          input: JSON.stringify(args.input ?? {}),
          deadLetterConfig: { arn: deadLetters.queue.arn },
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
        },
      },
      { ...this.child, dependsOn: [policy] },
    );
    this.registerOutputs({ scheduleName: this.schedule.name });
  }
}

export interface TableStreamSubscriptionArgs extends ObservabilityArgs {
  /** Table with a stream. */
  table: aws.dynamodb.Table;
  lambda: CallbackLambda;
  /** Records an invocation gets at most, 1 to 10,000. Default: 100. */
  batchSize?: number;
  /** Seconds to gather a batch, 0 to 300. Default: 0. */
  batchingWindowSeconds?: number;
  /** Retries of a failing batch, 0 to 10,000; it is split in two each time. Default: 5. */
  maximumRetryAttempts?: number;
  /** Seconds after which a record is given up, 60 to 604,800. Default: 3,600. */
  maximumRecordAgeSeconds?: number;
  /** Event filter patterns; a record that matches one of them is delivered. Default: all records. */
  filterPatterns?: readonly Record<string, unknown>[];
}

/** DynamoDB stream → Lambda. Failing batches are bisected and retried; what is given up is told to a queue. */
export class TableStreamSubscription extends Component {
  readonly mapping: aws.lambda.EventSourceMapping;
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, args: TableStreamSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const checks = new ArgumentChecks();
    checks.wholeNumber("batchSize", args.batchSize, 1, 10_000, "records");
    checks.wholeNumber("batchingWindowSeconds", args.batchingWindowSeconds, 0, 300, "seconds");
    checks.wholeNumber("maximumRetryAttempts", args.maximumRetryAttempts, 0, 10_000, "retries");
    checks.wholeNumber("maximumRecordAgeSeconds", args.maximumRecordAgeSeconds, 60, 604_800, "seconds");
    checks.finish(`TableStreamSubscription "${name}"`);
    super("lambda", name, opts);
    const topics = alarmTopics(args);
    this.deadLetters = new DeadLetterQueue(
      this.named("dead-letters"),
      { purpose: `stream records that ${name} gave up`, ...topics },
      this.child,
    );
    const read = grant(
      this.named("access"),
      args.lambda,
      {
        actions: [
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:DescribeStream",
          "dynamodb:ListStreams",
        ],
        resources: [args.table.streamArn],
      },
      this.child,
    );
    const send = grant(
      this.named("dead-letter-access"),
      args.lambda,
      { actions: ["sqs:SendMessage"], resources: [this.deadLetters.queue.arn] },
      this.child,
    );
    this.mapping = this.createMapping(args, [read, send]);
    this.registerOutputs({ mappingId: this.mapping.id });
  }

  private createMapping(args: TableStreamSubscriptionArgs, dependsOn: pulumi.Resource[]) {
    const filters = args.filterPatterns?.map((pattern) => ({ pattern: JSON.stringify(pattern) }));
    return new aws.lambda.EventSourceMapping(
      this.named("mapping"),
      {
        eventSourceArn: args.table.streamArn,
        functionName: args.lambda.function.arn,
        startingPosition: "TRIM_HORIZON",
        batchSize: args.batchSize ?? 100,
        maximumBatchingWindowInSeconds: args.batchingWindowSeconds ?? 0,
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: args.maximumRetryAttempts ?? 5,
        maximumRecordAgeInSeconds: args.maximumRecordAgeSeconds ?? 3600,
        functionResponseTypes: ["ReportBatchItemFailures"],
        destinationConfig: { onFailure: { destinationArn: this.deadLetters.queue.arn } },
        ...(filters === undefined ? {} : { filterCriteria: { filters } }),
      },
      { ...this.child, dependsOn },
    );
  }
}
