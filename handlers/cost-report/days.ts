/** The days that reports are about, each from midnight to midnight UTC, as Cost Explorer has them. */
import { addDays, type Day, dayIn, dayOfMonth, daysBetween, daysInMonth, firstOfMonth } from "../shared/days";

/** The last day that is over, for Cost Explorer. */
export function lastDayOver(now: number): Day {
  return addDays(dayIn("UTC", now), -1);
}

/**
 * The day that a report made now is about. East of Greenwich "yesterday" may not be over in UTC yet; it is then the day
 * before, since half a day's costs would look like a fall.
 */
export function reportedDay(now: number, timeZone: string, settlingDays: number): Day {
  const wanted = addDays(dayIn(timeZone, now), -settlingDays);
  const last = lastDayOver(now);
  return wanted < last ? wanted : last;
}

/** Most days before the one that is due that a run of the schedule makes up for: a week, and a longer one of an hour more. */
export const CATCH_UP_DAYS = 7;

export interface Missed {
  /** Oldest first. */
  readonly days: readonly Day[];
  /** How many more there are that are too long ago. */
  readonly givenUp: number;
}

/**
 * The days that the schedule should have reported before the one that is due. There are such days where a run failed or
 * did not come about, and where a schedule passes over a day: one at night is due at another time of UTC's day, by which
 * days are counted, when the clocks change; one for working days is not due at weekends.
 *
 * @param reported the days that the schedule has reported, in order; it begins with the first of them
 */
export function missedDays(reported: readonly Day[], due: Day): Missed {
  const before = reported.filter((day) => day < due);
  const [first, last] = [before[0], before.at(-1)];
  if (first === undefined || last === undefined) return { days: [], givenUp: 0 };
  const earliest = addDays(due, -CATCH_UP_DAYS);
  const known = new Set(before);
  const missing = daysBetween(first, addDays(due, -1)).filter((day) => !known.has(day));
  return {
    days: missing.filter((day) => day >= earliest),
    // Of those that were given up before nothing is said again.
    givenUp: missing.filter((day) => day < earliest && day > last).length,
  };
}

/** The days that a report looks at. */
export interface Period {
  /** The day reported. */
  readonly day: Day;
  /** Days of the trend in order, the last of them the day reported. */
  readonly trend: readonly Day[];
  readonly monthStart: Day;
  /** First and last of the days of last month that the month so far is compared with. */
  readonly sameDays: { readonly first: Day; readonly last: Day };
  /** Last day of last month. */
  readonly lastMonthEnd: Day;
}

/**
 * The first of last month comes before every day of a trend of up to 28 days, since no month is shorter. Last month may
 * have fewer days than this one has had: then all of it is compared with.
 */
export function periodOf(day: Day, trendDays: number): Period {
  const monthStart = firstOfMonth(day);
  const lastMonthEnd = addDays(monthStart, -1);
  const first = firstOfMonth(lastMonthEnd);
  const last = addDays(first, Math.min(dayOfMonth(day), daysInMonth(first)) - 1);
  return {
    day,
    trend: daysBetween(addDays(day, 1 - trendDays), day),
    monthStart,
    sameDays: { first, last },
    lastMonthEnd,
  };
}
