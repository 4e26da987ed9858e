import * as assert from "node:assert/strict";
import * as lifecycle from "../../local/provider/lifecycle";
import { UNKNOWN, type Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import type { ResourceType } from "../../local/provider/resource-type";
import { account, thing } from "./thing";

/** The computed outputs that the preview of an update to `news` does not know. */
function unknown(type: ResourceType, olds: Values, news: Values): string[] {
  const outputs = Object.fromEntries((type.computed ?? []).map((name) => [name, `old ${name}`]));
  const before = { inputs: olds, state: { ...olds, ...outputs } };
  const shown = lifecycle.preview(type, account(), news, before);
  return (type.computed ?? []).filter((name) => shown[name] === UNKNOWN);
}

const counted = thing({
  computed: ["arn", "version", "published"],
  volatile: [
    { outputs: ["version"], changedBy: ["size", "policy"] },
    { outputs: ["published"], changedBy: ["size", "publish"], onlyWith: "publish" },
  ],
});

describe("The preview of an update", () => {
  it("does not know what the update moves, and keeps everything else", () => {
    assert.deepEqual(unknown(counted, { name: "a", size: 1 }, { name: "a", size: 2 }), ["version"]);
    assert.deepEqual(unknown(counted, { name: "a", size: 1 }, { name: "a" }), ["version"]);
    assert.deepEqual(unknown(counted, { policy: "{}" }, { policy: '{"a":1}' }), ["version"]);
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 1, tags: { a: "b" } }), []);
    assert.deepEqual(unknown(counted, { policy: '{"a":1}' }, { policy: '{ "a": 1 }' }), []);
  });

  it("asks whether the input that it takes is on", () => {
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 2, publish: false }), ["version"]);
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 2, publish: true }), ["version", "published"]);
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 1, publish: true }), ["published"]);
    assert.deepEqual(unknown(counted, { publish: true }, { publish: true }), []);
  });

  it("takes what is not known yet for a change", () => {
    assert.deepEqual(unknown(counted, { size: 1 }, { size: UNKNOWN }), ["version"]);
    assert.deepEqual(unknown(counted, { size: 1 }, { size: 2, publish: UNKNOWN }), ["version", "published"]);
  });

  it("shows what the program says itself", () => {
    const before = { inputs: { size: 1, version: 3 }, state: { size: 1, version: 3 } };
    assert.equal(lifecycle.preview(counted, account(), { size: 2, version: 4 }, before).version, 4);
  });

  it("declares as moving only outputs and inputs that the type has", () => {
    const odd = [...RESOURCES.values()].flatMap(({ token, computed = [], properties, volatile = [] }) =>
      volatile.flatMap(({ outputs, changedBy, onlyWith }) => [
        ...outputs.filter((name) => !computed.includes(name)).map((name) => `${token} ${name}`),
        ...[...changedBy, onlyWith ?? changedBy[0] ?? "nothing"]
          .filter((name) => !(name in properties))
          .map((name) => `${token} ${name}`),
      ]),
    );
    assert.deepEqual(odd, []);
  });
});
