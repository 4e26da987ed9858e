import * as assert from "node:assert/strict";
import { ENTRIES } from "../../local/provider/engine/resource";
import { type Call, type Entry } from "../../local/provider/engine/entry";
import { callOf, memberOf, readsOf } from "../../local/provider/engine/requests";
import { RESOURCES } from "../../local/provider/registry";

/** Properties that no member is called like: functions of the entry bring them into requests. */
const BY_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
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

describe("the entries of the stand-in provider", () => {
  assert.ok(RESOURCES.size > 0);
  for (const [token, entry] of ENTRIES) {
    it(`${token}: name operations and enumerations that the SDK has`, () => {
      const { service, updates = [], tags = service.definition.tags } = entry;
      const named = [
        entry.create,
        ...readsOf(entry),
        ...updates,
        ...(entry.delete === undefined ? [] : [entry.delete]),
      ];
      for (const call of named.map(callOf)) {
        service.schema(call.call);
        if (call.off !== undefined) service.schema(call.off);
      }
      if (entry.taggable === true && tags !== undefined) {
        for (const name of [tags.set, tags.remove, ...(tags.list === undefined ? [] : [tags.list])])
          service.schema(name);
      }
      for (const allowed of Object.values(entry.allowed ?? {})) {
        if (typeof allowed === "string") assert.ok(service.values(allowed).length > 0, allowed);
      }
    });

    it(`${token}: send every property to AWS`, () => {
      const properties = [...(entry.replace ?? []), ...(entry.update ?? [])];
      const lost = properties.filter((property) => !takes(entry, property));
      assert.deepEqual(lost, BY_FUNCTIONS[token] ?? []);
    });

    it(`${token}: name properties that there are`, () => {
      const all = [
        ...(entry.replace ?? []),
        ...(entry.update ?? []),
        ...(entry.local ?? []),
        ...(entry.computed ?? []),
      ];
      const first = (path: string): string => path.split(".")[0] ?? "";
      const named = [
        ...(entry.required ?? []),
        ...Object.keys(entry.defaults ?? {}),
        ...Object.keys(entry.none ?? {}),
        ...[...Object.keys(entry.allowed ?? {}), ...Object.keys(entry.ranges ?? {})].map(first),
        ...callsOf(entry).flatMap(({ only = [] }) => only),
      ];
      assert.deepEqual(
        named.filter((name) => !all.includes(name)),
        [],
      );
    });
  }
});
