import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { EventPipe, type EventPipeArgs, eventPattern, pipeValue, StateMachine, WorkQueue } from "../../../components";
import { lambda, queue } from "../../support/event-sources";
import { deploy, only } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const PIPE = "aws:pipes/pipe:Pipe";
const { suffix, or } = eventPattern;

const API = {
  connectionArn: "arn:aws:events:us-east-1:111111111111:connection/api/1",
  httpMethod: "POST",
  invocationEndpoint: "https://api.example.com/",
};

const table = () =>
  new aws.dynamodb.Table("orders", { hashKey: "id", attributes: [{ name: "id", type: "S" }], streamEnabled: true });
const machine = (type: "EXPRESS" | "STANDARD" = "STANDARD") =>
  new StateMachine(type.toLowerCase(), {
    description: "Orders",
    type,
    policies: [],
    definition: { StartAt: "A", States: { A: { Type: "Succeed" } } },
  });

const create = (args: () => Partial<EventPipeArgs> = () => ({})) =>
  deploy(
    () =>
      new EventPipe("paid", {
        description: "Paid orders",
        source: { table: table() },
        target: { stateMachine: machine() },
        ...args(),
      }),
  );

/** What the pipe's role may do, by action. */
async function permissions(args: () => Partial<EventPipeArgs>): Promise<string[]> {
  const { inputs } = only((await create(args)).resources, "aws:iam/rolePolicy:RolePolicy", "paid-policy");
  return statementsOf(inputs.policy).flatMap(({ Action, Resource }) =>
    Action.map((action) => `${action} ${Resource.map((arn) => arn.split(":").slice(5).join(":")).join()}`),
  );
}

