import * as assert from "node:assert/strict";
import * as lifecycle from "../../local/provider/lifecycle";
import { UNKNOWN, type Values } from "../../local/provider/property-values";
import type { ResourceType } from "../../local/provider/resource-type";
import { account, thing, URN } from "./thing";

function check(type: ResourceType, news: Values, olds: Values = {}, seed = new Uint8Array([1])) {
  return lifecycle.check(type, URN, olds, news, seed);
}

describe("The provider's check", () => {
  it("names the file to extend for a property that no entry maps", () => {
    const { failures } = check(thing(), { colour: "red" });
    assert.equal(failures.length, 1);
    assert.equal(failures[0]?.property, "colour");
    assert.match(failures[0]?.reason ?? "", /aws:test\/thing:Thing.*local\/provider\/services\/test\.ts/);
  });

  it("takes tags of types that have them, and of no other", () => {
    assert.deepEqual(check(thing(), { tags: {}, region: "us-east-1" }).failures, []);
    const { failures } = check(thing({ taggable: false }), { tags: {} });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["tags"],
    );
  });

  it("misses what is required, null included", () => {
    const type = thing({ required: ["size", "policy"] });
    assert.deepEqual(
      check(type, { size: 1, policy: null }).failures.map(({ property }) => property),
      ["policy"],
    );
  });

  it("passes what is not known yet", () => {
    assert.deepEqual(check(thing({ required: ["size"] }), { size: UNKNOWN }).failures, []);
  });

  it("collects all failures at once, those of the type's own check too", () => {
    const type = thing({ required: ["size"], check: () => [{ property: "policy", reason: "is no JSON" }] });
    assert.deepEqual(
      check(type, { colour: "red" }).failures.map(({ property }) => property),
      ["colour", "size", "policy"],
    );
  });

  it("fills in defaults below what the program says, and notes which", () => {
    const type = thing({ defaults: { size: 1, policy: "none" } });
    const { inputs } = check(type, { size: 2, name: "given" });
    assert.deepEqual(inputs, { size: 2, policy: "none", name: "given", __defaults: ["policy"] });
  });
});

describe("The provider's lifecycle", () => {
  it("gives every type its region, its inputs, its outputs and its tags", async () => {
    const inputs = { name: "a", size: 1, tags: { team: "edge", stage: "dev" } };
    const { id, outputs } = await lifecycle.create(thing(), account({ team: "all", owner: "us" }), URN, inputs);
    assert.equal(id, "a");
    assert.deepEqual(outputs, {
      ...inputs,
      arn: "arn:1",
      region: "us-east-1",
      tagsAll: { team: "edge", stage: "dev", owner: "us" },
    });
  });

  it("keeps what AWS has made when a later step of the creation fails", async () => {
    const type = thing({
      create: (operation) => {
        operation.created("i-1", { arn: "arn:1" });
        return Promise.reject(new Error("the waiting was in vain"));
      },
    });
    await assert.rejects(lifecycle.create(type, account(), URN, { name: "a" }), (error) => {
      assert.ok(error instanceof lifecycle.IncompleteResourceError);
      assert.equal(error.state.id, "i-1");
      assert.equal(error.state.outputs.arn, "arn:1");
      assert.equal(error.state.outputs.name, "a");
      assert.equal(error.reason.message, "the waiting was in vain");
      return true;
    });
    const failing = thing({ create: () => Promise.reject(new Error("refused")) });
    await assert.rejects(lifecycle.create(failing, account(), URN, {}), { message: "refused" });
  });

  it("refuses to create in an account that is not allowed", async () => {
    const other = account();
    other.id = () => Promise.reject(new Error("the credentials belong to account 444455556666"));
    let made = false;
    const type = thing({
      create: () => {
        made = true;
        return Promise.reject(new Error("not reached"));
      },
    });
    await assert.rejects(lifecycle.create(type, other, URN, {}), /444455556666/);
    assert.equal(made, false);
  });

  it("shows in a preview what only AWS can tell as unknown, and as it was in an update", () => {
    const before = { inputs: { name: "a", size: 1 }, state: { name: "a", size: 1, arn: "arn:1" } };
    assert.equal(lifecycle.preview(thing(), account(), { name: "a" }).arn, UNKNOWN);
    assert.equal(lifecycle.preview(thing(), account(), { name: "a", size: 2 }, before).arn, "arn:1");
    assert.equal(lifecycle.preview(thing(), undefined, { name: "a" }).arn, UNKNOWN);
  });

  it("reads as inputs what the program gave, with AWS's values", async () => {
    const policy = '{ "Statement": [] }';
    const read = () => Promise.resolve({ id: "a", outputs: { size: 3, policy: '{"Statement":[]}', arn: "arn:2" } });
    const inputs = { name: "a", size: 1, policy };
    const found = await lifecycle.read(thing({ read }), account(), URN, "a", { ...inputs, arn: "arn:1" }, inputs);
    assert.deepEqual(found?.inputs, { name: "a", size: 3, policy });
    assert.equal(found?.outputs.arn, "arn:2");
    const gone = thing({ read: () => Promise.resolve(undefined) });
    assert.equal(await lifecycle.read(gone, account(), URN, "a", {}, inputs), undefined);
  });

  it("reads everything that an entry maps when a resource is imported", async () => {
    const read = () => Promise.resolve({ id: "a", outputs: { name: "a", size: 3, arn: "arn:2" } });
    const found = await lifecycle.read(thing({ read }), account(), URN, "a", {}, undefined);
    assert.deepEqual(found?.inputs, { name: "a", size: 3 });
  });

  it("takes no refresh for an import, not even one of a resource without any input", async () => {
    const read = () => Promise.resolve({ id: "a", outputs: { name: "a", size: 3, arn: "arn:2" } });
    const found = await lifecycle.read(thing({ read }), account(), URN, "a", { arn: "arn:1" }, {});
    assert.deepEqual(found?.inputs, {});
    assert.equal(found.outputs.arn, "arn:2");
  });

  it("moves a resource to another region by replacing it", () => {
    const [change] = lifecycle.diff(thing(), { region: "us-east-1" }, { region: "eu-west-1" }, []);
    assert.deepEqual(change, { path: "region", kind: "update", effect: "replace" });
  });

  it("keeps outputs that an update does not touch", async () => {
    const outputs = await lifecycle.update(
      thing(),
      account(),
      URN,
      "a",
      { name: "a", arn: "arn:1" },
      { name: "a", size: 2 },
      { name: "a" },
    );
    assert.deepEqual(outputs, { name: "a", size: 2, arn: "arn:1", region: "us-east-1", tagsAll: {} });
  });
});
