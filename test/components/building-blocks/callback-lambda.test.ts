import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  type AsynchronousArgs,
  CallbackLambda,
  type CallbackLambdaArgs,
} from "../../../components/building-blocks/callback-lambda";
import { ArgumentsError } from "../../../components/internal/argument-checks";
import { unguardedPaths } from "../../support/asynchronous-paths";
import { attempt, deploy, ofType, only } from "../../support/mocks";
import { permissionsOf, statementsOf } from "../../support/policies";

const FUNCTION = "aws:lambda/function:Function";

const MINIMAL: CallbackLambdaArgs = {
  description: "Says hello",
  policies: [{ actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:111111111111:mail"] }],
  callback: async (event: { name: string }) => `hello ${event.name}`,
};

function create(args: Partial<CallbackLambdaArgs> = {}) {
  return deploy(() => new CallbackLambda("greet", { ...MINIMAL, ...args }));
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
    const actions = statementsOf(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy).map(
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
    const policy = statementsOf(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy);
    assert.ok(policy.some(({ Resource }) => Resource.includes(`arn:aws:sqs:us-east-1:111111111111:${queue.name}`)));
  });

  it("gives asynchronous events six hours and two retries unless asked otherwise", async () => {
    const config = async (asynchronous: AsynchronousArgs): Promise<unknown[]> => {
      const { resources } = await create({ asynchronous });
      assert.deepEqual(unguardedPaths(resources), []);
      const { inputs } = only(resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
      return [inputs.maximumEventAgeInSeconds, inputs.maximumRetryAttempts];
    };
    assert.deepEqual(await config({}), [21_600, 2]);
    assert.deepEqual(await config({ maximumEventAgeSeconds: 60, maximumRetryAttempts: 0 }), [60, 0]);
  });

  it("tags its role and function, and describes both", async () => {
    const { resources } = await create({ tags: { team: "edge" } });
    for (const type of [FUNCTION, "aws:iam/role:Role"]) {
      const { inputs } = only(resources, type);
      assert.deepEqual([inputs.description, inputs.tags], ["Says hello", { team: "edge" }]);
    }
  });

  it("takes Outputs in its policies and environment", async () => {
    const { resources } = await deploy(() => {
      const queue = new aws.sqs.Queue("mail");
      return new CallbackLambda("greet", {
        description: "Says hello",
        policies: [{ actions: ["sqs:SendMessage"], resources: [queue.arn] }],
        environment: { QUEUE_URL: queue.url },
        callback: async () => undefined,
      });
    });
    const [send] = permissionsOf(resources, "greet-role");
    assert.deepEqual(send?.Resource, ["arn:aws:sqs:us-east-1:111111111111:mail"]);
    assert.deepEqual(only(resources, FUNCTION).inputs.environment, {
      variables: { QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111111111111/mail" },
    });
  });

  it("makes the function only when its role may do what it does", async () => {
    const { resources } = await deploy(() => new CallbackLambda("greet", MINIMAL), {
      slow: ({ type }) => type === "aws:iam/rolePolicy:RolePolicy",
    });
    assert.ok(only(resources, FUNCTION).after.includes("greet-policy"));
  });

  it("takes the bounds of every number, and nothing beyond them", async () => {
    const bounds: [keyof CallbackLambdaArgs, number, number][] = [
      ["timeoutSeconds", 1, 900],
      ["memoryMegabytes", 128, 10_240],
      ["reservedConcurrency", 0, 1_000],
    ];
    for (const [argument, minimum, maximum] of bounds) {
      for (const value of [minimum, maximum]) await create({ [argument]: value });
      for (const value of [minimum - 1, maximum + 1, minimum + 0.5]) {
        await assert.rejects(create({ [argument]: value }), new RegExp(`${argument}: received ${value};`));
      }
    }
  });

  it("refuses a description that Lambda or IAM would refuse", async () => {
    await create({ description: "é".repeat(256) });
    for (const description of ["a".repeat(257), "hello → world", "hello\u0000"]) {
      await assert.rejects(
        create({ description }),
        /description: received .*; allowed: at most 256 characters of Latin-1\./,
      );
    }
  });

  it("refuses tags and variables without a name that AWS takes", async () => {
    await create({ tags: { Team: "", "my team": "x" }, environment: { TABLE_1: "" } });
    for (const key of ["", "aws:team", "te*m"]) {
      await assert.rejects(
        create({ tags: { [key]: "x" } }),
        /tags(\["[^"]*"\]|\.aws:team): received .*; allowed: tag names of at most 128/,
      );
    }
    for (const key of ["", "A", "1A", "_A", "A-B"]) {
      await assert.rejects(
        create({ environment: { [key]: "x" } }),
        /environment\S+ received .*; allowed: names of two/,
      );
    }
  });

  it("fails the deployment when the callback cannot be packaged, and says why", async () => {
    const secret = pulumi.secret("swordfish");
    const { error, resources } = await attempt(
      () => new CallbackLambda("greet", { ...MINIMAL, callback: async () => secret.get() }),
      { packaged: true },
    );
    const file = join("test", "components", "building-blocks", "callback-lambda.test.ts");
    const { message } = error as Error;
    assert.ok(message.includes(`CallbackLambda "greet": the callback in ${file} captures a secret`), message);
    assert.match(message, /Keep it in Secrets Manager .* and read it in the handler\.$/);
    assert.doesNotMatch(message, /swordfish/);
    assert.ok(pulumi.RunError.isInstance(error), "shown without a stack");
    assert.deepEqual(ofType(resources, FUNCTION), []);
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
    const { error, resources } = await attempt(() => new CallbackLambda("greet", { ...MINIMAL, ...wrong }));
    assert.deepEqual(resources, []);
    assert.ok(error instanceof ArgumentsError);
    assert.deepEqual(
      error.errors.map(({ path }) => path),
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
