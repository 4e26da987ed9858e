import { checkEventPipes } from "../../components/event-pipes/checks";
import { EventPipes, type EventPipesArgs } from "../../components/event-pipes/event-pipes";
import { FORMATS } from "../../components/internal/formats";
import type { Pattern } from "../pattern";

export const eventPipes: Pattern<EventPipesArgs> = {
  formats: FORMATS,
  check: (args) => checkEventPipes(args).found(),
  deploy(name, args, opts) {
    const { orders, days, pipe, fulfilment, reminders, summary } = new EventPipes(name, args, opts);
    return {
      ordersTable: orders.name,
      daysTable: days.name,
      pipeName: pipe.pipe.name,
      stateMachineArn: fulfilment.machine.arn,
      reminderGroup: reminders.group.name,
      summaryScheduleName: summary.schedule.name,
      deadLetterQueueUrl: pipe.deadLetters.queue.url,
    };
  },
};
