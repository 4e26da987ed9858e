import * as assert from "node:assert/strict";
import { OneOffSchedules, type OneOffSchedulesArgs } from "../../../components";
import { lambda, queue } from "../../support/event-sources";
import { deploy, only } from "../../support/mocks";
import { statementsOf } from "../../support/policies";
import { policyDocument } from "../../../components/internal/policy";

describe("OneOffSchedules", () => {
  const create = (target: () => OneOffSchedulesArgs["target"]) =>
    deploy(() => new OneOffSchedules("reminders", { description: "Reminders", target: target() }));

  it("tells the handler the group, the one role, the target and its dead letters", async () => {
    const { result } = await create(() => ({ lambda: lambda(true) }));
    const settings = await new Promise<object>((done) => result?.settings.apply(done));
    assert.deepEqual(settings, {
      groupName: "reminders-group",
      roleArn: "arn:aws:iam::111111111111:role/reminders-role",
      targetArn: "arn:aws:lambda:us-east-1:111111111111:function:fn-function",
      deadLetterArn: "arn:aws:sqs:us-east-1:111111111111:fn-dead-letters-queue",
    });
  });

  it("lets a function make schedules in this group only, and pass this role only, to Scheduler only", async () => {
    const { result } = await create(() => ({ queue: queue() }));
    const document = await new Promise<string>((done) => policyDocument(result?.policies ?? []).apply(done));
    assert.deepEqual(
      statementsOf(document).map(({ Action, Resource, Condition }) => [Action.length, Resource, Condition]),
      [
        [3, ["arn:aws:scheduler:us-east-1:111111111111:schedule/reminders-group/*"], undefined],
        [
          1,
          ["arn:aws:iam::111111111111:role/reminders-role"],
          { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
        ],
      ],
    );
  });

  it("lets a function take back schedules of this group only", async () => {
    const { result } = await create(() => ({ queue: queue() }));
    const document = await new Promise<string>((done) => policyDocument(result?.cancelPolicies ?? []).apply(done));
    assert.deepEqual(
      statementsOf(document).map(({ Action, Resource }) => [Action, Resource]),
      [[["scheduler:DeleteSchedule"], ["arn:aws:scheduler:us-east-1:111111111111:schedule/reminders-group/*"]]],
    );
  });

  it("lets schedules deliver to the target and to its dead letters, and nothing else", async () => {
    const { resources } = await create(() => ({ queue: queue() }));
    const statements = statementsOf(only(resources, "aws:iam/rolePolicy:RolePolicy", "reminders-policy").inputs.policy);
    assert.deepEqual(
      statements.map(({ Action, Resource }) => [Action, Resource]),
      ["work-queue", "work-dead-letters-queue"].map((name) => [
        ["sqs:SendMessage"],
        [`arn:aws:sqs:us-east-1:111111111111:${name}`],
      ]),
    );
    assert.ok(only(resources, "aws:scheduler/scheduleGroup:ScheduleGroup").after.includes("reminders-policy"));
  });

  it("refuses a function that would lose what it cannot work off", async () => {
    await assert.rejects(
      create(() => ({ lambda: lambda() })),
      /OneOffSchedules "reminders": 1 wrong argument\n {2}target\.lambda\.asynchronous: received nothing/,
    );
  });
});
