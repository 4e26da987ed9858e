import * as assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateMapRunCommand,
  type DescribeExecutionOutput,
  type DescribeMapRunOutput,
  type ExecutionListItem,
} from "@aws-sdk/client-sfn";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { createFunction, createQueue, createRole, policy, type Permission } from "../support/functions";
import { given } from "../support/network";

type Json = Record<string, unknown>;

const ACCOUNT = "999999999999";
const BUCKET = "map-data";
const MACHINES = `arn:aws:states:us-east-1:${ACCOUNT}`;
/** A child that fails for items below zero. */
const CHECKED = {
  C: { Type: "Choice", Choices: [{ Variable: "$", NumericLessThan: 0, Next: "F" }], Default: "P" },
  F: { Type: "Fail", Error: "Negative", Cause: "below zero" },
  P: { Type: "Pass", End: true },
};
const PASS = { P: { Type: "Pass", End: true } };
const WAIT = { W: { Type: "Wait", Seconds: 60, End: true } };

const object = (Key: string, ReaderConfig: Json): Json => ({
  ItemReader: { Resource: "arn:aws:states:::s3:getObject", ReaderConfig, Parameters: { Bucket: BUCKET, Key } },
});
const listing = (Prefix: string, ReaderConfig: Json = {}): Json => ({
  ItemReader: { Resource: "arn:aws:states:::s3:listObjectsV2", ReaderConfig, Parameters: { Bucket: BUCKET, Prefix } },
  ItemSelector: { "key.$": "$$.Map.Item.Value.Key" },
});
const writer = { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: BUCKET, Prefix: "results/" } };

/** Everything that a machine of these tests may need. */
const permissions = (machine: string): Record<string, Permission> => ({
  list: {
    Action: "s3:ListBucket",
    Resource: `arn:aws:s3:::${BUCKET}`,
    Condition: { StringLike: { "s3:prefix": "in/*" } },
  },
  read: { Action: "s3:GetObject", Resource: `arn:aws:s3:::${BUCKET}/in/*` },
  write: { Action: "s3:PutObject", Resource: `arn:aws:s3:::${BUCKET}/results/*` },
  start: { Action: "states:StartExecution", Resource: `${MACHINES}:stateMachine:${machine}` },
  redrive: { Action: "states:RedriveExecution", Resource: `${MACHINES}:execution:${machine}/items:*` },
});

