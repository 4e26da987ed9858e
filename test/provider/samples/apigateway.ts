import { documentOf } from "./others";
import type { Samples } from "./sample";

const STAGE = { restApi: "{restApi.id}", deployment: "{apiDeployment.id}" };
const LIMITS = { throttlingBurstLimit: 10, throttlingRateLimit: 5, metricsEnabled: true };

export const apigateway: Samples = {
  "aws:apigateway/account:Account": {
    inputs: { cloudwatchRoleArn: "arn:aws:iam::111122223333:role/{grant.role}" },
    changes: { cloudwatchRoleArn: "arn:aws:iam::111122223333:role/{grant 2.role}" },
    remains: true,
  },
  "aws:apigateway/deployment:Deployment": {
    inputs: { restApi: "{restApi.id}", triggers: { document: "one" } },
    importId: "{restApi.id}/{id}",
    notRead: ["triggers"],
  },
  "aws:apigateway/methodSettings:MethodSettings": {
    inputs: { restApi: "{restApi.id}", stageName: "{apiStage.stageName}", methodPath: "*/*", settings: LIMITS },
    importId: "{restApi.id}/{apiStage.stageName}/*/*",
    changes: { settings: { ...LIMITS, throttlingRateLimit: 7 } },
  },
  "aws:apigateway/restApi:RestApi": {
    inputs: { body: documentOf("found"), endpointConfiguration: { types: "REGIONAL" } },
    notRead: ["body"],
    changes: { body: documentOf("here"), description: "widgets", name: "renamed" },
  },
  "aws:apigateway/stage:Stage": {
    beside: "{apiAccount.id}",
    inputs: { ...STAGE, stageName: "live" },
    importId: "{restApi.id}/live",
    changes: [
      { xrayTracingEnabled: true, description: "all requests" },
      { accessLogSettings: { destinationArn: "{logGroup.arn}", format: "$context.requestId" } },
      { deployment: "{apiDeployment 2.id}" },
    ],
  },
};
