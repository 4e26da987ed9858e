import * as assert from "node:assert/strict";
import * as lifecycle from "../../local/provider/lifecycle";
import { UNKNOWN, type Values } from "../../local/provider/property-values";
import { account, thing } from "./thing";

const counted = thing({
  computed: ["arn", "version", "published"],
  volatile: [
    { outputs: ["version"], changedBy: ["size", "policy"] },
    { outputs: ["published"], changedBy: ["size", "publish"], onlyWith: "publish" },
  ],
});

/** The computed outputs that the preview of an update to `news` does not know. */
function unknown(olds: Values, news: Values): string[] {
  const state = { ...olds, arn: "old", version: "old", published: "old" };
  const shown = lifecycle.preview(counted, account(), news, { inputs: olds, state });
  return ["arn", "version", "published"].filter((name) => shown[name] === UNKNOWN);
}

const UPDATES: [olds: Values, news: Values, moved: string[]][] = [
  [{ name: "a", size: 1 }, { name: "a", size: 2 }, ["version"]],
  [{ name: "a", size: 1 }, { name: "a" }, ["version"]],
  [{ policy: "{}" }, { policy: '{"a":1}' }, ["version"]],
  [{ size: 1 }, { size: 1, tags: { a: "b" } }, []],
  [{ policy: '{"a":1}' }, { policy: '{ "a": 1 }' }, []],
  // The second output moves only while the input that it takes is on.
  [{ size: 1 }, { size: 2, publish: false }, ["version"]],
  [{ size: 1 }, { size: 2, publish: true }, ["version", "published"]],
  [{ size: 1 }, { size: 1, publish: true }, ["published"]],
  [{ publish: true }, { publish: true }, []],
  // What is not known yet is taken for a change.
  [{ size: 1 }, { size: UNKNOWN }, ["version"]],
  [{ size: 1 }, { size: 2, publish: UNKNOWN }, ["version", "published"]],
];

describe("The preview of an update", () => {
  for (const [olds, news, moved] of UPDATES) {
    it(`from ${JSON.stringify(olds)} to ${JSON.stringify(news)} does not know ${moved.join(" and ") || "nothing"}`, () =>
      assert.deepEqual(unknown(olds, news), moved));
  }

  it("shows what the program says itself", () => {
    const before = { inputs: { size: 1, version: 3 }, state: { size: 1, version: 3 } };
    assert.equal(lifecycle.preview(counted, account(), { size: 2, version: 4 }, before).version, 4);
  });
});
