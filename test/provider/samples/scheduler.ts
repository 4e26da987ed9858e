import { madeRole } from "./iam";
import type { Sample } from "./sample";

export const scheduler: readonly Sample[] = [
  {
    token: "aws:scheduler/schedule:Schedule",
    program: async (make) => {
      const target = {
        arn: (await make("aws:sqs/queue:Queue", {})).output("arn"),
        roleArn: (await madeRole(make, "scheduler")).output("arn"),
      };
      return {
        inputs: { scheduleExpression: "rate(1 day)", flexibleTimeWindow: { mode: "OFF" }, target },
        changes: [
          { scheduleExpression: "cron(0 7 * * ? *)", scheduleExpressionTimezone: "Europe/Zurich" },
          { flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 } },
          { actionAfterCompletion: "DELETE" },
          { description: "every morning", state: "DISABLED" },
          { startDate: "2030-01-01T00:00:00Z", endDate: "2031-01-01T00:00:00Z" },
          { target: { ...target, input: '{"due":true}', retryPolicy: { maximumRetryAttempts: 3 } } },
        ],
      };
    },
  },
  { token: "aws:scheduler/scheduleGroup:ScheduleGroup", program: () => ({ inputs: {}, changes: [] }) },
];
