import * as assert from "node:assert/strict";
import type { Value, Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import { allow, archive, failuresOf, trust, withUnknown } from "./support";

const QUEUE = "arn:aws:sqs:us-east-1:111122223333:q";
const STREAM = "arn:aws:kinesis:us-east-1:111122223333:stream/s";
const ROLE = "arn:aws:iam::111122223333:role/r";
const document = (text: string): Value => JSON.parse(text) as Value;

/** Inputs that are right, with as many properties as go together. */
const SAMPLES: Readonly<Record<string, readonly Values[]>> = {
  "aws:iam/role:Role": [
    {
      assumeRolePolicy: document(trust("lambda.amazonaws.com")),
      managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      maxSessionDuration: 3600,
      path: "/edge/",
      name: "r",
    },
    { assumeRolePolicy: trust("lambda.amazonaws.com") },
  ],
  "aws:iam/rolePolicy:RolePolicy": [{ role: "r", policy: document(allow(["sqs:*", "logs:*"])), name: "p" }],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
    { role: "r", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
  ],
  "aws:iam/policy:Policy": [{ policy: allow("sqs:*"), description: "d", path: "/" }],
  "aws:iam/instanceProfile:InstanceProfile": [{ role: "r", path: "/" }],
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": [
    { url: "https://issuer.example.com", clientIdLists: ["a"], thumbprintLists: ["0".repeat(40)] },
  ],
  "aws:lambda/function:Function": [
    {
      architectures: ["arm64"],
      code: archive({ "index.js": "" }),
      deadLetterConfig: { targetArn: QUEUE },
      environment: { variables: { URL: "u" } },
      ephemeralStorage: { size: 512 },
      fileSystemConfig: { arn: "arn", localMountPath: "/mnt/a" },
      handler: "index.handler",
      layers: ["arn"],
      loggingConfig: { logFormat: "JSON", systemLogLevel: "WARN", logGroup: "g" },
      memorySize: 128,
      name: "f",
      reservedConcurrentExecutions: 1,
      role: ROLE,
      runtime: "nodejs24.x",
      snapStart: { applyOn: "None" },
      timeout: 3,
      tracingConfig: { mode: "Active" },
      vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
    },
    { packageType: "Image", imageUri: "i", role: ROLE, imageConfig: { commands: ["a"] } },
  ],
  "aws:lambda/permission:Permission": [
    { action: "lambda:InvokeFunction", function: "f", principal: "events.amazonaws.com", sourceArn: "arn" },
  ],
  "aws:lambda/eventSourceMapping:EventSourceMapping": [
    {
      batchSize: 100,
      eventSourceArn: QUEUE,
      filterCriteria: { filters: [{ pattern: "{}" }] },
      functionName: "f",
      functionResponseTypes: ["ReportBatchItemFailures"],
      maximumBatchingWindowInSeconds: 1,
      scalingConfig: { maximumConcurrency: 2 },
    },
    {
      destinationConfig: { onFailure: { destinationArn: QUEUE } },
      eventSourceArn: STREAM,
      functionName: "f",
      maximumRecordAgeInSeconds: 60,
      maximumRetryAttempts: 1,
      parallelizationFactor: 1,
      startingPosition: "LATEST",
    },
  ],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": [
    { functionName: "f", maximumEventAgeInSeconds: 60, destinationConfig: { onSuccess: { destination: QUEUE } } },
  ],
  "aws:lambda/alias:Alias": [
    { functionName: "f", functionVersion: "1", routingConfig: { additionalVersionWeights: { "2": 0.5 } } },
  ],
  "aws:cloudwatch/logGroup:LogGroup": [{ name: "/g", retentionInDays: 7, logGroupClass: "STANDARD", kmsKeyId: "k" }],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [
    { logGroupName: "g", pattern: "", metricTransformation: { name: "n", namespace: "s", value: "1", unit: "Count" } },
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    {
      alarmActions: ["arn"],
      comparisonOperator: "GreaterThanThreshold",
      datapointsToAlarm: 1,
      dimensions: { QueueName: "q" },
      evaluationPeriods: 2,
      metricName: "m",
      namespace: "n",
      period: 60,
      statistic: "Sum",
      threshold: 1,
      treatMissingData: "breaching",
      unit: "Count",
    },
    {
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 2,
      threshold: 1,
      metricQueries: [
        { id: "a", expression: "b", returnData: true },
        { id: "b", metric: { metricName: "m", namespace: "n", period: 60, stat: "Sum", dimensions: { A: "b" } } },
      ],
    },
    {
      comparisonOperator: "GreaterThanUpperThreshold",
      evaluationPeriods: 2,
      thresholdMetricId: "a",
      metricQueries: [{ id: "a", expression: "b", returnData: true }],
    },
  ],
  "aws:cloudwatch/dashboard:Dashboard": [{ dashboardName: "d", dashboardBody: "{}" }],
  "aws:cloudwatch/eventRule:EventRule": [
    { eventBusName: "b", eventPattern: "{}", name: "r", roleArn: ROLE, state: "ENABLED" },
    { scheduleExpression: "rate(1 minute)" },
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [
    {
      arn: `${QUEUE}.fifo`,
      deadLetterConfig: { arn: QUEUE },
      inputTransformer: { inputPaths: { id: "$.id" }, inputTemplate: "<id>" },
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 1 },
      rule: "r",
      sqsTarget: { messageGroupId: "g" },
      targetId: "t",
    },
    {
      arn: "arn:aws:ecs:us-east-1:111122223333:cluster/c",
      ecsTarget: { taskDefinitionArn: "t", networkConfiguration: { subnets: ["subnet-1"], assignPublicIp: true } },
      input: "{}",
      roleArn: ROLE,
      rule: "r",
    },
    {
      arn: "arn:aws:batch:us-east-1:111122223333:job-queue/q",
      batchTarget: { jobDefinition: "d", jobName: "n" },
      rule: "r",
    },
  ],
  "aws:cloudwatch/eventBus:EventBus": [
    { name: "b", deadLetterConfig: { arn: QUEUE }, logConfig: { level: "INFO", includeDetail: "FULL" } },
  ],
  "aws:lambda/invocation:Invocation": [
    { functionName: "f", input: '{"a":1}', lifecycleScope: "CRUD", terraformKey: "tf" },
    { functionName: "f", input: "[]", qualifier: "1", triggers: { a: "b" } },
  ],
  "aws:scheduler/schedule:Schedule": [
    {
      actionAfterCompletion: "DELETE",
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 1 },
      groupName: "g",
      scheduleExpression: "cron(0 8 * * ? *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      startDate: "2030-01-01T00:00:00Z",
      state: "ENABLED",
      target: {
        arn: QUEUE,
        deadLetterConfig: { arn: QUEUE },
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 1 },
        roleArn: ROLE,
      },
    },
    {
      flexibleTimeWindow: { mode: "OFF" },
      scheduleExpression: "rate(1 day)",
      target: {
        arn: "arn:aws:ecs:us-east-1:111122223333:cluster/c",
        ecsParameters: { taskDefinitionArn: "t", networkConfiguration: { subnets: ["subnet-1"] } },
        roleArn: ROLE,
      },
    },
  ],
  "aws:scheduler/scheduleGroup:ScheduleGroup": [{ name: "g" }],
  "aws:sns/topic:Topic": [
    { name: "t.fifo", fifoTopic: true, contentBasedDeduplication: true, fifoThroughputScope: "Topic" },
    { policy: document(trust("events.amazonaws.com")), signatureVersion: 2, httpSuccessFeedbackSampleRate: 1 },
  ],
  "aws:sns/topicPolicy:TopicPolicy": [{ arn: "arn", policy: trust("events.amazonaws.com") }],
  "aws:sns/topicSubscription:TopicSubscription": [
    { topic: "arn", protocol: "sqs", endpoint: QUEUE, filterPolicy: "{}", rawMessageDelivery: true },
    { topic: "arn", protocol: "email", endpoint: "a@example.com" },
  ],
};

describe("Plan-time checks of functions, events and permissions", () => {
  it("are tried for every type of these services", () => {
    const types = [...RESOURCES.keys()].filter((token) => /^aws:(iam|lambda|cloudwatch|scheduler|sns)\//.test(token));
    assert.deepEqual(types.sort(), Object.keys(SAMPLES).sort());
  });

  for (const [token, samples] of Object.entries(SAMPLES)) {
    it(`of ${token} pass right inputs, and whatever of them is not known yet`, () => {
      for (const sample of samples) {
        assert.deepEqual(failuresOf(token, sample), []);
        for (const [property, value] of Object.entries(sample)) {
          for (const changed of withUnknown(value)) {
            assert.deepEqual(
              failuresOf(token, { ...sample, [property]: changed }),
              [],
              JSON.stringify({ [property]: changed }),
            );
          }
        }
      }
    });
  }
});
