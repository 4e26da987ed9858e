/**
 * The Lambda of pattern cost-report: observes (deliveries, costs, account names), plans (views and their reports) and
 * applies (archive, trend page, mails). Invoked asynchronously by EventBridge Scheduler, by hand for a day that was
 * missed, or for a dry run. Needs a timeout well above `MARGIN_MS`: 300 s for a few accounts, 900 s for thousands.
 */
import type { Context } from "aws-lambda";
import { callWithin } from "../shared/invocation";
import { type Call, OutOfTimeError } from "../shared/retry";
import type { CostReportDeps } from "./apis";
import { Calendar } from "./calendar";
import { productionDeps } from "./clients";
import { lastDayOver, missedDays, reportedDay } from "./days";
import { type Day } from "../shared/days";
import { Deliveries, type Delivery } from "./deliveries";
import { BadEventError, RecipientsNotReachedError } from "./errors";
import { parseEvent, type ReportRequest } from "./events";
import { toPage } from "./mail/render";
import { type Making, observe, prepareMails, renderView } from "./make";
import { Missing } from "./missing";
import { sendViews, type Sent } from "./send";
import { type CostReportSettings, type FullSettings, withDefaults } from "./settings";
import { recipientKey, type View, viewsOf } from "./views";

/** Time kept at the end of an invocation: for the call under way (see clients.ts), and for saying what came of it. */
export const MARGIN_MS = 20_000;
/** Time in which not even what came of a mail is written down any more. */
const CLOSING_MARGIN_MS = 1000;
const CLOCKS_DIFFER_MS = 5000;
/** The share of its time that an invocation keeps for the mails, from what they can do without. */
const KEPT_FOR_MAILS = 0.25;

export interface DryRun {
  readonly date: Day;
  readonly dryRun: true;
  readonly view: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  /** A page of its own: charts are inside. */
  readonly html: string;
  readonly text: string;
}

export interface Summary extends Sent {
  readonly date: Day;
  /** The days that were made up for. Left out where there are none. */
  readonly caughtUp?: readonly Summary[];
}

/**
 * @throws BadEventError, or one of the other errors of errors.ts: Lambda then tries the event again, and gives it to the
 *   dead-letter queue at last. Trying again sends only what has not been sent.
 */
export function makeHandler(
  given: CostReportSettings,
  deps: CostReportDeps = productionDeps(given),
): (event: unknown, context: Context) => Promise<DryRun | Summary> {
  const settings = withDefaults(given);
  return async (event, context) => {
    const call = callWithin(deps, context, MARGIN_MS);
    const closing = callWithin(deps, context, CLOSING_MARGIN_MS);
    const optional = callWithin(deps, context, MARGIN_MS + context.getRemainingTimeInMillis() * KEPT_FOR_MAILS);
    try {
      const request = parseEvent(event);
      const date = dateOf(request, settings, deps.now());
      const run: Run = { settings, deps, call, closing, optional, context, date };
      if (request.dryRun) return await dryRun(run, request);
      return request.asOf === undefined ? await report(run) : await reportAndCatchUp(run);
    } catch (error) {
      deps.telemetry.error("The report did not reach everybody", error);
      throw error;
    } finally {
      deps.telemetry.flush();
    }
  };
}

interface Run extends Making {
  /** For what has to be said at the end. */
  readonly closing: Call;
  readonly context: Context;
}

function dateOf({ date, asOf }: ReportRequest, { timeZone, settlingDays }: FullSettings, now: number): Day {
  if (date === undefined) return reportedDay(asOf ?? now, timeZone, settlingDays);
  const last = lastDayOver(now);
  if (date <= last) return date;
  throw new BadEventError(`"date": ${date} is not over. Allowed: ${last}, the last day that is, or an earlier one`);
}

/**
 * The day that is due, then those that the schedule has missed: each is reported, even if another cannot be.
 *
 * @throws the first day's error, after all were tried
 */
async function reportAndCatchUp(run: Run): Promise<Summary> {
  const { deps, settings, call, closing, date } = run;
  const calendar = new Calendar(deps.table, { call, closing }, settings, deps.now);
  const { days, givenUp } = missedDays(await calendar.reported(), date);
  deps.telemetry.count("DaysGivenUp", givenUp);
  if (givenUp > 0) deps.telemetry.warn("Days are too long ago to be caught up: send them by hand", { date, givenUp });
  const errors: unknown[] = [];
  const reportDay = async (day: Day): Promise<Summary | undefined> => {
    try {
      const summary = await report({ ...run, date: day });
      await markReported(run, calendar, day);
      return summary;
    } catch (error) {
      // Anyone who can get it has it, and the error names the others.
      if (error instanceof RecipientsNotReachedError) await markReported(run, calendar, day);
      else if (error instanceof OutOfTimeError) throw error;
      if (errors.push(error) > 1) deps.telemetry.error("Another day did not reach everybody", error, { day });
      return undefined;
    }
  };
  const summary = await reportDay(date);
  const caughtUp: Summary[] = [];
  for (const day of days) {
    deps.telemetry.info("Catching up", { day });
    const caught = await reportDay(day);
    if (caught !== undefined) caughtUp.push(caught);
  }
  if (summary === undefined || errors.length > 0) throw errors[0];
  return caughtUp.length === 0 ? summary : { ...summary, caughtUp };
}

/** Where it cannot be written down, the next run finds that everybody has the day. */
async function markReported({ deps }: Run, calendar: Calendar, day: Day): Promise<void> {
  try {
    await calendar.markReported(day);
  } catch (error) {
    deps.telemetry.warn("Could not write down that a day is reported", { day, reason: String(error) });
  }
}

async function report(run: Run): Promise<Summary> {
  const { settings, deps, call, closing, context, date } = run;
  const { tableName, reportId } = settings;
  const heldUntil = deps.now() + context.getRemainingTimeInMillis() + CLOCKS_DIFFER_MS;
  const deliveries = new Deliveries(
    deps.table,
    { call, closing },
    { tableName, reportId, date, heldUntil, now: deps.now },
  );
  const views = viewsOf(settings.recipients);
  const prepare = (known: ReadonlyMap<string, Delivery>) => prepareMails(run, views, known);
  return { date, ...(await sendViews({ settings, deps, call, date, deliveries, views, prepare })) };
}

async function dryRun(run: Run, { recipient }: ReportRequest): Promise<DryRun> {
  const { settings, date } = run;
  const views = viewsOf(settings.recipients);
  const wanted = recipient === undefined ? undefined : recipientKey(recipient);
  const isWanted = ({ recipients }: View): boolean => recipients.some((it) => recipientKey(it.address) === wanted);
  const view = wanted === undefined ? { name: "all", recipients: [] } : views.find(isWanted);
  if (view === undefined) {
    const allowed = settings.recipients.map(({ address }) => address).join(", ");
    throw new BadEventError(`"recipient": ${recipient} gets no report. Allowed: ${allowed}`);
  }
  const missing = new Missing(run.deps.telemetry);
  const mail = renderView(await observe(run, missing), view, settings, missing);
  const recipients = (views.find(({ name }) => name === view.name) ?? view).recipients.map(({ address }) => address);
  const { subject, text } = mail;
  return { date, dryRun: true, view: view.name, recipients, subject, html: toPage(mail), text };
}
