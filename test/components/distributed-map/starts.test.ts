import * as assert from "node:assert/strict";
import { DistributedMap, type DistributedMapArgs } from "../../../components/distributed-map/distributed-map";
import { unguardedPaths } from "../../support/asynchronous-paths";
import { deploy, ofType, only } from "../../support/mocks";
import { SAMPLE } from "./sample";

const MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:dogs-machine-machine";
const MINIMAL = SAMPLE.minimal as DistributedMapArgs;

const create = (args: Partial<DistributedMapArgs> = {}) =>
  deploy(() => new DistributedMap("dogs", { ...MINIMAL, ...args }));

describe("what starts a DistributedMap", () => {
  it("runs by a schedule, with its input", async () => {
    assert.deepEqual(ofType((await create()).resources, "aws:scheduler/schedule:Schedule"), []);
    const { resources } = await create({
      schedule: { expression: "rate(1 day)", timeZone: "Europe/Zurich", input: { key: "a" } },
    });
    const { inputs } = only(resources, "aws:scheduler/schedule:Schedule");
    const { arn, input } = inputs.target as Record<string, string>;
    assert.deepEqual(
      [inputs.scheduleExpression, inputs.scheduleExpressionTimezone, arn, input],
      ["rate(1 day)", "Europe/Zurich", MACHINE, '{"key":"a"}'],
    );
  });

  it("runs for uploads, and loses none that it cannot start", async () => {
    for (const [suffix, key] of [
      [undefined, [{ prefix: "in/" }]],
      [".csv", [{ wildcard: "in/*.csv" }]],
    ] as const) {
      const onUpload = { prefix: "in/", ...(suffix === undefined ? {} : { suffix }) };
      const { resources } = await create({ onUpload });
      const pattern = JSON.parse(
        String(only(resources, "aws:cloudwatch/eventRule:EventRule").inputs.eventPattern),
      ) as object;
      assert.deepEqual(pattern, {
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: ["pictures"] }, object: { key } },
      });
      assert.deepEqual(unguardedPaths(resources), []);
      const weak = resources.filter(({ name }) => !name.endsWith("-uploads-policy"));
      assert.match(unguardedPaths(weak).join(), /may not invoke/);
    }
  });

  it("is started by nothing before it may start its children", async () => {
    const { resources } = await deploy(
      () =>
        new DistributedMap("dogs", {
          ...MINIMAL,
          schedule: { expression: "rate(1 day)" },
          onUpload: { prefix: "in/" },
        }),
      { slow: ({ name }) => name === "dogs-children" },
    );
    for (const type of ["aws:scheduler/schedule:Schedule", "aws:cloudwatch/eventTarget:EventTarget"]) {
      assert.ok(only(resources, type).after.includes("dogs-children"), type);
    }
  });
});
