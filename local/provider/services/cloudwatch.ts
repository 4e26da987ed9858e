/**
 * Amazon CloudWatch, CloudWatch Logs and EventBridge, which Pulumi keeps in one module.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
 */
import type { Service } from "../resource-type";
import { dashboard } from "./cloudwatch/dashboard";
import { eventBus } from "./cloudwatch/event-bus";
import { eventRule } from "./cloudwatch/event-rule";
import { eventTarget } from "./cloudwatch/event-target";
import { logGroup } from "./cloudwatch/log-group";
import { logMetricFilter } from "./cloudwatch/log-metric-filter";
import { metricAlarm } from "./cloudwatch/metric-alarm";

export const cloudwatch: Service = {
  resources: [logGroup, logMetricFilter, metricAlarm, dashboard, eventRule, eventTarget, eventBus],
};
