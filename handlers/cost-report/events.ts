/** What the Lambda may be invoked with. */
import * as z from "zod/mini";
import { type Day, isDay } from "../shared/days";
import { faultsOf } from "../shared/faults";
import { BadEventError } from "./errors";
import { scheduledMessage } from "./scheduled-message";

const scheduled = z.strictObject({
  source: z.literal(scheduledMessage.source),
  "detail-type": z.literal(scheduledMessage["detail-type"]),
  time: z.iso.datetime({ offset: true }),
});

const byHand = z.strictObject({
  date: z.optional(z.string().check(z.refine(isDay, { error: "is no day of the form 2026-11-01" }))),
  dryRun: z.optional(z.boolean()),
  recipient: z.optional(z.string().check(z.minLength(3))),
});

export interface ReportRequest {
  /** The day to report. Default: by the settings, as of `asOf`. */
  readonly date?: Day;
  /** Milliseconds since the epoch, where the schedule says so. */
  readonly asOf?: number;
  readonly dryRun: boolean;
  /** Whose view a dry run shows. Default: the view of all accounts. */
  readonly recipient?: string;
}

/** @throws BadEventError for anything but the schedule's message and `{ date?, dryRun?, recipient? }` */
export function parseEvent(event: unknown): ReportRequest {
  const isScheduled = typeof event === "object" && event !== null && "source" in event;
  const result = isScheduled ? scheduled.safeParse(event) : byHand.safeParse(event);
  if (!result.success) {
    throw new BadEventError(
      `Cannot read the event ${JSON.stringify(event)?.slice(0, 500)} (${faultsOf(result.error, "event")}). Allowed: {"date": ` +
        '"2026-11-01"} to send a day again, {"dryRun": true, "recipient": "ann@example.com"} to look at a mail without ' +
        "sending it, {} for the day that is due, and the schedule's own message",
    );
  }
  if ("time" in result.data) return { asOf: Date.parse(result.data.time), dryRun: false };
  const { date, dryRun = false, recipient } = result.data;
  if (recipient !== undefined && !dryRun) {
    throw new BadEventError('"recipient" only chooses what a dry run shows: add "dryRun": true, or leave it out');
  }
  return { dryRun, ...(date !== undefined && { date }), ...(recipient !== undefined && { recipient }) };
}
