import * as aws from "@pulumi/aws";
import { checkArguments, withDefaults } from "../internal/argument-checks";
import { serviceTrust } from "../internal/policy";
import { checkDeadLetters, deadLettersOf, lastingPolicy } from "../internal/subscription-parts";
import { DEFAULTS, SCHEDULE_SUBSCRIPTION } from "./args.schema";
import type { CallbackLambda } from "./callback-lambda";
import { Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import type { WorkQueue } from "./work-queue";

export interface ScheduleSubscriptionArgs extends ObservabilityArgs {
  /** What the schedule is for; shown in the console. */
  description: string;
  /** `rate(5 minutes)`, `cron(18 11 * * ? *)` or `at(2026-11-01T11:18:00)`. @format schedule */
  expression: string;
  /** IANA time zone of the expression. @format time-zone @default "UTC" */
  timeZone?: string;
  /**
   * Time within which the schedule may fire; 0 is exactly on time.
   *
   * @integer @minimum 0 @maximum 1440 @unit minutes
   * @default 0
   */
  flexibleWindowMinutes?: number;
  /** Who gets the input. */
  target: { lambda: CallbackLambda } | { queue: WorkQueue };
  /** JSON for the target. @default {} */
  input?: Record<string, unknown>;
}

/** EventBridge Scheduler → Lambda or queue. What cannot be delivered in an hour ends in the target's dead letters. */
export class ScheduleSubscription extends Component {
  readonly schedule: aws.scheduler.Schedule;

  constructor(name: string, args: ScheduleSubscriptionArgs, opts?: ComponentOptions) {
    checkArguments(`ScheduleSubscription "${name}"`, SCHEDULE_SUBSCRIPTION, args, (checks, given) => {
      if ("lambda" in given.target) checkDeadLetters(checks, "target.lambda", given.target.lambda);
    });
    super("lambda", name, opts);
    const { target } = args;
    const { timeZone, flexibleWindowMinutes, input } = withDefaults(DEFAULTS.ScheduleSubscriptionArgs, args);
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
        scheduleExpressionTimezone: timeZone,
        flexibleTimeWindow:
          flexibleWindowMinutes === 0
            ? { mode: "OFF" }
            : { mode: "FLEXIBLE", maximumWindowInMinutes: flexibleWindowMinutes },
        target: {
          arn,
          roleArn: role.arn,
          input: JSON.stringify(input),
          deadLetterConfig: { arn: deadLetters.queue.arn },
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
        },
      },
      { ...this.child, dependsOn: [policy] },
    );
    this.registerOutputs({ scheduleName: this.schedule.name });
  }
}
