/** EventBridge Scheduler. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import type { Values } from "../property-values";
import { type ResourceType, type Service, text } from "../resource-type";
import { checkShape, fromAws, like, named, nested, number, type Shape, text as t, toAws } from "./shape";
import { ifMissing, known } from "./support";

const MISSING = "ResourceNotFoundException";

const shape: Shape = {
  name: t,
  groupName: t,
  description: t,
  scheduleExpression: t,
  scheduleExpressionTimezone: t,
  state: t,
  kmsKeyArn: t,
  flexibleTimeWindow: nested({ mode: t, maximumWindowInMinutes: number }),
  target: nested({
    arn: t,
    roleArn: t,
    input: t,
    deadLetterConfig: nested({ arn: t }),
    retryPolicy: nested({ maximumEventAgeInSeconds: number, maximumRetryAttempts: number }),
    sqsParameters: named("SqsParameters", nested({ messageGroupId: t })),
  }),
};

/** The SDK's own types of a schedule's required parts. */
type Required = Pick<
  ConstructorParameters<typeof CreateScheduleCommand>[0],
  "Name" | "ScheduleExpression" | "FlexibleTimeWindow" | "Target"
>;

const structure = (inputs: Values): Required => toAws<Required>(shape, inputs);

const schedule: ResourceType = {
  token: "aws:scheduler/schedule:Schedule",
  properties: {
    ...Object.fromEntries(Object.keys(shape).map((property) => [property, "update"])),
    name: "replace",
    groupName: "replace",
  },
  required: ["scheduleExpression", "flexibleTimeWindow", "target"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 64 },
  defaults: { groupName: "default", scheduleExpressionTimezone: "UTC", state: "ENABLED" },
  check: (inputs) => checkShape(shape, inputs, "local/provider/services/scheduler.ts"),
  async create({ account }, inputs) {
    const { ScheduleArn = "" } = await account
      .client(SchedulerClient)
      .send(new CreateScheduleCommand(structure(inputs)));
    return { id: `${text(inputs, "groupName")}/${text(inputs, "name")}`, outputs: { arn: ScheduleArn } };
  },
  async read({ account }, id, state) {
    const [GroupName, Name] = id.split("/");
    const found = await ifMissing(
      account.client(SchedulerClient).send(new GetScheduleCommand({ GroupName, Name })),
      MISSING,
    );
    if (found === undefined) return undefined;
    const present = fromAws(shape, found);
    const outputs = Object.entries(present).map(([name, value]) => [name, like(state[name], value) ?? value] as const);
    return { id, outputs: { ...Object.fromEntries(outputs), ...known({ arn: found.Arn }) } };
  },
  async update({ account }, _id, _olds, news) {
    await account.client(SchedulerClient).send(new UpdateScheduleCommand(structure(news)));
    return {};
  },
  async delete({ account }, id) {
    const [GroupName, Name] = id.split("/");
    await ifMissing(account.client(SchedulerClient).send(new DeleteScheduleCommand({ GroupName, Name })), MISSING);
  },
};

export const scheduler: Service = { resources: [schedule] };
