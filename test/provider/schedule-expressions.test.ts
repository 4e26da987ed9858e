import * as assert from "node:assert/strict";
import { UNKNOWN } from "../../local/provider/property-values";
import { checkScheduleExpression, type ScheduleKind } from "../../local/provider/services/schedule-expressions";

const ALL: ScheduleKind[] = ["rate", "cron", "at"];

function reason(value: string, kinds = ALL): string | undefined {
  return checkScheduleExpression("scheduleExpression", value, kinds)[0]?.reason;
}

describe("Schedule expressions", () => {
  for (const good of [
    "rate(1 minute)",
    "rate(5 minutes)",
    "rate(7 days)",
    "cron(0 10 * * ? *)",
    "cron(15 12 ? * MON-FRI *)",
    "cron(0/10 8-17 ? * 2,4,6 2026-2030)",
    "cron(0 8 1W * ? *)",
    "cron(0 8 L * ? *)",
    "cron(0 8 ? * 6#3 *)",
    "cron(0 8 ? JAN,MAR FRIL *)",
    "cron(*/5 * * * ? *)",
    "at(2030-01-31T08:00:00)",
  ]) {
    it(`takes ${good}`, () => assert.equal(reason(good), undefined));
  }

  for (const [bad, why] of [
    ["rate(1 minutes)", /singular for 1/],
    ["rate(5 minute)", /plural for more/],
    ["rate(0 minutes)", /positive/],
    ["rate(5 weeks)", /minutes, hours or days/],
    ["cron(0 10 * * *)", /6 fields .* this one 5/],
    ["cron(60 10 * * ? *)", /"60" is no minutes/],
    ["cron(0 10 32 * ? *)", /"32" is no day of month/],
    ["cron(0 10 ? * 0 *)", /"0" is no day of week/],
    ["cron(0 10 ? FOO MON *)", /"FOO" is no month/],
    ["cron(0 10 * * * *)", /exactly one of day of month and day of week/],
    ["cron(0 10 ? * ? *)", /exactly one of day of month and day of week/],
    ["cron(0/0 10 * * ? *)", /"0\/0" is no minutes/],
    ["every 5 minutes", /expected rate\(...\) or cron\(...\) or at\(...\)/],
    ["at(2030-02-30 08:00)", /yyyy-mm-ddThh:mm:ss/],
  ] as const) {
    it(`refuses ${bad}`, () => assert.match(reason(bad) ?? "", why));
  }

  it("refuses at(...) where rules are meant, and lets pass what is not known yet", () => {
    assert.match(reason("at(2030-01-31T08:00:00)", ["rate", "cron"]) ?? "", /expected rate/);
    assert.equal(reason(UNKNOWN), undefined);
  });
});
