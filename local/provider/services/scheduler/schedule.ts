/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
import {
  CreateScheduleCommand,
  type CreateScheduleInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { containsUnknown, type Value, type Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalObject,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkOneOf, checkRange } from "../checks";
import { checkScheduleExpression } from "../schedule-expressions";
import { checkShape, like, nested, number, presentState, type Shape, text as string, time, toAws } from "../shape";
import { ifMissing, settled, whileRefused } from "../support";
import { checkName } from "./group";
import { NETWORK, TARGET, targetFromAws, targetToAws } from "./target";

const FILE = "local/provider/services/scheduler.ts";

const SCHEDULE: Shape = {
  actionAfterCompletion: string,
  description: string,
  endDate: time,
  flexibleTimeWindow: nested({ maximumWindowInMinutes: number, mode: string }),
  groupName: string,
  kmsKeyArn: string,
  name: string,
  scheduleExpression: string,
  scheduleExpressionTimezone: string,
  startDate: time,
  state: string,
};

/** Everything but the target, whose structure is its own. */
function request(inputs: Values): CreateScheduleInput {
  return {
    ...toAws<CreateScheduleInput>(SCHEDULE, inputs),
    Target: targetToAws(optionalObject(inputs, "target") ?? {}),
  };
}

/** `group/name`, as the real provider identifies schedules. */
function placeOf(id: string): { GroupName: string; Name: string } {
  const [GroupName = "", Name = ""] = id.split("/");
  return { GroupName, Name };
}

/** A new role takes some seconds until Scheduler may assume it. */
const ROLE_NOT_YET = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role";

/** The same moment in the program's notation. */
function moment(given: Value | undefined, answered: Value | undefined): Value {
  if (typeof given === "string" && typeof answered === "string" && Date.parse(given) === Date.parse(answered)) {
    return given;
  }
  return answered ?? null;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function checkWindow(inputs: Values): CheckFailure[] {
  const { mode, maximumWindowInMinutes: minutes } = optionalObject(inputs, "flexibleTimeWindow") ?? {};
  const property = "flexibleTimeWindow.maximumWindowInMinutes";
  return [
    ...checkOneOf("flexibleTimeWindow.mode", mode, ["OFF", "FLEXIBLE"]),
    ...checkRange(property, minutes, 1, 1440),
    ...(mode === "FLEXIBLE" && minutes === undefined ? [{ property, reason: "missing; the mode is FLEXIBLE" }] : []),
    ...(mode === "OFF" && minutes !== undefined ? [{ property, reason: "not possible; the mode is OFF" }] : []),
  ];
}

function checkTarget(inputs: Values): CheckFailure[] {
  const target = optionalObject(inputs, "target");
  if (target === undefined) return [];
  const { networkConfiguration, ...ecsParameters } = optionalObject(target, "ecsParameters") ?? {};
  const plain = target.ecsParameters === undefined ? target : { ...target, ecsParameters };
  const retry = optionalObject(target, "retryPolicy");
  const { arn } = target;
  const isFifo = typeof arn === "string" && /^arn:[\w-]+:sqs:.*\.fifo$/.test(arn);
  return [
    ...checkShape({ target: nested(TARGET) }, { target: plain }, FILE),
    ...(networkConfiguration === undefined
      ? []
      : checkShape({ networkConfiguration: nested(NETWORK) }, { networkConfiguration }, FILE, "target.ecsParameters")),
    ...["arn", "roleArn"]
      .filter((name) => target[name] === undefined)
      .map((name) => ({ property: `target.${name}`, reason: "missing, and required" })),
    ...(isFifo && target.sqsParameters === undefined
      ? [{ property: "target.sqsParameters.messageGroupId", reason: "missing; the target is a FIFO queue" }]
      : []),
    ...checkRange("target.retryPolicy.maximumEventAgeInSeconds", retry?.maximumEventAgeInSeconds, 60, 86_400),
    ...checkRange("target.retryPolicy.maximumRetryAttempts", retry?.maximumRetryAttempts, 0, 185),
  ];
}

function checkSchedule(inputs: Values): CheckFailure[] {
  const timezone = inputs.scheduleExpressionTimezone;
  return [
    ...checkShape(SCHEDULE, inputs, FILE),
    ...checkTarget(inputs),
    ...checkWindow(inputs),
    ...checkName("name", inputs.name),
    ...checkName("groupName", inputs.groupName),
    ...checkScheduleExpression("scheduleExpression", inputs.scheduleExpression, ["rate", "cron", "at"]),
    ...checkOneOf("state", inputs.state, ["ENABLED", "DISABLED"]),
    ...checkOneOf("actionAfterCompletion", inputs.actionAfterCompletion, ["NONE", "DELETE"]),
    ...(typeof timezone === "string" && !containsUnknown(timezone) && !isTimezone(timezone)
      ? [
          {
            property: "scheduleExpressionTimezone",
            reason: `received "${timezone}"; expected a time zone such as Europe/Berlin`,
          },
        ]
      : []),
  ];
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const question = account.client(SchedulerClient).send(new GetScheduleCommand(placeOf(id)));
  const found = await ifMissing(question, ResourceNotFoundException);
  if (found === undefined) return undefined;
  const { endDate, startDate, ...values } = presentState(SCHEDULE, state, found);
  const target = like(state.target, targetFromAws(found.Target)) ?? null;
  const dates = {
    ...(endDate === undefined ? {} : { endDate: moment(state.endDate, endDate) }),
    ...(startDate === undefined ? {} : { startDate: moment(state.startDate, startDate) }),
  };
  return { id, outputs: { ...values, ...dates, target, arn: found.Arn ?? "" } };
}

export const schedule: ResourceType = {
  token: "aws:scheduler/schedule:Schedule",
  properties: {
    ...Object.fromEntries(Object.keys(SCHEDULE).map((name) => [name, "update"])),
    groupName: "replace",
    name: "replace",
    namePrefix: "replace",
    target: "update",
  },
  required: ["flexibleTimeWindow", "scheduleExpression", "target"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 64 },
  defaults: {
    actionAfterCompletion: "NONE",
    groupName: "default",
    scheduleExpressionTimezone: "UTC",
    state: "ENABLED",
  },
  check: checkSchedule,
  async create(operation, inputs) {
    const create = () => operation.account.client(SchedulerClient).send(new CreateScheduleCommand(request(inputs)));
    await whileRefused(create, [ROLE_NOT_YET], { timeoutSeconds: 10 });
    const id = `${text(inputs, "groupName")}/${text(inputs, "name")}`;
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, _olds, news) {
    // UpdateSchedule sets the whole schedule: what the program leaves out goes back to Scheduler's defaults.
    const update = () => operation.account.client(SchedulerClient).send(new UpdateScheduleCommand(request(news)));
    await whileRefused(update, [ROLE_NOT_YET], { timeoutSeconds: 10 });
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const { GroupName, Name } = placeOf(id);
    const place = { GroupName: optionalText(state, "groupName") ?? GroupName, Name };
    const deletion = account.client(SchedulerClient).send(new DeleteScheduleCommand(place));
    await ifMissing(deletion, ResourceNotFoundException);
  },
};
