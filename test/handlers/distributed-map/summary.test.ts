import * as assert from "node:assert/strict";
import { makeHandler } from "../../../handlers/distributed-map/summary";
import { fakeDeps } from "./support";

const results = { bucket: "results", prefix: "runs" };
const mapOutput = { MapRunArn: "arn", ResultWriterDetails: { Bucket: "results", Key: "runs/1/manifest.json" } };

const lines = (values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");
const output = (value: unknown) => ({ Status: "SUCCEEDED", Output: JSON.stringify(value) });

/** The results of a run, with its successes in two files. */
function run(one: readonly unknown[], two: readonly unknown[], failures: readonly object[] = []) {
  const ResultFiles = {
    FAILED: failures.length === 0 ? [] : [{ Key: "runs/1/FAILED_0.jsonl", Size: 1 }],
    PENDING: [],
    SUCCEEDED: [{ Key: "runs/1/SUCCEEDED_0.jsonl" }, { Key: "runs/1/SUCCEEDED_1.jsonl" }],
  };
  return {
    "results/runs/1/manifest.json": JSON.stringify({ DestinationBucket: "results", ResultFiles }),
    "results/runs/1/SUCCEEDED_0.jsonl": lines(one.map(output)),
    "results/runs/1/SUCCEEDED_1.jsonl": lines(two.map(output)),
    "results/runs/1/FAILED_0.jsonl": lines(failures),
  };
}

describe("the summary of a run", () => {
  it("counts pictures, and failures by their error", async () => {
    const counts = (pictures: number) => ({ pictures, bytesBefore: 10 * pictures, bytesAfter: pictures });
    const failures = [{ Error: "BadPictureError" }, { Error: "BadPictureError" }, {}];
    const { deps, text } = fakeDeps(run([counts(1), counts(2)], [counts(4)], failures));
    const answer = await makeHandler({ of: "thumbnails", results }, deps)(mapOutput);
    assert.deepEqual(answer, { bucket: "results", key: "runs/1/summary.json", succeeded: 3, failed: 3 });
    assert.deepEqual(JSON.parse(text("results/runs/1/summary.json")), {
      succeeded: 3,
      failed: 3,
      errors: { BadPictureError: 2, unknown: 1 },
      pictures: 7,
      bytesBefore: 70,
      bytesAfter: 7,
    });
  });

  it("has the hottest day of each station among all batches", async () => {
    const day = (station: string, temperature: number) => ({ station, day: "2022-07-19", temperature });
    const { deps, text } = fakeDeps(run([[day("b", 1), day("a", 2)]], [[day("b", 3)], []]));
    await makeHandler({ of: "hottestDay", results }, deps)(mapOutput);
    const { hottest, succeeded } = JSON.parse(text("results/runs/1/summary.json")) as Record<string, unknown>;
    assert.deepEqual([hottest, succeeded], [[day("a", 2), day("b", 3)], 3]);
  });

  const wrong: [what: string, event: unknown, objects: Record<string, string>, message: RegExp][] = [
    ["another event", {}, {}, /BadItemError: the map's output: ResultWriterDetails/],
    [
      "results of somebody else",
      { ResultWriterDetails: { Bucket: "results", Key: "others/1/manifest.json" } },
      {},
      /BadItemError: .*others\/1\/manifest\.json is not in s3:\/\/results\/runs/,
    ],
    ["no manifest", mapOutput, {}, /NoSuchKey/],
    ["another manifest", mapOutput, { "results/runs/1/manifest.json": "{}" }, /BadItemError: runs\/1\/manifest\.json/],
    ["answers of another item", mapOutput, run([{ no: "counts" }], []), /pictures/],
  ];
  for (const [what, event, objects, message] of wrong) {
    it(`is refused for ${what}`, async () => {
      const { deps, errors } = fakeDeps(objects);
      await assert.rejects(makeHandler({ of: "thumbnails", results }, deps)(event), message);
      assert.equal(errors.length, 1);
    });
  }
});
