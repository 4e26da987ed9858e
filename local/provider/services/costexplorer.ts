/** AWS Cost Explorer. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CreateAnomalyMonitor.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-cost-explorer",
  client: "CostExplorerClient",
  missing: ["UnknownMonitorException", "UnknownSubscriptionException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

const anomalyMonitor = resource({
  token: "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
  service: api,
  noun: "Monitor",
  id: "{arn}",
  inside: ["AnomalyMonitor"],
  create: "CreateAnomalyMonitor",
  read: { call: "GetAnomalyMonitors", at: "AnomalyMonitors" },
  updates: ["UpdateAnomalyMonitor"],
  delete: { call: "DeleteAnomalyMonitor", only: [] },
  replace: ["monitorDimension", "monitorType"],
  update: ["name"],
  required: ["monitorType"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 1024 },
  taggable: true,
  names: { arn: "MonitorArn|MonitorArnList" },
  allowed: { monitorType: ["DIMENSIONAL"], monitorDimension: "MonitorDimension" },
});

const anomalySubscription = resource({
  token: "aws:costexplorer/anomalySubscription:AnomalySubscription",
  service: api,
  noun: "Subscription",
  id: "{arn}",
  inside: ["AnomalySubscription"],
  create: "CreateAnomalySubscription",
  read: { call: "GetAnomalySubscriptions", at: "AnomalySubscriptions" },
  updates: ["UpdateAnomalySubscription"],
  delete: { call: "DeleteAnomalySubscription", only: [] },
  replace: ["name"],
  update: ["frequency", "monitorArnLists", "subscribers", "thresholdExpression"],
  required: ["frequency", "monitorArnLists", "subscribers"],
  computed: ["accountId", "arn"],
  autoName: { property: "name", maxLength: 1024 },
  taggable: true,
  names: {
    arn: "SubscriptionArn|SubscriptionArnList",
    "thresholdExpression.ands.dimension": "Dimensions",
    "thresholdExpression.dimension": "Dimensions",
  },
  allowed: { frequency: "AnomalySubscriptionFrequency", "subscribers.type": "SubscriberType" },
});

const setStatus = "UpdateCostAllocationTagsStatus";

const costAllocationTag = resource({
  token: "aws:costexplorer/costAllocationTag:CostAllocationTag",
  service: api,
  id: "{tagKey}",
  inside: ["CostAllocationTagsStatus"],
  create: setStatus,
  read: { call: "ListCostAllocationTags", at: "CostAllocationTags" },
  updates: [setStatus],
  // A tag cannot be taken out of the list, only deactivated.
  delete: { call: setStatus, with: { CostAllocationTagsStatus: [{ Status: "Inactive" }] }, only: [] },
  replace: ["tagKey"],
  update: ["status"],
  required: ["status", "tagKey"],
  computed: ["type"],
  allowed: { status: "CostAllocationTagStatus" },
  names: { status: "CostAllocationTagsStatus.Status|Status", tagKey: "TagKey|TagKeys|CostAllocationTagsStatus.TagKey" },
});

export const costexplorer: Service = { resources: [anomalyMonitor, anomalySubscription, costAllocationTag] };
