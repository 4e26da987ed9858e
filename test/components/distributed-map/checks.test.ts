import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { TaskState } from "../../../components/building-blocks/state-language";
import type { DistributedMapArgs } from "../../../components/distributed-map/args";
import { checkDistributedMap } from "../../../components/distributed-map/checks";
import { distributedMap } from "../../../stacks/patterns/distributed-map";

const GIVEN = "arn:aws:lambda:us-east-1:111111111111:function:resize";
const objects = { bucket: "pictures", prefix: "images/" };
const file = { bucket: "data", key: "2022.csv" };
const fromInput = { bucket: "data", key: { path: "$.detail.object.key", prefix: "in/" } };

const MINIMAL: DistributedMapArgs = {
  source: { objects },
  item: { function: { arn: GIVEN } },
  results: { bucket: "results", prefix: "runs" },
};

const reserved = (reservedConcurrency: number): DistributedMapArgs["item"] => ({
  function: { arn: GIVEN, reservedConcurrency },
});
const lambda = (more: object = {}): DistributedMapArgs["item"] => ({
  lambda: { description: "", callback: () => Promise.resolve(), policies: [], ...more },
});
const task = (state: object): DistributedMapArgs["item"] => ({
  task: { state: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", ...state } as TaskState, policies: [] },
});

describe("the arguments of DistributedMap", () => {
  const right: [what: string, args: Partial<DistributedMapArgs>][] = [
    ["a concurrency below what is reserved", { item: reserved(100), maxConcurrency: 99 }],
    ["a concurrency below the account's quota", { maxConcurrency: 999 }],
    ["any concurrency of a task", { item: task({ End: true }), maxConcurrency: 10_000 }],
    ["a long function of Standard children", { item: lambda({ timeoutSeconds: 900 }), children: "STANDARD" }],
    ["hottest days of JSON lines", { source: { jsonLines: file }, item: { hottestDay: {} } }],
    [
      "a key of the schedule's input",
      { source: { csv: fromInput }, schedule: { expression: "rate(1 day)", input: {} } },
    ],
    ["uploads of what may be read", { source: { csv: fromInput }, onUpload: { prefix: "in/2022/" } }],
    ["results beside the source", { results: { bucket: "pictures", prefix: "image" } }],
    ["results below what starts a run in another bucket", { onUpload: { prefix: "runs/" } }],
  ];
  for (const [what, args] of right) {
    it(`may be ${what}`, () => assert.deepEqual(checkDistributedMap({ ...MINIMAL, ...args }).found(), []));
  }

  const wrong: [what: string, args: object, fault: RegExp][] = [
    [
      "a concurrency as large as what is reserved",
      { item: reserved(100), maxConcurrency: 100 },
      /^maxConcurrency 100 less than the item function's reserved concurrency of 100 .*Lambda's quota of 1000/,
    ],
    ["the default concurrency above what is reserved", { item: reserved(10) }, /^maxConcurrency 40 less than .* 10 /],
    [
      "more than the account's quota",
      { maxConcurrency: 1000 },
      /^maxConcurrency 1000 less than Lambda's quota of 1000/,
    ],
    [
      "more than what thumbnails have",
      { item: { thumbnails: { reservedConcurrency: 40 } } },
      /^maxConcurrency 40 less than .* of 40/,
    ],
    [
      "more than what a callback has",
      { item: lambda({ reservedConcurrency: 5 }) },
      /^maxConcurrency 40 less than .* of 5/,
    ],
    [
      "more than what hottest days have",
      { source: { csv: file }, item: { hottestDay: { reservedConcurrency: 40 } } },
      /^maxConcurrency 40 less than .* of 40/,
    ],
    [
      "an item that outlives an Express child",
      { item: lambda({ timeoutSeconds: 301 }) },
      /^item\.lambda\.timeoutSeconds 301 at most 300/,
    ],
    ["a task that leads elsewhere", { item: task({ Next: "Other" }) }, /^item\.task\.state/],
    ["a task without an end", { item: task({}) }, /^item\.task\.state/],
    [
      "a task that may do anything",
      { item: { task: { state: { ...task({ End: true }) }, policies: [{ actions: ["sqs:*"], resources: ["*"] }] } } },
      /^item\.task\.policies\[0\]\.actions/,
    ],
    ["retries of a task", { item: task({ End: true }), retries: {} }, /^retries .* nothing for a task/],
    ["a batch of any size", { batch: { input: {} } }, /^batch .* items, bytes or both/],
    ["a batch beyond AWS's limit", { batch: { bytes: 262_145 } }, /^batch\.bytes/],
    [
      "thumbnails of rows",
      { source: { csv: file }, item: { thumbnails: {} } },
      /^source csv objects for the item thumb/,
    ],
    ["hottest days of objects", { item: { hottestDay: {} } }, /^source objects csv or jsonLines/],
    [
      "a schedule without the key that the source takes from its input",
      { source: { csv: fromInput }, schedule: { expression: "rate(1 day)" } },
      /^schedule\.input/,
    ],
    [
      "uploads whose key is looked for elsewhere",
      { source: { json: { bucket: "data", key: { path: "$.key", prefix: "in/" } } }, onUpload: { prefix: "in/" } },
      /^source\.json\.key\.path \$\.key \$\.detail\.object\.key/,
    ],
    ["uploads that may not be read", { source: { csv: fromInput }, onUpload: { prefix: "i" } }, /^onUpload\.prefix i /],
    [
      "results that become items",
      { results: { bucket: "pictures", prefix: "images/small" } },
      /^results\.prefix images\/small a folder outside source\.objects\.prefix, images\//,
    ],
    [
      "results that start runs",
      { source: { csv: file }, results: { bucket: "data", prefix: "in/results" }, onUpload: { prefix: "in/" } },
      /^results\.prefix in\/results a folder outside onUpload\.prefix, in\//,
    ],
    ["two sources", { source: { objects, csv: file } }, /^source/],
    ["no bucket's name", { results: { bucket: "s3://results", prefix: "runs" } }, /^results\.bucket/],
    ["a folder that ends in /", { results: { bucket: "results", prefix: "runs/" } }, /^results\.prefix/],
    [
      "a prefix that stands for others",
      { source: { objects: { bucket: "data", prefix: "*" } } },
      /^source\.objects\.pre/,
    ],
    ["an object that is a folder", { source: { json: { bucket: "data", key: "in/" } } }, /^source\.json\.key in\//],
    [
      "a path that is none",
      { source: { json: { bucket: "data", key: { path: "key", prefix: "i" } } } },
      /key\.path key/,
    ],
    ["a function's name in place of its ARN", { item: { function: { arn: "resize" } } }, /^item\.function\.arn resize/],
    ["tolerating more than all", { toleratedFailures: { percentage: 101 } }, /^toleratedFailures\.percentage 101/],
  ];
  for (const [what, args, fault] of wrong) {
    it(`may not be ${what}`, () => {
      const found = checkDistributedMap({ ...MINIMAL, ...args } as DistributedMapArgs).found();
      const texts = found.map(({ path, received, allowed, fix }) => `${path} ${String(received)} ${allowed} ${fix}`);
      assert.ok(
        texts.some((text) => fault.test(text)),
        texts.join("\n"),
      );
    });
  }

  it("may not have results that become items in a bucket that is known later", () => {
    const bucket = pulumi.output("pictures");
    const source = { objects: { bucket, prefix: "images/" } };
    const found = checkDistributedMap({ ...MINIMAL, source, results: { bucket, prefix: "images/small" } }).found();
    assert.deepEqual(
      found.map(({ path }) => path),
      ["results.prefix"],
    );
  });

  it("may be no callback in a stack file", () => {
    const [fault, ...others] = distributedMap.check({ ...MINIMAL, item: lambda() }, undefined);
    assert.deepEqual([fault?.path, others], ["item.lambda", []]);
  });
});
