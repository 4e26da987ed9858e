import * as assert from "node:assert/strict";
import {
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type { Values } from "../../local/provider/property-values";
import { allow, archive, Managed, runCourse, runDeletion, startEmulator, testAccount, trust } from "./support";

const account = testAccount({ project: "patterns" });
const FUNCTION = "aws:lambda/function:Function";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

function answering(word: string): Values {
  return { code: archive({ "index.js": `exports.handler = async () => ${JSON.stringify(word)};` }) };
}

describe("Lambda in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };
  const shared: Managed[] = [];
  let role: Managed;
  let queue: Managed;
  let base: Values;
  const client = () => account.client(LambdaClient);

  async function make(token: string, inputs: Values, name = "shared"): Promise<Managed> {
    const made = await new Managed(token, account, name).create(inputs);
    shared.unshift(made);
    return made;
  }

  async function answer(name: string): Promise<unknown> {
    const { Payload } = await client().send(new InvokeCommand({ FunctionName: name }));
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  }

  before(async () => {
    emulator = await startEmulator();
    role = await make("aws:iam/role:Role", {
      assumeRolePolicy: trust("lambda.amazonaws.com"),
      forceDetachPolicies: true,
    });
    await make("aws:iam/rolePolicy:RolePolicy", { role: role.id, policy: allow(["sqs:*", "dynamodb:*", "logs:*"]) });
    queue = await make("aws:sqs/queue:Queue", { visibilityTimeoutSeconds: 30 });
    base = { role: role.output("arn"), runtime: "nodejs22.x", handler: "index.handler", ...answering("first") };
  });
  after(async () => {
    for (const made of shared) await made.delete();
    await emulator.stop();
  });

  it("keeps a function as the program says", async () => {
    const made = await runCourse(account, {
      token: FUNCTION,
      inputs: {
        ...base,
        architectures: ["arm64"],
        deadLetterConfig: { targetArn: queue.output("arn") },
        description: "one",
        environment: { variables: { QUEUE: queue.id, DEPTH: "3" } },
        loggingConfig: { logFormat: "JSON", applicationLogLevel: "INFO" },
        memorySize: 256,
        reservedConcurrentExecutions: 5,
        timeout: 10,
        tracingConfig: { mode: "Active" },
      },
      changed: {
        description: "two",
        environment: { variables: { QUEUE: queue.id } },
        ephemeralStorage: { size: 1024 },
        reservedConcurrentExecutions: -1,
        timeout: 20,
        ...answering("second"),
      },
      changes: [
        "code",
        "description",
        "environment.variables.DEPTH",
        "ephemeralStorage",
        "reservedConcurrentExecutions",
        "timeout",
      ],
    });
    const arn = `arn:aws:lambda:us-east-1:111122223333:function:${made.id}`;
    assert.equal(made.id, made.outputs.name);
    assert.deepEqual(
      ["arn", "invokeArn", "qualifiedArn", "version", "responseStreamingInvokeArn"].map((name) => made.outputs[name]),
      [
        arn,
        `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
        `${arn}:$LATEST`,
        "$LATEST",
        `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${arn}/response-streaming-invocations`,
      ],
    );
    assert.equal(await answer(made.id), "second");
    await runDeletion(made);
  });

  it("takes settings away that the program no longer has", async () => {
    const program = {
      ...base,
      deadLetterConfig: { targetArn: queue.output("arn") },
      description: "text",
      environment: { variables: { KEPT: "1" } },
    };
    const made = await new Managed(FUNCTION, account).create(program);
    await made.update(base);
    await made.refresh();
    const { Configuration: now } = await client().send(new GetFunctionCommand({ FunctionName: made.id }));
    assert.deepEqual(
      [now?.DeadLetterConfig?.TargetArn ?? "", now?.Description, now?.Environment?.Variables ?? {}],
      ["", "", {}],
    );
    assert.deepEqual(made.diff(base), []);
    await runDeletion(made);
  });

  it("sees foreign changes as drift, down to a variable that the program does not have", async () => {
    const program = { ...base, environment: { variables: { KEPT: "1" } }, tracingConfig: { mode: "Active" } };
    const made = await new Managed(FUNCTION, account).create(program);
    await client().send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: made.id,
        Environment: { Variables: { KEPT: "1", FOREIGN: "x" } },
        Timeout: 99,
        TracingConfig: { Mode: "PassThrough" },
      }),
    );
    await made.refresh();
    assert.deepEqual(
      made.diff(program).map(({ path, kind }) => [path, kind]),
      [
        ["environment.variables.FOREIGN", "delete"],
        ["timeout", "update"],
        ["tracingConfig.mode", "update"],
      ],
    );
    await runDeletion(made);
  });

  it("publishes versions of what changes, and an alias follows them", async () => {
    const program = { ...base, publish: true };
    const made = await new Managed(FUNCTION, account).create(program);
    assert.equal(made.outputs.version, "1");
    await made.update({ ...program, ...answering("second") });
    assert.equal(made.outputs.version, "2");
    assert.equal(made.outputs.qualifiedArn, `${made.output("arn")}:2`);
    await made.update({ ...program, ...answering("second"), tags: { a: "b" } });
    const { Versions = [] } = await client().send(new ListVersionsByFunctionCommand({ FunctionName: made.id }));
    assert.deepEqual(
      Versions.map(({ Version }) => Version),
      ["$LATEST", "1", "2"],
    );

    const alias = await runCourse(account, {
      token: "aws:lambda/alias:Alias",
      inputs: { functionName: made.id, functionVersion: "1", name: "live" },
      changed: { functionVersion: "2", routingConfig: { additionalVersionWeights: { "1": 0.1 } }, description: "now" },
      changes: ["description", "functionVersion", "routingConfig"],
    });
    assert.equal(alias.id, `${made.output("arn")}:live`);
    await alias.update({ functionName: made.id, functionVersion: "2", name: "live" });
    await alias.refresh();
    assert.equal(alias.outputs.routingConfig ?? null, null);
    await runDeletion(alias);
    await runDeletion(made);
  });

  it("plans replacements only for another name and another kind of package", async () => {
    const made = await new Managed(FUNCTION, account).create(base);
    const changed = {
      ...base,
      name: "other",
      timeout: 5,
      memorySize: 512,
      architectures: ["arm64"],
      role: "arn:aws:iam::111122223333:role/x",
    };
    assert.deepEqual(
      made
        .diff(changed)
        .filter(({ effect }) => effect === "replace")
        .map(({ path }) => path),
      ["name"],
    );
    await runDeletion(made);
  });

  it("keeps a permission as the program says", async () => {
    const made = await make(FUNCTION, base, "allowed");
    for (const inputs of [
      {
        action: "lambda:InvokeFunction",
        function: made.id,
        principal: "events.amazonaws.com",
        sourceArn: queue.output("arn"),
      },
      {
        action: "lambda:InvokeFunction",
        function: made.output("arn"),
        principal: "s3.amazonaws.com",
        sourceAccount: "111122223333",
      },
      { action: "lambda:InvokeFunction", function: made.id, principal: "444455556666", statementId: "Other" },
      { action: "lambda:InvokeFunctionUrl", function: made.id, principal: "*", functionUrlAuthType: "NONE" },
    ] as Values[]) {
      const permission = await runCourse(account, {
        token: "aws:lambda/permission:Permission",
        inputs,
        changed: {},
        changes: [],
      });
      assert.equal(permission.id, permission.inputs.statementId);
      assert.deepEqual(
        permission.diff({ ...inputs, principal: "sns.amazonaws.com" }).map(({ effect }) => effect),
        ["replace"],
      );
      await runDeletion(permission);
    }
  });

  it("keeps what becomes of asynchronous events", async () => {
    const made = await make(FUNCTION, base, "asynchronous");
    const config = await runCourse(account, {
      token: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      inputs: {
        functionName: made.id,
        maximumEventAgeInSeconds: 60,
        maximumRetryAttempts: 0,
        destinationConfig: { onFailure: { destination: queue.output("arn") } },
      },
      changed: { maximumEventAgeInSeconds: 120, maximumRetryAttempts: 1 },
      changes: ["maximumEventAgeInSeconds", "maximumRetryAttempts"],
    });
    assert.equal(config.id, made.id);
    await config.update({ functionName: made.id });
    await config.refresh();
    assert.deepEqual(config.outputs.maximumRetryAttempts, 2);
    await runDeletion(config);
  });

  it("keeps a queue's mapping as the program says", async () => {
    const made = await make(FUNCTION, base, "consumer");
    const mapping = await runCourse(account, {
      token: MAPPING,
      inputs: {
        eventSourceArn: queue.output("arn"),
        functionName: made.id,
        batchSize: 100,
        maximumBatchingWindowInSeconds: 2,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: 2 },
        filterCriteria: { filters: [{ pattern: JSON.stringify({ body: { kind: ["a"] } }) }] },
      },
      changed: { batchSize: 10, enabled: false, scalingConfig: { maximumConcurrency: 3 } },
      changes: ["batchSize", "enabled", "scalingConfig.maximumConcurrency"],
    });
    assert.equal(mapping.id, mapping.outputs.uuid);
    assert.equal(mapping.outputs.functionArn, made.outputs.arn);
    await mapping.update({ eventSourceArn: queue.output("arn"), functionName: made.output("arn") });
    await mapping.refresh();
    assert.deepEqual(
      ["state", "functionName"].map((name) => mapping.outputs[name]),
      ["Enabled", made.outputs.arn],
    );
    for (const name of ["scalingConfig", "filterCriteria"]) {
      assert.deepEqual(mapping.outputs[name] ?? {}, {}, name);
    }
    await runDeletion(mapping);
  });

  it("keeps a stream's mapping as the program says", async () => {
    const made = await make(FUNCTION, base, "reader");
    const table = await make("aws:dynamodb/table:Table", {
      attributes: [{ name: "id", type: "S" }],
      hashKey: "id",
      billingMode: "PAY_PER_REQUEST",
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
    });
    const mapping = await runCourse(account, {
      token: MAPPING,
      inputs: {
        eventSourceArn: table.output("streamArn"),
        functionName: made.id,
        startingPosition: "TRIM_HORIZON",
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: 3,
        maximumRecordAgeInSeconds: 3600,
        parallelizationFactor: 2,
        destinationConfig: { onFailure: { destinationArn: queue.output("arn") } },
      },
      changed: { maximumRetryAttempts: 5, parallelizationFactor: 1 },
      changes: ["maximumRetryAttempts", "parallelizationFactor"],
    });
    assert.deepEqual(
      mapping.diff({ ...mapping.inputs, startingPosition: "LATEST" }).map(({ path, effect }) => [path, effect]),
      [["startingPosition", "replace"]],
    );
    await runDeletion(mapping);
  });
});
