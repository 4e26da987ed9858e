import * as assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ENTRIES } from "../../local/provider/engine/resource";
import { type Call, type Entry } from "../../local/provider/engine/entry";
import { callOf, memberOf, readsOf } from "../../local/provider/engine/requests";
import { fileOf } from "../../local/provider/lifecycle";
import { findFunction, findResource, RESOURCES } from "../../local/provider/registry";
import { declared } from "./declarations";

/** Properties that no member is called like: functions of the entry bring them into requests. */
const BY_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  "aws:apigateway/deployment:Deployment": ["triggers"],
  "aws:apigateway/stage:Stage": ["accessLogSettings"],
  "aws:budgets/budget:Budget": ["notifications"],
  "aws:dynamodb/table:Table": ["hashKey", "rangeKey"],
};

function callsOf(entry: Entry): Call[] {
  return [callOf(entry.create), ...(entry.updates ?? []).map(callOf)];
}

function takes(entry: Entry, property: string): boolean {
  if (/Prefix$/.test(property) && entry.autoName !== undefined) return true;
  return callsOf(entry).some(
    (call) =>
      call.switch === property ||
      ((call.only === undefined || call.only.includes(property)) &&
        memberOf(entry, entry.service.schema(call.call).input, property) !== undefined),
  );
}

function assertNone(names: readonly string[], isKnown: (name: string) => boolean, what: string): void {
  const unknown = names.filter((name) => !isKnown(name));
  assert.deepEqual(unknown, [], what);
}

describe("the types of the stand-in provider", () => {
  for (const type of RESOURCES.values()) {
    const { token, properties, required = [], computed = [], defaults = {}, volatile = [], autoName } = type;
    it(`${token}: map what @pulumi/aws has, and name what they map`, () => {
      const [inputs, outputs] = [declared(type, "Args"), declared(type, "class")];
      assertNone(Object.keys(properties), (name) => inputs.has(name), "inputs");
      // Parts of an id are kept beside it.
      const id = ENTRIES.get(token)?.id;
      const parts: readonly string[] = typeof id === "object" && "names" in id ? id.names : [];
      assertNone(computed, (name) => outputs.has(name) || parts.includes(name), "outputs");
      const moved = volatile.flatMap(({ changedBy, onlyWith }) => [...changedBy, ...(onlyWith ? [onlyWith] : [])]);
      const named = [...required, ...Object.keys(defaults), ...moved, ...(autoName ? [autoName.property] : [])];
      assertNone(named, (name) => name in properties, "named inputs");
      const moving = volatile.flatMap((one) => one.outputs);
      assertNone(moving, (name) => computed.includes(name), "outputs that move");
      assert.equal(type.taggable === true, outputs.has("tagsAll"), "types with tagsAll are taggable, others are not");
      assert.ok(existsSync(join(__dirname, "../..", fileOf(type))), fileOf(type));
    });
  }

  assert.ok(ENTRIES.size > 0);
  for (const [token, entry] of ENTRIES) {
    const { service, updates = [], tags = service.definition.tags, replace = [], update = [], local = [] } = entry;
    it(`${token}: name operations and enumerations that the SDK has`, () => {
      const deletion = entry.delete === undefined ? [] : [entry.delete];
      for (const { call, off } of [entry.create, ...readsOf(entry), ...updates, ...deletion].map(callOf)) {
        service.schema(call);
        if (off !== undefined) service.schema(off);
      }
      if (entry.taggable === true && tags !== undefined) {
        for (const name of [tags.set, tags.remove, tags.list]) if (name !== undefined) service.schema(name);
      }
      for (const allowed of Object.values(entry.allowed ?? {})) {
        if (typeof allowed === "string") assert.ok(service.values(allowed).length > 0, allowed);
      }
    });

    it(`${token}: send every property to AWS, and name those that there are`, () => {
      const properties = [...replace, ...update];
      const lost = properties.filter((property) => !takes(entry, property));
      assert.deepEqual(lost, BY_FUNCTIONS[token] ?? []);
      const named = [
        ...[entry.none, entry.allowed, entry.ranges].flatMap((by) => Object.keys(by ?? {})),
        ...callsOf(entry).flatMap(({ only = [] }) => only),
      ];
      const all = [...properties, ...local, ...(entry.computed ?? [])];
      assertNone(named, (path) => all.includes(path.split(".")[0] ?? ""), "named properties");
    });
  }

  it("are found through the components that own them", () => {
    const urn = "urn:pulumi:dev::patterns::patterns:index:Dns$aws:ec2/vpc:Vpc::network";
    assert.equal(findResource(urn).token, "aws:ec2/vpc:Vpc");
  });

  it("and functions that there are not are refused with the file to extend", () => {
    const hub = "aws:ec2/transitGateway:TransitGateway";
    assert.throws(
      () => findResource(`urn:pulumi:dev::patterns::${hub}::hub`),
      new RegExp(`${hub}.*local/provider/services/ec2\\.ts`),
    );
    assert.throws(() => findFunction("aws:ec2/getAmi:getAmi"), /getAmi.*local\/provider\/services\/ec2\.ts/);
  });
});
