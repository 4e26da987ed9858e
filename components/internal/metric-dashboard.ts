import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface MetricDashboardArgs {
  /** `project/stack/name` of the component. */
  readonly identity: pulumi.Input<string>;
  /** What its name ends with. */
  readonly role: string;
  /** Of all metrics. */
  readonly region: pulumi.Input<string>;
  /** Widgets beside each other. */
  readonly columns: 2 | 3;
  /** Metrics as CloudWatch's dashboards write them. */
  readonly widgets: readonly { readonly title: string; readonly metrics: readonly unknown[] }[];
}

/** How many columns CloudWatch has. */
const WIDTH = 24;
const HEIGHT = 6;

/**
 * A dashboard with a chart of each widget's metrics, minute by minute.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function metricDashboard(
  name: string,
  { identity, role, region, columns, widgets }: MetricDashboardArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.Dashboard {
  const width = WIDTH / columns;
  const dashboardBody = pulumi.jsonStringify({
    widgets: widgets.map(({ title, metrics }, i) => ({
      type: "metric",
      x: width * (i % columns),
      y: HEIGHT * Math.floor(i / columns),
      width,
      height: HEIGHT,
      properties: { title, metrics, period: 60, view: "timeSeries", region },
    })),
  });
  // Pulumi gives dashboards no name of their own; another stack's in the same account must not be overwritten.
  const dashboardName = pulumi
    .output(identity)
    .apply((text) => `${text.replaceAll("/", "_").replaceAll(".", "-")}-${role}`);
  return new aws.cloudwatch.Dashboard(name, { dashboardName, dashboardBody }, opts);
}
