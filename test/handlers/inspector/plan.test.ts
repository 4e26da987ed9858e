import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { digestOf } from "../../../handlers/inspector/digest";
import type { Finding } from "../../../handlers/inspector/events";
import { advance, compareAge, DAY_MS, type Known, type NoticeKind } from "../../../handlers/inspector/plan";
import { SEVERITIES, type Severity, STATUSES, type Status } from "../../../handlers/inspector/settings";
import { finding, START } from "./support/made";

const event = fc.record({
  updatedAt: fc.nat(5),
  lastObservedAt: fc.nat(1),
  status: fc.constantFrom(...STATUSES),
  severity: fc.constantFrom(...SEVERITIES),
});

function after(events: readonly Partial<Finding>[]): { known: Known | undefined; notices: NoticeKind[] } {
  let known: Known | undefined;
  const notices: NoticeKind[] = [];
  for (const changes of events) {
    const step = advance(known, finding(changes));
    if (step.kind === "late") continue;
    known = step.next;
    if (step.notice !== undefined) notices.push(step.notice);
  }
  return { known, notices };
}

const newest = ({ updatedAt, lastObservedAt, status, severity }: Known | Finding) => [
  updatedAt,
  lastObservedAt,
  status,
  severity,
];

describe("advance", () => {
  it("ends with the newest event, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1 }), (events) => {
        const [last] = events.map(finding).sort((a, b) => compareAge(b, a));
        const { known } = after(events);
        assert.ok(last !== undefined && known !== undefined);
        assert.deepEqual(newest(known), newest(last));
      }),
    );
  });

  it("says nothing of events that it has seen, or that are older", () => {
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat()), (events, again) => {
        const repeated = [...events].sort((a, b) => compareAge(finding(a), finding(b)));
        const late = again.flatMap((n) => repeated[n % Math.max(1, repeated.length)] ?? []);
        assert.deepEqual(after([...repeated, ...late]), after(repeated));
      }),
    );
  });

  type Short = readonly [Status, Severity?];
  const cases: Record<string, readonly [events: readonly Short[], notices: readonly NoticeKind[]]> = {
    "new, fixed, back": [
      [["ACTIVE"], ["CLOSED"], ["ACTIVE"]],
      ["new", "fixed", "reopened"],
    ],
    "more severe, then less": [
      [
        ["ACTIVE", "LOW"],
        ["ACTIVE", "CRITICAL"],
        ["ACTIVE", "LOW"],
      ],
      ["new", "more severe"],
    ],
    "seen first when it is fixed": [[["CLOSED"]], []],
    "seen first when it was fixed before": [[["CLOSED"], ["ACTIVE"]], ["reopened"]],
    "suppressed from the beginning": [[["SUPPRESSED", "LOW"], ["SUPPRESSED", "HIGH"], ["CLOSED"]], []],
    "no longer suppressed, never announced": [[["SUPPRESSED"], ["ACTIVE"]], ["new"]],
    "suppressed for a while": [
      [["ACTIVE"], ["SUPPRESSED"], ["ACTIVE"]],
      ["new", "reopened"],
    ],
  };
  for (const [name, [events, notices]] of Object.entries(cases)) {
    it(`tells of what changed: ${name}`, () => {
      const timed = events.map(([status, severity = "HIGH"], i) => ({ status, severity, updatedAt: START + i }));
      assert.deepEqual(after(timed).notices, notices);
    });
  }

  it("takes the days to fix from when it was opened, the last time", () => {
    const at = (days: number, status: Status) => finding({ status, updatedAt: START + days * DAY_MS });
    const opened = advance(undefined, { ...at(0, "ACTIVE"), firstObservedAt: START - DAY_MS });
    assert.ok(opened.kind === "change");
    const fixed = advance(opened.next, at(2, "CLOSED"));
    assert.ok(fixed.kind === "change");
    assert.equal(fixed.daysToFix, 3);
    const back = advance(fixed.next, at(4, "ACTIVE"));
    assert.ok(back.kind === "change");
    assert.equal(back.next.openedAt, START + 4 * DAY_MS);
  });
});

describe("digestOf", () => {
  const known = (changes: Partial<Known>): Known => ({
    ...finding(),
    revision: 1,
    openedAt: START - 20 * DAY_MS,
    announced: true,
    ...changes,
  });

  it("counts what is open, opened, fixed and overdue, and names the worst first", () => {
    const digest = digestOf(
      [
        known({ arn: "a", severity: "CRITICAL" }),
        known({ arn: "b", severity: "CRITICAL", openedAt: START - 15 * DAY_MS }),
        known({ arn: "c", severity: "HIGH", openedAt: START - 31 * DAY_MS, resourceId: "i-1" }),
        known({ arn: "d", severity: "LOW", openedAt: START - 400 * DAY_MS }),
        known({ arn: "e", severity: "HIGH", openedAt: START - DAY_MS / 2 }),
        known({ arn: "f", severity: "HIGH", status: "CLOSED", updatedAt: START - DAY_MS / 2 }),
        known({ arn: "g", severity: "HIGH", status: "CLOSED", updatedAt: START - 2 * DAY_MS }),
        known({ arn: "h", severity: "CRITICAL", status: "SUPPRESSED" }),
      ],
      START,
      { CRITICAL: 15, HIGH: 30 },
    );
    assert.deepEqual(digest.lines, [
      { severity: "CRITICAL", open: 2, opened: 0, fixed: 0, overdue: 1 },
      { severity: "HIGH", open: 2, opened: 1, fixed: 1, overdue: 1 },
      { severity: "LOW", open: 1, opened: 0, fixed: 0, overdue: 0 },
    ]);
    assert.deepEqual([digest.open, digest.suppressed], [5, 1]);
    assert.deepEqual(
      digest.overdue.map(({ arn, ageDays }) => [arn, ageDays]),
      [
        ["a", 20],
        ["c", 31],
      ],
    );
    assert.deepEqual(
      digest.resources.map(({ open, worst }) => [open, worst]),
      [
        [4, "CRITICAL"],
        [1, "HIGH"],
      ],
    );
  });
});