/** That Distributed Maps read, batch, tolerate, write, stop and redrive as AWS documents it. */
describe("the local cloud's Distributed Maps", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;
  let sfn: SFNClient;
  let s3: S3Client;
  let machines = 0;

  const put = (Key: string, Body: string | Buffer): Promise<unknown> =>
    s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  const read = async (Key: string): Promise<unknown> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return JSON.parse(await given(Body, "Body").transformToString());
  };

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as(ACCOUNT);
    sfn = new SFNClient(settings);
    s3 = new S3Client({ ...settings, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const LocationConstraint = "eu-west-1";
    await new S3Client({ ...cloud.as(ACCOUNT, LocationConstraint), forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: "map-elsewhere", CreateBucketConfiguration: { LocationConstraint } }),
    );
    for (const key of ["a", "b", "c"]) await put(`in/list/${key}`, key);
    await put("in/rows.csv", 'id,name\n1,"a, b"\n2\n3,c,more\n');
    await put("in/plain.csv", "1;x\n2;y\n");
    await put("in/items.json", "[1,2,3]");
    await put("in/object.json", '{"found":{"items":[4,5]}}');
    await put("in/lines.jsonl", '{"n":1}\n\n{"n":2}\n');
    await put("in/data/1.csv.gz", gzipSync('"map-data","in/list/a","1"\n"map-data","in/list/b","1"\n'));
    const manifest = {
      destinationBucket: `arn:aws:s3:::${BUCKET}`,
      fileFormat: "CSV",
      fileSchema: "Bucket, Key, Size",
      files: [{ key: "in/data/1.csv.gz" }],
    };
    await put("in/manifest.json", JSON.stringify(manifest));
  });
  after(() => cloud.stop());

  const allow = (name: string, granted: Permission[]): Promise<unknown> =>
    new IAMClient(settings).send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: "permissions",
        PolicyDocument: policy(...granted),
      }),
    );
  /** A machine with one Distributed Map, whose role has the machine's name. */
  const machine = async (
    map: Json,
    states: object = CHECKED,
    { kind = "EXPRESS", granted = [] as Permission[], without = "", type = "STANDARD", language = "JSONPath" } = {},
  ): Promise<string> => {
    const name = `m-${++machines}`;
    const all = permissions(name);
    const kept = Object.entries(all).filter(([key]) => key !== without);
    const roleArn = await createRole(settings, name, "states.amazonaws.com", [
      ...kept.map(([, permission]) => permission),
      ...granted,
    ]);
    const ItemProcessor = {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: kind },
      StartAt: Object.keys(states)[0],
      States: states,
    };
    const Items = { Type: "Map", Label: "items", ItemProcessor, End: true, ...map };
    const definition = JSON.stringify({ QueryLanguage: language, StartAt: "Items", States: { Items } });
    await sfn.send(new CreateStateMachineCommand({ name, roleArn, definition, type: type as "STANDARD" }));
    return name;
  };
  const start = async (name: string, input: unknown = {}): Promise<string> => {
    const stateMachineArn = `${MACHINES}:stateMachine:${name}`;
    const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
    return given(started.executionArn, "executionArn");
  };
  const ended = (executionArn: string, seconds = 20): Promise<DescribeExecutionOutput> =>
    until(
      "the execution's end",
      async () => {
        const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        return execution.status !== "RUNNING" && execution;
      },
      seconds * 1000,
    );
  const outcome = async (name: string, input?: unknown, seconds?: number): Promise<unknown> => {
    const { status, output, error, cause } = await ended(await start(name, input), seconds);
    return status === "SUCCEEDED" ? (JSON.parse(given(output, "output")) as unknown) : `${error}: ${cause}`;
  };
  const mapRun = async (executionArn: string): Promise<DescribeMapRunOutput> => {
    const { mapRuns } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    return sfn.send(new DescribeMapRunCommand({ mapRunArn: given(mapRuns?.at(-1)?.mapRunArn, "mapRunArn") }));
  };
  const children = async (mapRunArn: string | undefined): Promise<ExecutionListItem[]> =>
    given((await sfn.send(new ListExecutionsCommand({ mapRunArn }))).executions, "executions");

  describe("read items", () => {
    const csv = { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" };
    const rows = [
      { id: "1", name: "a, b" },
      { id: "2", name: "" },
      { id: "3", name: "c" },
    ];
    const given2 = { CSVHeaderLocation: "GIVEN", CSVHeaders: ["n", "s"], CSVDelimiter: "SEMICOLON" };
    const keys = ["a", "b", "c"].map((key) => ({ key: `in/list/${key}` }));
    const selected = { ItemsPath: "$.all", ItemSelector: { "i.$": "$$.Map.Item.Index", "of.$": "$.n" } };
    const jsonata = { Items: "{% $states.input.all %}", ItemSelector: "{% $states.context.Map.Item.Value * 2 %}" };
    const { ItemReader, ...noSelector } = listing("in/list/");
    const cases: [string, Json, unknown, unknown?, string?][] = [
      ["a list of objects", listing("in/list/"), keys],
      ["the first objects of a list", listing("in/list/", { MaxItems: 2 }), keys.slice(0, 2)],
      ["CSV with its headers", object("in/rows.csv", csv), rows],
      ["as many as a path says", object("in/rows.csv", { ...csv, MaxItemsPath: "$.n" }), rows.slice(0, 1), { n: 1 }],
      [
        "CSV with given headers",
        object("in/plain.csv", { InputType: "CSV", ...given2 }),
        [
          { n: "1", s: "x" },
          { n: "2", s: "y" },
        ],
      ],
      ["a JSON array", object("in/items.json", { InputType: "JSON" }), [1, 2, 3]],
      ["an array in JSON", object("in/object.json", { InputType: "JSON", ItemsPointer: "/found/items" }), [4, 5]],
      ["JSON lines", object("in/lines.jsonl", { InputType: "JSONL" }), [{ n: 1 }, { n: 2 }]],
      [
        "an inventory",
        object("in/manifest.json", { InputType: "MANIFEST" }),
        ["a", "b"].map((key) => ({ Bucket: BUCKET, Key: `in/list/${key}`, Size: "1" })),
      ],
      ["the input", { ItemsPath: "$.all" }, [7, 8], { all: [7, 8] }],
      [
        "what is selected",
        selected,
        [
          { i: 0, of: 5 },
          { i: 1, of: 5 },
        ],
        { all: [7, 8], n: 5 },
      ],
      ["JSONata", jsonata, [14, 16], { all: [7, 8] }, "JSONata"],
    ];
    for (const [what, map, expected, input, language] of cases)
      it(`from ${what}`, async () =>
        assert.deepEqual(await outcome(await machine(map, PASS, { language: language ?? "JSONPath" }), input), expected));
    it("with the metadata of objects", async () => {
      const [first] = (await outcome(await machine({ ItemReader, ...noSelector, ItemSelector: undefined }, PASS))) as [Json];
      assert.deepEqual(Object.keys(first), ["Etag", "Key", "LastModified", "Size", "StorageClass"]);
    });
    const failures: [string, Json, RegExp, unknown?][] = [
      ["no such object", object("in/none", { InputType: "JSON" }), /^States\.ItemReaderFailed: .*404/],
      ["no array", object("in/object.json", { InputType: "JSON" }), /^States\.ItemReaderFailed: .*non-iterable/],
      ["no JSON", object("in/rows.csv", { InputType: "JSON" }), /^States\.ItemReaderFailed: .*Expecting/],
      ["no array in the input", { ItemsPath: "$.n" }, /^States\.Runtime: .*must point to array/, { n: 1 }],
      [
        "a bucket of another region",
        { ItemReader: { ...(ItemReader as Json), Parameters: { Bucket: "map-elsewhere" } } },
        /^States\.ItemReaderFailed: .*eu-west-1/,
      ],
      ["a path to no number", { ItemsPath: "$.all", MaxConcurrencyPath: "$.n" }, /MaxConcurrencyPath/, { all: [], n: "x" }],
    ];
    for (const [what, map, expected, input] of failures)
      it(`but fail with ${what}`, async () =>
        assert.match(String(await outcome(await machine(map, PASS), input)), expected));
  });
});
