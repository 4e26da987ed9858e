/** Orders are filtered, enriched and worked off in order, around one that fails; reminders and summaries come in time. */
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { addDays, dayIn } from "../../handlers/shared/days";
import { checkNoTables, outputOf } from "./account";
import { eventually, type PlayedContext, type Story } from "./story";

const TIME_ZONE = "Asia/Tokyo";

interface Order {
  readonly id: string;
  readonly email: string;
  readonly tier?: string;
  /** Each line a piece at so many cents. */
  readonly cents?: readonly (number | string)[];
  readonly placedAt: Date;
}

async function place(context: PlayedContext, { id, email, tier = "basic", cents = [100], placedAt }: Order) {
  const lines = cents.map((unitCents) => ({ M: { quantity: { N: "1" }, unitCents: attribute(unitCents) } }));
  const Item = {
    ...{ id: { S: id }, email: { S: email }, tier: { S: tier } },
    ...{ placedAt: { S: placedAt.toISOString() }, lines: { L: lines } },
  };
  const TableName = outputOf(context, "ordersTable");
  await new DynamoDBClient(context.client).send(new PutItemCommand({ TableName, Item }));
}

const attribute = (value: number | string) => (typeof value === "number" ? { N: String(value) } : { S: value });

/** What the machine got, in the order of its starts. */
async function workedOff(context: PlayedContext): Promise<{ id: string; totalCents: number }[]> {
  const sfn = new SFNClient(context.client);
  const list = new ListExecutionsCommand({ stateMachineArn: outputOf(context, "stateMachineArn") });
  const { executions = [] } = await sfn.send(list);
  const started = executions.sort((one, two) => Number(one.startDate) - Number(two.startDate));
  const batches = started.map(async ({ executionArn }) => {
    const { input = "[]" } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return JSON.parse(input) as { id: string; totalCents: number }[];
  });
  return (await Promise.all(batches)).flat();
}

async function isRemindedOf(context: PlayedContext, id: string): Promise<boolean> {
  const get = new GetItemCommand({ TableName: outputOf(context, "ordersTable"), Key: { id: { S: id } } });
  const { Item } = await new DynamoDBClient(context.client).send(get);
  return Item?.remindedAt !== undefined;
}

async function pendingReminders(context: PlayedContext): Promise<string[]> {
  const list = new ListSchedulesCommand({ GroupName: outputOf(context, "reminderGroup") });
  const { Schedules = [] } = await new SchedulerClient(context.client).send(list);
  return Schedules.map(({ Name = "" }) => Name);
}

/** The summary of a day: orders and cents. */
async function summaryOf(context: PlayedContext, day: string): Promise<string | undefined> {
  const query = new QueryCommand({
    TableName: outputOf(context, "daysTable"),
    KeyConditionExpression: "pk = :summary AND sk = :day",
    ExpressionAttributeValues: { ":summary": { S: "SUMMARY" }, ":day": { S: day } },
  });
  const { Items: [item] = [] } = await new DynamoDBClient(context.client).send(query);
  return item && `${item.orders?.N} of ${item.totalCents?.N} cents`;
}

/** A copy of the summary's schedule that is due in two seconds by the clocks of its time zone. */
async function summarizeNow(context: PlayedContext): Promise<void> {
  const scheduler = new SchedulerClient(context.client);
  const there = await scheduler.send(new GetScheduleCommand({ Name: outputOf(context, "summaryScheduleName") }));
  if (there.ScheduleExpressionTimezone !== TIME_ZONE)
    throw new Error(`the schedule is in ${there.ScheduleExpressionTimezone}`);
  const soon = new Date(Date.now() + 2000);
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: TIME_ZONE, dateStyle: "short", timeStyle: "medium" });
  await scheduler.send(
    new CreateScheduleCommand({
      Name: `summary-${soon.getTime()}`,
      ScheduleExpression: `at(${clock.format(soon).replace(" ", "T")})`,
      ScheduleExpressionTimezone: TIME_ZONE,
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target: there.Target,
    }),
  );
}

