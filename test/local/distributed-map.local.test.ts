import * as assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as sf from "@aws-sdk/client-sfn";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { createFunction, createQueue, createRole, policy, type Permission } from "../support/functions";
import { given } from "../support/network";

type Json = Record<string, unknown>;
type Options = { type?: sf.StateMachineType } & Partial<Record<"kind" | "language" | "without", string>>;

const ACCOUNT = "999999999999";
const BUCKET = "map-data";
const STATES = `arn:aws:states:us-east-1:${ACCOUNT}`;
const PASS = { P: { Type: "Pass", End: true } };
const WAIT = { W: { Type: "Wait", Seconds: 60, End: true } };
const NEGATIVE = { Variable: "$", NumericLessThan: 0, Next: "F" };
/** A child that fails for items below zero. */
const CHECK = { C: { Type: "Choice", Choices: [NEGATIVE], Default: "P" }, F: { Type: "Fail", Error: "Low" }, ...PASS };
const WRITER = { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: BUCKET, Prefix: "results/" } };
const CSV = { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" };
const JSON_ARRAY = { InputType: "JSON" };
const EXCEEDED = "States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded";

const object = (name: string, ReaderConfig: Json) => {
  const Parameters = { Bucket: BUCKET, Key: `in/${name}` };
  return { ItemReader: { Resource: "arn:aws:states:::s3:getObject", ReaderConfig, Parameters } };
};
const listing = (Prefix: string, ReaderConfig: Json = {}) => ({
  ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2", ReaderConfig, Parameters: { Bucket: BUCKET, Prefix } },
  ItemSelector: { "key.$": "$$.Map.Item.Value.Key" },
});

const S3 = `arn:aws:s3:::${BUCKET}`;
const UNDER_IN = { StringLike: { "s3:prefix": "in/*" } };
/** Everything that Step Functions needs for a map labelled "items". */
const permissions = (machine: string): Record<string, Permission> => ({
  list: { Action: "s3:ListBucket", Resource: S3, Condition: UNDER_IN },
  read: { Action: "s3:GetObject", Resource: `${S3}/in/*` },
  write: { Action: "s3:PutObject", Resource: `${S3}/results/*` },
  start: { Action: "states:StartExecution", Resource: `${STATES}:stateMachine:${machine}` },
  redrive: { Action: "states:RedriveExecution", Resource: `${STATES}:execution:${machine}/items:*` },
});

/** That Distributed Maps read, batch, tolerate, write, stop and redrive as AWS documents it. */
describe("the local cloud's Distributed Maps", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;
  let sfn: sf.SFNClient;
  let s3: S3Client;
  let machines = 0;

  const put = (name: string, Body: string | Buffer): Promise<unknown> =>
    s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `in/${name}`, Body }));
  const read = async (Key: string): Promise<unknown> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return JSON.parse(await given(Body, "Body").transformToString());
  };

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as(ACCOUNT);
    sfn = new sf.SFNClient(settings);
    s3 = new S3Client({ ...settings, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const LocationConstraint = "eu-west-1";
    await new S3Client({ ...cloud.as(ACCOUNT, LocationConstraint), forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: "map-elsewhere", CreateBucketConfiguration: { LocationConstraint } }),
    );
    const files = {
      "list/a": "a",
      "list/b": "b",
      "rows.csv": 'id,s\n1,"a, b"\n2\n3,c,more\n',
      "plain.csv": "1;x\n2;y\n",
      "items.json": "[1,2,3]",
      "object.json": '{"found":{"items":[4,5]}}',
      "lines.jsonl": '{"n":1}\n\n{"n":2}\n',
      "1.csv.gz": gzipSync('"b","k","1"\n'),
      "manifest.json": `{"destinationBucket":"${S3}","fileFormat":"CSV","fileSchema":"Bucket, Key, Size",
        "files":[{"key":"in/1.csv.gz"}]}`,
    };
    for (const [name, body] of Object.entries(files)) await put(name, body);
  });
  after(() => cloud.stop());

  const allow = (RoleName: string, ...granted: Permission[]): Promise<unknown> => {
    const named = { RoleName, PolicyName: "permissions", PolicyDocument: policy(...granted) };
    return new IAMClient(settings).send(new PutRolePolicyCommand(named));
  };
  /** A machine with one Distributed Map; its role has its name. */
  const machine = async (map: Json, states: object = PASS, more: Options = {}): Promise<string> => {
    const name = `m-${++machines}`;
    const { [more.without ?? ""]: _without, ...kept } = permissions(name);
    const roleArn = await createRole(settings, name, "states.amazonaws.com", Object.values(kept));
    const ProcessorConfig = { Mode: "DISTRIBUTED", ExecutionType: more.kind ?? "EXPRESS" };
    const ItemProcessor = { ProcessorConfig, StartAt: Object.keys(states)[0], States: states };
    const States = { Items: { Type: "Map", Label: "items", ItemProcessor, End: true, ...map } };
    const definition = JSON.stringify({ QueryLanguage: more.language, StartAt: "Items", States });
    await sfn.send(new sf.CreateStateMachineCommand({ name, roleArn, definition, type: more.type }));
    return name;
  };
  const start = async (name: string, input: unknown): Promise<string> => {
    const request = { stateMachineArn: `${STATES}:stateMachine:${name}`, input: JSON.stringify(input) };
    return given((await sfn.send(new sf.StartExecutionCommand(request))).executionArn, "executionArn");
  };
  const ended = (executionArn: string): Promise<sf.DescribeExecutionOutput> => {
    const probe = async (): Promise<sf.DescribeExecutionOutput | false> => {
      const execution = await sfn.send(new sf.DescribeExecutionCommand({ executionArn }));
      return execution.status !== "RUNNING" && execution;
    };
    return until("the execution's end", probe, 60_000);
  };
  const outcome = async (name: string, input: unknown = {}): Promise<unknown> => {
    const { status, output = "", error, cause } = await ended(await start(name, input));
    return status === "SUCCEEDED" ? (JSON.parse(output) as unknown) : `${error}: ${cause}`;
  };
  const redrive = (executionArn: string, clientToken?: string): Promise<sf.RedriveExecutionOutput> =>
    sfn.send(new sf.RedriveExecutionCommand({ executionArn, clientToken }));
  const mapRuns = async (executionArn: string): Promise<sf.DescribeMapRunOutput[]> => {
    const { mapRuns: runs = [] } = await sfn.send(new sf.ListMapRunsCommand({ executionArn }));
    return Promise.all(runs.map(({ mapRunArn }) => sfn.send(new sf.DescribeMapRunCommand({ mapRunArn }))));
  };

  const { ItemReader } = listing("in/list/", { MaxItems: 1 });
  const elsewhere = { ...ItemReader, Parameters: { Bucket: "map-elsewhere" } };
  const plain = { ...CSV, CSVHeaderLocation: "GIVEN", CSVHeaders: ["n"], CSVDelimiter: "SEMICOLON" };
  const selected = { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "n.$": "$.n" };
  const twice = "{% $states.context.Map.Item.Value * 2 %}";
  const sources: [string, Json, string | RegExp, Options?][] = [
    ["a list of objects", listing("in/list/"), '[{"key":"in/list/a"},{"key":"in/list/b"}]'],
    ["what a list says", { ItemReader }, /"Etag":.*,"Key":"in\/list\/a","LastModified":\d+,"Size":1,"StorageClass":/],
    ["as many as a path says", listing("in/list/", { MaxItemsPath: "$.n" }), '[{"key":"in/list/a"}]'],
    ["CSV with its headers", object("rows.csv", CSV), '[{"id":"1","s":"a, b"},{"id":"2","s":""},{"id":"3","s":"c"}]'],
    ["CSV with given headers", object("plain.csv", plain), '[{"n":"1"},{"n":"2"}]'],
    ["a JSON array", object("items.json", JSON_ARRAY), "[1,2,3]"],
    ["an array in JSON", object("object.json", { ...JSON_ARRAY, ItemsPointer: "/found/items" }), "[4,5]"],
    ["JSON lines", object("lines.jsonl", { InputType: "JSONL" }), '[{"n":1},{"n":2}]'],
    ["an inventory", object("manifest.json", { InputType: "MANIFEST" }), '[{"Bucket":"b","Key":"k","Size":"1"}]'],
    ["the input", { ItemsPath: "$.all" }, "[7,8]"],
    ["a selection", { ItemsPath: "$.all", ItemSelector: selected }, '[{"i":0,"v":7,"n":1},{"i":1,"v":8,"n":1}]'],
    ["JSONata", { Items: "{% $states.input.all %}", ItemSelector: twice }, "[14,16]", { language: "JSONata" }],
    ["no object", object("none", JSON_ARRAY), /^"States\.ItemReaderFailed: .*404/],
    ["no array", object("object.json", JSON_ARRAY), /^"States\.ItemReaderFailed: .*non-iterable/],
    ["no JSON", object("rows.csv", JSON_ARRAY), /^"States\.ItemReaderFailed: in\/rows\.csv cannot be read/],
    ["a bucket of another region", { ItemReader: elsewhere }, /^"States\.ItemReaderFailed: .*eu-west-1/],
    ["no array in the input", { ItemsPath: "$.n" }, /^"States\.Runtime: .*must point to array/],
    ["a path to no number", { MaxConcurrencyPath: "$.all" }, /^"States\.Runtime: MaxConcurrencyPath/],
  ];
  for (const [what, map, expected, more] of sources)
    it(`read ${what}`, async () => {
      const found = JSON.stringify(await outcome(await machine(map, PASS, more), { all: [7, 8], n: 1 }));
      assert.ok(typeof expected === "string" ? found === expected : expected.test(found), found);
    });

  it("make batches by number and by bytes", async () => {
    const bytes = '{"BatchInput":{"of":9},"Items":[1,2]}'.length;
    const input = { all: [1, 2, 3, 4, 5], of: 9, most: 3, bytes: bytes - 1 };
    const cases: [Json, string][] = [
      [{ MaxItemsPerBatch: 2 }, "[[1,2],[3,4],[5]]"],
      [{ MaxItemsPerBatchPath: "$.most" }, "[[1,2,3],[4,5]]"],
      [{ MaxInputBytesPerBatch: bytes }, "[[1,2],[3,4],[5]]"],
      [{ MaxItemsPerBatch: 4, MaxInputBytesPerBatchPath: "$.bytes" }, "[[1],[2],[3],[4],[5]]"],
    ];
    for (const [limits, expected] of cases) {
      const map = { ItemsPath: "$.all", ItemBatcher: { ...limits, BatchInput: { "of.$": "$.of" } } };
      const batches = (await outcome(await machine(map), input)) as Json[];
      for (const { BatchInput } of batches) assert.deepEqual(BatchInput, { of: 9 });
      assert.equal(JSON.stringify(batches.map(({ Items }) => Items)), expected);
    }
  });

  it("tolerate as many failures as they say", async () => {
    const cases: [Json, unknown][] = [
      [{}, EXCEEDED],
      [{ ToleratedFailureCount: 1 }, EXCEEDED],
      [{ ToleratedFailureCount: 2 }, [1, 2]],
      [{ ToleratedFailureCountPath: "$.two" }, [1, 2]],
      [{ ToleratedFailurePercentage: 49 }, EXCEEDED],
      [{ ToleratedFailurePercentage: 50 }, [1, 2]],
      [{ ToleratedFailurePercentagePath: "$.two" }, EXCEEDED],
      [{ ToleratedFailurePercentage: 100, ToleratedFailureCount: 1 }, EXCEEDED],
    ];
    for (const [map, expected] of cases)
      for (const kind of ["EXPRESS", "STANDARD"]) {
        const name = await machine({ ItemsPath: "$.all", ...map }, CHECK, { kind });
        assert.deepEqual(await outcome(name, { all: [1, -1, 2, -2], two: 2 }), expected, JSON.stringify(map));
      }
  });

  for (const kind of ["EXPRESS", "STANDARD"])
    it(`write the results of ${kind} children, and redrive those that did not succeed`, async () => {
      const queue = await createQueue(settings, `sent-${kind}`);
      const Parameters = { QueueUrl: queue.url, "MessageBody.$": "States.Format('{}', $)" };
      const Retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1, MaxAttempts: 1 }];
      const Resource = "arn:aws:states:::sqs:sendMessage";
      const send = { Type: "Task", Resource, Parameters, Retry, ResultPath: null, End: true };
      const map = { ItemsPath: "$", MaxConcurrency: 1, ToleratedFailureCount: 1, ResultWriter: WRITER };
      const name = await machine(map, { ...CHECK, F: send }, { kind });
      const executionArn = await start(name, [1, -2, 3, -4, 5]);
      const failed = await ended(executionArn);
      assert.equal(`${failed.error}: ${failed.cause}`, EXCEEDED);
      assert.deepEqual([failed.redriveStatus, failed.redriveCount, failed.output], ["REDRIVABLE", 0, undefined]);
      const run = given((await mapRuns(executionArn))[0], "Map Run");
      const [, id = ""] = /^(?:[^:]+:){5}mapRun:[^:]+\/items:(.+)$/.exec(run.mapRunArn ?? "") ?? [];
      const none = { pending: 0, running: 0, timedOut: 0, aborted: 0, failuresNotRedrivable: 0, pendingRedrive: 0 };
      assert.equal(run.status, "FAILED");
      assert.deepEqual(run.itemCounts, { ...none, pending: 1, succeeded: 2, failed: 2, total: 5, resultsWritten: 4 });
      const keysIn = async (Key: string): Promise<string[]> => {
        const { ResultFiles } = (await read(Key)) as { ResultFiles: Record<string, { Key: string }[]> };
        return Object.values(ResultFiles).flatMap((files) => files.map((entry) => entry.Key));
      };
      const file = (status: string, folder = id): string => `results/${folder}/${status}_0.json`;
      const all = ["FAILED", "PENDING", "SUCCEEDED"].map((status) => file(status));
      assert.deepEqual(await keysIn(`results/${id}/manifest.json`), all);
      const pending = { Input: "5", InputDetails: { Included: true }, Status: "PENDING" };
      assert.deepEqual(await read(file("PENDING")), [pending]);
      const [first = {}] = (await read(file("SUCCEEDED"))) as Json[];
      assert.deepEqual([first["Status"], first["Output"]], ["SUCCEEDED", "1"]);
      const [broken = {}] = (await read(file("FAILED"))) as Json[];
      assert.equal([broken["Status"], broken["Input"], broken["Error"]].join(), "FAILED,-2,SQS.AmazonSQSException");
      const child = String(broken["ExecutionArn"]);
      assert.match(child, new RegExp(`:${kind === "EXPRESS" ? "express" : "execution"}:${name}/items:${id}_0`));
      assert.equal((await ended(child)).mapRunArn, run.mapRunArn);
      const happened = async (of: string): Promise<string[]> => {
        const { events = [] } = await sfn.send(new sf.GetExecutionHistoryCommand({ executionArn: of }));
        return events.map(({ type = "" }) => type as string);
      };
      assert.equal((await happened(child)).filter((type) => type === "TaskFailed").length, 2);

      await allow(name, ...Object.values(permissions(name)), { Action: "sqs:SendMessage", Resource: queue.arn });
      const { redriveDate } = await redrive(executionArn, "once");
      assert.deepEqual((await redrive(executionArn, "once")).redriveDate, redriveDate);
      const { status, output = "", redriveCount } = await ended(executionArn);
      assert.deepEqual([status, redriveCount], ["SUCCEEDED", 1]);
      const Key = `results/${id}/Redrive-1/manifest.json`;
      assert.deepEqual(JSON.parse(output), { MapRunArn: run.mapRunArn, ResultWriterDetails: { Bucket: BUCKET, Key } });
      assert.equal((await queue.take(2)).map(({ Body }) => Body).join(), "-2,-4");
      const [redriven] = await mapRuns(executionArn);
      assert.deepEqual([redriven?.mapRunArn, redriven?.redriveCount], [run.mapRunArn, 1]);
      assert.deepEqual(redriven?.itemCounts, { ...none, failed: 0, succeeded: 5, total: 5, resultsWritten: 5 });
      assert.deepEqual(await keysIn(Key), [file("SUCCEEDED"), file("SUCCEEDED", `${id}/Redrive-1`)]);
      const order = ["MapRunStarted", "MapRunFailed", "ExecutionFailed", "ExecutionRedriven", "MapRunRedriven"];
      const types = await happened(executionArn);
      assert.equal(types.filter((type) => order.includes(type)).join(), order.join());
      const refused = { name: "ExecutionNotRedrivable", message: "Execution is SUCCEEDED and cannot be redriven" };
      await assert.rejects(redrive(executionArn), refused);
    });

  it("stop with their parent, and go on when it is redriven", async () => {
    const executionArn = await start(await machine({ ItemsPath: "$", MaxConcurrency: 2 }, WAIT), [1, 2, 3]);
    const running = (count: number): Promise<sf.DescribeMapRunOutput> =>
      until(`${count} children`, async () => {
        const [run] = await mapRuns(executionArn);
        return run?.executionCounts?.running === count && run;
      });
    const { mapRunArn } = await running(2);
    await assert.rejects(redrive(executionArn), /Execution is RUNNING and cannot be redriven/);
    await sfn.send(new sf.UpdateMapRunCommand({ mapRunArn, maxConcurrency: 3 }));
    await running(3);
    await sfn.send(new sf.StopExecutionCommand({ executionArn }));
    const [stopped] = await mapRuns(executionArn);
    assert.deepEqual([stopped?.status, stopped?.executionCounts?.aborted], ["ABORTED", 3]);
    const { executions = [] } = await sfn.send(new sf.ListExecutionsCommand({ mapRunArn, statusFilter: "ABORTED" }));
    assert.equal(executions.length, 3);
    await redrive(executionArn);
    assert.equal((await running(3)).mapRunArn, mapRunArn);
    await sfn.send(new sf.StopExecutionCommand({ executionArn }));
  });

  it("do only what the machine's role may", async () => {
    const cases: [string, Json, RegExp][] = [
      ["list", listing("in/list/"), /^States\.ItemReaderFailed: .*s3:ListBucket/],
      ["nothing", listing("results/"), /^States\.ItemReaderFailed: .*s3:ListBucket/],
      ["read", object("items.json", JSON_ARRAY), /^States\.ItemReaderFailed: .*s3:GetObject/],
      ["write", { ...listing("in/list/"), ResultWriter: WRITER }, /^States\.ResultWriterFailed: .*s3:PutObject/],
      ["start", listing("in/list/"), /^States\.Permissions: .*states:StartExecution on resource: .*:stateMachine:m-/],
    ];
    for (const [without, map, expected] of cases)
      assert.match(String(await outcome(await machine(map, PASS, { without }))), expected);
    // Redriven with everything, the first starts a Map Run at last; the second lacks what its children need.
    const again: [string, Json, number, RegExp][] = [
      ["list", listing("in/list/"), 2, /^undefined$/],
      ["redrive", { ItemsPath: "$" }, 1, /states:RedriveExecution on resource: .*:execution:m-\d+\/items:/],
    ];
    for (const [without, map, runs, expected] of again) {
      const name = await machine(map, map["ItemReader"] ? PASS : CHECK, { without });
      const executionArn = await start(name, [-1]);
      await ended(executionArn);
      if (without === "list") await allow(name, ...Object.values(permissions(name)));
      await redrive(executionArn);
      assert.match(String((await ended(executionArn)).cause), expected);
      assert.equal((await mapRuns(executionArn)).length, runs);
    }
  });

  it("fail with a result of more than 256 KiB, unless it is written", async () => {
    const large = { P: { ...PASS.P, Parameters: { "text.$": "States.Format('{}{}', $, $)" } } };
    const input = Array<string>(12).fill("x".repeat(15_000));
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Items" }];
    const found = String(await outcome(await machine({ ItemsPath: "$", Catch }, large), input));
    assert.match(found, /^States\.DataLimitExceeded: The state\/task 'Items' returned a result/);
    const written = await outcome(await machine({ ItemsPath: "$", ResultWriter: WRITER }, large), input);
    assert.ok((written as Json)["ResultWriterDetails"]);
  });

  it("are refused where AWS refuses them", async () => {
    const cases: [Json, RegExp, Options?][] = [
      [{ MaxConcurrency: -1 }, /at \/States\/Items\/MaxConcurrency/],
      [{ ToleratedFailurePercentage: 101 }, /ToleratedFailurePercentage/],
      [{ MaxConcurrency: 1, MaxConcurrencyPath: "$.n" }, /cannot be used together/],
      [{ ItemBatcher: {} }, /MaxItemsPerBatch or MaxInputBytesPerBatch/],
      [{ ItemBatcher: { MaxInputBytesPerBatch: 262_145 } }, /MaxInputBytesPerBatch/],
      [{ ResultWriter: {} }, /ResultWriter/],
      [{ Label: "a/b" }, /Label/],
      [object("rows.csv", { ...CSV, CSVHeaderLocation: "GIVEN" }), /CSVHeaders/],
      [object("rows.csv", { InputType: "XML" }), /InputType/],
      [{}, /EXPRESS state machines/, { type: "EXPRESS" }],
      [{}, /ExecutionType/, { kind: "SOMETIMES" }],
    ];
    for (const [map, message, more] of cases)
      await assert.rejects(machine(map, PASS, more), { name: "InvalidDefinition", message });
  });

  it("call functions for a thousand objects and ten thousand rows", async () => {
    const role = await createRole(settings, "fn", "lambda.amazonaws.com", []);
    const code = "exports.handler = async (event) => (event.Items ?? event.key).length;";
    const arn = await createFunction(settings, "item", role, code, { Timeout: 30 });
    const Parameters = { FunctionName: arn, "Payload.$": "$" };
    const Resource = "arn:aws:states:::lambda:invoke";
    const invoke = { Type: "Task", Resource, Parameters, OutputPath: "$.Payload", End: true };
    const call = async (map: Json): Promise<unknown> => {
      const name = await machine({ MaxConcurrency: 40, ...map }, { T: invoke });
      await allow(name, ...Object.values(permissions(name)), { Action: "lambda:InvokeFunction", Resource: arn });
      return outcome(name);
    };
    const names = Array.from({ length: 1_050 }, (_, n) => `many/${1000 + n}`);
    for (let n = 0; n < names.length; n += 50) await Promise.all(names.slice(n, n + 50).map((name) => put(name, "x")));
    assert.deepEqual(await call(listing("in/many/")), Array(1_050).fill("in/many/1000".length));
    await put("10000.csv", `n\n${Array.from({ length: 10_000 }, (_, n) => n).join("\n")}\n`);
    const batched = { ...object("10000.csv", CSV), ItemBatcher: { MaxItemsPerBatch: 100 } };
    assert.deepEqual(await call(batched), Array(100).fill(100));
  }).timeout(150_000);
});
