/** What the schedule gives the summary's function: a run that is late, or tried again, is about the same day. */
export const SUMMARY_EVENT = { time: "<aws.scheduler.scheduled-time>" };
