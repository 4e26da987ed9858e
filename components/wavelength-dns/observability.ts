import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmActions, Component, type ObservabilityArgs } from "../component";
import type { DnsRegistrar } from "./registrar";

/** Namespace and dimension of the handlers' own metrics (see handlers/wavelength-dns/settings.ts). */
const NAMESPACE = "AwsPatterns/WavelengthDns";

export interface DnsObservabilityArgs extends ObservabilityArgs {
  recordName: string;
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
        namespace: NAMESPACE,
        dimensions: { RecordName: args.recordName },
        period: 300,
        ...alarm,
        ...alarmActions(args),
      },
      this.child,
    );
  }

  private createDashboard({ recordName, registrar }: DnsObservabilityArgs): aws.cloudwatch.Dashboard {
    const own = (metric: string, statistic: string) => [
      NAMESPACE,
      metric,
      "RecordName",
      recordName,
      { stat: statistic },
    ];
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
    const body = pulumi.jsonStringify({
      widgets: widgets.map(({ title, metrics }, i) => ({
        type: "metric",
        x: 12 * (i % 2),
        y: 6 * Math.floor(i / 2),
        width: 12,
        height: 6,
        properties: { title, metrics, period: 60, view: "timeSeries", region: events.queue.region },
      })),
    });
    // Pulumi gives dashboards no name of their own; another stack's in the same account must not be overwritten.
    const dashboardName = `${pulumi.getProject()}-${pulumi.getStack()}-${this.componentName}`.replaceAll(".", "-");
    return new aws.cloudwatch.Dashboard(this.named("dashboard"), { dashboardName, dashboardBody: body }, this.child);
  }
}
