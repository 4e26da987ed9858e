import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { CallbackLambda, type CallbackLambdaArgs } from "../../components/callback-lambda";
import { ArgumentsError } from "../../components/argument-errors";
import { deploy, ofType, only } from "../support/mocks";

const FUNCTION = "aws:lambda/function:Function";

function create(args: Partial<CallbackLambdaArgs> = {}) {
  return deploy(
    () =>
      new CallbackLambda("greet", {
        description: "Says hello",
        policies: [{ actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:111111111111:mail"] }],
        callback: async (event: { name: string }) => `hello ${event.name}`,
        ...args,
      }),
  );
}

interface Statement {
  Action: string[];
  Resource: string[];
}

function statements(policy: unknown): Statement[] {
  return (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;
}

describe("CallbackLambda", () => {
  it("has sensible defaults", async () => {
    const { resources } = await create();
    const { code, role, ...inputs } = only(resources, FUNCTION).inputs;
    assert.ok(code !== undefined && role !== undefined);
    assert.deepEqual(inputs, {
      description: "Says hello",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      timeout: 30,
      memorySize: 256,
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup: "greet-logs" },
    });
    assert.equal(only(resources, "aws:cloudwatch/logGroup:LogGroup").inputs.retentionInDays, 30);
    assert.deepEqual(ofType(resources, "aws:sqs/queue:Queue"), []);
  });

  it("takes timeout, memory, environment, concurrency, log retention and tags", async () => {
    const { resources } = await create({
      timeoutSeconds: 900,
      memoryMegabytes: 1024,
      environment: { LEVEL: "debug" },
      reservedConcurrency: 3,
      logRetentionDays: 7,
      tags: { team: "edge" },
    });
    const { inputs } = only(resources, FUNCTION);
    assert.equal(inputs.timeout, 900);
    assert.equal(inputs.memorySize, 1024);
    assert.deepEqual(inputs.environment, { variables: { LEVEL: "debug" } });
    assert.equal(inputs.reservedConcurrentExecutions, 3);
    assert.deepEqual(inputs.tags, { team: "edge" });
    const logGroup = only(resources, "aws:cloudwatch/logGroup:LogGroup").inputs;
    assert.deepEqual([logGroup.retentionInDays, logGroup.tags], [7, { team: "edge" }]);
  });

  it("may do what is listed, write its own logs and traces, and nothing else", async () => {
    const { resources } = await create();
    assert.deepEqual(ofType(resources, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"), []);
    const actions = statements(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy).map(
      ({ Action, Resource }) => [Action, Resource],
    );
    assert.deepEqual(actions, [
      [["sqs:SendMessage"], ["arn:aws:sqs:us-east-1:111111111111:mail"]],
      [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        ["arn:aws:logs:us-east-1:111111111111:log-group:greet-logs:log-stream:*"],
      ],
      [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]],
    ]);
  });

  it("lets only Lambda assume its role", async () => {
    const { resources } = await create();
    const policy = JSON.parse(String(only(resources, "aws:iam/role:Role").inputs.assumeRolePolicy)) as {
      Statement: { Principal: unknown }[];
    };
    assert.deepEqual(
      policy.Statement.map(({ Principal }) => Principal),
      [{ Service: "lambda.amazonaws.com" }],
    );
  });

  it("sends failed asynchronous events to a dead-letter queue with an alarm", async () => {
    const { resources } = await create({ asynchronous: { maximumRetryAttempts: 1 }, alarmTopicArns: ["arn:topic"] });
    const config = only(resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").inputs;
    const queue = only(resources, "aws:sqs/queue:Queue", "greet-dead-letters-queue");
    assert.deepEqual(config.destinationConfig, {
      onFailure: { destination: `arn:aws:sqs:us-east-1:111111111111:${queue.name}` },
    });
    assert.deepEqual([config.maximumRetryAttempts, config.maximumEventAgeInSeconds], [1, 21_600]);
    const alarm = only(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").inputs;
    assert.deepEqual([alarm.alarmActions, alarm.okActions], [["arn:topic"], ["arn:topic"]]);
    assert.deepEqual(alarm.dimensions, { QueueName: queue.name });
    const policy = statements(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy);
    assert.ok(policy.some(({ Resource }) => Resource.includes(`arn:aws:sqs:us-east-1:111111111111:${queue.name}`)));
  });

  it("refuses everything that is wrong at once, before it registers anything", async () => {
    const wrong: Partial<CallbackLambdaArgs> = {
      timeoutSeconds: 901,
      memoryMegabytes: 64.5,
      reservedConcurrency: -1,
      asynchronous: { maximumEventAgeSeconds: 59 },
      policies: [
        { actions: ["s3:*"], resources: ["arn:aws:s3:::mail/*"] },
        { actions: ["ec2:DescribeInstances"], resources: ["*"] },
        { actions: [], resources: [] },
      ],
    };
    await assert.rejects(create(wrong), (error: unknown) => {
      assert.ok(error instanceof ArgumentsError);
      assert.deepEqual(
        error.errors.map(({ property }) => property),
        [
          "timeoutSeconds",
          "memoryMegabytes",
          "reservedConcurrency",
          "asynchronous.maximumEventAgeSeconds",
          "policies[0].actions",
          "policies[1].resources",
          "policies[2].actions",
          "policies[2].resources",
        ],
      );
      assert.match(
        error.message,
        /^CallbackLambda "greet": 8 wrong arguments\n {2}timeoutSeconds: received 901; allowed: /,
      );
      return true;
    });
  });

  it("may use `*` where a reason is given", async () => {
    await create({ policies: [{ actions: ["ec2:DescribeInstances"], resources: ["*"], reason: "no resources" }] });
  });

  it("refuses a child whose name does not begin with its own", async () => {
    class Sloppy extends CallbackLambda {
      constructor() {
        super("tidy", { description: "", policies: [], callback: async () => undefined });
        new aws.sqs.Queue("other", {}, { parent: this });
      }
    }
    await assert.rejects(
      deploy(() => new Sloppy()),
      /aws:sqs\/queue:Queue "other": a child of component "tidy" is named "tidy-<role>"/,
    );
  });
});
