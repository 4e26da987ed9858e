import * as assert from "node:assert/strict";
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { makeOneOffSchedules } from "../../handlers/shared/one-off-schedules";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { createQueue, createRole, type Queue } from "../support/functions";
import { given } from "../support/network";

const ACCOUNT = "888888888888";

describe("one-off schedules in the local cloud", () => {
  let cloud: TestCloud;
  let admin: ClientSettings;
  let target: Queue;
  let role: string;
  /** Of a function that may make schedules in the group, and pass the one role. */
  let client: SchedulerClient;
  const settings = (roleArn = role) => ({
    ...{ groupName: "reminders", roleArn, targetArn: target.arn, deadLetterArn: target.arn },
  });

  before(async () => {
    cloud = await startTestCloud();
    admin = cloud.as(ACCOUNT);
    target = await createQueue(admin, "reminders");
    const send = { Action: "sqs:SendMessage", Resource: target.arn };
    role = await createRole(admin, "deliver", "scheduler.amazonaws.com", [send]);
    await createRole(admin, "other", "scheduler.amazonaws.com", [send]);
    await new SchedulerClient(admin).send(new CreateScheduleGroupCommand({ Name: "reminders" }));
    const actions = ["Create", "Get", "Update", "Delete"].map((verb) => `scheduler:${verb}Schedule`);
    const maker = await createRole(admin, "maker", "ec2.amazonaws.com", [
      { Action: actions, Resource: `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/reminders/*` },
      {
        ...{ Action: "iam:PassRole", Resource: role },
        Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
      },
    ]);
    const sts = new STSClient(admin);
    const session = await sts.send(new AssumeRoleCommand({ RoleArn: maker, RoleSessionName: "test" }));
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = given(session.Credentials, "credentials");
    const credentials = {
      ...{ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    };
    client = new SchedulerClient({ ...admin, credentials });
  });
  after(() => cloud.stop());

  it("fire once and are gone, with the permissions that the component gives", async () => {
    // What is asked for half a minute ahead is due in a second by this clock, which runs ahead of the schedule's.
    const early = () => new Date(Date.now() - 40_000);
    const schedules = makeOneOffSchedules(client, settings(), early);
    const oneOff = { key: "order/1", at: new Date(Date.now() + 1_500), input: { order: 1 } };
    assert.deepEqual([await schedules.schedule(oneOff), await schedules.schedule(oneOff)], ["created", "unchanged"]);
    const [message] = await target.take(1, 20_000);
    assert.equal(message?.Body, '{"order":1}');
    await until("an empty group", async () => {
      const { Schedules } = await new SchedulerClient(admin).send(new ListSchedulesCommand({ GroupName: "reminders" }));
      return Schedules?.length === 0;
    });
    assert.equal(await makeOneOffSchedules(client, settings()).schedule(oneOff), "due");
  });

  it("are due by the clocks of their time zone, and say so to their target", async () => {
    const scheduler = new SchedulerClient(admin);
    const due = new Date(Math.ceil(Date.now() / 1000 + 2) * 1000);
    const clocks = (timeZone: string): string =>
      new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(due);
    const create = (Name: string, ScheduleExpressionTimezone: string, time: string) =>
      scheduler.send(
        new CreateScheduleCommand({
          ...{ Name, ScheduleExpressionTimezone, ScheduleExpression: `at(${time.replace(" ", "T")})` },
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: { Arn: target.arn, RoleArn: role, Input: `${Name} <aws.scheduler.scheduled-time>` },
        }),
      );
    await create("tokyo", "Asia/Tokyo", clocks("Asia/Tokyo"));
    // In an hour, by its own clocks.
    await create("later", "America/New_York", clocks("America/Halifax"));
    await assert.rejects(create("nowhere", "Asia/Nowhere", clocks("UTC")), { name: "ValidationException" });
    const [message] = await target.take(1, 20_000);
    assert.equal(message?.Body, `tokyo ${due.toISOString().replace(".000", "")}`);
    await assert.rejects(target.take(1, 1_500));
  });

  it("move, and are cancelled", async () => {
    const schedules = makeOneOffSchedules(client, settings());
    const oneOff = { key: "order/2", at: new Date(Date.now() + 600_000), input: {} };
    assert.equal(await schedules.schedule(oneOff), "created");
    assert.equal(await schedules.schedule({ ...oneOff, at: new Date(Date.now() + 900_000) }), "moved");
    assert.deepEqual([await schedules.cancel("order/2"), await schedules.cancel("order/2")], [true, false]);
  });

  it("cannot be given another role, nor made in another group", async () => {
    const oneOff = { key: "order/3", at: new Date(Date.now() + 600_000), input: {} };
    const other = makeOneOffSchedules(client, settings(role.replace("deliver", "other")));
    await assert.rejects(other.schedule(oneOff), { name: "AccessDeniedException", message: /iam:PassRole/ });
    const elsewhere = makeOneOffSchedules(client, { ...settings(), groupName: "default" });
    await assert.rejects(elsewhere.schedule(oneOff), { name: "AccessDeniedException" });
  });
});
