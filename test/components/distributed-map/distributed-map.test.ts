import * as assert from "node:assert/strict";
import type { TaskState } from "../../../components/building-blocks/state-language";
import {
  DistributedMap,
  type DistributedMapArgs,
  type MapSource,
} from "../../../components/distributed-map/distributed-map";
import { deploy, ofType, only, type Registered } from "../../support/mocks";
import { permissionsOf } from "../../support/policies";

const FUNCTION = "aws:lambda/function:Function";
const MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:dogs-machine-machine";
const GIVEN = "arn:aws:lambda:us-east-1:111111111111:function:resize";

const MINIMAL: DistributedMapArgs = {
  source: { objects: { bucket: "pictures", prefix: "images/" } },
  item: { function: { arn: GIVEN } },
  results: { bucket: "results", prefix: "runs" },
};

const create = (args: Partial<DistributedMapArgs> = {}) =>
  deploy(() => new DistributedMap("dogs", { ...MINIMAL, ...args }));

interface Map {
  Type: string;
  ItemProcessor: { ProcessorConfig: unknown; States: { Item: Record<string, unknown> } };
  [field: string]: unknown;
}

function statesOf(resources: readonly Registered[]): { Map: Map; Summary?: Record<string, unknown> } {
  const { definition } = only(resources, "aws:sfn/stateMachine:StateMachine").inputs;
  return (JSON.parse(String(definition)) as { States: { Map: Map } }).States;
}

const mapOf = async (args: Partial<DistributedMapArgs>): Promise<Map> => statesOf((await create(args)).resources).Map;

/** What the machine's role may do, without logs and traces; to itself last. */
async function machineMay(args: Partial<DistributedMapArgs>) {
  const { resources } = await create(args);
  const isOwn = (action = ""): number => Number(action.startsWith("states:"));
  return permissionsOf(resources, "dogs-machine-role")
    .sort((a, b) => isOwn(a.Action[0]) - isOwn(b.Action[0]))
    .filter(({ Action }) => !/^(logs|xray):/.test(Action[0] ?? ""))
    .map(({ Action, Resource, Condition }) => [Action, Resource, ...(Condition === undefined ? [] : [Condition])]);
}

const TASK: TaskState = {
  Type: "Task",
  Resource: "arn:aws:states:::sqs:sendMessage",
  Parameters: { "MessageBody.$": "$" },
  End: true,
};

