/**
 * What Pulumi has in its module `cloudwatch`: alarms and dashboards, log groups, and EventBridge.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Values } from "../property-values";
import { optionalText, type Service, text } from "../resource-type";

const metrics = service({
  package: "@aws-sdk/client-cloudwatch",
  client: "CloudWatchClient",
  missing: ["ResourceNotFound", "ResourceNotFoundException", "DashboardNotFoundError"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

const metricAlarm = resource({
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  service: metrics,
  noun: "Alarm",
  id: "{name}",
  create: "PutMetricAlarm",
  read: { call: "DescribeAlarms", at: "MetricAlarms" },
  updates: ["PutMetricAlarm"],
  delete: "DeleteAlarms",
  replace: ["name"],
  update: [
    "actionsEnabled",
    "alarmActions",
    "alarmDescription",
    "comparisonOperator",
    "datapointsToAlarm",
    "dimensions",
    "evaluationPeriods",
    "extendedStatistic",
    "insufficientDataActions",
    "metricName",
    "namespace",
    "okActions",
    "period",
    "statistic",
    "threshold",
    "treatMissingData",
    "unit",
  ],
  required: ["comparisonOperator", "evaluationPeriods"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 255 },
  taggable: true,
  defaults: { actionsEnabled: true, treatMissingData: "missing" },
  allowed: {
    comparisonOperator: "ComparisonOperator",
    statistic: "Statistic",
    treatMissingData: ["missing", "ignore", "breaching", "notBreaching"],
    unit: "StandardUnit",
  },
});

const dashboard = resource({
  token: "aws:cloudwatch/dashboard:Dashboard",
  service: metrics,
  id: "{dashboardName}",
  create: "PutDashboard",
  read: "GetDashboard",
  updates: ["PutDashboard"],
  delete: "DeleteDashboards",
  replace: ["dashboardName"],
  update: ["dashboardBody"],
  required: ["dashboardBody", "dashboardName"],
  computed: ["dashboardArn"],
});

const logs = service({
  package: "@aws-sdk/client-cloudwatch-logs",
  client: "CloudWatchLogsClient",
  missing: ["ResourceNotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

const logGroup = resource({
  token: "aws:cloudwatch/logGroup:LogGroup",
  service: logs,
  id: "{name}",
  create: "CreateLogGroup",
  read: "DescribeLogGroups",
  updates: [{ call: "PutRetentionPolicy", off: "DeleteRetentionPolicy" }],
  delete: "DeleteLogGroup",
  replace: ["logGroupClass", "name", "namePrefix"],
  update: ["retentionInDays"],
  local: ["skipDestroy"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 512 },
  taggable: true,
  defaults: { retentionInDays: 0, skipDestroy: false },
  none: { retentionInDays: 0 },
  names: { name: "logGroupName|logGroupNamePrefix" },
  allowed: {
    logGroupClass: "LogGroupClass",
    // 0 keeps for ever.
    retentionInDays: [
      0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ],
  },
  // Operations on the group itself take its ARN without the end that stands for its streams.
  outputs: (_, { arn }) => ({ arn: String(arn).replace(/:\*$/, "") }),
});

/** Deliveries of a service's logs. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateDelivery.html */
const logDeliverySource = resource({
  token: "aws:cloudwatch/logDeliverySource:LogDeliverySource",
  service: logs,
  noun: "DeliverySource",
  id: "{name}",
  create: "PutDeliverySource",
  read: "GetDeliverySource",
  delete: "DeleteDeliverySource",
  replace: ["logType", "name", "resourceArn"],
  required: ["logType", "name", "resourceArn"],
  computed: ["arn", "service"],
  taggable: true,
  names: { resourceArn: "resourceArn|resourceArns" },
  // A list of one.
  outputs: (_, { resourceArn }) => ({ resourceArn: [resourceArn].flat()[0] ?? null }),
});

