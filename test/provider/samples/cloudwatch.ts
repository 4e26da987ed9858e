import { madeRole } from "./iam";
import type { Sample } from "./sample";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms";

const pattern = (...sources: string[]): string => JSON.stringify({ source: sources });
const body = (text: string): string =>
  JSON.stringify({ widgets: [{ type: "text", x: 0, y: 0, width: 6, height: 3, properties: { markdown: text } }] });

export const cloudwatch: readonly Sample[] = [
  {
    token: "aws:cloudwatch/metricAlarm:MetricAlarm",
    program: () => ({
      inputs: {
        comparisonOperator: "GreaterThanThreshold",
        evaluationPeriods: 1,
        metricName: "Errors",
        namespace: "AWS/Lambda",
        period: 60,
        statistic: "Sum",
        threshold: 0,
        dimensions: { FunctionName: "one" },
      },
      changes: [
        { comparisonOperator: "LessThanThreshold", threshold: 2 },
        { evaluationPeriods: 3, datapointsToAlarm: 2 },
        { metricName: "Throttles", namespace: "Own", unit: "Count" },
        { period: 300, statistic: "Maximum", treatMissingData: "notBreaching" },
        { dimensions: { FunctionName: "two", Stage: "test" }, alarmDescription: "too many" },
        { alarmActions: [TOPIC], okActions: [TOPIC], insufficientDataActions: [TOPIC], actionsEnabled: false },
        { statistic: null, extendedStatistic: "p99" },
      ],
    }),
  },
  {
    token: "aws:cloudwatch/dashboard:Dashboard",
    program: () => ({
      inputs: { dashboardName: "overview", dashboardBody: body("one") },
      changes: [{ dashboardBody: body("two") }],
    }),
  },
  {
    token: "aws:cloudwatch/logGroup:LogGroup",
    program: () => ({
      inputs: { retentionInDays: 7, logGroupClass: "STANDARD" },
      changes: [{ retentionInDays: 30 }, { retentionInDays: 0 }],
    }),
  },
  {
    token: RULE,
    program: async (make) => ({
      inputs: { eventPattern: pattern("one") },
      changes: [
        { eventPattern: pattern("one", "two") },
        { description: "what happens" },
        { state: "DISABLED" },
        { scheduleExpression: "rate(1 hour)" },
        { roleArn: (await madeRole(make, "events")).output("arn") },
      ],
    }),
  },
  {
    token: "aws:cloudwatch/eventTarget:EventTarget",
    program: async (make) => {
      const rule = await make(RULE, { eventPattern: pattern("one") });
      const [one, two, dead] = [
        await make("aws:sqs/queue:Queue", {}),
        await make("aws:sqs/queue:Queue", {}),
        await make("aws:sqs/queue:Queue", {}),
      ];
      return {
        inputs: { rule: rule.output("name"), arn: one.output("arn"), targetId: "queue" },
        importId: `${rule.output("name")}/queue`,
        changes: [
          { arn: two.output("arn") },
          { deadLetterConfig: { arn: dead.output("arn") } },
          { retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 } },
          { roleArn: (await madeRole(make, "events")).output("arn") },
          { input: JSON.stringify({ fixed: true }) },
          { input: null, inputPath: "$.detail" },
          { inputPath: null, inputTransformer: { inputPaths: { id: "$.id" }, inputTemplate: '"event <id>"' } },
        ],
      };
    },
  },
];
