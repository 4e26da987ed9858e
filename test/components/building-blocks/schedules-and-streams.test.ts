import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  ScheduledTask,
  type ScheduledTaskArgs,
  StateMachine,
  type StateMachineDefinition,
  TableStreamSubscription,
  type TableStreamSubscriptionArgs,
} from "../../../components";
import { unguardedPaths } from "../../support/asynchronous-paths";
import { actions, lambda, MAPPING, queue } from "../../support/event-sources";
import { deploy, type DeployOptions, only } from "../../support/mocks";
import { permissionsOf, statementsOf } from "../../support/policies";

const SCHEDULE = "aws:scheduler/schedule:Schedule";

describe("ScheduledTask", () => {
  const create = (target: () => ScheduledTaskArgs["target"], more: Partial<ScheduledTaskArgs> = {}) =>
    deploy(
      () =>
        new ScheduledTask("sub", {
          description: "Daily",
          expression: "cron(18 11 * * ? *)",
          target: target(),
          ...more,
        }),
    );

  it("sends to a queue with a role that may do just that", async () => {
    const { resources } = await create(() => ({ queue: queue() }), { input: { source: "schedule" } });
    const schedule = only(resources, "aws:scheduler/schedule:Schedule").inputs;
    assert.equal(schedule.scheduleExpressionTimezone, "UTC");
    assert.deepEqual(schedule.flexibleTimeWindow, { mode: "OFF" });
    const target = schedule.target as { input: string; deadLetterConfig: { arn: string } };
    assert.equal(target.input, '{"source":"schedule"}');
    assert.match(target.deadLetterConfig.arn, /work-dead-letters-queue$/);
    assert.deepEqual(actions(only(resources, "aws:iam/rolePolicy:RolePolicy", "sub-policy")), [
      "sqs:SendMessage",
      "sqs:SendMessage",
    ]);
  });

  it("invokes a function within a flexible window in a time zone", async () => {
    const { resources } = await create(() => ({ lambda: lambda(true) }), {
      flexibleWindowMinutes: 15,
      timeZone: "Europe/Berlin",
    });
    const schedule = only(resources, "aws:scheduler/schedule:Schedule").inputs;
    assert.deepEqual(schedule.flexibleTimeWindow, { mode: "FLEXIBLE", maximumWindowInMinutes: 15 });
    assert.equal(schedule.scheduleExpressionTimezone, "Europe/Berlin");
    assert.deepEqual(actions(only(resources, "aws:iam/rolePolicy:RolePolicy", "sub-policy")), [
      "lambda:InvokeFunction",
      "sqs:SendMessage",
    ]);
  });

  it("refuses a wrong expression, and a function without dead letters", async () => {
    await assert.rejects(
      create(() => ({ queue: queue() }), { expression: "every day" }),
      /expression: received "every day"/,
    );
    await assert.rejects(
      create(() => ({ lambda: lambda() })),
      /target\.lambda\.asynchronous: received nothing;/,
    );
  });

  it("tells all that is wrong together", async () => {
    const wrong = { expression: "every day", timeZone: "Berlin", flexibleWindowMinutes: 1441 };
    await assert.rejects(
      create(() => ({ lambda: lambda() }), wrong),
      /^ArgumentsError: ScheduledTask "sub": 4 wrong arguments\n.*expression.*\n.*timeZone.*\n.*flexible.*\n.*target\.lambda/,
    );
  });

  it("gives up after an hour, into dead letters, and sends {} unless asked otherwise", async () => {
    for (const target of [() => ({ queue: queue() }), () => ({ lambda: lambda(true) })]) {
      const { resources } = await create(target);
      assert.deepEqual(unguardedPaths(resources), []);
      const { input, retryPolicy } = only(resources, SCHEDULE).inputs.target as Record<string, unknown>;
      assert.equal(input, "{}");
      assert.deepEqual(retryPolicy, { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 });
      const trust = statementsOf(only(resources, "aws:iam/role:Role", "sub-role").inputs.assumeRolePolicy);
      assert.deepEqual(trust[0]?.Principal, { Service: "scheduler.amazonaws.com" });
    }
  });

  it("starts a state machine, and keeps what it could not start in a queue of its own", async () => {
    const definition: StateMachineDefinition = { StartAt: "A", States: { A: { Type: "Succeed" } } };
    const { resources } = await create(() => ({
      stateMachine: new StateMachine("report", { description: "Report", definition, policies: [] }),
    }));
    const target = only(resources, SCHEDULE).inputs.target as { arn: string; deadLetterConfig: { arn: string } };
    assert.match(target.arn, /report-machine$/);
    assert.match(target.deadLetterConfig.arn, /sub-dead-letters-queue$/);
    assert.deepEqual(actions(only(resources, "aws:iam/rolePolicy:RolePolicy", "sub-policy")), [
      "states:StartExecution",
      "sqs:SendMessage",
    ]);
    assert.deepEqual(unguardedPaths(resources), []);
  });

  it("is deleted by AWS once it has fired for good, and only then", async () => {
    const action = async (more: Partial<ScheduledTaskArgs>): Promise<unknown> =>
      only((await create(() => ({ queue: queue() }), more)).resources, SCHEDULE).inputs.actionAfterCompletion;
    assert.equal(await action({}), "NONE");
    assert.equal(await action({ expression: "at(2027-01-01T00:00:00)" }), "DELETE");
    assert.equal(await action({ expression: "at(2027-01-01T00:00:00)", deleteAfterCompletion: false }), "NONE");
    assert.equal(await action({ endDate: "2027-01-01T00:00:00Z", deleteAfterCompletion: true }), "DELETE");
  });

  it("takes start, end, retries and ages, and refuses those that make no sense", async () => {
    const [startDate, endDate] = ["2027-01-01T00:00:00Z", "2027-12-31T00:00:00Z"];
    const to = () => ({ queue: queue() });
    const given = { startDate, endDate, maximumRetryAttempts: 3, maximumEventAgeSeconds: 60 };
    const { inputs } = only((await create(to, given)).resources, SCHEDULE);
    assert.deepEqual([inputs.startDate, inputs.endDate], [startDate, endDate]);
    assert.deepEqual((inputs.target as { retryPolicy: object }).retryPolicy, {
      maximumEventAgeInSeconds: 60,
      maximumRetryAttempts: 3,
    });
    const wrong: [Partial<ScheduledTaskArgs>, RegExp][] = [
      [{ startDate: endDate, endDate: startDate }, /endDate: .* allowed: a time after startDate/],
      [{ startDate: "tomorrow" }, /startDate: received "tomorrow"; allowed: a time in UTC/],
      [
        { expression: "at(2027-01-01T00:00:00)", endDate },
        /endDate: .* allowed: nothing for a schedule that fires once/,
      ],
      [{ maximumRetryAttempts: 186 }, /maximumRetryAttempts: received 186; .* from 0 to 185/],
      [{ maximumEventAgeSeconds: 59 }, /maximumEventAgeSeconds: received 59; .* from 60 to 86400/],
    ];
    for (const [args, message] of wrong) await assert.rejects(create(to, args), message);
  });

  it("fires only when its role may deliver", async () => {
    const { resources } = await deploy(
      () => new ScheduledTask("sub", { description: "", expression: "rate(1 day)", target: { queue: queue() } }),
      { slow: ({ type }) => type === "aws:iam/rolePolicy:RolePolicy" },
    );
    assert.ok(only(resources, SCHEDULE).after.includes("sub-policy"));
  });
});

