import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmActions, Component, type ObservabilityArgs } from "../building-blocks/component";
import { METRIC_NAMESPACE, metricDimensions } from "../../handlers/wavelength-dns/settings";
import { metricDashboard } from "../internal/metric-dashboard";
import type { DnsRegistrar } from "./registrar";

export interface DnsObservabilityArgs extends ObservabilityArgs {
  recordName: string;
  /** `project/stack/name` of the component. */
  identity: pulumi.Input<string>;
  /** Whose metrics; see `CommonSettings.owner`. */
  owner: pulumi.Input<string>;
  /** Seconds that lie between two scheduled runs at most, which report the metrics. */
  runsApartSeconds: number;
  registrar: DnsRegistrar;
}

/** What an operator looks at: a dashboard, and alarms beside those of the queues. */
export class DnsObservability extends Component {
  readonly dashboard: aws.cloudwatch.Dashboard;

  constructor(name: string, args: DnsObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("edge", name, opts);
    this.createAlarm(args, "no-instances", {
      alarmDescription: `${args.recordName} resolves to no instance. Look at the Auto Scaling group's activities.`,
      metricName: "RegisteredInstances",
      statistic: "Maximum",
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      evaluationPeriods: 3,
      treatMissingData: "breaching",
    });
    this.createAlarm(args, "drift", {
      alarmDescription: `The schedule keeps repairing ${args.recordName}: events are being lost. Look at the event rules.`,
      metricName: "DriftRepaired",
      statistic: "Sum",
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 3,
      treatMissingData: "notBreaching",
    });
    this.createAlarm(args, "unregistered", {
      alarmDescription: `${args.recordName} has as many records as Route 53 allows: instances run that no client is sent to.`,
      metricName: "UnregisteredInstances",
      statistic: "Maximum",
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 3,
      treatMissingData: "notBreaching",
    });
    this.createAlarm(args, "shortened-holds", {
      alarmDescription:
        `An instance of ${args.recordName} was let go while caches may still send clients to it: somebody had given ` +
        "its record a TTL longer than any instance is held.",
      metricName: "ShortenedHolds",
      statistic: "Sum",
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
    this.dashboard = this.createDashboard(args);
    this.registerOutputs({ dashboardName: this.dashboard.dashboardName });
  }

  private createAlarm(
    args: DnsObservabilityArgs,
    role: string,
    alarm: Omit<aws.cloudwatch.MetricAlarmArgs, "namespace" | "dimensions" | "period">,
  ): void {
    new aws.cloudwatch.MetricAlarm(
      this.named(role),
      {
        namespace: METRIC_NAMESPACE,
        dimensions: pulumi
          .output(args.owner)
          .apply((owner) => metricDimensions({ owner, recordName: args.recordName })),
        period: alarmPeriod(args.runsApartSeconds),
        ...alarm,
        ...alarmActions(args),
      },
      this.child,
    );
  }

  private createDashboard({ recordName, ...args }: DnsObservabilityArgs): aws.cloudwatch.Dashboard {
    const { identity, owner, registrar } = args;
    const own = (metric: string, stat: string) =>
      pulumi
        .output(owner)
        .apply((name) => [
          METRIC_NAMESPACE,
          metric,
          ...Object.entries(metricDimensions({ owner: name, recordName })).flat(),
          { stat },
        ]);
    const queue = (metric: string, name: pulumi.Input<string>) => [
      "AWS/SQS",
      metric,
      "QueueName",
      name,
      { stat: "Maximum" },
    ];
    const { events, drain } = registrar;
    const widgets = [
      { title: "Registered instances", metrics: [own("RegisteredInstances", "Maximum")] },
      {
        title: "Records changed, and drift repaired",
        metrics: [own("ChangesApplied", "Sum"), own("DriftRepaired", "Sum")],
      },
      {
        title: "Age of the oldest event (s)",
        metrics: [
          queue("ApproximateAgeOfOldestMessage", events.queue.name),
          queue("ApproximateAgeOfOldestMessage", drain.queue.name),
        ],
      },
      {
        title: "Dead letters",
        metrics: [
          queue("ApproximateNumberOfMessagesVisible", events.deadLetters.queue.name),
          queue("ApproximateNumberOfMessagesVisible", drain.deadLetters.queue.name),
        ],
      },
    ];
    const { region } = events.queue;
    return metricDashboard(
      this.named("dashboard"),
      { identity, role: "observability", region, columns: 2, widgets },
      this.child,
    );
  }
}

/** Seconds of an alarm's period: a whole number of five minutes, in each of which at least one run reports. */
function alarmPeriod(runsApartSeconds: number): number {
  return Math.ceil(runsApartSeconds / 300) * 300;
}
