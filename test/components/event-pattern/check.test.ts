import * as assert from "node:assert/strict";
import { patternFaults, type PatternService } from "../../../components/event-pattern";
import { RULER_CASES } from "./ruler-cases";
import { REFUSED } from "./ruler-refusals";

const SERVICES: readonly PatternService[] = ["eventbridge", "pipes"];

const faults = (pattern: unknown, service: PatternService = "eventbridge") => patternFaults(pattern, { service });
const paths = (pattern: unknown, service?: PatternService) => faults(pattern, service).map(({ path }) => path);

describe("the check of event patterns", () => {
  it("takes whatever Event Ruler takes", () => {
    for (const { pattern } of RULER_CASES) assert.deepEqual(faults(pattern), [], JSON.stringify(pattern));
  });

  for (const [pattern, path] of REFUSED) {
    it(`refuses ${JSON.stringify(pattern)}`, () => {
      for (const service of SERVICES) assert.deepEqual(paths(pattern, service), [path]);
      for (const { allowed, fix } of faults(pattern)) {
        assert.notEqual(allowed, "");
        assert.match(fix, /[.?]$/);
      }
    });
  }

  it("says where, what was received, what is allowed, and the fix", () => {
    assert.deepEqual(faults({ source: "aws.ec2" }), [
      {
        path: "source",
        received: "aws.ec2",
        allowed: "a list of values, or fields with lists",
        fix: 'Put the value in a list: ["aws.ec2"].',
      },
    ]);
    const [misspelt] = faults({ x: [{ prefx: "a" }] });
    assert.equal(misspelt?.fix, 'Did you mean "prefix"?');
    const [joined] = faults({ x: [{ "anything-but": { equalsIgnoreCase: "a" } }] });
    assert.equal(joined?.fix, 'Did you mean "equals-ignore-case"?');
    const [single] = faults({ x: [{ cidr: "10.0.0.1/32" }] });
    assert.match(single?.allowed ?? "", /for a single address, write it as a value: \["10\.0\.0\.1"\]$/);
  });

  it("finds all faults at once", () => {
    assert.deepEqual(paths({ a: 1, b: { c: [], d: [{ exists: 1 }, { cidr: "x" }] } }), [
      "a",
      "b.c",
      "b.d[0].exists",
      "b.d[1].cidr",
    ]);
  });

  it("refuses numbers beyond five billions where they are compared", () => {
    for (const limit of [5e9, -5e9]) assert.deepEqual(paths({ x: [{ numeric: ["=", limit] }] }), []);
    assert.deepEqual(paths({ x: [{ numeric: [">", -5000000001, "<", 5000000001] }] }), [
      "x[0].numeric[1]",
      "x[0].numeric[3]",
    ]);
    assert.deepEqual(paths({ x: [{ "anything-but": [1, 6e9] }] }), ["x[0].anything-but"]);
    assert.deepEqual(paths({ x: [6e9] }), []);
  });

  it("refuses empty lists of what is left out, which Event Ruler breaks on", () => {
    for (const operator of ["prefix", "suffix", "equals-ignore-case", "wildcard"]) {
      assert.deepEqual(paths({ x: [{ "anything-but": { [operator]: [] } }] }), [`x[0].anything-but.${operator}`]);
    }
  });

  it("refuses what is no JSON", () => {
    const circle: Record<string, unknown> = {};
    circle.x = circle;
    for (const pattern of [circle, { x: [1n] }, undefined, null, 5]) assert.deepEqual(paths(pattern), [""]);
    assert.deepEqual(paths({ x: [NaN, Infinity] }), ["x[0]", "x[1]"]);
    assert.deepEqual(paths({ x: undefined }), [""]);
  });

  it("refuses patterns for pipes with operators that pipes do not have", () => {
    assert.deepEqual(paths({ x: [{ wildcard: "a*" }] }, "pipes"), ["x[0].wildcard"]);
    for (const operator of ["prefix", "suffix", "equals-ignore-case", "wildcard"]) {
      assert.deepEqual(paths({ $or: [{ y: [1] }, { x: [{ "anything-but": { [operator]: "a" } }] }] }, "pipes"), [
        '["$or"][1].x[0].anything-but',
      ]);
    }
    assert.deepEqual(paths({ x: [{ "anything-but": "a" }, { prefix: "b" }, { cidr: "::/8" }] }, "pipes"), []);
    assert.deepEqual(paths({ wildcard: [1], $or: [{ a: [1] }, { b: { wildcard: [1] } }] }, "pipes"), [
      '["$or"][1].b.wildcard',
    ]);
    assert.deepEqual(paths({ "anything-but": { wildcard: ["a"] } }, "pipes"), []);
  });

  it("refuses patterns that are too long, by the service or by the quota that is given", () => {
    const long = (characters: number) => ({ x: ["a".repeat(characters - JSON.stringify({ x: [""] }).length)] });
    assert.deepEqual(faults(long(2048)), []);
    const [fault] = faults(long(2049));
    assert.deepEqual([fault?.path, fault?.received], ["", 2049]);
    assert.match(fault?.allowed ?? "", /2048 characters/);
    assert.deepEqual(faults(long(4096), "pipes"), []);
    assert.deepEqual(paths(long(4097), "pipes"), [""]);
    assert.deepEqual(patternFaults(long(3000), { service: "eventbridge", maximumCharacters: 3000 }), []);
  });

  it("refuses more than a thousand combinations of $or", () => {
    const some = (name: string, count: number) => ({
      [name]: { $or: Array.from({ length: count }, (_, i) => ({ [`f${i}`]: [1] })) },
    });
    const all = (...counts: number[]) => Object.assign({}, ...counts.map((count, i) => some(`l${i}`, count))) as object;
    assert.deepEqual(faults(all(10, 10, 10)), []);
    const [fault] = faults(all(10, 10, 11));
    assert.deepEqual([fault?.path, fault?.received], ["", 1100]);
    // As many as there are atoms, which are counted and not made.
    assert.deepEqual(paths(all(...Array.from({ length: 40 }, () => 100))).at(0), "");
  });
});