describe("EventPipe", () => {
  it("reads a table's stream from its beginning, splits failing batches, and gives up into dead letters", async () => {
    const { inputs } = only((await create()).resources, PIPE);
    assert.deepEqual((inputs.sourceParameters as { dynamodbStreamParameters: object }).dynamodbStreamParameters, {
      startingPosition: "TRIM_HORIZON",
      batchSize: 10,
      maximumBatchingWindowInSeconds: 0,
      maximumRetryAttempts: 5,
      maximumRecordAgeInSeconds: 3600,
      parallelizationFactor: 1,
      onPartialBatchItemFailure: "AUTOMATIC_BISECT",
      deadLetterConfig: { arn: "arn:aws:sqs:us-east-1:111111111111:paid-dead-letters-queue" },
    });
    assert.deepEqual(inputs.targetParameters, {
      stepFunctionStateMachineParameters: { invocationType: "FIRE_AND_FORGET" },
    });
  });

  it("filters, and gives enrichment and target what they are to get", async () => {
    const { resources } = await create(() => {
      const fn = lambda();
      return {
        filters: [or({ eventName: ["INSERT"] }, { dynamodb: { Keys: { id: { S: [suffix("-vip")] } } } })],
        enrichment: { lambda: fn, inputTemplate: { key: pipeValue("$.dynamodb.Keys"), on: true } },
        target: { lambda: fn, inputTemplate: { title: "order <$.id>", list: [pipeValue("aws.pipes.pipe-name"), 1] } },
      };
    });
    const { inputs } = only(resources, PIPE);
    const { filterCriteria } = inputs.sourceParameters as { filterCriteria: { filters: { pattern: string }[] } };
    assert.deepEqual(JSON.parse(filterCriteria.filters[0]?.pattern ?? ""), {
      $or: [{ eventName: ["INSERT"] }, { dynamodb: { Keys: { id: { S: [{ suffix: "-vip" }] } } } }],
    });
    assert.deepEqual(inputs.enrichmentParameters, { inputTemplate: '{"key":<$.dynamodb.Keys>,"on":true}' });
    assert.deepEqual(inputs.targetParameters, {
      lambdaFunctionParameters: { invocationType: "REQUEST_RESPONSE" },
      inputTemplate: '{"title":"order <$.id>","list":[<aws.pipes.pipe-name>,1]}',
    });
  });

  it("may do exactly what its source, enrichment and target need", async () => {
    assert.deepEqual(await permissions(() => ({ enrichment: { stateMachine: machine("EXPRESS") } })), [
      ...["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(
        (action) => `dynamodb:${action} table/orders/stream/2026-01-01T00:00:00.000`,
      ),
      "sqs:SendMessage paid-dead-letters-queue",
      "states:StartSyncExecution stateMachine:express-machine",
      "states:StartExecution stateMachine:standard-machine",
    ]);
    assert.deepEqual(await permissions(() => ({ source: { queue: queue() }, target: { lambda: lambda() } })), [
      "sqs:DeleteMessage work-queue",
      "sqs:GetQueueAttributes work-queue",
      "sqs:ReceiveMessage work-queue",
      "lambda:InvokeFunction function:fn-function",
    ]);
    const stream = () => new aws.kinesis.Stream("records", {});
    const kinesis = await permissions(() => ({
      source: { stream: stream() },
      target: { eventBus: new aws.cloudwatch.EventBus("bus", {}), eventSource: "shop", detailType: "Order" },
    }));
    assert.equal(kinesis.filter((line) => line.startsWith("kinesis:")).length, 5);
    assert.ok(kinesis.some((line) => line.startsWith("events:PutEvents")));
    const api = () => new aws.cloudwatch.EventApiDestination("api", API);
    const enriched = await permissions(() => ({ enrichment: { apiDestination: api() } }));
    assert.deepEqual(
      enriched.filter((line) => line.startsWith("events:")).map((line) => line.split(" ")[0]),
      ["events:InvokeApiDestination"],
    );
  });

  it("waits for an Express machine, and starts a Standard one", async () => {
    const { resources } = await create(() => ({ target: { stateMachine: machine("EXPRESS") } }));
    assert.deepEqual(only(resources, PIPE).inputs.targetParameters, {
      stepFunctionStateMachineParameters: { invocationType: "REQUEST_RESPONSE" },
    });
  });

  it("leaves the failures of a queue to the queue's own dead letters", async () => {
    const { resources } = await create(() => ({ source: { queue: queue() } }));
    assert.ok(!resources.some(({ name }) => name === "paid-dead-letters-queue"));
    assert.deepEqual(only(resources, PIPE).inputs.sourceParameters, {
      sqsQueueParameters: { batchSize: 10, maximumBatchingWindowInSeconds: 0 },
    });
  });

  it("alarms when it fails", async () => {
    const { inputs } = only((await create()).resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "paid-failures");
    assert.deepEqual([inputs.namespace, inputs.metricName], ["AWS/EventBridge/Pipes", "ExecutionFailed"]);
  });

  const fifo = () => new WorkQueue("work", { purpose: "work", fifo: true, visibilityTimeoutSeconds: 30 });
  const wrong: [what: string, args: () => Partial<EventPipeArgs>, message: RegExp][] = [
    ["a pattern", () => ({ filters: [{ eventName: [] }] }), /filters\[0\]\.eventName: received \[\]/],
    ["an operator that pipes lack", () => ({ filters: [{ id: [{ wildcard: "a*" }] }] }), /filters\[0\]/],
    ["six patterns", () => ({ filters: Array.from({ length: 6 }, () => ({ id: ["a"] })) }), /filters: received 6/],
    [
      "a Standard machine as enrichment",
      () => ({ enrichment: { stateMachine: machine() } }),
      /enrichment\.stateMachine: received "STANDARD"; allowed: an Express state machine/,
    ],
    ["a FIFO queue without a group", () => ({ target: { queue: fifo() } }), /target\.messageGroupId: received nothing/],
    [
      "batches of a FIFO queue above ten",
      () => ({ source: { queue: fifo(), batchSize: 11 } }),
      /source\.batchSize: received 11; allowed: at most 10 for a FIFO queue/,
    ],
    [
      "large batches without a window",
      () => ({ source: { queue: queue(), batchSize: 11 } }),
      /source\.batchSize: received 11; allowed: at most 10 without a batching window/,
    ],
    [
      "numbers out of bounds",
      () => ({ source: { table: table(), parallelizationFactor: 11 } }),
      /source\.parallelizationFactor: received 11; .* from 1 to 10/,
    ],
    [
      "a template that would be no JSON",
      () => ({ target: { lambda: lambda(), inputTemplate: pipeValue("$.dynamodb") } }),
      /target\.inputTemplate: received .*; allowed: an object/,
    ],
    ["no target", () => ({ target: {} as EventPipeArgs["target"] }), /target: received \{\}/],
  ];
  for (const [what, args, message] of wrong) {
    it(`refuses ${what}, before anything is deployed`, async () => {
      await assert.rejects(create(args), message);
    });
  }

  it("has templates with paths, and refuses what is none", () => {
    assert.throws(() => pipeValue("$.list[*]"), /is no path of EventBridge Pipes/);
    assert.equal(pipeValue("$.a['b c'].d[0]").path, "$.a['b c'].d[0]");
  });
});
