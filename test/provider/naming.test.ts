import * as assert from "node:assert/strict";
import * as lifecycle from "../../local/provider/lifecycle";
import { UNKNOWN, type Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import type { ResourceType } from "../../local/provider/resource-type";
import { thing, URN } from "./thing";

const prefixed = thing({
  properties: { name: "replace", namePrefix: "replace", size: "update" },
  autoName: { property: "name", maxLength: 40 },
});

function check(type: ResourceType, news: Values, olds: Values = {}, seed = new Uint8Array([1])) {
  return lifecycle.check(type, URN, olds, news, seed);
}

function nameOf(type: ResourceType, news: Values, olds: Values = {}, seed = new Uint8Array([1])): string {
  return String(check(type, news, olds, seed).inputs.name);
}

describe("Generated names", () => {
  it("keep to the limit, and to the engine's seed", () => {
    const name = (seed: number): string => nameOf(thing(), {}, {}, new Uint8Array([seed]));
    assert.match(name(1), /^the-logical-name-[0-9a-f]{7}$/);
    assert.equal(name(1), name(1));
    assert.notEqual(name(1), name(2));
    assert.notEqual(nameOf(thing(), {}, {}, new Uint8Array()), nameOf(thing(), {}, {}, new Uint8Array()));
    const short = thing({ autoName: { property: "name", maxLength: 16, suffix: () => ".fifo" } });
    assert.match(nameOf(short, {}), /^the-[0-9a-f]{7}\.fifo$/);
  });

  it("are lower case where a type has no others", () => {
    const lower = thing({ autoName: { property: "name", maxLength: 40, isLowerCase: true } });
    const urn = URN.replace("the-logical-name", "The-Name");
    const { inputs } = lifecycle.check(lower, urn, {}, {}, new Uint8Array([1]));
    assert.match(String(inputs.name), /^the-name-[0-9a-f]{7}$/);
  });

  it("stay over updates, until the program gives another", () => {
    const first = check(thing(), { size: 1 }).inputs;
    assert.equal(nameOf(thing(), { size: 2 }, first, new Uint8Array([9])), first.name);
    assert.equal(nameOf(thing(), { name: "other" }, first), "other");
  });

  it("begin with the program's prefix, and go on as long as the real provider's", () => {
    const edge = { namePrefix: "edge-" };
    assert.match(nameOf(prefixed, edge), /^edge-[0-9a-f]{26}$/);
    assert.notEqual(nameOf(prefixed, edge), nameOf(prefixed, edge, {}, new Uint8Array([2])));
    assert.deepEqual(check(prefixed, edge).failures, []);
    const fifo = { ...prefixed, autoName: { property: "name", maxLength: 40, suffix: () => ".fifo" } };
    assert.match(nameOf(fifo, edge), /^edge-[0-9a-f]{26}\.fifo$/);
  });

  it("change with their prefix, which replaces the resource, its successor first", () => {
    const seed = new Uint8Array([2]);
    const first = check(prefixed, { namePrefix: "edge-" }).inputs;
    assert.equal(nameOf(prefixed, { namePrefix: "edge-", size: 2 }, first, seed), first.name);
    const second = check(prefixed, { namePrefix: "core-" }, first, seed).inputs;
    assert.match(String(second.name), /^core-/);
    const without = check(prefixed, {}, first, seed).inputs;
    assert.match(String(without.name), /^the-logical-name-/);
    assert.match(nameOf(prefixed, { namePrefix: "edge-" }, without, seed), /^edge-/);
    for (const news of [second, without]) {
      const found = lifecycle.diff(prefixed, first, news, []).map(({ path, effect }) => `${path} ${effect}`);
      assert.deepEqual(found, ["name replace", "namePrefix replace"]);
      assert.equal(lifecycle.deletesBeforeReplace(prefixed, news), false);
    }
    assert.equal(lifecycle.deletesBeforeReplace(prefixed, check(prefixed, { name: "mine" }).inputs), true);
  });

  it("are not known before their prefix is", () => {
    const { inputs, failures } = check(prefixed, { namePrefix: UNKNOWN });
    assert.deepEqual([inputs.name, failures], [UNKNOWN, []]);
  });

  it("are refused with a prefix that is too long, empty, no text, or beside a name", () => {
    const about = (received: string): string =>
      `namePrefix: received ${received}; expected text of 1 to 14 characters, after which the name goes on with 26 random ones`;
    const cases: [news: Values, failures: string[]][] = [
      [{ namePrefix: "x".repeat(14) }, []],
      [{ namePrefix: "x".repeat(15) }, [about(`"${"x".repeat(15)}"`)]],
      [{ namePrefix: "" }, [about('""')]],
      [{ namePrefix: 7 }, [about("7")]],
      [{ namePrefix: "a", name: "b" }, ["namePrefix: received beside name; give one of them"]],
    ];
    for (const [news, expected] of cases) {
      const failures = check(prefixed, news).failures.map(({ property, reason }) => `${property}: ${reason}`);
      assert.deepEqual(failures, expected);
    }
    assert.equal(check(thing(), { namePrefix: "a" }).failures[0]?.property, "namePrefix");
  });

  it("are recognised by their prefix when what it says is wrong for the type", () => {
    const strict = { ...prefixed, check: () => [{ property: "name", reason: "no capitals" }] };
    assert.deepEqual(check(strict, { namePrefix: "A" }).failures, [{ property: "namePrefix", reason: "no capitals" }]);
    assert.deepEqual(check(strict, { name: "A" }).failures, [{ property: "name", reason: "no capitals" }]);
  });

  for (const type of [...RESOURCES.values()].filter(({ properties }) => "namePrefix" in properties)) {
    it(`take a prefix for ${type.token}, known or not`, () => {
      const about = (namePrefix: string) => {
        const { inputs, failures } = check(type, { namePrefix, fifoQueue: true, fifoTopic: true });
        const own = failures.filter(({ property }) => property === "name" || property === "namePrefix");
        return { name: String(inputs[type.autoName?.property ?? ""]), own };
      };
      const known = about("edge-");
      assert.match(known.name, /^edge-[0-9a-f]{26}(\.fifo)?$/);
      assert.deepEqual([known.own, about(UNKNOWN)], [[], { name: UNKNOWN, own: [] }]);
    });
  }
});
