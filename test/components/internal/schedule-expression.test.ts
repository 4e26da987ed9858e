import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { isTimeZone, recurringScheduleFault, scheduleFault } from "../../../components/internal/schedule-expression";
import { anyCharacter } from "../../support/characters";

describe("scheduleFault", () => {
  const good = [
    "rate(1 minute)",
    "rate(5 minutes)",
    "rate(1 day)",
    "cron(18 11 * * ? *)",
    "cron(0/15 8-18 ? * MON-FRI *)",
    "cron(0 0 L * ? *)",
    "cron(0 0 LW * ? *)",
    "cron(0 0 15W * ? *)",
    "cron(0 10 ? * 2#1 *)",
    "cron(0 10 ? * 6L 2026-2030)",
    "cron(0,30 0 1 JAN,JUL ? *)",
    "at(2026-11-01T11:18:00)",
  ];
  for (const expression of good) {
    it(`accepts ${expression}`, () => assert.equal(scheduleFault(expression), undefined));
  }

  const bad: [string, RegExp][] = [
    ["rate(1 minutes)", /singular for 1/],
    ["rate(5 minute)", /plural for more/],
    ["rate(0 minutes)", /positive/],
    ["cron(18 11 * * *)", /6 fields .*, this one 5/],
    ["cron(60 11 * * ? *)", /"60" is no minutes field/],
    ["cron(18 24 * * ? *)", /"24" is no hours field/],
    ["cron(18 11 32 * ? *)", /"32" is no day of month field/],
    ["cron(18 11 * 13 ? *)", /"13" is no month field/],
    ["cron(18 11 ? * FOO *)", /"FOO" is no day of week field/],
    ["cron(18 11 * * * *)", /exactly one of day of month and day of week must be \?/],
    ["cron(18 11 ? * ? *)", /exactly one/],
    ["cron(*/0 11 * * ? *)", /minutes/],
    ["at(2026-11-01)", /at\(/],
    ["at(2026-13-01T00:00:00)", /at\(/],
    ["every 5 minutes", /none of/],
    ["", /none of/],
  ];
  for (const [expression, reason] of bad) {
    it(`refuses ${JSON.stringify(expression)} and says why`, () =>
      assert.match(scheduleFault(expression) ?? "", reason));
  }
});

describe("any schedule expression", () => {
  const number = (minimum: number, maximum: number): fc.Arbitrary<string> =>
    fc.integer({ min: minimum, max: maximum }).map(String);
  /** A field of a cron expression: `*`, numbers, ranges and steps, in lists. */
  const field = (minimum: number, maximum: number): fc.Arbitrary<string> => {
    const value = number(minimum, maximum);
    const range = fc.tuple(value, value).map((bounds) => bounds.sort((a, b) => Number(a) - Number(b)).join("-"));
    const step = fc.tuple(fc.oneof(fc.constant("*"), value, range), number(1, 30)).map((parts) => parts.join("/"));
    return fc.array(fc.oneof(value, range, step), { minLength: 1, maxLength: 3 }).map((items) => items.join(","));
  };
  const day = fc.oneof(field(1, 31), fc.constantFrom("*", "L", "LW", "15W"));
  const weekday = fc.oneof(field(1, 7), fc.constantFrom("*", "L", "6L", "FRIL", "2#1", "mon-fri", "SUN"));
  const days = fc.oneof(
    day.map((text) => [text, "?"] as const),
    weekday.map((text) => ["?", text] as const),
  );
  const cron = fc
    .tuple(field(0, 59), field(0, 23), days, field(1, 12), field(1970, 2199))
    .map(([minutes, hours, [dayOfMonth, dayOfWeek], month, year]) => [
      minutes,
      hours,
      dayOfMonth,
      month,
      dayOfWeek,
      year,
    ]);

  it("of cron's fields within their bounds is accepted", () => {
    fc.assert(fc.property(cron, (fields) => assert.equal(scheduleFault(`cron(${fields.join(" ")})`), undefined)));
  });

  it("with one field out of its bounds is refused, and the field named", () => {
    const wrong = ["60", "24", "32", "13", "8", "1969"];
    const names = ["minutes", "hours", "day of month", "month", "day of week", "year"];
    fc.assert(
      fc.property(cron, fc.nat(5), (fields, i) => {
        fc.pre(fields[i] !== "?");
        const broken = fields.map((text, j) => (i === j ? `${text},${wrong[i]}` : text));
        assert.match(scheduleFault(`cron(${broken.join(" ")})`) ?? "", new RegExp(`is no ${names[i]} field$`));
      }),
    );
  });

  it("without exactly one ? for the day is refused", () => {
    for (const expression of ["cron(0 0 ? * ? *)", "cron(0 0 * * * *)", "cron(0 0 1 * 1 *)"]) {
      assert.match(scheduleFault(expression) ?? "", /exactly one/);
    }
    for (const expression of ["cron(0 0 ?,1 * ? *)", "cron(0 0 1 * ?,2 *)", "cron(? 0 1 * ? *)"]) {
      assert.match(scheduleFault(expression) ?? "", /is no .* field/);
    }
  });

  it("of a rate is accepted in the right number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom("minute", "hour", "day"), (amount, unit) => {
        assert.equal(scheduleFault(`rate(${amount} ${unit}${amount === 1 ? "" : "s"})`), undefined);
        assert.match(scheduleFault(`rate(${amount} ${unit}${amount === 1 ? "s" : ""})`) ?? "", /singular for 1/);
      }),
    );
  });

  it("of a moment is accepted exactly when that moment exists", () => {
    const range = { min: new Date("1970-01-01T00:00:00Z"), max: new Date("2199-12-31T23:59:59Z"), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        assert.equal(scheduleFault(`at(${date.toISOString().slice(0, 19)})`), undefined);
      }),
    );
    for (const moment of ["2026-02-30T00:00:00", "2026-04-31T10:00:00", "2026-01-01T24:00:00", "2026-01-01T10:00:60"]) {
      assert.match(scheduleFault(`at(${moment})`) ?? "", /a date that exists/, moment);
    }
  });

  it("is judged at once, never with an exception", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("cron", "rate", "at", ""),
        fc.string({ unit: anyCharacter, maxLength: 200 }),
        (kind, text) => {
          const fault = scheduleFault(`${kind}(${text})`);
          assert.ok(fault === undefined || fault !== "");
        },
      ),
    );
  });
});

describe("recurringScheduleFault", () => {
  it("refuses what happens once, and is scheduleFault for all else", () => {
    assert.match(recurringScheduleFault("at(2026-11-01T11:18:00)") ?? "", /happens once/);
    assert.equal(recurringScheduleFault("rate(1 minute)"), undefined);
    assert.equal(recurringScheduleFault("nonsense"), scheduleFault("nonsense"));
  });
});

describe("a time zone", () => {
  const wrong = (timeZone: string): boolean => !isTimeZone(timeZone);

  it("is one of the IANA database", () => {
    for (const zone of ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"]) assert.equal(wrong(zone), false, zone);
    for (const zone of ["", "Berlin", "Europe/Berlyn", "+01:00", "UTC+1", "Europe/Berlin "])
      assert.equal(wrong(zone), true, zone);
  });

  it("is written as the database writes it, and no abbreviation", () => {
    for (const zone of ["Asia/Kolkata", "US/Eastern", "GMT", "CET", "Etc/GMT+5"])
      assert.equal(wrong(zone), false, zone);
    for (const zone of ["europe/berlin", "EUROPE/BERLIN", "utc", "us/eastern", "PST", "EST", "IST"])
      assert.equal(wrong(zone), true, zone);
  });
});
