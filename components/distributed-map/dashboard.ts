import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { metricDashboard } from "../internal/metric-dashboard";

export interface MapDashboardArgs {
  /** `project/stack/name` of the component. */
  readonly identity: pulumi.Output<string>;
  readonly machineArn: pulumi.Output<string>;
  /** Of the item's function, where it has one. */
  readonly functionName: pulumi.Input<string> | undefined;
  readonly region: pulumi.Input<string>;
}

type Metric = (string | pulumi.Input<string> | { stat: string })[];

/**
 * Runs, and how the item's function fares; a run's own progress is no metric: `npm run map-progress` shows it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 */
export function mapDashboard(
  name: string,
  { identity, machineArn, functionName, region }: MapDashboardArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.Dashboard {
  const runs = (metric: string, stat: string): Metric => [
    "AWS/States",
    metric,
    "StateMachineArn",
    machineArn,
    { stat },
  ];
  const item = (metric: string, stat: string): Metric => [
    "AWS/Lambda",
    metric,
    "FunctionName",
    functionName ?? "",
    { stat },
  ];
  const ofMachine = [
    {
      title: "Runs",
      metrics: ["Started", "Succeeded", "Failed", "TimedOut", "Aborted"].map((end) => runs(`Executions${end}`, "Sum")),
    },
    { title: "Time of a run (ms)", metrics: [runs("ExecutionTime", "Average"), runs("ExecutionTime", "Maximum")] },
    {
      title: "Map runs of the account that are open, and their quota",
      metrics: ["ApproximateOpenMapRunCount", "OpenMapRunLimit"].map((metric): Metric => [
        "AWS/States",
        metric,
        { stat: "Maximum" },
      ]),
    },
  ];
  const ofFunction = [
    { title: "Items: invocations and errors", metrics: [item("Invocations", "Sum"), item("Errors", "Sum")] },
    {
      title: "Items: concurrency, and calls that were throttled",
      metrics: [item("ConcurrentExecutions", "Maximum"), item("Throttles", "Sum")],
    },
    { title: "Items: time of a call (ms)", metrics: [item("Duration", "Average"), item("Duration", "p99")] },
  ];
  const widgets = functionName === undefined ? ofMachine : [...ofMachine, ...ofFunction];
  return metricDashboard(name, { identity, role: "runs", region, columns: 3, widgets }, opts);
}
