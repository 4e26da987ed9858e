import * as assert from "node:assert/strict";
import type { Values } from "../../local/provider/property-values";
import { failuresOf } from "./support";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const alarm = {
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 2,
  metricName: "Errors",
  namespace: "AWS/Lambda",
  period: 60,
  statistic: "Sum",
  threshold: 0,
};
const target = { rule: "r", arn: "arn:aws:sqs:us-east-1:111122223333:q" };

describe("Checks of CloudWatch and EventBridge resources", () => {
  it("find nothing in good ones", () => {
    assert.deepEqual(failuresOf(ALARM, alarm), []);
    assert.deepEqual(failuresOf(RULE, { scheduleExpression: "rate(1 minute)" }), []);
    assert.deepEqual(failuresOf(TARGET, target), []);
  });

  for (const [what, token, inputs, expected] of [
    ["a period of 45 seconds", ALARM, { ...alarm, period: 45 }, ["period"]],
    ["more points than periods", ALARM, { ...alarm, datapointsToAlarm: 3 }, ["datapointsToAlarm"]],
    ["an alarm on nothing", ALARM, { ...alarm, metricName: null }, ["metricName"]],
    ["an alarm without a threshold", ALARM, { ...alarm, threshold: null }, ["threshold"]],
    ["two statistics", ALARM, { ...alarm, extendedStatistic: "p99" }, ["statistic"]],
    [
      "a metric beside queries",
      ALARM,
      { ...alarm, metricQueries: [{ id: "a", expression: "1" }] },
      ["metricName", "namespace", "period", "statistic"],
    ],
    [
      "a query of nothing, with a bad name",
      ALARM,
      { ...alarm, metricName: null, namespace: null, period: null, statistic: null, metricQueries: [{ id: "A" }] },
      ["metricQueries[0].id", "metricQueries[0].metric"],
    ],
    ["an unknown way to treat missing data", ALARM, { ...alarm, treatMissingData: "bad" }, ["treatMissingData"]],
    ["9 days of retention", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 9 }, ["retentionInDays"]],
    ["a name with a blank", "aws:cloudwatch/logGroup:LogGroup", { name: "a b" }, ["name"]],
    [
      "a dashboard that is no JSON",
      "aws:cloudwatch/dashboard:Dashboard",
      { dashboardName: "d", dashboardBody: "widgets" },
      ["dashboardBody"],
    ],
    ["a rule that nothing triggers", RULE, {}, ["eventPattern"]],
    ["a pattern that is no JSON", RULE, { eventPattern: "source: aws.ec2" }, ["eventPattern"]],
    ["a bad schedule", RULE, { scheduleExpression: "cron(0 8 * * *)" }, ["scheduleExpression"]],
    [
      "a schedule on another bus",
      RULE,
      { scheduleExpression: "rate(1 day)", eventBusName: "b" },
      ["scheduleExpression"],
    ],
    ["a target's name", TARGET, { ...target, arn: "q" }, ["arn"]],
    ["a FIFO queue without a group", TARGET, { ...target, arn: `${target.arn}.fifo` }, ["sqsTarget.messageGroupId"]],
    ["two inputs", TARGET, { ...target, input: "{}", inputPath: "$.detail" }, ["inputPath"]],
    ["an input that is no JSON", TARGET, { ...target, input: "{" }, ["input"]],
    [
      "200 retries",
      TARGET,
      { ...target, retryPolicy: { maximumRetryAttempts: 200 } },
      ["retryPolicy.maximumRetryAttempts"],
    ],
    [
      "a nested property that nobody maps",
      TARGET,
      { ...target, ecsTarget: { taskDefinitionArn: "t", networkConfiguration: { subnets: [], vpc: "v" } } },
      ["ecsTarget.networkConfiguration.vpc"],
    ],
    [
      "a metric filter without a value",
      "aws:cloudwatch/logMetricFilter:LogMetricFilter",
      { logGroupName: "g", pattern: "", metricTransformation: { name: "n", namespace: "s" } },
      ["metricTransformation.value"],
    ],
    ["the default bus", "aws:cloudwatch/eventBus:EventBus", { name: "default" }, ["name"]],
  ] as [string, string, Values, string[]][]) {
    it(`refuse ${what}`, () => {
      assert.deepEqual(
        failuresOf(token, inputs).map(({ property }) => property),
        expected,
      );
    });
  }
});
