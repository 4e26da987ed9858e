import * as assert from "node:assert/strict";
import { matches } from "../../../components/event-pattern";
import type { EventPattern } from "../../../components/event-pattern";
import { RULER_CASES } from "./ruler-cases";

describe("an event pattern", () => {
  for (const { about, pattern, matching, other } of RULER_CASES) {
    it(`matches as Event Ruler does: ${about}`, () => {
      for (const event of matching) assert.ok(matches(pattern, event), JSON.stringify({ pattern, event }));
      for (const event of other) assert.ok(!matches(pattern, event), JSON.stringify({ pattern, event }));
    });
  }

  it("compares numbers within the limits that AWS documents", () => {
    const above = { x: [{ numeric: [">", 5] }] } satisfies EventPattern;
    assert.ok(!matches(above, { x: 5_000_000_001 }), "beyond five billions");
    assert.ok(!matches(above, { x: 5.0000001 }), "beyond the sixth digit");
  });

  it("leaves out what JSON leaves out", () => {
    const missing: EventPattern = { x: [{ exists: false }] };
    assert.ok(matches(missing, { x: undefined }));
  });

  it("is refused where AWS would refuse it", () => {
    const wrong = { detail: { state: "on" } } as unknown as EventPattern;
    assert.throws(() => matches(wrong, {}), {
      name: "TypeError",
      message:
        "detail.state of the event pattern must be a list of values, or fields with lists. " +
        'Put the value in a list: ["on"].',
    });
    assert.throws(() => matches({}, {}), /^TypeError: The event pattern must be an object with a field at least\./);
  });

  it("takes no longer for texts that nearly match", () => {
    const stars = { x: [{ wildcard: `${"*a".repeat(200)}b` }] };
    assert.ok(!matches(stars, { x: "a".repeat(20_000) }));
  });

  it("may be longer than what is deployed", () => {
    assert.ok(matches({ x: Array.from({ length: 5000 }, (_, i) => i) }, { x: 4999 }));
  });
});
