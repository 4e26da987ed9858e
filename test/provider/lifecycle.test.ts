import * as assert from "node:assert/strict";
import * as lifecycle from "../../local/provider/lifecycle";
import { UNKNOWN, type Values } from "../../local/provider/property-values";
import type { ResourceType } from "../../local/provider/resource-type";
import { account, thing, URN } from "./thing";

function check(type: Partial<ResourceType>, news: Values): ReturnType<typeof lifecycle.check> {
  return lifecycle.check(thing(type), URN, {}, news, new Uint8Array([1]));
}

/** What a refresh finds where AWS has `outputs`; an import without `inputs`. */
function read(outputs: Values, state: Values, inputs?: Values): ReturnType<typeof lifecycle.read> {
  const type = thing({ read: () => Promise.resolve({ id: "a", outputs }) });
  return lifecycle.read(type, account(), URN, "a", state, inputs);
}

describe("The provider's check", () => {
  it("names the file to extend for a property that no entry maps", () => {
    const { failures } = check({}, { colour: "red" });
    assert.match(failures[0]?.reason ?? "", /aws:test\/thing:Thing.*local\/provider\/services\/test\.ts/);
  });

  const own = () => [{ property: "policy", reason: "is no JSON" }];
  const cases: [what: string, type: Partial<ResourceType>, news: Values, failed: string[]][] = [
    ["takes tags of types that have them", {}, { tags: {}, region: "us-east-1" }, []],
    ["takes tags of no other type", { taggable: false }, { tags: {} }, ["tags"]],
    ["misses what is required, null included", { required: ["size", "policy"] }, { size: 1, policy: null }, ["policy"]],
    ["passes what is not known yet", { required: ["size"] }, { size: UNKNOWN }, []],
    [
      "collects all failures at once, those of the type's own check too",
      { required: ["size"], check: own },
      { colour: "red" },
      ["colour", "size", "policy"],
    ],
  ];
  for (const [what, type, news, failed] of cases) {
    it(what, () => {
      const { failures } = check(type, news);
      assert.deepEqual(
        failures.map(({ property }) => property),
        failed,
      );
    });
  }

  it("fills in defaults below what the program says, and notes which", () => {
    const { inputs } = check({ defaults: { size: 1, policy: "none" } }, { size: 2, name: "given" });
    assert.deepEqual(inputs, { size: 2, policy: "none", name: "given", __defaults: ["policy"] });
  });
});

describe("The provider's lifecycle", () => {
  it("gives every type its region, its inputs, its outputs and its tags", async () => {
    const inputs = { name: "a", size: 1, tags: { team: "edge", stage: "dev" } };
    const { id, outputs } = await lifecycle.create(thing(), account({ team: "all", owner: "us" }), URN, inputs);
    const tagsAll = { team: "edge", stage: "dev", owner: "us" };
    assert.deepEqual([id, outputs], ["a", { ...inputs, arn: "arn:1", region: "us-east-1", tagsAll }]);
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
      const { id, outputs } = error.state;
      assert.deepEqual([id, outputs.arn, outputs.name], ["i-1", "arn:1", "a"]);
      assert.equal(error.reason.message, "the waiting was in vain");
      return true;
    });
    const failing = thing({ create: () => Promise.reject(new Error("refused")) });
    await assert.rejects(lifecycle.create(failing, account(), URN, {}), { message: "refused" });
  });

  it("refuses to create in an account that is not allowed", async () => {
    const other = account();
    other.id = () => Promise.reject(new Error("the credentials belong to account 444455556666"));
    const type = thing({ create: () => assert.fail("created") });
    await assert.rejects(lifecycle.create(type, other, URN, {}), /444455556666/);
  });

  it("shows in a preview what only AWS can tell as unknown, and as it was in an update", () => {
    const before = { inputs: { name: "a", size: 1 }, state: { name: "a", size: 1, arn: "arn:1" } };
    assert.equal(lifecycle.preview(thing(), account(), { name: "a" }).arn, UNKNOWN);
    assert.equal(lifecycle.preview(thing(), account(), { name: "a", size: 2 }, before).arn, "arn:1");
    assert.equal(lifecycle.preview(thing(), undefined, { name: "a" }).arn, UNKNOWN);
  });

  it("reads as inputs what the program gave, with AWS's values", async () => {
    const inputs = { name: "a", size: 1, policy: '{ "Statement": [] }' };
    const found = await read(
      { size: 3, policy: '{"Statement":[]}', arn: "arn:2" },
      { ...inputs, arn: "arn:1" },
      inputs,
    );
    assert.deepEqual([found?.inputs, found?.outputs.arn], [{ ...inputs, size: 3 }, "arn:2"]);
    const gone = thing({ read: () => Promise.resolve(undefined) });
    assert.equal(await lifecycle.read(gone, account(), URN, "a", {}, inputs), undefined);
  });

  it("reads everything that an entry maps when a resource is imported, which no refresh is", async () => {
    const outputs = { name: "a", size: 3, arn: "arn:2" };
    assert.deepEqual((await read(outputs, {}))?.inputs, { name: "a", size: 3 });
    const refreshed = await read(outputs, { arn: "arn:1" }, {});
    assert.deepEqual([refreshed?.inputs, refreshed?.outputs.arn], [{}, "arn:2"]);
  });

  it("moves a resource to another region by replacing it", () => {
    const [change] = lifecycle.diff(thing(), { region: "us-east-1" }, { region: "eu-west-1" }, []);
    assert.deepEqual(change, { path: "region", kind: "update", effect: "replace" });
  });

  it("keeps outputs that an update does not touch", async () => {
    const [state, news] = [
      { name: "a", arn: "arn:1" },
      { name: "a", size: 2 },
    ];
    const outputs = await lifecycle.update(thing(), account(), URN, "a", state, news, { name: "a" });
    assert.deepEqual(outputs, { ...news, arn: "arn:1", region: "us-east-1", tagsAll: {} });
  });
});
