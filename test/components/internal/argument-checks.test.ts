import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import { RunError } from "@pulumi/pulumi";
import * as fc from "fast-check";
import { ArgumentChecks, ArgumentsError } from "../../../components/internal/argument-checks";
import { FORMATS } from "../../../components/internal/formats";
import type { Schema } from "../../../components/internal/schema";
import { shown } from "../../../components/internal/faults";

const between = (minimum: number, maximum: number, unit = "things"): Schema => ({
  type: "integer",
  minimum,
  maximum,
  unit,
});

/** Checks of arguments by what is declared of each. */
function checked(properties: Readonly<Record<string, Schema>>, args: object): ArgumentChecks {
  return new ArgumentChecks().declared({ schema: { type: "object", properties }, formats: FORMATS }, args, []);
}

describe("ArgumentChecks", () => {
  it("throws nothing when nothing is wrong", () => {
    const checks = checked({ count: between(1, 3), other: between(1, 3) }, { count: 3, other: undefined });
    assert.equal(checks.require(true, { path: "p", received: 1, allowed: "a", fix: "f" }), true);
    checks.finish('Thing "x"');
    assert.deepEqual(checks.found(), []);
  });

  it("throws all that is wrong together, each with path, value, what is allowed and the fix", () => {
    const declared = { count: between(1, 3), port: between(1, 65_535, "a port number") };
    const checks = checked(declared, { count: 0, port: 70_000 });
    checks.require(false, { path: "name", received: undefined, allowed: "a name", fix: "Give one." });
    assert.throws(
      () => checks.finish('Thing "x"'),
      (error: unknown) => {
        assert.ok(error instanceof ArgumentsError);
        assert.equal(error.name, "ArgumentsError");
        assert.deepEqual(
          error.errors.map(({ path }) => path),
          ["count", "port", "name"],
        );
        assert.equal(
          error.message,
          [
            'Thing "x": 3 wrong arguments',
            "  count: received 0; allowed: a whole number of things from 1 to 3. Give a value in that range.",
            "  port: received 70000; allowed: a port number from 1 to 65535. Give a value in that range.",
            "  name: received nothing; allowed: a name. Give one.",
          ].join("\n"),
        );
        return true;
      },
    );
  });

  it("are shown by Pulumi once: as the message alone", () => {
    const error = new ArgumentsError("Thing", [{ path: "p", received: 1, allowed: "2", fix: "Give 2." }]);
    assert.ok(RunError.isInstance(error));
    assert.equal(inspect(error).match(/Give 2\./g)?.length, 1);
  });

  it("counts one wrong argument as one", () => {
    const checks = checked({ count: between(1, 3) }, { count: 0 });
    assert.throws(() => checks.finish("Thing"), /^ArgumentsError: Thing: 1 wrong argument\n/);
  });

  it("takes exactly the whole numbers between the bounds", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -20, max: 20 }), fc.double({ min: -20, max: 20 })),
        fc.integer({ min: -10, max: 0 }),
        fc.integer({ min: 0, max: 10 }),
        (value, minimum, maximum) => {
          const ok = checked({ n: between(minimum, maximum) }, { n: value }).isRight("n");
          assert.equal(ok, Math.floor(value) === value && minimum <= value && value <= maximum);
        },
      ),
    );
    for (const value of [NaN, Infinity, -Infinity, 1e21]) {
      assert.equal(checked({ n: between(0, 10) }, { n: value }).isRight("n"), false);
    }
  });
});

describe("a value in a message", () => {
  it("is shown as it would be written", () => {
    assert.deepEqual([undefined, null, "a", 1, NaN, Infinity, [1], { a: "b" }].map(shown), [
      "nothing",
      "null",
      '"a"',
      "1",
      "NaN",
      "Infinity",
      "[1]",
      '{"a":"b"}',
    ]);
  });
});
