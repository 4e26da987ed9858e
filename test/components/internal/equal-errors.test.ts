import * as assert from "node:assert/strict";
import { ArgumentChecks, ArgumentsError } from "../../../components/internal/argument-checks";
import type { Fault } from "../../../components/internal/faults";
import { grouped } from "../../../components/internal/equal-errors";

const error = (path: string, received: unknown = "x", changes: Partial<Fault> = {}): Fault => ({
  path,
  received,
  allowed: "a region",
  fix: "Remove it.",
  ...changes,
});

const many = (count: number, place: (i: number) => string): Fault[] =>
  Array.from({ length: count }, (_, i) => error(place(i), `value${i}`, { fix: `Did you mean "${i}"?` }));

describe("grouped", () => {
  it("leaves few errors, and different ones, as they are", () => {
    const few = many(3, (i) => `regions[${i}]`);
    assert.deepEqual(grouped(few), few);
    const different = [
      ...many(3, (i) => `regions[${i}]`),
      error("regions[7]", "x", { allowed: "once" }),
      error("targets[1]"),
      error("name"),
    ];
    assert.deepEqual(grouped(different), different);
  });

  it("makes one of 200, with their places, the first values and the first fixes", () => {
    const [one, ...others] = grouped([error("name"), ...many(200, (i) => `guardrails[0].deniedServices[${i}]`)]).slice(
      1,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(one, {
      path: "guardrails[0].deniedServices[0-199]",
      received: ["value0", "value1", "value2", "value3", "value4", "and 195 more"],
      allowed: "a region",
      fix: '"value0": Did you mean "0"? "value1": Did you mean "1"? "value2": Did you mean "2"? (and 197 more)',
    });
  });

  it("says once what is the same, and places with gaps in order", () => {
    const [one] = grouped([9, 0, 1, 2, 5, 7, 8].map((i) => error(`a[3].b[${i}].c`)));
    assert.deepEqual(one, error("a[3].b[0-2, 5, 7-9].c"));
  });

  it("finds the place of the index that differs, and gives examples where several do", () => {
    assert.equal(grouped(many(4, (i) => `a[${i}].b[0]`))[0]?.path, "a[0-3].b[0]");
    assert.equal(grouped(many(5, (i) => `a[${i}].b[${i}]`))[0]?.path, "a[0].b[0], a[1].b[1], a[2].b[2] and 2 more");
    const same = [1, 2, 3, 4].map(() => error("name"));
    assert.equal(grouped(same)[0]?.path, "name, name, name and 1 more");
  });

  it("says what to do about a value that is missing in words, too", () => {
    const errors = [null, undefined, 1, null].map((received, i) => ({
      ...error(`a[${i}]`),
      received,
      fix: `${received}`,
    }));
    assert.match(grouped(errors)[0]?.fix ?? "", /^null: null nothing: undefined 1: 1$/);
  });

  it("is what components and stack files report", () => {
    const checks = new ArgumentChecks();
    for (const each of many(200, (i) => `regions[${i}]`)) checks.require(false, each);
    assert.equal(checks.found().length, 1);
    assert.throws(
      () => checks.finish("C"),
      (thrown) =>
        thrown instanceof ArgumentsError && thrown.errors.length === 1 && thrown.message.split("\n").length === 2,
    );
  });
});