const logDeliveryDestination = resource({
  token: "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
  service: logs,
  noun: "DeliveryDestination",
  id: "{name}",
  create: "PutDeliveryDestination",
  read: "GetDeliveryDestination",
  updates: ["PutDeliveryDestination"],
  delete: "DeleteDeliveryDestination",
  replace: ["name", "outputFormat"],
  update: ["deliveryDestinationConfiguration"],
  required: ["deliveryDestinationConfiguration", "name"],
  computed: ["arn", "deliveryDestinationType"],
  taggable: true,
});

const logDelivery = resource({
  token: "aws:cloudwatch/logDelivery:LogDelivery",
  service: logs,
  noun: "Delivery",
  id: "{id}",
  create: "CreateDelivery",
  read: "GetDelivery",
  delete: { call: "DeleteDelivery", only: [] },
  replace: ["deliveryDestinationArn", "deliverySourceName"],
  required: ["deliveryDestinationArn", "deliverySourceName"],
  computed: ["arn"],
  taggable: true,
});

const events = service({
  package: "@aws-sdk/client-eventbridge",
  client: "EventBridgeClient",
  missing: ["ResourceNotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

/** What stands on the default bus has ids without it. */
function withBus(values: Values, name: string, separator: string): string {
  const bus = optionalText(values, "eventBusName") ?? "default";
  return bus === "default" ? name : `${bus}${separator}${name}`;
}

/** `name`, or `bus/name`. */
function ruleParts(id: string): Values {
  const slash = id.lastIndexOf("/");
  return { eventBusName: slash < 0 ? "default" : id.slice(0, slash), name: id.slice(slash + 1) };
}

const eventRule = resource({
  token: "aws:cloudwatch/eventRule:EventRule",
  service: events,
  noun: "Rule",
  id: {
    names: ["eventBusName", "name"],
    of: (values) => withBus(values, text(values, "name"), "/"),
    parts: ruleParts,
  },
  create: "PutRule",
  read: "DescribeRule",
  updates: ["PutRule"],
  delete: "DeleteRule",
  replace: ["eventBusName", "name", "namePrefix"],
  update: ["description", "eventPattern", "roleArn", "scheduleExpression", "state"],
  local: ["forceDestroy"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 64 },
  taggable: true,
  defaults: { eventBusName: "default", forceDestroy: false },
  // Targets that have just been removed can still count.
  busy: ["Rule can't be deleted since it has targets"],
  allowed: { state: "RuleState" },
});

const eventTarget = resource({
  token: "aws:cloudwatch/eventTarget:EventTarget",
  service: events,
  id: {
    names: ["eventBusName", "rule", "targetId"],
    of: (values) => withBus(values, `${text(values, "rule")}-${text(values, "targetId")}`, "-"),
    // An import gives `rule/target` or `bus/rule/target`.
    parts: (id) => {
      const [targetId = "", rule = "", eventBusName = "default"] = id.split("/").reverse();
      return { eventBusName, rule, targetId };
    },
  },
  inside: ["Targets"],
  create: "PutTargets",
  read: { call: "ListTargetsByRule", at: "Targets" },
  updates: ["PutTargets"],
  delete: "RemoveTargets",
  replace: ["eventBusName", "rule", "targetId"],
  update: ["arn", "deadLetterConfig", "input", "inputPath", "inputTransformer", "retryPolicy", "roleArn"],
  local: ["forceDestroy"],
  required: ["arn", "rule"],
  autoName: { property: "targetId", maxLength: 64 },
  defaults: { eventBusName: "default", forceDestroy: false },
  names: { targetId: "Targets.Id|Ids|Id", "inputTransformer.inputPaths": "InputPathsMap" },
  ranges: {
    "retryPolicy.maximumEventAgeInSeconds": [60, 86_400],
    "retryPolicy.maximumRetryAttempts": [0, 185],
  },
});

export const cloudwatch: Service = {
  resources: [
    ...[metricAlarm, dashboard, logGroup, logDeliverySource, logDeliveryDestination, logDelivery],
    ...[eventRule, eventTarget],
  ],
};
