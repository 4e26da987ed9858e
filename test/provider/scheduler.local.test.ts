import * as assert from "node:assert/strict";
import { SchedulerClient, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import type { Values } from "../../local/provider/property-values";
import { allow, Managed, runCourse, runDeletion, startEmulator, testAccount, trust } from "./support";

const account = testAccount({ project: "patterns" });
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup";

describe("Scheduler in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };
  const shared: Managed[] = [];
  let target: Values;

  async function make(token: string, inputs: Values): Promise<Managed> {
    const made = await new Managed(token, account, "shared").create(inputs);
    shared.unshift(made);
    return made;
  }

  before(async () => {
    emulator = await startEmulator();
    const queue = await make("aws:sqs/queue:Queue", {});
    const role = await make("aws:iam/role:Role", { assumeRolePolicy: trust("scheduler.amazonaws.com") });
    await make("aws:iam/rolePolicy:RolePolicy", { role: role.id, policy: allow("sqs:SendMessage") });
    target = { arn: queue.output("arn"), roleArn: role.output("arn") };
  });
  after(async () => {
    for (const made of shared) await made.delete();
    await emulator.stop();
  });

  it("keeps a group as the program says", async () => {
    const made = await runCourse(account, { token: GROUP, inputs: { name: "of-a-test" }, changed: {}, changes: [] });
    assert.equal(made.id, "of-a-test");
    assert.equal(made.outputs.arn, "arn:aws:scheduler:us-east-1:111122223333:schedule-group/of-a-test");
    await runDeletion(made);
  });

  it("keeps a schedule as the program says", async () => {
    const group = await new Managed(GROUP, account).create({});
    const made = await runCourse(account, {
      token: SCHEDULE,
      inputs: {
        groupName: group.id,
        description: "one",
        scheduleExpression: "rate(10 minutes)",
        flexibleTimeWindow: { mode: "OFF" },
        startDate: "2030-01-01T00:00:00Z",
        target: {
          ...target,
          input: JSON.stringify({ kind: "repair" }),
          retryPolicy: { maximumRetryAttempts: 3 },
          deadLetterConfig: { arn: String(target.arn) },
        },
      },
      changed: {
        scheduleExpression: "cron(0 8 ? * MON-FRI *)",
        scheduleExpressionTimezone: "Europe/Berlin",
        flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 5 },
        state: "DISABLED",
        target: { ...target, input: JSON.stringify({ kind: "check" }), retryPolicy: { maximumRetryAttempts: 0 } },
      },
      changes: [
        "flexibleTimeWindow.maximumWindowInMinutes",
        "flexibleTimeWindow.mode",
        "scheduleExpression",
        "scheduleExpressionTimezone",
        "state",
        "target.deadLetterConfig",
        "target.input",
        "target.retryPolicy.maximumRetryAttempts",
      ],
    });
    assert.equal(made.id, `${group.id}/${made.output("name")}`);
    assert.match(made.output("arn"), /^arn:aws:scheduler:us-east-1:111122223333:schedule\//);
    assert.deepEqual(
      made.diff({ ...made.inputs, groupName: "default" }).map(({ effect }) => effect),
      ["replace"],
    );
    await runDeletion(made);
    await runDeletion(group);
  });

  it("sees a foreign change as drift", async () => {
    const program = {
      scheduleExpression: "at(2030-01-31T08:00:00)",
      flexibleTimeWindow: { mode: "OFF" },
      actionAfterCompletion: "DELETE",
      target,
    };
    const made = await new Managed(SCHEDULE, account).create(program);
    await account.client(SchedulerClient).send(
      new UpdateScheduleCommand({
        Name: made.output("name"),
        ScheduleExpression: "at(2031-01-31T08:00:00)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: String(target.arn), RoleArn: String(target.roleArn), Input: "{}" },
      }),
    );
    await made.refresh();
    assert.deepEqual(
      made.diff(program).map(({ path }) => path),
      ["actionAfterCompletion", "scheduleExpression"],
    );
    await runDeletion(made);
  });
});
