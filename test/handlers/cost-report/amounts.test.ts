import * as assert from "node:assert/strict";
import fc from "fast-check";
import { isNegligible, parseAmount, sum, sumEach, toCents, toDecimal } from "../../../handlers/cost-report/amounts";

const read = (text: string): bigint => parseAmount(text) ?? assert.fail(`${text} is a decimal`);

describe("amounts", () => {
  it("are read exactly, in every form that Cost Explorer writes", () => {
    const forms = {
      "0": "0",
      "12.5": "12.5",
      "-0.0000000289": "-0.0000000289",
      "4.0E-7": "0.0000004",
      "1.2e3": "1200",
    };
    for (const [written, exact] of Object.entries(forms)) assert.equal(toDecimal(read(written)), exact);
    assert.equal(toDecimal(read("1234567890123.4567890123")), "1234567890123.4567890123");
    assert.equal(toDecimal(read("0.0000000000005")), "0.000000000001", "beyond twelve decimals they are rounded");
  });

  it("are nothing else", () => {
    for (const text of ["", " ", "1,000", "NaN", "Infinity", "1.2.3", "0x10", "--1", ".5", "1e999"]) {
      assert.equal(parseAmount(text), undefined, text);
    }
  });

  it("survive being written and read", () => {
    fc.assert(fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (it) => read(toDecimal(it)) === it));
  });

  it("add up without drift, in any order", () => {
    const tenth = Array.from({ length: 1000 }, () => read("0.1"));
    assert.equal(toDecimal(sum(tenth)), "100");
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })), (list) => {
        assert.equal(sum(list), sum([...list].reverse()));
        assert.deepEqual(
          sumEach([list, list], list.length),
          list.map((it) => it * 2n),
        );
      }),
    );
  });

  it("round halves away from zero", () => {
    const cents = ["0.005", "-0.005", "0.0049999999", "1.995", "-1.995"].map((text) => toCents(read(text)));
    assert.deepEqual(cents, [1n, -1n, 0n, 200n, -200n]);
    assert.ok(isNegligible(read("0.0049")));
    assert.ok(!isNegligible(read("-0.005")));
  });
});
