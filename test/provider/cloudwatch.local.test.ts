import * as assert from "node:assert/strict";
import { CloudWatchClient, DisableAlarmActionsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import type { Values } from "../../local/provider/property-values";
import { allow, Managed, runCourse, runDeletion, startEmulator, testAccount, trust } from "./support";

const account = testAccount({ project: "patterns" });
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms";

describe("CloudWatch, its logs and EventBridge in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  it("keeps a log group as the program says", async () => {
    const made = await runCourse(account, {
      token: "aws:cloudwatch/logGroup:LogGroup",
      inputs: { name: "/aws/lambda/of-a-test", retentionInDays: 7 },
      changed: { retentionInDays: 30 },
      changes: ["retentionInDays"],
    });
    assert.equal(made.id, "/aws/lambda/of-a-test");
    assert.equal(made.outputs.arn, "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/of-a-test");
    await account
      .client(CloudWatchLogsClient)
      .send(new PutRetentionPolicyCommand({ logGroupName: made.id, retentionInDays: 1 }));
    await made.refresh();
    assert.equal(made.inputs.retentionInDays, 1);
    await made.update({ name: made.id });
    await made.refresh();
    assert.equal(made.outputs.retentionInDays, 0);
    assert.deepEqual(
      made.diff({ name: "/other" }).map(({ effect }) => effect),
      ["replace"],
    );
    await runDeletion(made);
  });

  it("leaves a log group behind when told to", async () => {
    const made = await new Managed("aws:cloudwatch/logGroup:LogGroup", account).create({ skipDestroy: true });
    await made.delete();
    assert.ok(await made.refresh());
    await made.update({ ...made.inputs, skipDestroy: false });
    await runDeletion(made);
  });

  it("keeps a metric filter as the program says", async () => {
    const group = await new Managed("aws:cloudwatch/logGroup:LogGroup", account, "filtered").create({});
    const made = await runCourse(account, {
      token: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
      inputs: {
        logGroupName: group.id,
        pattern: '{ $.level = "ERROR" }',
        metricTransformation: {
          name: "Errors",
          namespace: "Patterns",
          value: "1",
          dimensions: { service: "$.service" },
        },
      },
      changed: {
        pattern: "",
        metricTransformation: { name: "Errors", namespace: "Patterns", value: "1", defaultValue: "0", unit: "Count" },
      },
      changes: [
        "metricTransformation.defaultValue",
        "metricTransformation.dimensions",
        "metricTransformation.unit",
        "pattern",
      ],
    });
    await runDeletion(made);
    await group.delete();
  });

  it("keeps an alarm as the program says", async () => {
    const made = await runCourse(account, {
      token: ALARM,
      inputs: {
        alarmActions: [TOPIC],
        alarmDescription: "oldest event",
        comparisonOperator: "GreaterThanThreshold",
        dimensions: { QueueName: "events" },
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        metricName: "ApproximateAgeOfOldestMessage",
        namespace: "AWS/SQS",
        okActions: [TOPIC],
        period: 60,
        statistic: "Maximum",
        threshold: 120,
        treatMissingData: "notBreaching",
      },
      changed: { threshold: 60, dimensions: { QueueName: "others" }, okActions: [], actionsEnabled: false },
      changes: ["actionsEnabled", "dimensions.QueueName", "okActions[0]", "threshold"],
    });
    assert.equal(made.outputs.arn, `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${made.id}`);
    assert.equal(made.id, made.outputs.name);
    await made.update({ ...made.inputs, actionsEnabled: true });
    await account.client(CloudWatchClient).send(new DisableAlarmActionsCommand({ AlarmNames: [made.id] }));
    await made.refresh();
    assert.equal(made.inputs.actionsEnabled, false);
    await runDeletion(made);
  });

  it("keeps a dashboard, whatever the notation of its body", async () => {
    const widgets = (title: string): object[] => [
      { type: "text", x: 0, y: 0, width: 6, height: 3, properties: { markdown: title } },
    ];
    const made = await runCourse(account, {
      token: "aws:cloudwatch/dashboard:Dashboard",
      inputs: { dashboardName: "of-a-test", dashboardBody: JSON.stringify({ widgets: widgets("one") }, undefined, 2) },
      changed: { dashboardBody: JSON.stringify({ widgets: widgets("two") }) },
      changes: ["dashboardBody"],
    });
    assert.equal(made.outputs.dashboardArn, "arn:aws:cloudwatch::111122223333:dashboard/of-a-test");
    await runDeletion(made);
  });

  it("keeps rules of the default bus as the program says", async () => {
    const made = await runCourse(account, {
      token: RULE,
      inputs: { eventPattern: JSON.stringify({ source: ["aws.ec2"] }), description: "instances" },
      changed: { eventPattern: JSON.stringify({ source: ["aws.autoscaling"] }), state: "DISABLED" },
      changes: ["eventPattern", "state"],
    });
    assert.equal(made.id, made.outputs.name);
    assert.equal(made.outputs.arn, `arn:aws:events:us-east-1:111122223333:rule/${made.id}`);
    await runDeletion(made);

    const scheduled = await runCourse(account, {
      token: RULE,
      inputs: { scheduleExpression: "rate(5 minutes)" },
      changed: { scheduleExpression: "cron(0 12 * * ? *)", description: "noon" },
      changes: ["description", "scheduleExpression"],
    });
    await runDeletion(scheduled);
  });

  it("keeps buses, their rules and their targets", async () => {
    const bus = await runCourse(account, {
      token: "aws:cloudwatch/eventBus:EventBus",
      inputs: { description: "one" },
      changed: { description: "two" },
      changes: ["description"],
    });
    const rule = await runCourse(account, {
      token: RULE,
      inputs: { eventBusName: bus.id, eventPattern: JSON.stringify({ source: ["patterns"] }), forceDestroy: true },
      changed: { description: "ours" },
      changes: ["description"],
    });
    assert.equal(rule.id, `${bus.id}/${rule.output("name")}`);
    const queue = await new Managed("aws:sqs/queue:Queue", account).create({});
    const target = await runCourse(account, {
      token: TARGET,
      inputs: { rule: rule.output("name"), eventBusName: bus.id, arn: queue.output("arn"), targetId: "queue" },
      changed: { input: JSON.stringify({ fixed: true }) },
      changes: ["input"],
    });
    assert.equal(target.id, `${bus.id}-${rule.output("name")}-queue`);
    await runDeletion(target);
    await runDeletion(rule);
    await runDeletion(bus);
    await queue.delete();
  });

  it("keeps a target with everything around it", async () => {
    const rule = await new Managed(RULE, account).create({ eventPattern: JSON.stringify({ source: ["patterns"] }) });
    const queue = await new Managed("aws:sqs/queue:Queue", account).create({ fifoQueue: true });
    const dead = await new Managed("aws:sqs/queue:Queue", account, "dead").create({});
    const role = await new Managed("aws:iam/role:Role", account).create({
      assumeRolePolicy: trust("events.amazonaws.com"),
    });
    const policy = await new Managed("aws:iam/rolePolicy:RolePolicy", account).create({
      role: role.id,
      policy: allow("sqs:SendMessage"),
    });
    const made = await runCourse(account, {
      token: TARGET,
      inputs: {
        rule: rule.id,
        arn: queue.output("arn"),
        roleArn: role.output("arn"),
        sqsTarget: { messageGroupId: "one" },
        deadLetterConfig: { arn: dead.output("arn") },
        retryPolicy: { maximumRetryAttempts: 3 },
        inputTransformer: { inputPaths: { id: "$.detail.id" }, inputTemplate: '{"id": <id>}' },
      },
      changed: {
        sqsTarget: { messageGroupId: "two" },
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 600 },
      },
      changes: ["retryPolicy.maximumEventAgeInSeconds", "retryPolicy.maximumRetryAttempts", "sqsTarget.messageGroupId"],
    });
    assert.equal(made.id, `${rule.id}-${made.output("targetId")}`);
    await account.client(EventBridgeClient).send(
      new PutTargetsCommand({
        Rule: rule.id,
        Targets: [{ Id: made.output("targetId"), Arn: queue.output("arn"), SqsParameters: { MessageGroupId: "two" } }],
      }),
    );
    await made.refresh();
    assert.deepEqual(
      Object.keys(made.inputs)
        .filter((name) => !name.startsWith("__"))
        .sort(),
      ["arn", "eventBusName", "forceDestroy", "rule", "sqsTarget", "targetId"],
      "what somebody else took away is no longer an input",
    );
    await runDeletion(made);
    for (const each of [policy, role, dead, queue, rule]) await runDeletion(each);
  });

  it("maps the settings of every other kind of target there and back", async () => {
    const rule = await new Managed(RULE, account).create({ eventPattern: JSON.stringify({ source: ["patterns"] }) });
    const at = (service: string, resource: string): Values => ({
      rule: rule.id,
      arn: `arn:aws:${service}:us-east-1:111122223333:${resource}`,
      roleArn: "arn:aws:iam::111122223333:role/any",
    });
    const targets: Values[] = [
      {
        ...at("ecs", "cluster/c"),
        ecsTarget: {
          taskDefinitionArn: "arn:aws:ecs:us-east-1:111122223333:task-definition/t:1",
          taskCount: 2,
          launchType: "FARGATE",
          networkConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: true },
        },
      },
      {
        ...at("batch", "job-queue/q"),
        batchTarget: { jobDefinition: "d", jobName: "n", arraySize: 3, jobAttempts: 2 },
      },
      { ...at("kinesis", "stream/s"), kinesisTarget: { partitionKeyPath: "$.detail.id" } },
      { ...at("ssm", "document/d"), runCommandTargets: [{ key: "tag:Name", values: ["a", "b"] }] },
    ];
    for (const inputs of targets) {
      const made = await runCourse(account, { token: TARGET, inputs, changed: {}, changes: [] });
      await runDeletion(made);
    }
    await runDeletion(rule);
  });
});
