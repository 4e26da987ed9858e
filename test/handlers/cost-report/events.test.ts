import * as assert from "node:assert/strict";
import { BadEventError } from "../../../handlers/cost-report/errors";
import { parseEvent } from "../../../handlers/cost-report/events";
import { scheduledMessage } from "../../../handlers/cost-report/scheduled-message";

describe("parseEvent", () => {
  it("takes the schedule's message, as of the moment that it was due", () => {
    const event = { ...scheduledMessage, time: "2026-11-13T11:18:00Z" };
    assert.deepEqual(parseEvent(event), { asOf: Date.parse("2026-11-13T11:18:00Z"), dryRun: false });
  });

  it("takes a day, a dry run, both, or nothing", () => {
    assert.deepEqual(parseEvent({}), { dryRun: false });
    assert.deepEqual(parseEvent({ date: "2026-11-01" }), { date: "2026-11-01", dryRun: false });
    assert.deepEqual(parseEvent({ dryRun: true }), { dryRun: true });
    assert.deepEqual(parseEvent({ date: "2026-11-01", dryRun: true, recipient: "ann@example.com" }), {
      date: "2026-11-01",
      dryRun: true,
      recipient: "ann@example.com",
    });
  });

  it("refuses everything else, and says what it got and what it takes", () => {
    const bad = [
      { date: "2026-02-30" },
      { date: "yesterday" },
      { date: 20261101 },
      { dryRun: "true" },
      { dryrun: true },
      { date: "2026-11-01", send: true },
      { recipient: "ann@example.com" },
      { ...scheduledMessage },
      { ...scheduledMessage, time: "2026-11-13T11:18:00Z", dryRun: true },
      { source: "aws.events", "detail-type": "Scheduled Event" },
      null,
      "2026-11-01",
      [],
    ];
    for (const event of bad) {
      assert.throws(
        () => parseEvent(event),
        (error) => {
          assert.ok(error instanceof BadEventError, JSON.stringify(event));
          assert.match(error.message, /"dryRun": true/);
          return true;
        },
      );
    }
    assert.throws(() => parseEvent({ date: "2026-02-30" }), /2026-02-30.*date: is no day of the form 2026-11-01/);
    assert.throws(() => parseEvent({ dryrun: true }), /dryrun/);
  });
});
