import * as aws from "@pulumi/aws";
import { SUMMARY_EVENT } from "../../handlers/event-pipes/events";
import { CallbackLambda } from "../building-blocks/callback-lambda";
import { alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { EventPipe } from "../building-blocks/event-pipe";
import { OneOffSchedules } from "../building-blocks/one-off-schedules";
import { pipeValue } from "../building-blocks/pipe-template";
import { ScheduledTask } from "../building-blocks/scheduled-task";
import { StateMachine } from "../building-blocks/state-machine";
import { withDefaults } from "../internal/argument-checks";
import { itemTable } from "../internal/item-table";
import type { EventPipesArgs } from "./args";
import { DEFAULTS } from "./args.schema";
import { checkEventPipes } from "./checks";
import { orderPatterns } from "./filters";
import { fulfilmentDefinition } from "./fulfilment";

export type * from "./args";

type Settings = EventPipesArgs & Required<Omit<EventPipesArgs, "alarmTopicArns" | "summary" | "taken">>;

/**
 * New orders of a table go through a pipe, which filters and enriches them, to a state machine. It notes each in its
 * day, and makes a reminder: a schedule that fires once and is gone. Another schedule, in a time zone of its own, sums
 * up the day before.
 *
 * ```ts
 * new EventPipes("shop", { taken: { emailSuffixes: ["@example.com"], tiers: ["gold"] } });
 * ```
 *
 * Arguments win over defaults. Invariants: exact policies, encrypted tables, dead-letter queues with alarms.
 *
 * @throws ArgumentsError naming every wrong argument, before any resource is registered
 * @see https://aws.amazon.com/blogs/compute/serverless-icymi-q4-2022/
 */
export class EventPipes extends Component {
  /** Orders by their `id`; users write to it. */
  readonly orders: aws.dynamodb.Table;
  /** What was worked off, by day, and the days' summaries. */
  readonly days: aws.dynamodb.Table;
  readonly pipe: EventPipe;
  readonly fulfilment: StateMachine;
  readonly reminders: OneOffSchedules;
  readonly summary: ScheduledTask;

  constructor(name: string, args: EventPipesArgs = {}, opts?: ComponentOptions) {
    const checks = checkEventPipes(args);
    checkName(checks, name);
    checks.finish(`EventPipes "${name}"`);
    super("event", name, opts, { ...args });
    const settings = withDefaults(DEFAULTS.EventPipesArgs, args);
    this.orders = this.createOrders();
    this.days = itemTable(this.named("days"), this.child);
    this.reminders = this.createReminders(settings);
    this.fulfilment = this.createFulfilment(settings);
    this.pipe = this.createPipe(settings);
    this.summary = this.createSummary(settings);
    this.registerOutputs({ ordersTable: this.orders.name, pipeName: this.pipe.pipe.name });
  }

  private createOrders(): aws.dynamodb.Table {
    return new aws.dynamodb.Table(
      this.named("orders"),
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "id",
        attributes: [{ name: "id", type: "S" }],
        streamEnabled: true,
        streamViewType: "NEW_IMAGE",
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
      },
      this.child,
    );
  }

  private createReminders(args: Settings): OneOffSchedules {
    const ordersTable = this.orders.name;
    const remind = new CallbackLambda(
      this.named("remind"),
      {
        description: `${this.componentName}: notes that an open order was reminded of`,
        asynchronous: {},
        policies: [{ actions: ["dynamodb:UpdateItem"], resources: [this.orders.arn] }],
        callback: async (event: unknown) => {
          const { makeRemind } = await import("../../handlers/event-pipes/reminders");
          return makeRemind({ ordersTable: ordersTable.get() })(event);
        },
        ...alarmTopics(args),
      },
      this.child,
    );
    const description = `${this.componentName}: reminders of open orders`;
    return new OneOffSchedules(this.named("reminders"), { description, target: { lambda: remind } }, this.child);
  }

  private createFulfilment(args: Settings): StateMachine {
    const ordersTable = this.orders.name;
    const oneOffs = this.reminders.settings;
    const schedule = new CallbackLambda(
      this.named("schedule"),
      {
        description: `${this.componentName}: makes the reminder of an order`,
        policies: [
          ...this.reminders.policies,
          // An order whose reminder is due is reminded of at once.
          { actions: ["dynamodb:UpdateItem"], resources: [this.orders.arn] },
        ],
        callback: async (event: unknown) => {
          const { makeScheduleReminder } = await import("../../handlers/event-pipes/reminders");
          return makeScheduleReminder({ ordersTable: ordersTable.get(), oneOffs: oneOffs.get() })(event);
        },
      },
      this.child,
    );
    return new StateMachine(
      this.named("fulfilment"),
      {
        description: `${this.componentName}: works off orders`,
        definition: fulfilmentDefinition(this.days, schedule, (rest) => this.arn(rest)),
        policies: [
          { actions: ["dynamodb:PutItem"], resources: [this.days.arn] },
          { actions: ["lambda:InvokeFunction"], resources: [schedule.function.arn] },
        ],
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createPipe(args: Settings): EventPipe {
    const { taken, batchSize, maximumRetryAttempts } = args;
    return new EventPipe(
      this.named("new"),
      {
        description: `${this.componentName}: new orders are worked off`,
        source: { table: this.orders, batchSize, maximumRetryAttempts },
        filters: orderPatterns(taken),
        enrichment: {
          lambda: this.createEnrichment(args),
          inputTemplate: { image: pipeValue("$.dynamodb.NewImage") },
        },
        target: { stateMachine: this.fulfilment },
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createEnrichment({ reminderAfterSeconds, rememberedDays, summary }: Settings): CallbackLambda {
    const { timeZone } = withDefaults(DEFAULTS.SummarySchedule, summary ?? {});
    const settings = { timeZone, reminderAfterSeconds, rememberedDays };
    return new CallbackLambda(
      this.named("enrich"),
      {
        description: `${this.componentName}: adds totals and times to orders`,
        policies: [],
        callback: async (batch: unknown) => {
          const { enrichOrders } = await import("../../handlers/event-pipes/order");
          return enrichOrders(batch, settings);
        },
      },
      this.child,
    );
  }

  private createSummary(args: Settings): ScheduledTask {
    const { expression, timeZone, flexibleMinutes } = withDefaults(DEFAULTS.SummarySchedule, args.summary ?? {});
    const daysTable = this.days.name;
    const sum = new CallbackLambda(
      this.named("summarize"),
      {
        description: `${this.componentName}: sums up the orders of the day before`,
        asynchronous: {},
        policies: [{ actions: ["dynamodb:PutItem", "dynamodb:Query"], resources: [this.days.arn] }],
        callback: async (event: unknown) => {
          const { makeSummary } = await import("../../handlers/event-pipes/summary");
          return makeSummary({ daysTable: daysTable.get(), timeZone })(event);
        },
        ...alarmTopics(args),
      },
      this.child,
    );
    return new ScheduledTask(
      this.named("summary"),
      {
        description: `${this.componentName}: the day before is summed up`,
        ...{ expression, timeZone, flexibleWindowMinutes: flexibleMinutes },
        target: { lambda: sum },
        input: SUMMARY_EVENT,
      },
      this.child,
    );
  }
}
