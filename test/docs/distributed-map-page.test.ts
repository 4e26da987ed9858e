/** What the page of distributed-map says is what the component does. */
import * as assert from "node:assert/strict";
import { distributed, inline, looping } from "../../bench/distributed-map/prices";
import { DistributedMap, type DistributedMapArgs } from "../../components/distributed-map/distributed-map";
import { deploy, type Registered } from "../support/mocks";
import type { Statement } from "../support/policies";
import { countsOf, countsTold, permissionsGiven, permissionsTold } from "./claims";
import { blocks, read, rows, section } from "./markdown";

const page = read("docs/distributed-map.md");

const EXAMPLE: DistributedMapArgs = {
  source: { objects: { bucket: "example-pictures", prefix: "images/" } },
  item: { thumbnails: { width: 200 } },
  results: { bucket: "example-pictures", prefix: "small" },
};

/** What the page calls the resources that policies name. */
const RESOURCES: readonly [RegExp, string][] = [
  [/^arn:aws:s3:::example-pictures$/, "source, the prefix"],
  [/^arn:aws:s3:::example-pictures\/images\/\*$/, "pictures"],
  [/^arn:aws:s3:::example-pictures\/small\/thumbnails\/\*$/, "thumbnails"],
  [/^arn:aws:s3:::example-pictures\/small\/\*$/, "results"],
  [/:function:dogs-thumbnails-function$/, "function"],
  [/:function:dogs-summary-function$/, "summary"],
  [/:stateMachine:dogs-machine-machine$/, "itself"],
  [/:execution:dogs-machine-machine:\*$/, "its executions"],
  [/:execution:dogs-machine-machine\/items:\*$/, "its children"],
];

function calledOnPage(arn: string, { Action }: Statement): string {
  if (Action.some((action) => /^(logs|xray):/.test(action))) return "logs and traces";
  const name = RESOURCES.find(([pattern]) => pattern.test(arn))?.[1];
  assert.ok(name, `${arn} has no name on the page`);
  return name;
}

describe("the page of distributed-map", () => {
  let resources: Registered[];
  before(async () => ({ resources } = await deploy(() => new DistributedMap("dogs", EXAMPLE))));

  it("shows the example that is counted here", () => {
    const [example = ""] = blocks(section(page, "Minimal example"), "ts");
    const shown = example.replaceAll(/\s|,(?=\s*[}\])])/g, "").replaceAll(/(\w+):/g, '"$1":');
    assert.ok(shown.includes(`newDistributedMap("dogs",${JSON.stringify(EXAMPLE)})`));
  });

  it("tells how many resources of each type there are", () => {
    const [created = []] = [rows(section(page, "What it creates")).filter(([type = ""]) => type.startsWith("`aws."))];
    assert.deepEqual(countsTold(created), countsOf(resources));
  });

  it("tells who may do what on which resource, and nothing else but logs and traces", () => {
    const given = permissionsGiven(resources, /^dogs-([\w-]+)-role$/, calledOnPage);
    assert.deepEqual(
      permissionsTold(page),
      given.filter((line) => !line.endsWith("logs and traces")),
    );
  });

  it("has the prices that the benchmark computes", () => {
    const numbers = (text: string): number[] => text.split(", ").map((part) => Number(part.replaceAll(",", "")));
    const table = rows(section(page, "Cost")).filter(([items = ""]) => /^[\d,]+$/.test(items));
    assert.equal(table.length, 3);
    for (const [items = "", ...cells] of table) {
      const work = { items: Number(items.replaceAll(",", "")), seconds: 0.1, gigabytes: 1 };
      const computed = [
        distributed(work, { batch: 1, concurrency: 40 }),
        distributed(work, { batch: 100, concurrency: 40 }),
        inline(work, { concurrency: 40 }),
        looping(work),
      ];
      assert.deepEqual(
        cells.map(numbers),
        computed.map(({ transitions, usd, hours }) => [transitions, Number(usd.toFixed(2)), hours]),
      );
    }
  });
});
