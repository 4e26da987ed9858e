/** Amazon EventBridge Scheduler. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-scheduler",
  client: "SchedulerClient",
  missing: ["ResourceNotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

const schedule = resource({
  token: "aws:scheduler/schedule:Schedule",
  service: api,
  id: "{groupName}/{name}",
  create: "CreateSchedule",
  read: "GetSchedule",
  updates: ["UpdateSchedule"],
  delete: "DeleteSchedule",
  replace: ["groupName", "name", "namePrefix"],
  update: [
    "actionAfterCompletion",
    "description",
    "endDate",
    "flexibleTimeWindow",
    "scheduleExpression",
    "scheduleExpressionTimezone",
    "startDate",
    "state",
    "target",
  ],
  required: ["flexibleTimeWindow", "scheduleExpression", "target"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 64 },
  defaults: {
    groupName: "default",
    scheduleExpressionTimezone: "UTC",
    state: "ENABLED",
  },
  none: { actionAfterCompletion: "NONE" },
  allowed: {
    actionAfterCompletion: "ActionAfterCompletion",
    "flexibleTimeWindow.mode": "FlexibleTimeWindowMode",
    state: "ScheduleState",
  },
  ranges: { "flexibleTimeWindow.maximumWindowInMinutes": [1, 1440] },
  // A new role takes some seconds until Scheduler may assume it.
  retry: ["must allow AWS EventBridge Scheduler to assume the role"],
});

const scheduleGroup = resource({
  token: "aws:scheduler/scheduleGroup:ScheduleGroup",
  service: api,
  id: "{name}",
  create: "CreateScheduleGroup",
  read: "GetScheduleGroup",
  delete: "DeleteScheduleGroup",
  replace: ["name", "namePrefix"],
  computed: ["arn", "creationDate", "lastModificationDate", "state"],
  autoName: { property: "name", maxLength: 64 },
  taggable: true,
  leaving: { status: "state", is: /^DELETING$/ },
  gone: true,
});

export const scheduler: Service = { resources: [schedule, scheduleGroup] };
