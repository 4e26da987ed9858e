import * as assert from "node:assert/strict";
import { UNKNOWN, type Values } from "../../local/provider/property-values";
import { archive, failuresOf } from "./support";

const FUNCTION = "aws:lambda/function:Function";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const QUEUE = "arn:aws:sqs:us-east-1:111122223333:q";
const STREAM = "arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026-01-01T00:00:00.000";
const good: Values = {
  role: "arn:aws:iam::111122223333:role/r",
  runtime: "nodejs24.x",
  handler: "index.handler",
  code: archive({ "index.js": "" }),
};

function paths(token: string, inputs: Values): string[] {
  return failuresOf(token, inputs).map(({ property }) => property);
}

describe("Checks of Lambda functions", () => {
  it("find nothing in a good one, nor in one of unknown values", () => {
    assert.deepEqual(failuresOf(FUNCTION, good), []);
    const unknown = { role: UNKNOWN, runtime: UNKNOWN, handler: UNKNOWN, code: UNKNOWN, timeout: UNKNOWN };
    assert.deepEqual(failuresOf(FUNCTION, { ...unknown, environment: UNKNOWN, layers: [UNKNOWN] }), []);
    assert.deepEqual(failuresOf(FUNCTION, { ...good, environment: { variables: { URL: UNKNOWN } } }), []);
  });

  it("find five mistakes in one run, each with its place, what was received and what is allowed", () => {
    assert.deepEqual(
      failuresOf(FUNCTION, {
        ...good,
        runtime: "nodejs99.x",
        timeout: 901,
        memorySize: 64,
        environment: { variables: { AWS_REGION: "eu-west-1" } },
        tracingConfig: { mode: "On" },
      }).map(({ property, reason }) => `${property}: ${reason.replace(/(dotnet\w+, ).*/, "...")}`),
      [
        "timeout: received 901; expected a whole number from 1 to 900",
        "memorySize: received 64; expected a whole number from 128 to 10240",
        'runtime: received "nodejs99.x"; expected one of ...',
        'tracingConfig.mode: received "On"; expected one of Active, PassThrough',
        "environment.variables.AWS_REGION: a name that Lambda reserves; choose another",
      ],
    );
  });

  it("name the file that has to map a nested property", () => {
    const [failure] = failuresOf(FUNCTION, { ...good, loggingConfig: { logFormat: "JSON", color: "red" } });
    assert.equal(failure?.property, "loggingConfig.color");
    assert.match(failure?.reason ?? "", /local\/provider\/services\/lambda\.ts/);
  });

  for (const [what, inputs, expected] of [
    ["no code", { code: null }, ["code"]],
    ["code in two places", { s3Bucket: "b", s3Key: "k" }, ["code"]],
    ["a bucket without a key", { code: null, s3Bucket: "b" }, ["s3Key"]],
    ["an image without its address", { packageType: "Image", code: null }, ["imageUri"]],
    ["a role's name", { role: "r" }, ["role"]],
    ["another architecture", { architectures: ["arm"] }, ["architectures[0]"]],
    ["six layers", { layers: ["1", "2", "3", "4", "5", "6"] }, ["layers"]],
    [
      "a dead-letter Lambda",
      { deadLetterConfig: { targetArn: "arn:aws:lambda:x:1:function:f" } },
      ["deadLetterConfig.targetArn"],
    ],
    [
      "levels of text logs",
      { loggingConfig: { logFormat: "Text", systemLogLevel: "INFO" } },
      ["loggingConfig.systemLogLevel"],
    ],
    ["a name with a dot", { name: "a.b" }, ["name"]],
    ["a variable's name of one letter", { environment: { variables: { X: "1" } } }, ["environment.variables.X"]],
    ["5 KB of variables", { environment: { variables: { AB: "x".repeat(5000) } } }, ["environment.variables"]],
  ] as [string, Values, string[]][]) {
    it(`refuse ${what}`, () => assert.deepEqual(paths(FUNCTION, { ...good, ...inputs }), expected));
  }
});

