/**
 * The Lambda of pattern cost-report: observes (deliveries, costs, account names), plans (views and their reports) and
 * applies (archive, trend page, mails). Invoked asynchronously by EventBridge Scheduler, by hand for a day that was
 * missed, or for a dry run. Needs a timeout well above `MARGIN_MS`: 300 s is good, 900 s for very large organizations.
 */
import type { Context } from "aws-lambda";
import { callWithin } from "../shared/invocation";
import { type Call, OutOfTimeError } from "../shared/retry";
import { identifyAccounts } from "./accounts";
import type { CostReportDeps } from "./apis";
import { Archive } from "./archive";
import { Calendar } from "./calendar";
import { productionDeps } from "./clients";
import { readCosts } from "./cost-explorer";
import { type Costs, emptyAccount } from "./costs";
import { type Day, lastDayOver, missedDays, reportedDay } from "./days";
import { Deliveries, type Delivery } from "./deliveries";
import { BadEventError, RecipientsNotReachedError } from "./errors";
import { parseEvent, type ReportRequest } from "./events";
import { composeMail } from "./mail/compose";
import { renderMail, toPage } from "./mail/render";
import { makeReport } from "./report";
import { type Compose, sendViews, type Sent } from "./send";
import { type CostReportSettings, type FullSettings, withDefaults } from "./settings";
import { makeTrend } from "./trend/trend";
import { trendPage } from "./trend/trend-page";
import { recipientKey, type View, viewsOf } from "./views";

/** Time kept at the end of an invocation: for the call under way (see clients.ts), and for saying what came of it. */
export const MARGIN_MS = 20_000;
/** Time in which not even what came of a mail is written down any more. */
const CLOSING_MARGIN_MS = 1000;
const CLOCKS_DIFFER_MS = 5000;

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
    try {
      const request = parseEvent(event);
      const date = dateOf(request, settings, deps.now());
      const run: Run = { settings, deps, call, closing, context, date };
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

interface Run {
  readonly settings: FullSettings;
  readonly deps: CostReportDeps;
  readonly call: Call;
  /** For what has to be said at the end. */
  readonly closing: Call;
  readonly context: Context;
  readonly date: Day;
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
      // Whoever can get it has it, and the error names the others.
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
  const prepare = async (known: ReadonlyMap<string, Delivery>): Promise<Compose> => {
    const costs = await costsFor(run, known);
    const mails = new Map(views.map((view) => [view, renderView(costs, view, settings)]));
    await archive(run, costs, new Map([...mails].map(([{ name }, mail]) => [name, toPage(mail)])));
    return (view, recipient) => {
      const mail = mails.get(view) ?? renderView(costs, view, settings);
      return composeMail(mail, { settings, date, view: view.name, recipient });
    };
  };
  return { date, ...(await sendViews({ settings, deps, call, date, deliveries, views, prepare })) };
}

/**
 * Where somebody has this day's report already, everybody gets the same figures, from the archive. Else they are read
 * anew, whatever an earlier attempt that reached nobody has archived.
 */
async function costsFor(run: Run, known: ReadonlyMap<string, Delivery>): Promise<Costs> {
  const { settings, deps, call, date } = run;
  const isOut = [...known.values()].some(({ state }) => state === "sent" || state === "sending");
  const archived = isOut ? await new Archive(deps.bucket, call, settings).findCosts(date) : undefined;
  if (archived === undefined) return observe(run);
  deps.telemetry.info("Others have this report; going on with its figures", { date });
  return archived;
}

async function observe({ settings, deps, call, date }: Run): Promise<Costs> {
  const { names, ...costs } = await readCosts(deps.costExplorer, call, date, settings, () =>
    deps.telemetry.count("CostExplorerPages", 1),
  );
  // Accounts that somebody asked for have a name too when they cost nothing.
  const withCosts = new Set(costs.accounts.map(({ id }) => id));
  const asked = new Set(settings.recipients.flatMap(({ accounts = [] }) => accounts));
  const without = [...asked].filter((id) => !withCosts.has(id)).map((id) => emptyAccount(id, costs.days.length));
  const all = [...costs.accounts, ...without];
  const accounts = await identifyAccounts(all, names, settings, deps.organizations, call, deps.telemetry);
  deps.telemetry.count("EstimatedDays", costs.estimated.length);
  deps.telemetry.info("Read the costs", { date, accounts: costs.accounts.length, currency: costs.currency });
  return { ...costs, accounts };
}

function renderView(costs: Costs, view: View, settings: FullSettings) {
  return renderMail(makeReport(costs, settings, view.accounts), settings);
}

/** Before anything is sent, so that what was sent can be looked up. */
async function archive({ settings, deps, call, date }: Run, costs: Costs, pages: ReadonlyMap<string, string>) {
  const place = new Archive(deps.bucket, call, settings);
  await place.writeCosts(costs);
  for (const [name, html] of pages) await place.writeMail(date, name, html);
  if (!settings.trendPage) return;
  const { summaries, unreadable } = await place.monthSummaries(date);
  if (unreadable.length > 0) {
    deps.telemetry.warn("The trend page says which days of the archive cannot be read", { unreadable });
  }
  const trend = makeTrend(summaries, unreadable, settings.bands);
  if (trend !== undefined) await place.writeTrend(date, trendPage(trend, settings));
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
  const mail = renderView(await observe(run), view, settings);
  const recipients = (views.find(({ name }) => name === view.name) ?? view).recipients.map(({ address }) => address);
  const { subject, text } = mail;
  return { date, dryRun: true, view: view.name, recipients, subject, html: toPage(mail), text };
}
