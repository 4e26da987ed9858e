import * as aws from "@pulumi/aws";
import { ArgumentChecks } from "../internal/argument-checks";
import { serviceTrust } from "../internal/policy";
import { checkSchedule, checkTimeZone } from "../internal/schedule-checks";
import { checkDeadLetters, deadLettersOf, lastingPolicy } from "../internal/subscription-parts";
import type { CallbackLambda } from "./callback-lambda";
import { Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import type { WorkQueue } from "./work-queue";

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

  constructor(name: string, args: ScheduleSubscriptionArgs, opts?: ComponentOptions) {
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