describe("Checks of event source mappings", () => {
  const queue = { functionName: "f", eventSourceArn: QUEUE };
  const fifo = { functionName: "f", eventSourceArn: `${QUEUE}.fifo` };
  const stream = { functionName: "f", eventSourceArn: STREAM, startingPosition: "LATEST" };

  it("find nothing in good ones", () => {
    assert.deepEqual(failuresOf(MAPPING, { ...queue, batchSize: 1000, maximumBatchingWindowInSeconds: 1 }), []);
    assert.deepEqual(failuresOf(MAPPING, { ...stream, maximumRecordAgeInSeconds: -1, maximumRetryAttempts: -1 }), []);
    assert.deepEqual(failuresOf(MAPPING, { functionName: "f", eventSourceArn: UNKNOWN, batchSize: 500 }), []);
  });

  for (const [what, inputs, expected] of [
    ["a large batch without a window", { ...queue, batchSize: 11 }, ["maximumBatchingWindowInSeconds"]],
    ["a window on a FIFO queue", { ...fifo, maximumBatchingWindowInSeconds: 5 }, ["maximumBatchingWindowInSeconds"]],
    ["a batch of 11 from a FIFO queue", { ...fifo, batchSize: 11 }, ["batchSize"]],
    ["retries on a queue", { ...queue, maximumRetryAttempts: 2 }, ["maximumRetryAttempts"]],
    ["a stream without its start", { ...stream, startingPosition: null }, ["startingPosition"]],
    ["a concurrency for a stream", { ...stream, scalingConfig: { maximumConcurrency: 2 } }, ["scalingConfig"]],
    [
      "a concurrency of 1",
      { ...queue, scalingConfig: { maximumConcurrency: 1 } },
      ["scalingConfig.maximumConcurrency"],
    ],
    ["records of 10 seconds", { ...stream, maximumRecordAgeInSeconds: 10 }, ["maximumRecordAgeInSeconds"]],
    ["another response type", { ...queue, functionResponseTypes: ["Report"] }, ["functionResponseTypes[0]"]],
    [
      "a filter that is no JSON",
      { ...queue, filterCriteria: { filters: [{ pattern: "{" }] } },
      ["filterCriteria.filters[0].pattern"],
    ],
    ["filters in the wrong place", { ...queue, filterCriteria: [{ pattern: "{}" }] }, ["filterCriteria"]],
  ] as [string, Values, string[]][]) {
    it(`refuse ${what}`, () => assert.deepEqual(paths(MAPPING, inputs), expected));
  }
});

describe("Checks of other Lambda resources", () => {
  it("locate what is wrong", () => {
    assert.deepEqual(
      paths("aws:lambda/permission:Permission", {
        action: "InvokeFunction",
        function: "f",
        principal: "s3.amazonaws.com",
      }),
      ["action"],
    );
    assert.deepEqual(
      paths("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", {
        functionName: "f",
        maximumRetryAttempts: 3,
        maximumEventAgeInSeconds: 30,
        destinationConfig: { onFailure: { arn: QUEUE } },
      }),
      ["destinationConfig.onFailure.arn", "maximumRetryAttempts", "maximumEventAgeInSeconds"],
    );
    assert.deepEqual(
      paths("aws:lambda/invocation:Invocation", { functionName: "f", input: "[]", lifecycleScope: "CRUD" }),
      ["input"],
    );
    assert.deepEqual(
      paths("aws:lambda/invocation:Invocation", { functionName: "f", input: "{", lifecycleScope: "EVER" }),
      ["input", "lifecycleScope"],
    );
    assert.deepEqual(
      paths("aws:lambda/alias:Alias", {
        functionName: "f",
        functionVersion: "1",
        routingConfig: { additionalVersionWeights: { "2": 10 } },
      }),
      ["routingConfig.additionalVersionWeights.2"],
    );
  });
});
