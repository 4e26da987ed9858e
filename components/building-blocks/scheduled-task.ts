import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkArguments, type Rule, withDefaults } from "../internal/argument-checks";
import { checkDeadLetters } from "../internal/subscription-parts";
import { deliveryTo, type TaskTarget } from "../internal/task-delivery";
import { DEFAULTS, SCHEDULED_TASK } from "./args.schema";
import { alarmTopics, Component, type ComponentOptions, type ObservabilityArgs } from "./component";

export interface ScheduledTaskArgs extends ObservabilityArgs {
  /** What the schedule is for; shown in the console. */
  description: string;
  /** `rate(5 minutes)`, `cron(18 11 * * ? *)`, or once: `at(2026-11-01T11:18:00)`. @format schedule */
  expression: string;
  /** IANA time zone of the expression. @format time-zone @default "UTC" */
  timeZone?: string;
  /** When a recurring schedule begins, such as `2027-01-01T00:00:00Z`. @format instant @default at once */
  startDate?: string;
  /** When a recurring schedule ends, such as `2027-12-31T00:00:00Z`. @format instant @default never */
  endDate?: string;
  /**
   * Time within which the schedule may fire; 0 is exactly on time.
   *
   * @integer @minimum 0 @maximum 1440 @unit minutes
   * @default 0
   */
  flexibleWindowMinutes?: number;
  /** Who does the work. A function needs `asynchronous`, which gives it dead letters. */
  target: TaskTarget;
  /** JSON for the target. @default {} */
  input?: Record<string, unknown>;
  /** Retries of a failed delivery. @integer @minimum 0 @maximum 185 @unit retries @default 20 */
  maximumRetryAttempts?: number;
  /** Time after which a delivery is given up. @integer @minimum 60 @maximum 86400 @unit seconds @default 3600 */
  maximumEventAgeSeconds?: number;
  /**
   * Whether AWS deletes the schedule after its last invocation. Then remove the task from the program too: the next
   * deployment that looks at AWS (`pulumi refresh`) would make it again.
   *
   * @default true for `at(…)`, false for others
   */
  deleteAfterCompletion?: boolean;
}

/**
 * EventBridge Scheduler → function, queue or state machine: once or again and again, in a time zone. What cannot be
 * delivered ends in the target's dead letters, or in a queue of the task's own for a state machine.
 *
 * ```ts
 * new ScheduledTask("report-daily", {
 *   description: "The report is due",
 *   expression: "cron(0 7 ? * MON-FRI *)",
 *   timeZone: "Europe/Zurich",
 *   target: { stateMachine: report },
 * });
 * ```
 *
 * Handlers that make schedules of their own, one for each reminder, say, use `OneOffSchedules`.
 *
 * @throws ArgumentsError for what Scheduler refuses, and for a function without dead letters
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export class ScheduledTask extends Component {
  readonly schedule: aws.scheduler.Schedule;

  constructor(name: string, args: ScheduledTaskArgs, opts?: ComponentOptions) {
    checkArguments(`ScheduledTask "${name}"`, SCHEDULED_TASK, args, checkTarget, checkDates);
    // The class was called ScheduleSubscription.
    const formerly = { aliases: [{ type: "aws-patterns:lambda:ScheduleSubscription" }] };
    super("lambda", name, pulumi.mergeOptions(formerly, opts));
    const ownDeadLetters = { purpose: `executions that ${name} could not start`, ...alarmTopics(args) };
    const named = (part: string): string => this.named(part);
    const { arn, deadLetters, role, policy } = deliveryTo(
      named,
      args.target,
      args.description,
      ownDeadLetters,
      this.child,
    );
    const settings = withDefaults(DEFAULTS.ScheduledTaskArgs, args);
    const { flexibleWindowMinutes, expression, deleteAfterCompletion = expression.startsWith("at(") } = settings;
    this.schedule = new aws.scheduler.Schedule(
      this.named("schedule"),
      {
        description: args.description,
        scheduleExpression: expression,
        scheduleExpressionTimezone: settings.timeZone,
        startDate: args.startDate,
        endDate: args.endDate,
        actionAfterCompletion: deleteAfterCompletion ? "DELETE" : "NONE",
        flexibleTimeWindow:
          flexibleWindowMinutes === 0
            ? { mode: "OFF" }
            : { mode: "FLEXIBLE", maximumWindowInMinutes: flexibleWindowMinutes },
        target: {
          arn,
          roleArn: role.arn,
          input: JSON.stringify(settings.input),
          deadLetterConfig: { arn: deadLetters.queue.arn },
          retryPolicy: {
            maximumEventAgeInSeconds: settings.maximumEventAgeSeconds,
            maximumRetryAttempts: settings.maximumRetryAttempts,
          },
        },
      },
      { ...this.child, dependsOn: [policy] },
    );
    this.registerOutputs({ scheduleName: this.schedule.name });
  }
}

/** A function without dead letters would lose what it cannot work off. */
export const checkTarget: Rule<{ target: TaskTarget }> = (checks, { target }) => {
  if ("lambda" in target) checkDeadLetters(checks, "target.lambda", target.lambda);
};

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const checkDates: Rule<ScheduledTaskArgs> = (checks, { expression, startDate, endDate }) => {
  const isOnce = expression.startsWith("at(");
  for (const [path, received] of Object.entries({ startDate, endDate })) {
    checks.require(!isOnce || received === undefined, {
      path,
      received,
      allowed: "nothing for a schedule that fires once",
      fix: "Remove it: at(…) says when the schedule fires.",
    });
  }
  if (isOnce || startDate === undefined || endDate === undefined || !checks.isRight("startDate")) return;
  checks.require(Date.parse(startDate) < Date.parse(endDate), {
    path: "endDate",
    received: endDate,
    allowed: `a time after startDate, ${startDate}`,
    fix: "Exchange the two, or correct one.",
  });
};
