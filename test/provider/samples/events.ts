/** What carries and answers requests, events and mail. */
import { allow } from "../support";
import { GRANTED } from "./others";
import type { Samples } from "./sample";

const anybody = (action: string): string => allow(action, "*", "*");
const pattern = (...sources: string[]): string => JSON.stringify({ source: sources });
const definition = (result: string): string =>
  JSON.stringify({ StartAt: "Pass", States: { Pass: { Type: "Pass", Result: result, End: true } } });

const RECORD = { zoneId: "{zone.id}", name: "App", type: "A", ttl: 30, records: ["192.0.2.2", "192.0.2.1"] };
/** In capitals, which Route 53 does not keep. */
const ORIGIN = { name: "{record.name}.EDGE.example.com" };
const TARGET = { arn: "{queue.arn}", roleArn: "{role.arn}" };
const METRICS = {
  enabled: true,
  matchingEventTypes: ["BOUNCE"],
  cloudWatchDestination: {
    dimensionConfigurations: [
      { defaultDimensionValue: "none", dimensionName: "ses:configuration-set", dimensionValueSource: "MESSAGE_TAG" },
    ],
  },
};

export const events: Samples = {
  "aws:sqs/queue:Queue": [
    {
      inputs: { visibilityTimeoutSeconds: 60 },
      changes: [
        { visibilityTimeoutSeconds: 90 },
        { messageRetentionSeconds: 1_209_600, delaySeconds: 5 },
        { redrivePolicy: '{"deadLetterTargetArn":"{queue.arn}","maxReceiveCount":3}' },
        { sqsManagedSseEnabled: false, kmsMasterKeyId: "alias/aws/sqs" },
      ],
    },
    { variant: "FIFO", inputs: { fifoQueue: true }, changes: { contentBasedDeduplication: true } },
  ],
  "aws:sqs/queuePolicy:QueuePolicy": {
    inputs: { queueUrl: "{queue.id}", policy: anybody("sqs:SendMessage") },
    changes: { policy: anybody("sqs:ReceiveMessage") },
  },
  "aws:sns/topic:Topic": [
    { inputs: {}, changes: { displayName: "alarms", kmsMasterKeyId: "alias/aws/sns" } },
    { variant: "FIFO", inputs: { fifoTopic: true } },
  ],
  "aws:sns/topicPolicy:TopicPolicy": {
    inputs: { arn: "{topic.id}", policy: anybody("sns:Publish") },
    changes: { policy: anybody("sns:Subscribe") },
    remains: true,
  },
  "aws:cloudwatch/eventRule:EventRule": {
    inputs: { eventPattern: pattern("one") },
    changes: {
      eventPattern: pattern("one", "two"),
      description: "what happens",
      state: "DISABLED",
      scheduleExpression: "rate(1 hour)",
      roleArn: "{role.arn}",
    },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    inputs: { rule: "{rule.name}", arn: "{queue.arn}", targetId: "queue" },
    importId: "{rule.name}/queue",
    changes: [
      { arn: "{queue 2.arn}" },
      { deadLetterConfig: { arn: "{queue 3.arn}" } },
      { retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 } },
      { roleArn: "{role.arn}" },
      { input: '{"fixed":true}' },
      { input: null, inputPath: "$.detail" },
      { inputPath: null, inputTransformer: { inputPaths: { id: "$.id" }, inputTemplate: '"event <id>"' } },
    ],
  },
  "aws:scheduler/schedule:Schedule": {
    inputs: { scheduleExpression: "rate(1 day)", flexibleTimeWindow: { mode: "OFF" }, target: TARGET },
    changes: [
      { scheduleExpression: "cron(0 7 * * ? *)", scheduleExpressionTimezone: "Europe/Zurich" },
      { flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 } },
      { actionAfterCompletion: "DELETE" },
      { description: "every morning", state: "DISABLED" },
      { startDate: "2030-01-01T00:00:00Z", endDate: "2031-01-01T00:00:00Z" },
      { target: { ...TARGET, input: '{"due":true}', retryPolicy: { maximumRetryAttempts: 3 } } },
    ],
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": { inputs: {} },
  "aws:pipes/pipe:Pipe": {
    inputs: { roleArn: GRANTED, source: "{queue.arn}", target: "{queue 2.arn}" },
    changes: [
      { description: "orders" },
      { desiredState: "STOPPED" },
      { sourceParameters: { filterCriteria: { filters: [{ pattern: '{"body":["a"]}' }] } } },
      { target: "{queue 3.arn}", targetParameters: { inputTemplate: "<$.body>" } },
      { enrichment: "arn:aws:lambda:us-east-1:111122223333:function:enrich" },
      { enrichmentParameters: { inputTemplate: '{"id":<$.body.id>}' } },
      { roleArn: GRANTED.replace("grant", "grant 2") },
    ],
  },
  "aws:sfn/stateMachine:StateMachine": {
    inputs: { definition: definition("one"), roleArn: "{role.arn}" },
    changes: {
      definition: definition("two"),
      roleArn: "{role 2.arn}",
      loggingConfiguration: { level: "ALL", logDestination: "{logGroup.arn}:*" },
      tracingConfiguration: { enabled: true },
    },
  },
  "aws:apigatewayv2/integration:Integration": [
    {
      inputs: {
        ...{ apiId: "{api.id}", integrationType: "HTTP_PROXY", integrationMethod: "GET" },
        integrationUri: "https://example.com",
      },
      importId: "{api.id}/{id}",
      changes: [
        { integrationUri: "https://example.org", integrationMethod: "POST", timeoutMilliseconds: 1000 },
        { description: "elsewhere" },
      ],
    },
    {
      variant: "of a function",
      inputs: {
        ...{ apiId: "{api.id}", integrationType: "AWS_PROXY", integrationMethod: "POST" },
        integrationUri: "{function.arn}",
      },
      importId: "{api.id}/{id}",
      changes: { payloadFormatVersion: "2.0" },
    },
  ],
  "aws:apigatewayv2/route:Route": {
    inputs: { apiId: "{api.id}", routeKey: "GET /records" },
    importId: "{api.id}/{id}",
    changes: {
      routeKey: "GET /records/{id}",
      authorizationType: "AWS_IAM",
      target: "integrations/{integration.id}",
    },
  },
  "aws:apigatewayv2/stage:Stage": {
    inputs: { apiId: "{api.id}", name: "$default", autoDeploy: true },
    importId: "{api.id}/$default",
    changes: {
      accessLogSettings: { destinationArn: "{logGroup.arn}", format: "$context.requestId" },
      defaultRouteSettings: { throttlingBurstLimit: 10, throttlingRateLimit: 5 },
      description: "all requests",
      autoDeploy: false,
    },
  },
  "aws:apigatewayv2/api:Api": {
    inputs: { protocolType: "HTTP" },
    changes: {
      description: "widgets",
      version: "2",
      corsConfiguration: { allowMethods: ["GET"], allowOrigins: ["https://example.com"], maxAge: 60 },
      name: "renamed",
      disableExecuteApiEndpoint: true,
    },
  },
  "aws:route53/record:Record": [
    {
      inputs: { ...RECORD, name: "www" },
      changes: [
        { ttl: 60 },
        { type: "TXT", records: ["v=1 hello"], allowOverwrite: true },
        {
          type: "A",
          ttl: null,
          records: null,
          aliases: [{ ...ORIGIN, zoneId: "{zone.id}", evaluateTargetHealth: true }],
        },
      ],
    },
    {
      variant: "weighted",
      // AWS answers it in small letters.
      notRead: ["name"],
      inputs: { ...RECORD, setIdentifier: "i-1", weightedRoutingPolicies: [{ weight: 0 }] },
      changes: { weightedRoutingPolicies: [{ weight: 255 }], setIdentifier: "i-2" },
    },
  ],
  "aws:sesv2/configurationSet:ConfigurationSet": {
    inputs: { configurationSetName: "reports", deliveryOptions: { tlsPolicy: "REQUIRE" } },
    changes: {
      deliveryOptions: { tlsPolicy: "OPTIONAL" },
      reputationOptions: { reputationMetricsEnabled: true },
      suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
    },
  },
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": {
    inputs: {
      configurationSetName: "{configurationSet.configurationSetName}",
      eventDestinationName: "metrics",
      eventDestination: METRICS,
    },
    changes: { eventDestination: { ...METRICS, matchingEventTypes: ["BOUNCE", "REJECT"] } },
  },
  "aws:sesv2/emailIdentity:EmailIdentity": { inputs: { emailIdentity: "example.com" } },
};
