/** What the schedule sends; apart from its parsing, for which components have no use. */

/**
 * The input that the component gives the EventBridge Scheduler schedule, as JSON. Scheduler writes the moment that the
 * schedule was due, so that a late delivery or a retry past midnight reports no other day.
 */
export const scheduledMessage = {
  source: "aws-patterns.cost-report",
  "detail-type": "Scheduled Report",
  time: "<aws.scheduler.scheduled-time>",
} as const;
