/**
 * Makes a day's mails: reads the costs, names their accounts, renders each view and archives it all. Only the costs have
 * to be there; a report goes out without the rest, and says so.
 */
import type { Call } from "../shared/retry";
import { identifyAccounts } from "./accounts";
import type { CostReportDeps } from "./apis";
import { Archive } from "./archive";
import { type CostAnswer, readCosts } from "./cost-explorer";
import { type Costs, emptyAccount } from "./costs";
import { addDays, type Day, daysBetween } from "../shared/days";
import type { Delivery } from "./deliveries";
import { CostDataNotReadyError } from "./errors";
import { longDay } from "./format";
import { composeMail } from "./mail/compose";
import { renderMail, type RenderedMail, toPage } from "./mail/render";
import { Missing } from "./missing";
import { makeReport } from "./report";
import type { Compose } from "./send";
import type { FullSettings } from "./settings";
import { makeTrend } from "./trend/trend";
import { trendPage } from "./trend/trend-page";
import type { View } from "./views";

export interface Making {
  readonly settings: FullSettings;
  readonly deps: CostReportDeps;
  readonly call: Call;
  /** For what a report can do without: leaves time for the mails. */
  readonly optional: Call;
  readonly date: Day;
}

/** Cost Explorer usually has some of a day's costs this long after the day is over. */
const USUALLY_THERE_MS = 6 * 3_600_000;
const MS_PER_DAY = 86_400_000;

export async function prepareMails(
  making: Making,
  views: readonly View[],
  known: ReadonlyMap<string, Delivery>,
): Promise<Compose> {
  const { settings, deps, date } = making;
  const missing = new Missing(deps.telemetry);
  const costs = await costsFor(making, known, missing);
  const render = (hasArchive: boolean) =>
    new Map(views.map((view) => [view.name, renderView(costs, view, settings, missing, hasArchive)]));
  let mails = render(true);
  const before = missing.notes.length;
  const hasArchive = await archive(making, costs, mails, missing);
  if (missing.notes.length > before) mails = render(hasArchive);
  return (view, recipient) => {
    const mail = mails.get(view.name) ?? renderView(costs, view, settings, missing, hasArchive);
    return composeMail(mail, { settings, date, view: view.name, recipient });
  };
}

/**
 * Where somebody has this day's report already, everybody gets the same figures, from the archive. Else they are read
 * from Cost Explorer, whatever an earlier attempt that reached nobody has archived.
 */
async function costsFor(making: Making, known: ReadonlyMap<string, Delivery>, missing: Missing): Promise<Costs> {
  const { settings, deps, optional, date } = making;
  const isOut = [...known.values()].some(({ state }) => state === "sent" || state === "sending");
  const archived = isOut
    ? await missing.attempt("Figures may differ from those that others have: the archive cannot be read", () =>
        new Archive(deps.bucket, optional, settings).findCosts(date),
      )
    : undefined;
  if (archived === undefined) return observe(making, missing);
  deps.telemetry.info("Others have this report; going on with its figures", { date });
  return archived;
}

/** @throws CostDataNotReadyError, and those of readCosts */
export async function observe(making: Making, missing: Missing): Promise<Costs> {
  const { settings, deps, call, optional, date } = making;
  const { names, daysWithCosts, begins, ...costs } = await readCosts(deps.costExplorer, call, date, settings, () =>
    deps.telemetry.count("CostExplorerPages", 1),
  );
  if (!daysWithCosts.has(date)) noteQuietDay(date, daysWithCosts, deps.now(), missing);
  if (begins !== undefined) {
    missing.note(
      `Cost Explorer has no figures before ${longDay(begins)}: comparisons with earlier days are incomplete`,
    );
  }
  // Accounts that somebody asked for have a name too when they cost nothing.
  const withCosts = new Set(costs.accounts.map(({ id }) => id));
  const asked = new Set(settings.recipients.flatMap(({ accounts = [] }) => accounts));
  const without = [...asked].filter((id) => !withCosts.has(id)).map((id) => emptyAccount(id, costs.days.length));
  const all = [...costs.accounts, ...without];
  const accounts = await identifyAccounts(all, names, settings, deps.organizations, optional, missing);
  deps.telemetry.count("EstimatedDays", costs.estimated.length);
  deps.telemetry.info("Read the costs", { date, accounts: costs.accounts.length, currency: costs.currency });
  return { ...costs, accounts, ...(missing.notes.length > 0 && { notes: missing.notes }) };
}

/**
 * A day without costs is one that has not arrived yet, or one that cost nothing. Right after midnight, where every day of
 * the week before has some, it has not arrived: the next try, or the schedule's next run, finds it.
 */
function noteQuietDay(date: Day, daysWithCosts: CostAnswer["daysWithCosts"], now: number, missing: Missing): void {
  const overForMs = now - Date.parse(date) - MS_PER_DAY;
  const isBusy = daysBetween(addDays(date, -7), addDays(date, -1)).every((day) => daysWithCosts.has(day));
  if (isBusy && overForMs < USUALLY_THERE_MS) {
    throw new CostDataNotReadyError(date, "it has costs of earlier days only");
  }
  missing.note("Cost Explorer has no costs on this day");
}

/** @param hasArchive whether the archive has, or will have, what is too large for the mail. Default: true */
export function renderView(
  costs: Costs,
  view: View,
  settings: FullSettings,
  missing: Missing,
  hasArchive = true,
): RenderedMail {
  const render = (): RenderedMail => {
    const notes = [...new Set([...(costs.notes ?? []), ...missing.notes])];
    return renderMail(makeReport({ ...costs, notes }, settings, view.accounts), settings, {
      view: view.name,
      hasArchive,
    });
  };
  const mail = render();
  const [fault] = mail.faults;
  if (fault === undefined) return mail;
  missing.failed("A chart could not be drawn", fault);
  return render();
}

/** Before anything is sent, so that what was sent can be looked up. Says whether data and mails could be kept. */
async function archive(
  { settings, deps, optional, date }: Making,
  costs: Costs,
  mails: ReadonlyMap<string, RenderedMail>,
  missing: Missing,
): Promise<boolean> {
  const place = new Archive(deps.bucket, optional, settings);
  const isKept = await missing.attempt("This report is not, or not wholly, in the archive", async () => {
    await place.writeCosts(costs);
    for (const [name, mail] of mails) {
      await place.writeMail(date, name, toPage(mail));
      for (const file of mail.archived) await place.writeFile(file);
    }
    return true;
  });
  if (settings.trendPage) await archiveTrend(place, { settings, deps, date }, missing);
  return isKept === true;
}

async function archiveTrend(
  place: Archive,
  { settings, deps, date }: Pick<Making, "settings" | "deps" | "date">,
  missing: Missing,
): Promise<void> {
  await missing.attempt("The page of the month's trend does not show this day", async () => {
    const { summaries, unreadable } = await place.monthSummaries(date);
    if (unreadable.length > 0) {
      deps.telemetry.warn("The trend page says which days of the archive cannot be read", { unreadable });
    }
    const trend = makeTrend(summaries, unreadable, settings.bands);
    if (trend !== undefined) await place.writeTrend(date, trendPage(trend, settings));
  });
}
