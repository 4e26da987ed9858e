/** That the schedule reports each day once, whatever its time zone does. */
import * as assert from "node:assert/strict";
import fc from "fast-check";
import { scheduledMessage } from "../../../handlers/cost-report/scheduled-message";
import { CATCH_UP_DAYS, missedDays, reportedDay } from "../../../handlers/cost-report/days";
import { type Day, daysBetween } from "../../../handlers/shared/days";
import { costHistory } from "../../../local/stories/cost-report/history";
import { awsError } from "../../../fakes/wire";
import { Office } from "./support/office";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of a zone at a moment, as if it were UTC. */
function wallClock(timeZone: string, moment: number): number {
  const options = { timeZone, hourCycle: "h23", dateStyle: "short", timeStyle: "medium" } as const;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("sv-SE", options);
  formats.set(timeZone, format);
  return Date.parse(`${format.format(moment).replace(" ", "T")}Z`);
}

/**
 * When Scheduler runs a daily cron expression: at the first moment that has this wall clock; on a day that does not have
 * it, not at all. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
function firings(timeZone: string, minute: number, first: number, days: number): number[] {
  return Array.from({ length: days }, (_, n) => first + n * DAY + minute * 60_000).flatMap((wanted) => {
    const offsets = [-2 * DAY, 2 * DAY].map((near) => wallClock(timeZone, wanted + near) - (wanted + near));
    const moments = offsets.map((offset) => wanted - offset).filter((it) => wallClock(timeZone, it) === wanted);
    return moments.length === 0 ? [] : [Math.min(...moments)];
  });
}

/** The days that runs at these moments report, in the order of the calendar. */
function reported(moments: readonly number[], timeZone: string, settlingDays: number): Day[] {
  const all: Day[] = [];
  for (const moment of moments) {
    const due = reportedDay(moment, timeZone, settlingDays);
    const { days, givenUp } = missedDays([...all].sort(), due);
    assert.equal(givenUp, 0);
    // A day that everybody has is not sent again.
    if (!all.includes(due)) all.push(due);
    all.push(...days);
  }
  return all.sort();
}

function assertEachOnce(moments: readonly number[], timeZone: string, settlingDays = 1): void {
  const days = reported(moments, timeZone, settlingDays);
  assert.deepEqual(
    days,
    daysBetween(days[0] ?? "", days.at(-1) ?? ""),
    `${timeZone} ${new Date(moments[0] ?? 0).toISOString()}`,
  );
  assert.equal(days.at(-1), reportedDay(moments.at(-1) ?? 0, timeZone, settlingDays));
}

/** The days of a year on which the zone's clocks are changed. */
function changes(timeZone: string, year: number): number[] {
  const offset = (moment: number): number => wallClock(timeZone, moment) - moment;
  const days = Array.from({ length: 366 }, (_, n) => Date.UTC(year, 0, 1 + n));
  return days.filter((day) => offset(day) !== offset(day + DAY));
}

const zones = Intl.supportedValuesOf("timeZone");
const years = fc.integer({ min: 2005, max: 2037 });
const minutes = fc.integer({ min: 0, max: 1439 });

describe("the days of a daily schedule", () => {
  it("are each reported once, around every change of the clocks, in any zone, year and time of day", () => {
    let changed = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        years,
        minutes,
        fc.integer({ min: 1, max: 7 }),
        (zone, year, minute, settling) => {
          for (const change of changes(zone, year)) {
            changed += 1;
            assertEachOnce(firings(zone, minute, change - 4 * DAY, 9), zone, settling);
          }
        },
      ),
      { numRuns: 300 },
    );
    assert.ok(changed > 100, `${changed} changes`);
  });

  it("are each reported once in every half hour of a night, where clocks change by half an hour, two hours and a day", () => {
    const odd = [
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Antarctica/Troll",
      "Africa/Casablanca",
      "Pacific/Apia",
    ];
    for (const zone of odd) {
      for (const change of [2011, 2026].flatMap((year) => changes(zone, year))) {
        for (let minute = 0; minute < 1440; minute += 30)
          assertEachOnce(firings(zone, minute, change - 3 * DAY, 7), zone);
      }
    }
  });

  it("are each reported once where runs fail, or the schedule is for some days of the week only", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"),
        minutes,
        fc.array(fc.integer({ min: 1, max: CATCH_UP_DAYS }), { minLength: 1, maxLength: 20 }),
        (zone, minute, gaps) => {
          const all = firings(zone, minute, Date.UTC(2026, 8, 20), 160);
          let at = 0;
          assertEachOnce(
            [0, ...gaps].flatMap((gap) => all[(at += gap)] ?? []),
            zone,
          );
        },
      ),
    );
  });

  it("are each reported once by a rate of any number of hours up to a week", () => {
    for (let hours = 1; hours <= CATCH_UP_DAYS * 24; hours += 1) {
      const moments = Array.from({ length: 60 }, (_, n) => Date.UTC(2026, 9, 20, 22, 30) + n * hours * HOUR);
      assertEachOnce(moments, "Europe/Berlin");
    }
  });
});