describe("TableStreamSubscription", () => {
  const create = (args: Partial<TableStreamSubscriptionArgs> = {}, options: DeployOptions = {}) =>
    deploy(() => {
      const table = new aws.dynamodb.Table("table", { hashKey: "id", attributes: [{ name: "id", type: "S" }] });
      return new TableStreamSubscription("sub", { table, lambda: lambda(), ...args });
    }, options);
  const STREAM = "arn:aws:dynamodb:us-east-1:111111111111:table/table/stream/2026-01-01T00:00:00.000";

  it("bisects and retries failing batches, and tells a queue what it gave up", async () => {
    const { resources } = await create();
    const { inputs } = only(resources, MAPPING);
    assert.equal(inputs.eventSourceArn, STREAM);
    assert.equal(inputs.startingPosition, "TRIM_HORIZON");
    assert.equal(inputs.bisectBatchOnFunctionError, true);
    assert.deepEqual(inputs.functionResponseTypes, ["ReportBatchItemFailures"]);
    assert.deepEqual(
      [inputs.maximumRetryAttempts, inputs.maximumRecordAgeInSeconds, inputs.batchSize, inputs.filterCriteria],
      [5, 3600, 100, undefined],
    );
    assert.equal(inputs.maximumBatchingWindowInSeconds, 0);
    assert.match(JSON.stringify(inputs.destinationConfig), /sub-dead-letters-queue/);
    assert.deepEqual(unguardedPaths(resources), []);
  });

  it("takes batches, windows, retries, ages and filters", async () => {
    const { resources } = await create({
      batchSize: 7,
      batchingWindowSeconds: 8,
      maximumRetryAttempts: 9,
      maximumRecordAgeSeconds: 60,
      filterPatterns: [{ eventName: ["INSERT"] }, { eventName: ["REMOVE"] }],
      alarmTopicArns: ["arn:topic"],
    });
    const { inputs } = only(resources, MAPPING);
    assert.deepEqual([inputs.batchSize, inputs.maximumBatchingWindowInSeconds, inputs.maximumRetryAttempts], [7, 8, 9]);
    assert.equal(inputs.maximumRecordAgeInSeconds, 60);
    assert.deepEqual(inputs.filterCriteria, {
      filters: [{ pattern: '{"eventName":["INSERT"]}' }, { pattern: '{"eventName":["REMOVE"]}' }],
    });
    assert.deepEqual(only(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").inputs.alarmActions, ["arn:topic"]);
  });

  it("lets the function read this stream and tell that queue, before it starts", async () => {
    const { resources } = await create({}, { slow: ({ type }) => type === "aws:iam/rolePolicy:RolePolicy" });
    const may = permissionsOf(resources, "fn-role").filter(({ Action }) => !/^(logs|xray):/.test(Action[0] ?? ""));
    assert.deepEqual(
      may.map(({ Action, Resource }) => [Action, Resource]),
      [
        [
          ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"],
          [STREAM],
        ],
        [["sqs:SendMessage"], ["arn:aws:sqs:us-east-1:111111111111:sub-dead-letters-queue"]],
      ],
    );
    const { after } = only(resources, MAPPING);
    assert.ok(after.includes("sub-access") && after.includes("sub-dead-letter-access"));
  });

  it("refuses what Lambda would refuse, all together", async () => {
    await assert.rejects(
      create({ batchSize: 0, batchingWindowSeconds: 301, maximumRetryAttempts: -1, maximumRecordAgeSeconds: 59 }),
      /TableStreamSubscription "sub": 4 wrong arguments/,
    );
    await create({
      batchSize: 10_000,
      batchingWindowSeconds: 300,
      maximumRetryAttempts: 10_000,
      maximumRecordAgeSeconds: 604_800,
    });
  });
});
