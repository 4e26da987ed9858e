/** What the schedules send; apart from its parsing, for which components have no use. */

export const REPORTS = ["notices", "digest"] as const;

/** EventBridge Scheduler puts the moment that was due in place of the word. */
export const scheduledRequest = (report: (typeof REPORTS)[number]) => ({
  report,
  time: "<aws.scheduler.scheduled-time>",
});