describe("missedDays", () => {
  const days = (first: Day, last: Day): Day[] => daysBetween(first, last);

  it("begins with the first day that the schedule has reported", () => {
    assert.deepEqual(missedDays([], "2026-11-12"), { days: [], givenUp: 0 });
    assert.deepEqual(missedDays(["2026-11-12"], "2026-11-12"), { days: [], givenUp: 0 });
    assert.deepEqual(missedDays(["2026-11-10"], "2026-11-12"), { days: ["2026-11-11"], givenUp: 0 });
  });

  it("goes back a week, and says once how many days are too long ago", () => {
    const known = days("2026-10-01", "2026-10-31");
    const missed = missedDays(known, "2026-11-12");
    assert.deepEqual(missed, { days: days("2026-11-05", "2026-11-11"), givenUp: 4 });
    assert.deepEqual(missedDays([...known, ...missed.days, "2026-11-12"], "2026-11-13"), { days: [], givenUp: 0 });
  });

  it("finds holes, and leaves days after the one that is due alone", () => {
    const known = ["2026-11-08", "2026-11-10", "2026-11-12"];
    assert.deepEqual(missedDays(known, "2026-11-11"), { days: ["2026-11-09"], givenUp: 0 });
  });
});

describe("the cost report by its schedule", () => {
  const scheduled = (time: string) => ({ ...scheduledMessage, time });
  const history = costHistory({ first: "2026-09-01", last: "2026-11-12", accounts: 1, services: 1 });
  const daysOf = (office: Office): (string | undefined)[] =>
    office.mails.map((mail) => /\d+ (Oct|Nov)/.exec(mail.header("Subject"))?.[0]);

  async function fire(office: Office, time: string): Promise<void> {
    await office.until(time);
    await office.invoke(scheduled(time)).catch(() => undefined);
  }

  it("reports 24 October 2026 at half past one in Berlin, where it was passed over", async () => {
    const office = new Office({ history, settings: { timeZone: "Europe/Berlin" } });
    const times = ["2026-10-23T23:30:00Z", "2026-10-24T23:30:00Z", "2026-10-26T00:30:00Z", "2026-10-27T00:30:00Z"];
    for (const time of times) await fire(office, time);
    assert.deepEqual(daysOf(office), ["22 Oct", "23 Oct", "25 Oct", "24 Oct", "26 Oct"]);
  });

  it("catches up with days on which it failed, and goes on with those that it can report", async () => {
    const office = new Office({ history });
    await fire(office, "2026-11-02T11:18:00Z");
    const denied = awsError("AccessDeniedException", "no");
    office.wire.refuseNext("GetCostAndUsage", denied, 3);
    for (const day of ["03", "04", "05"]) await fire(office, `2026-11-${day}T11:18:00Z`);
    assert.deepEqual(daysOf(office), ["1 Nov", "4 Nov", "2 Nov", "3 Nov"]);
    await fire(office, "2026-11-06T11:18:00Z");
    assert.deepEqual([...daysOf(office)].sort(), ["1 Nov", "2 Nov", "3 Nov", "4 Nov", "5 Nov"]);
    assert.deepEqual(office.telemetry.sum("DaysGivenUp"), 0);
  });

  it("does not catch up with days before it began, nor because somebody sent one by hand", async () => {
    const office = await new Office({ history }).open();
    await office.invoke({ date: "2026-11-01" });
    await fire(office, "2026-11-13T11:18:00Z");
    assert.deepEqual(daysOf(office), ["1 Nov", "12 Nov"]);
  });

  it("sends a day that was caught up by hand no more, nor one that some could not get", async () => {
    const office = new Office({
      history,
      settings: { recipients: [{ address: "ann@example.com" }, { address: "bob@example.com" }] },
    });
    await fire(office, "2026-11-02T11:18:00Z");
    await office.until("2026-11-04T12:00:00Z");
    await office.invoke({ date: "2026-11-02" });
    office.refusal = (to) => (to === "bob@example.com" ? awsError("MessageRejected", "no") : undefined);
    await fire(office, "2026-11-05T11:18:00Z");
    office.refusal = () => undefined;
    await fire(office, "2026-11-06T11:18:00Z");
    const got = (name: string) =>
      office.mails.filter(({ to }) => to.startsWith(name)).map((mail) => /\d+ Nov/.exec(mail.header("Subject"))?.[0]);
    assert.deepEqual(got("ann"), ["1 Nov", "2 Nov", "4 Nov", "3 Nov", "5 Nov"]);
    assert.deepEqual(got("bob"), ["1 Nov", "2 Nov", "5 Nov"]);
  });

  it("sends nothing twice where two of its messages come at the same time, also while it catches up", async () => {
    const office = new Office({ history });
    await fire(office, "2026-11-02T11:18:00Z");
    await office.until("2026-11-06T11:18:00Z");
    const event = scheduled("2026-11-06T11:18:00Z");
    const both = [office.begin(event, { requestId: "r1" }), office.begin(event, { requestId: "r1" })];
    await office.clock.finish(Promise.all(both));
    assert.deepEqual([...daysOf(office)].sort(), ["1 Nov", "2 Nov", "3 Nov", "4 Nov", "5 Nov"]);
  });
});
