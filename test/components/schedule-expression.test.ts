import * as assert from "node:assert/strict";
import { scheduleFault } from "../../components/schedule-expression";

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
