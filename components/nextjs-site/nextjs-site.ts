import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { CallbackLambda } from "../building-blocks/callback-lambda";
import { alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { ScheduledTask } from "../building-blocks/scheduled-task";
import { itemTable } from "../internal/item-table";
import type { NextjsSiteArgs } from "./args";
import { DEFAULTS } from "./args.schema";
import { checkNextjsSite } from "./checks";

export type * from "./args";

/**
 * Runs by a schedule, and notes each run in a table.
 *
 * Arguments win over defaults. Invariants: exact policies, an encrypted table, a dead-letter queue with an alarm.
 *
 * @throws ArgumentsError naming every wrong argument, before any resource is registered
 */
export class NextjsSite extends Component {
  /** The runs of the last 30 days. */
  readonly runs: aws.dynamodb.Table;
  readonly lambda: CallbackLambda;
  readonly scheduleName: pulumi.Output<string>;

  constructor(name: string, args: NextjsSiteArgs = {}, opts?: ComponentOptions) {
    const checks = checkNextjsSite(args);
    checkName(checks, name);
    checks.finish(`NextjsSite "${name}"`);
    super("nextjs", name, opts, { ...args });
    this.runs = itemTable(this.named("runs"), this.child);
    this.lambda = this.createLambda(args);
    this.scheduleName = this.createSchedule(args).schedule.name;
    this.registerOutputs({ functionName: this.lambda.function.name, tableName: this.runs.name });
  }

  private createLambda(args: NextjsSiteArgs): CallbackLambda {
    const tableName = this.runs.name;
    return new CallbackLambda(
      this.named("run"),
      {
        description: `${this.componentName}: notes each run`,
        asynchronous: {},
        policies: [{ actions: ["dynamodb:PutItem"], resources: [this.runs.arn] }],
        callback: async () => {
          const { makeHandler } = await import("../../handlers/nextjs-site/handler");
          return makeHandler({ tableName: tableName.get() })();
        },
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createSchedule({ schedule = DEFAULTS.NextjsSiteArgs.schedule }: NextjsSiteArgs): ScheduledTask {
    return new ScheduledTask(
      this.named("schedule"),
      {
        description: `${this.componentName}: a run is due`,
        expression: schedule,
        target: { lambda: this.lambda },
      },
      this.child,
    );
  }
}
