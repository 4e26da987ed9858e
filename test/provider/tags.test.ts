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
    assert.deepEqual(diff(check({ team: "edge" }), check({ team: "core" })), ["tags.team update"]);
    assert.deepEqual(diff(check({ team: "edge" }), check({})), ["tags.team delete"]);
    assert.deepEqual(diff(check(undefined), check({ "a:b": "c" })), ["tags add"]);
    assert.deepEqual(diff(check({ "a:b": "c" }), check({ "a:b": "d" })), ['tags["a:b"] update']);
    assert.deepEqual(diff(check({}), check(UNKNOWN)), ["tags update"]);
    assert.deepEqual(diff(check({}), check({}, { owner: "them" })), ["tagsAll.owner update", "tagsAll.stage delete"]);
    assert.deepEqual(diff(check({ team: "edge" }), check({ team: "core" }, { ...DEFAULTS, owner: "them" })), [
      "tags.team update",
      "tagsAll.owner update",
    ]);
  });

  it("that drifted at AWS are read, and shown as the change that fixes them", async () => {
    const program = check({ team: "edge" });
    const same = await read({ ...DEFAULTS, team: "edge" }, program);
    assert.deepEqual([same.inputs, diff(same.inputs, program)], [program, []]);

    const other = await read({ ...DEFAULTS, team: "theirs", extra: "1" }, program);
    assert.deepEqual(other.outputs.tags, { team: "theirs", extra: "1" });
    assert.deepEqual(other.outputs.tagsAll, { ...DEFAULTS, team: "theirs", extra: "1" });
    assert.deepEqual(diff(other.inputs, program), ["tags.extra delete", "tags.team update"]);

    const gone = await read(DEFAULTS, program);
    assert.deepEqual(diff(gone.inputs, program), ["tags.team add"]);
    const added = await read({ ...DEFAULTS, extra: "1" }, check(undefined));
    assert.deepEqual(diff(added.inputs, check(undefined)), ["tags delete"]);
  });

  it("that are there by default, and drifted, are shown as changes of all tags, from one value to the other", async () => {
    const program = check({ team: "edge" });
    const found = await read({ owner: "them", team: "edge", stage: "dev" }, program);
    assert.deepEqual(found.inputs.tags, { team: "edge" });
    assert.deepEqual(found.inputs.tagsAll, { owner: "them", team: "edge", stage: "dev" });
    assert.deepEqual(diff(found.inputs, program), ["tagsAll.owner update"]);
    const gone = await read({ team: "edge", stage: "dev" }, program);
    assert.deepEqual(diff(gone.inputs, program), ["tagsAll.owner add"]);
  });

  it("of the program stay its own when they say what the default ones say", async () => {
    const program = check({ owner: "us" });
    assert.deepEqual((await read(DEFAULTS, program)).inputs, program);
  });

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
