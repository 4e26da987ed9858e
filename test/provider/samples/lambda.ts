import { allow, archive, type Managed } from "../support";
import { madeRole } from "./iam";
import type { Make, Sample } from "./sample";

const FUNCTION = "aws:lambda/function:Function";
const QUEUE = "aws:sqs/queue:Queue";

const answering = (word: string) =>
  archive({ "index.js": `exports.handler = async (event) => [${JSON.stringify(word)}, event];` });

async function executionRole(make: Make): Promise<string> {
  const role = await madeRole(make);
  await make("aws:iam/rolePolicy:RolePolicy", {
    role: role.id,
    policy: allow(["sqs:*", "dynamodb:*", "logs:*", "lambda:*"]),
  });
  return role.output("arn");
}

async function madeFunction(make: Make): Promise<Managed> {
  const role = await executionRole(make);
  return make(FUNCTION, { role, runtime: "nodejs22.x", handler: "index.handler", code: answering("made") });
}

/** With two published versions. */
async function publishedFunction(make: Make): Promise<Managed> {
  const role = await executionRole(make);
  const settings = { role, runtime: "nodejs22.x", handler: "index.handler", publish: true };
  const made = await make(FUNCTION, { ...settings, code: answering("one") });
  await made.update({ ...settings, code: answering("two") });
  return made;
}

export const lambda: readonly Sample[] = [
  {
    token: "aws:lambda/alias:Alias",
    program: async (make) => {
      const functionName = (await publishedFunction(make)).id;
      return {
        inputs: { functionName, functionVersion: "1", name: "live" },
        importId: `${functionName}/live`,
        changes: [
          { functionVersion: "2", description: "the newest" },
          { routingConfig: { additionalVersionWeights: { "1": 0.25 } } },
        ],
      };
    },
  },
  {
    token: FUNCTION,
    program: async (make) => {
      const role = await executionRole(make);
      return {
        inputs: { role, runtime: "nodejs22.x", handler: "index.handler", code: answering("one"), publish: true },
        notRead: ["code", "publish"],
        changes: [
          { code: answering("two"), architectures: ["arm64"] },
          { description: "says a word", environment: { variables: { LEVEL: "debug" } } },
          { memorySize: 256, timeout: 10, ephemeralStorage: { size: 1024 } },
          { loggingConfig: { logFormat: "JSON", logGroup: "/own/group" }, tracingConfig: { mode: "Active" } },
          { reservedConcurrentExecutions: 2 },
          { handler: "other.handler", runtime: "python3.13", role: await executionRole(make) },
          { snapStart: { applyOn: "PublishedVersions" }, ephemeralStorage: { size: 512 } },
          { publish: false },
        ],
      };
    },
  },
  {
    token: "aws:lambda/permission:Permission",
    program: async (make) => {
      const name = (await madeFunction(make)).id;
      return {
        inputs: {
          function: name,
          action: "lambda:InvokeFunction",
          principal: "events.amazonaws.com",
          statementId: "rule",
          sourceArn: "arn:aws:events:us-east-1:111122223333:rule/one",
          sourceAccount: "111122223333",
        },
        importId: `${name}/rule`,
      };
    },
  },
  {
    token: "aws:lambda/eventSourceMapping:EventSourceMapping",
    program: async (make) => {
      const source = await make(QUEUE, { visibilityTimeoutSeconds: 30 });
      const [one, other] = [await madeFunction(make), await madeFunction(make)];
      return {
        inputs: { functionName: one.output("arn"), eventSourceArn: source.output("arn"), batchSize: 5 },
        changes: [
          { batchSize: 20, maximumBatchingWindowInSeconds: 1 },
          { functionResponseTypes: ["ReportBatchItemFailures"] },
          { scalingConfig: { maximumConcurrency: 3 }, filterCriteria: { filters: [{ pattern: '{"body":["a"]}' }] } },
          { enabled: false },
          { functionName: other.output("arn") },
        ],
      };
    },
  },
  {
    token: "aws:lambda/eventSourceMapping:EventSourceMapping",
    variant: "of a stream",
    program: async (make) => {
      const table = await make("aws:dynamodb/table:Table", {
        attributes: [{ name: "id", type: "S" }],
        hashKey: "id",
        billingMode: "PAY_PER_REQUEST",
        streamEnabled: true,
        streamViewType: "NEW_IMAGE",
      });
      const dead = (await make(QUEUE, {})).output("arn");
      return {
        inputs: {
          functionName: (await madeFunction(make)).output("arn"),
          eventSourceArn: table.output("streamArn"),
          startingPosition: "TRIM_HORIZON",
          maximumRetryAttempts: 3,
        },
        changes: [
          { maximumRetryAttempts: 5, maximumRecordAgeInSeconds: 120 },
          { bisectBatchOnFunctionError: true, parallelizationFactor: 2 },
          { destinationConfig: { onFailure: { destinationArn: dead } } },
        ],
      };
    },
  },
  {
    token: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    program: async (make) => ({
      inputs: { functionName: (await madeFunction(make)).id },
      changes: [
        { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        { destinationConfig: { onFailure: { destination: (await make(QUEUE, {})).output("arn") } } },
      ],
    }),
  },
];
