import * as assert from "node:assert/strict";
import * as lifecycle from "../../local/provider/lifecycle";
import { UNKNOWN, type Values } from "../../local/provider/property-values";
import { account, thing, URN } from "./thing";

const DEFAULTS = { owner: "us", stage: "dev" };

function check(tags: Values | string | undefined, defaults: Record<string, string> = DEFAULTS): Values {
  const news: Values = { name: "a", ...(tags === undefined ? {} : { tags }) };
  return lifecycle.check(thing(), URN, {}, news, new Uint8Array(), account(defaults)).inputs;
}

/** What a refresh finds when AWS has `tagsAll`; an import without `inputs`. */
async function read(tagsAll: Values, inputs?: Values): Promise<{ inputs: Values; outputs: Values }> {
  const type = thing({ read: () => Promise.resolve({ id: "a", outputs: { name: "a", tagsAll } }) });
  const state = inputs === undefined ? {} : { ...inputs, arn: "arn:1" };
  const found = await lifecycle.read(type, account(DEFAULTS), URN, "a", state, inputs);
  assert.ok(found);
  return found;
}

function diff(olds: Values, news: Values): string[] {
  return lifecycle.diff(thing(), olds, news, []).map(({ path, kind }) => `${path} ${kind}`);
}

describe("Tags", () => {
  it("lie over the provider's default ones", () => {
    assert.deepEqual(check({ team: "edge", stage: "test" }).tagsAll, { owner: "us", stage: "test", team: "edge" });
    assert.deepEqual(check(undefined).tagsAll, DEFAULTS);
    assert.equal(check(UNKNOWN).tagsAll, UNKNOWN);
    assert.equal(lifecycle.preview(thing(), account(DEFAULTS), check(UNKNOWN)).tagsAll, UNKNOWN);
  });

  it("are shown as changed once, and default tags with them only where they change on their own", () => {
    const moved = { ...DEFAULTS, owner: "them" };
    const cases: [olds: Values, news: Values, found: string[]][] = [
      [check({ team: "edge" }), check({ team: "core" }), ["tags.team update"]],
      [check({ team: "edge" }), check({}), ["tags.team delete"]],
      [check(undefined), check({ "a:b": "c" }), ["tags add"]],
      [check({ "a:b": "c" }), check({ "a:b": "d" }), ['tags["a:b"] update']],
      [check({}), check(UNKNOWN), ["tags update"]],
      [check({}), check({}, { owner: "them" }), ["tagsAll.owner update", "tagsAll.stage delete"]],
      [check({ team: "edge" }), check({ team: "core" }, moved), ["tags.team update", "tagsAll.owner update"]],
    ];
    for (const [olds, news, found] of cases) assert.deepEqual(diff(olds, news), found);
  });

  const drifts: [given: Values | undefined, drifted: Values, tags: Values | undefined, found: string[]][] = [
    [{ team: "edge" }, { ...DEFAULTS, team: "edge" }, { team: "edge" }, []],
    [
      { team: "edge" },
      { ...DEFAULTS, team: "theirs", extra: "1" },
      { team: "theirs", extra: "1" },
      ["tags.extra delete", "tags.team update"],
    ],
    [{ team: "edge" }, DEFAULTS, {}, ["tags.team add"]],
    [undefined, { ...DEFAULTS, extra: "1" }, { extra: "1" }, ["tags delete"]],
    // Default ones are shown as changes of all tags, from one value to the other.
    [{ team: "edge" }, { owner: "them", team: "edge", stage: "dev" }, { team: "edge" }, ["tagsAll.owner update"]],
    [{ team: "edge" }, { team: "edge", stage: "dev" }, { team: "edge" }, ["tagsAll.owner add"]],
    // Those of the program stay its own when they say what the default ones say.
    [{ owner: "us" }, DEFAULTS, { owner: "us" }, []],
  ];
  for (const [given, drifted, tags, changed] of drifts) {
    it(`${JSON.stringify(given)} that AWS has as ${JSON.stringify(drifted)} are read, and what fixes them is shown`, async () => {
      const program = check(given);
      const found = await read(drifted, program);
      assert.deepEqual([found.inputs.tags, found.inputs.tagsAll, found.outputs.tagsAll], [tags, drifted, drifted]);
      assert.deepEqual(diff(found.inputs, program), changed);
    });
  }

  it("of an imported resource are all but the default ones, as the program has them", async () => {
    const found = await read({ ...DEFAULTS, team: "edge" });
    assert.deepEqual(found.inputs, { name: "a", tags: { team: "edge" }, tagsAll: { ...DEFAULTS, team: "edge" } });
    assert.deepEqual(found.outputs.tags, { team: "edge" });
    assert.deepEqual(diff(found.inputs, check({ team: "edge" })), []);
    assert.deepEqual(diff((await read(DEFAULTS)).inputs, check(undefined)), []);
    const overridden = await read({ owner: "me", stage: "dev" });
    assert.deepEqual(diff(overridden.inputs, check({ owner: "me" })), []);
  });

  it("of an import pass the check that the engine makes of what was read", async () => {
    const { inputs } = await read({ ...DEFAULTS, team: "edge" });
    const checked = lifecycle.check(thing(), URN, inputs, inputs, new Uint8Array(), account(DEFAULTS));
    assert.deepEqual(checked, { inputs, failures: [] });
  });
});
