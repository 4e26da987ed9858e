/** Amazon EventBridge Scheduler. https://docs.aws.amazon.com/scheduler/latest/APIReference/ */
import type { Service } from "../resource-type";
import { scheduleGroup } from "./scheduler/group";
import { schedule } from "./scheduler/schedule";

export const scheduler: Service = { resources: [schedule, scheduleGroup] };
