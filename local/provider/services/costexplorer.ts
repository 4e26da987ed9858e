/** AWS Cost Explorer. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Cost_Explorer_Service.html */
import type { Service } from "../resource-type";
import { anomalyMonitor } from "./costexplorer/anomaly-monitor";
import { anomalySubscription } from "./costexplorer/anomaly-subscription";
import { costAllocationTag } from "./costexplorer/cost-allocation-tag";

export const costexplorer: Service = { resources: [anomalyMonitor, anomalySubscription, costAllocationTag] };
