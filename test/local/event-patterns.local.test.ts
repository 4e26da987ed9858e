import * as assert from "node:assert/strict";
import { EventBridgeClient, TestEventPatternCommand } from "@aws-sdk/client-eventbridge";
import { RULER_CASES } from "../components/event-pattern/ruler-cases";
import { REFUSED } from "../components/event-pattern/ruler-refusals";
import { startTestCloud, type TestCloud } from "../support/cloud";

const EVENT = {
  id: "1",
  account: "777777777777",
  source: "tests",
  time: "2026-01-01T00:00:00Z",
  region: "us-east-1",
  resources: [],
  "detail-type": "case",
};

/** Where the emulator answers otherwise than Event Ruler, and why. */
const DIFFERENT: readonly string[] = [
  // It compares texts, and Event Ruler addresses.
  'an IPv6 address however it is written: {"x":"0:0:0:0:0:0:0:1"} false',
  'an IPv4 address with leading zeros: {"x":"10.0.0.1"} false',
  // It takes points apart in the names of patterns only.
  'a point in a name of the event is a level: {"x.y":1} false',
  // It looks at each object by itself; Event Ruler goes through fields by their names, and has chosen no object yet.
  'what is missing, and comes first by its name, in all of the objects: {"x":[{"a":1},{"b":"y"}]} true',
];

const NOT_REFUSED: readonly string[] = [
  // It takes $or without a list for a field.
  '{"$or":{"x":["a"]}} false',
  // It lets the second of two lists for one field hold.
  '{"x":["a"],"$or":[{"x":["b"]},{"y":["c"]}]} false',
  '{"x.y":["a"],"x":{"y":["b"]}} false',
];

/** That the emulator's answers are those of the library, except for those that are known to be wrong. */
describe("the local cloud's event patterns", () => {
  let cloud: TestCloud;
  let client: EventBridgeClient;

  before(async () => {
    cloud = await startTestCloud();
    client = new EventBridgeClient(cloud.as("777777777777"));
  });
  after(() => cloud.stop());

  const answer = async (pattern: unknown, event: object): Promise<boolean | string> => {
    try {
      const EventPattern = JSON.stringify(Array.isArray(pattern) ? pattern : { detail: pattern });
      const Event = JSON.stringify({ ...EVENT, detail: event });
      return (await client.send(new TestEventPatternCommand({ EventPattern, Event }))).Result ?? "nothing";
    } catch (error) {
      return (error as Error).name;
    }
  };

  it("match as the library does", async () => {
    const different: string[] = [];
    for (const { about, pattern, matching, other } of RULER_CASES) {
      for (const [events, expected] of [
        [matching, true],
        [other, false],
      ] as const) {
        for (const event of events) {
          const found = await answer(pattern, event);
          if (found !== expected) different.push(`${about}: ${JSON.stringify(event)} ${found}`);
        }
      }
    }
    assert.deepEqual(different, DIFFERENT);
  });

  it("are refused where the library refuses them", async () => {
    const different: string[] = [];
    for (const [pattern] of REFUSED) {
      const found = await answer(pattern, {});
      if (found !== "InvalidEventPatternException") different.push(`${JSON.stringify(pattern)} ${found}`);
    }
    assert.deepEqual(different, NOT_REFUSED);
  });
});
