/** AWS Budgets. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html */
import type { Service } from "../resource-type";
import { budget } from "./budgets/budget";

export const budgets: Service = { resources: [budget] };
