/** AWS Lambda. https://docs.aws.amazon.com/lambda/latest/api/ */
import type { Service } from "../resource-type";
import { alias } from "./lambda/alias";
import { functionEventInvokeConfig } from "./lambda/event-invoke-config";
import { eventSourceMapping } from "./lambda/event-source-mapping";
import { invocation } from "./lambda/invocation";
import { lambdaFunction } from "./lambda/function";
import { permission } from "./lambda/permission";

export const lambda: Service = {
  resources: [lambdaFunction, permission, eventSourceMapping, functionEventInvokeConfig, invocation, alias],
};
