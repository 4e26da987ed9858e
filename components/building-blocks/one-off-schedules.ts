import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OneOffSettings } from "../../handlers/shared/one-off-settings";
import { checkArguments } from "../internal/argument-checks";
import { arnBeside } from "../internal/arn";
import type { PolicyStatement } from "../internal/policy";
import { deliveryTo, type TaskTarget } from "../internal/task-delivery";
import { ONE_OFF_SCHEDULES } from "./args.schema";
import { alarmTopics, Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import type { DeadLetterQueue } from "./dead-letter-queue";
import { checkTarget } from "./scheduled-task";

export interface OneOffSchedulesArgs extends ObservabilityArgs {
  /** What the schedules are for, such as "Reminders of unpaid orders"; of their role. @format latin-1-of-256 */
  description: string;
  /** Who does the work when one fires. A function needs `asynchronous`, which gives it dead letters. */
  target: TaskTarget;
}

/**
 * What handlers need to make schedules that fire once and are gone: a group for them, a role that may make exactly one
 * delivery, and dead letters for what cannot be delivered.
 *
 * ```ts
 * const reminders = new OneOffSchedules("reminders", { description: "Reminders", target: { lambda: remind } });
 * const { settings } = reminders;
 * new CallbackLambda("orders", {
 *   description: "Takes orders",
 *   policies: [...reminders.policies],
 *   callback: async (event: Order) => {
 *     const { makeHandler } = await import("../handlers/orders/handler");
 *     return makeHandler(settings.get())(event);
 *   },
 * });
 * ```
 *
 * The handler calls `makeOneOffSchedules(new SchedulerClient(), settings)` of `aws-patterns/one-off-schedules`, with
 * the client of `@aws-sdk/client-scheduler`.
 * A function with the policies may pass no other role, and reaches no schedule outside the group. With the group AWS
 * deletes all that is pending in it.
 *
 * @throws ArgumentsError for a function without dead letters
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html
 */
export class OneOffSchedules extends Component {
  readonly group: aws.scheduler.ScheduleGroup;
  readonly role: aws.iam.Role;
  readonly deadLetters: DeadLetterQueue;
  /** For `makeOneOffSchedules` in the handler; no secret. */
  readonly settings: pulumi.Output<OneOffSettings>;
  /** What a function needs whose handler calls `schedule`. */
  readonly policies: readonly PolicyStatement[];
  /** What a function needs besides whose handler calls `cancel`. */
  readonly cancelPolicies: readonly PolicyStatement[];

  constructor(name: string, args: OneOffSchedulesArgs, opts?: ComponentOptions) {
    checkArguments(`OneOffSchedules "${name}"`, ONE_OFF_SCHEDULES, args, checkTarget);
    super("lambda", name, opts);
    const ownDeadLetters = { purpose: `executions that ${name} could not start`, ...alarmTopics(args) };
    const named = (part: string): string => this.named(part);
    const { arn, deadLetters, role, policy } = deliveryTo(
      named,
      args.target,
      args.description,
      ownDeadLetters,
      this.child,
    );
    this.deadLetters = deadLetters;
    this.role = role;
    // Nobody makes a schedule before its role may deliver.
    this.group = new aws.scheduler.ScheduleGroup(this.named("group"), {}, { ...this.child, dependsOn: [policy] });
    this.settings = pulumi
      .all([this.group.name, role.arn, arn, deadLetters.queue.arn])
      .apply(([groupName, roleArn, targetArn, deadLetterArn]) => ({ groupName, roleArn, targetArn, deadLetterArn }));
    const resources = [arnBeside(this.group.arn, "scheduler", pulumi.interpolate`schedule/${this.group.name}/*`)];
    this.cancelPolicies = [{ actions: ["scheduler:DeleteSchedule"], resources }];
    this.policies = [
      { actions: ["scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:UpdateSchedule"], resources },
      {
        actions: ["iam:PassRole"],
        resources: [role.arn],
        conditions: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
      },
    ];
    this.registerOutputs({ groupName: this.group.name });
  }
}