async function play(context: PlayedContext): Promise<void> {
  const { signal } = context;
  const yesterday = addDays(dayIn(TIME_ZONE, Date.now()), -1);
  const sameDay = { placedAt: new Date() };

  await context.step("Orders that fit are enriched and worked off, in order, around one that is broken", async () => {
    const ours = { email: "ann@example.com", ...sameDay };
    await place(context, { ...ours, id: "first", cents: [250, 99] });
    await place(context, { ...ours, id: "broken", cents: ["a lot"] });
    await place(context, { id: "other", email: "eve@example.net", ...sameDay });
    await place(context, { ...ours, id: "second" });
    await place(context, { id: "third", email: "eve@example.net", tier: "GOLD", ...sameDay });
    const expected = "first 349, second 100, third 100";
    const text = async () => (await workedOff(context)).map(({ id, totalCents }) => `${id} ${totalCents}`).join(", ");
    await eventually(expected, signal, text, (worked) => worked === expected);
    return `${expected} cents; by suffix of the address, or by tier in any case`;
  });

  await context.step("The broken order is a dead letter, which says where in the stream it is", async () => {
    const sqs = new SQSClient(context.client);
    const receive = new ReceiveMessageCommand({
      QueueUrl: outputOf(context, "deadLetterQueueUrl"),
      WaitTimeSeconds: 1,
    });
    const letters = () => sqs.send(receive).then(({ Messages = [] }) => Messages.map(({ Body = "" }) => Body));
    const [letter = ""] = await eventually("a dead letter", signal, letters, ({ length }) => length === 1);
    const { startSequenceNumber } =
      (JSON.parse(letter) as { DDBStreamBatchInfo?: Record<string, string> }).DDBStreamBatchInfo ?? {};
    if (startSequenceNumber === undefined) throw new Error(`no place in the stream: ${letter}`);
    return `sequence number ${startSequenceNumber}`;
  });

  await context.step("Each open order has a reminder, which fires once and is gone", async () => {
    const waiting = await eventually(
      "three schedules",
      signal,
      () => pendingReminders(context),
      ({ length }) => length === 3,
    );
    const ids = ["first", "second", "third"];
    const reminded = () => Promise.all(ids.map((id) => isRemindedOf(context, id)));
    await eventually("three reminders", signal, reminded, (all) => all.every(Boolean), 90);
    await eventually(
      "no schedule",
      signal,
      () => pendingReminders(context),
      ({ length }) => length === 0,
    );
    if (await isRemindedOf(context, "other")) throw new Error("an order was reminded of that was not taken");
    return waiting.join(", ");
  });

  await context.step("An order of yesterday that comes late is reminded of at once", async () => {
    const placedAt = new Date(`${yesterday}T12:00:00+09:00`);
    await place(context, { id: "late", email: "ann@example.com", cents: [1200], placedAt });
    await eventually("a reminder", signal, () => isRemindedOf(context, "late"), Boolean);
    return "without a schedule";
  });

  await context.step(`The day that is over in ${TIME_ZONE} is summed up when its clocks say so`, async () => {
    await summarizeNow(context);
    const summary = await eventually(
      "a summary",
      signal,
      () => summaryOf(context, yesterday),
      (it) => it !== undefined,
    );
    if (summary !== "1 of 1200 cents") throw new Error(`summed up as ${summary}`);
    return `${yesterday}: ${summary}`;
  });
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("Nothing is left", () => checkNoTables(context, "ordersTable", "daysTable"));
}

export const eventPipes: Story = {
  title: "Orders go through a pipe to a state machine; a reminder fires once; days are summed up in a time zone",
  tryFirst: [
    "aws dynamodb scan --table-name {ordersTable}",
    "aws pipes describe-pipe --name {pipeName}",
    "aws stepfunctions list-executions --state-machine-arn {stateMachineArn}",
  ],
  prepare: () => Promise.resolve(),
  play,
  afterDestroy,
};