const task = (state: TaskState = TASK): DistributedMapArgs["item"] => ({
  task: { state, policies: [{ actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:111111111111:work"] }] },
});

describe("DistributedMap", () => {
  it("has sensible defaults: 40 Express children, no failures, results as lines, retries with jitter", async () => {
    const { Map } = statesOf((await create()).resources);
    const { ItemProcessor, ...rest } = Map;
    assert.deepEqual(rest, {
      Type: "Map",
      Label: "items",
      ItemReader: {
        Resource: "arn:aws:states:::s3:listObjectsV2",
        Parameters: { Bucket: "pictures", Prefix: "images/" },
      },
      MaxConcurrency: 40,
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Parameters: { Bucket: "results", Prefix: "runs" },
        WriterConfig: { OutputType: "JSONL", Transformation: "NONE" },
      },
      End: true,
    });
    assert.deepEqual(ItemProcessor.ProcessorConfig, { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" });
    const { Retry, ...item } = ItemProcessor.States.Item;
    assert.deepEqual(item, {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: GIVEN, "Payload.$": "$" },
      OutputPath: "$.Payload",
      End: true,
    });
    const [{ ErrorEquals, ...retry }] = Retry as [{ ErrorEquals: string[] }];
    assert.ok(ErrorEquals.includes("Lambda.TooManyRequestsException"));
    assert.deepEqual(retry, {
      IntervalSeconds: 2,
      MaxAttempts: 6,
      BackoffRate: 2,
      MaxDelaySeconds: 60,
      JitterStrategy: "FULL",
    });
  });

  it("takes what is given over the defaults", async () => {
    const map = await mapOf({
      children: "STANDARD",
      maxConcurrency: 7,
      batch: { items: 10, bytes: 1000, input: { day: "today" } },
      toleratedFailures: { count: 3, percentage: 5 },
      retries: { attempts: 1, intervalSeconds: 3, backoffRate: 1.5, maxDelaySeconds: 4 },
    });
    assert.deepEqual(map.ItemProcessor.ProcessorConfig, { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" });
    assert.deepEqual(
      [map.MaxConcurrency, map.ItemBatcher, map.ToleratedFailureCount, map.ToleratedFailurePercentage],
      [7, { MaxItemsPerBatch: 10, MaxInputBytesPerBatch: 1000, BatchInput: { day: "today" } }, 3, 5],
    );
    const [{ ErrorEquals: _, ...retry }] = map.ItemProcessor.States.Item.Retry as [{ ErrorEquals: string[] }];
    assert.deepEqual(retry, {
      IntervalSeconds: 3,
      MaxAttempts: 1,
      BackoffRate: 1.5,
      MaxDelaySeconds: 4,
      JitterStrategy: "FULL",
    });
  });

  const file = { bucket: "data", key: "2022/all.txt" };
  const getObject = "arn:aws:states:::s3:getObject";
  const parameters = { Bucket: "data", Key: "2022/all.txt" };
  const sources: [source: MapSource, reader: object, readable: unknown[]][] = [
    [
      { objects: { bucket: "data", prefix: "in/", maxItems: 5 } },
      {
        Resource: "arn:aws:states:::s3:listObjectsV2",
        ReaderConfig: { MaxItems: 5 },
        Parameters: { Bucket: "data", Prefix: "in/" },
      },
      [["s3:ListBucket"], ["arn:aws:s3:::data"], { StringEquals: { "s3:prefix": ["in/"] } }],
    ],
    [
      { csv: file },
      {
        Resource: getObject,
        ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW", CSVDelimiter: "COMMA" },
        Parameters: parameters,
      },
      [["s3:GetObject"], ["arn:aws:s3:::data/2022/all.txt"]],
    ],
    [
      {
        csv: {
          bucket: "data",
          key: { path: "$.file", prefix: "in/" },
          headers: ["a", "b"],
          delimiter: "TAB",
          maxItems: 9,
        },
      },
      {
        Resource: getObject,
        ReaderConfig: {
          InputType: "CSV",
          CSVHeaderLocation: "GIVEN",
          CSVHeaders: ["a", "b"],
          CSVDelimiter: "TAB",
          MaxItems: 9,
        },
        Parameters: { Bucket: "data", "Key.$": "$.file" },
      },
      [["s3:GetObject"], ["arn:aws:s3:::data/in/*"]],
    ],
    [
      { json: file },
      { Resource: getObject, ReaderConfig: { InputType: "JSON" }, Parameters: parameters },
      [["s3:GetObject"], ["arn:aws:s3:::data/2022/all.txt"]],
    ],
    [
      { jsonLines: file },
      { Resource: getObject, ReaderConfig: { InputType: "JSONL" }, Parameters: parameters },
      [["s3:GetObject"], ["arn:aws:s3:::data/2022/all.txt"]],
    ],
    [
      { inventory: { bucket: "data", key: "inv/all/2026-11-01T01-00Z/manifest.json" } },
      {
        Resource: getObject,
        ReaderConfig: { InputType: "MANIFEST" },
        Parameters: { Bucket: "data", Key: "inv/all/2026-11-01T01-00Z/manifest.json" },
      },
      [
        ["s3:GetObject"],
        ["arn:aws:s3:::data/inv/all/2026-11-01T01-00Z/manifest.json", "arn:aws:s3:::data/inv/all/data/*"],
      ],
    ],
  ];
  for (const [source, reader, readable] of sources) {
    it(`reads ${JSON.stringify(source)}, and may read nothing else`, async () => {
      assert.deepEqual((await mapOf({ source })).ItemReader, reader);
      assert.deepEqual((await machineMay({ source }))[0], readable);
    });
  }

  it("may write results, invoke the function, and start, watch and redrive its own children", async () => {
    assert.deepEqual((await machineMay({})).slice(1), [
      [
        ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
        ["arn:aws:s3:::results/runs/*"],
      ],
      [["lambda:InvokeFunction"], [GIVEN]],
      [["states:StartExecution"], [MACHINE]],
      [
        ["states:DescribeExecution", "states:StopExecution"],
        ["execution:dogs-machine-machine:*", "execution:dogs-machine-machine/items:*"].map(
          (name) => `arn:aws:states:us-east-1:111111111111:${name}`,
        ),
      ],
      [["states:RedriveExecution"], ["arn:aws:states:us-east-1:111111111111:execution:dogs-machine-machine/items:*"]],
    ]);
  });

  it("has its own callback for an item, with the memory and the permissions that are given", async () => {
    const policies = [{ actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:us-east-1:111111111111:work"] }];
    const callback = (event: unknown): Promise<unknown> => Promise.resolve(event);
    const item = { lambda: { description: "Passes on", callback, policies, reservedConcurrency: 50 } };
    const { resources } = await create({ item, tags: { team: "edge" } });
    const { inputs } = only(resources, FUNCTION);
    assert.deepEqual([inputs.reservedConcurrentExecutions, inputs.tags], [50, { team: "edge" }]);
    assert.match(JSON.stringify(statesOf(resources).Map), /function:dogs-item-function/);
    assert.equal(statesOf(resources).Summary, undefined);
  });

  it("calls a service without a function, with its permissions and its state as it is", async () => {
    const { resources } = await create({ item: task(), maxConcurrency: 5000 });
    assert.deepEqual(statesOf(resources).Map.ItemProcessor.States.Item, TASK);
    assert.deepEqual(ofType(resources, FUNCTION), []);
    const may = await machineMay({ item: task() });
    assert.deepEqual(may[2], [["sqs:SendMessage"], ["arn:aws:sqs:us-east-1:111111111111:work"]]);
    const { dashboardBody } = only(resources, "aws:cloudwatch/dashboard:Dashboard").inputs;
    assert.doesNotMatch(String(dashboardBody), /AWS\/Lambda/);
  });

  it("makes thumbnails, and a summary after the map", async () => {
    const { resources } = await create({ item: { thumbnails: { width: 64, reservedConcurrency: 100 } } });
    const { Map, Summary } = statesOf(resources);
    assert.match(JSON.stringify(Map.ItemProcessor), /dogs-thumbnails-function/);
    assert.equal(Map.Next, "Summary");
    assert.match(JSON.stringify(Summary), /dogs-summary-function/);
    const own = (role: string) =>
      permissionsOf(resources, `dogs-${role}-role`)
        .filter(({ Action }) => Action.some((action) => action.startsWith("s3:")))
        .map(({ Action, Resource }) => [Action, Resource]);
    assert.deepEqual(own("thumbnails"), [
      [["s3:GetObject"], ["arn:aws:s3:::pictures/images/*"]],
      [["s3:PutObject"], ["arn:aws:s3:::results/runs/thumbnails/*"]],
    ]);
    assert.deepEqual(own("summary"), [[["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::results/runs/*"]]]);
  });

  it("finds hottest days in batches of 1,000 rows, or as asked for", async () => {
    const hot = { source: { csv: file }, item: { hottestDay: { station: "id" } } };
    assert.deepEqual((await mapOf(hot)).ItemBatcher, { MaxItemsPerBatch: 1000 });
    assert.deepEqual((await mapOf({ ...hot, batch: { bytes: 5 } })).ItemBatcher, { MaxInputBytesPerBatch: 5 });
  });

  it("shows runs and the item's function on a dashboard, and alarms when a run fails", async () => {
    const topic = "arn:aws:sns:us-east-1:111111111111:alerts";
    const { resources } = await create({ alarmTopicArns: [topic], item: { function: { arn: `${GIVEN}:live` } } });
    const { dashboardName, dashboardBody } = only(resources, "aws:cloudwatch/dashboard:Dashboard").inputs;
    assert.equal(dashboardName, "aws-patterns_test_dogs-runs");
    for (const text of [MACHINE, '"FunctionName","resize"', "Throttles", '"region":"us-east-1"']) {
      assert.ok(String(dashboardBody).includes(text), text);
    }
    const failed = only(resources, "aws:cloudwatch/metricAlarm:MetricAlarm", "-failed").inputs;
    assert.deepEqual([failed.metricName, failed.alarmActions], ["ExecutionsFailed", [topic]]);
  });

  it("refuses buckets in another region, by their places among the arguments", async () => {
    const elsewhere = "data-in-eu-west-1";
    await assert.rejects(
      create({ source: { json: { bucket: elsewhere, key: "a" } } }),
      /source\.json\.bucket: received data-in-eu-west-1, a bucket in eu-west-1; allowed: a bucket in us-east-1/,
    );
    await assert.rejects(create({ results: { bucket: elsewhere, prefix: "a" } }), /results\.bucket: received/);
    await assert.rejects(
      create({ results: { bucket: "data-missing", prefix: "a" } }),
      /results\.bucket: received data-missing, which AWS does not show/,
    );
  });
});
