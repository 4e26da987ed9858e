import * as assert from "node:assert/strict";
import { runOurs } from "../../../bench/dns";

describe("a burst of 1,000 launches and 1,000 terminations", () => {
  it("takes at most 20 write calls and 10 seconds, and loses nothing, at five requests a second", async () => {
    const figures = await runOurs();
    assert.ok(figures.writeCalls <= 20, `${figures.writeCalls} write calls`);
    assert.ok(figures.secondsToSettle <= 10, `${figures.secondsToSettle} s`);
    assert.equal(figures.eventsLost, 0);
    assert.equal(figures.wrongRecords, 0);
  });
});
