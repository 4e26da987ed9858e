import * as assert from "node:assert/strict";
import { NextjsSite, type NextjsSiteArgs } from "../../../components/nextjs-site/nextjs-site";
import { capturedSettings } from "../../support/captured";
import { deploy, only, valueOf } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const FUNCTION = "aws:lambda/function:Function";
const SCHEDULE = "aws:scheduler/schedule:Schedule";

const create = (args: NextjsSiteArgs = {}) => deploy(() => new NextjsSite("example", args));

describe("NextjsSite", () => {
  it("says what it made, and gives its function the table's name", async () => {
    const { resources, result } = await create();
    assert.equal(await valueOf(result.scheduleName), "example-schedule-schedule");
    assert.equal(await valueOf(result.lambda.function.name), "example-run-function");
    assert.deepEqual(await capturedSettings(only(resources, FUNCTION)), { tableName: "example-runs" });
  });

  it("runs every hour by default, or as asked for", async () => {
    assert.equal(only((await create()).resources, SCHEDULE).inputs.scheduleExpression, "rate(1 hour)");
    const { resources } = await create({ schedule: "rate(5 minutes)" });
    assert.equal(only(resources, SCHEDULE).inputs.scheduleExpression, "rate(5 minutes)");
  });

  it("lets its function write to its table, and nothing else", async () => {
    const { resources } = await create();
    const { policy } = only(resources, "aws:iam/rolePolicy:RolePolicy", "-run-policy").inputs;
    const ofTable = statementsOf(policy).filter(({ Action }) =>
      Action.some((action) => action.startsWith("dynamodb:")),
    );
    assert.deepEqual(
      ofTable.map(({ Action }) => Action),
      [["dynamodb:PutItem"]],
    );
  });

  it("refuses a wrong name and a wrong schedule together", async () => {
    await assert.rejects(
      deploy(() => new NextjsSite("-", { schedule: "hourly" })),
      /2 wrong arguments[\s\S]*schedule: received "hourly"[\s\S]*name: received "-"/,
    );
  });
});
