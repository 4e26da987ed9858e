import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { contains, overlap, parseCidr, subnet } from "../../../components/internal/cidr";

describe("parseCidr", () => {
  it("takes exact IPv4 blocks", () => {
    assert.deepEqual(parseCidr("10.0.0.0/16"), { base: 10 * 2 ** 24, prefix: 16 });
    assert.deepEqual(parseCidr("0.0.0.0/0"), { base: 0, prefix: 0 });
    assert.deepEqual(parseCidr("255.255.255.255/32"), { base: 2 ** 32 - 1, prefix: 32 });
  });

  for (const text of [
    "10.0.0.1/24",
    "10.0.0.0",
    "10.0.0.0/33",
    "256.0.0.0/8",
    "10.0.0/8",
    "010.0.0.0/8",
    "10.0.0.0/08",
    "10.0.0.0/",
    "0x0a.0.0.0/8",
    "::/0",
    "10.0.0.0/16 ",
    "",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseCidr(text), undefined));
  }
});

describe("any block", () => {
  it("is read back as it is written, and only without host bits", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const bytes = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
        const read = parseCidr(`${bytes.join(".")}/${prefix}`);
        const hostBits = address % 2 ** (32 - prefix);
        assert.deepEqual(read, hostBits === 0 ? { base: address, prefix } : undefined);
      }),
    );
  });

  it("is never made of a text that is no block", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789./ :-") }), (text) => {
        const read = parseCidr(text);
        if (read !== undefined) assert.match(text, /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/);
      }),
    );
  });
});

describe("subnets", () => {
  const block = fc
    .tuple(fc.integer({ min: 8, max: 28 }), fc.nat(2 ** 28))
    .map(([prefix, seed]) => ({ prefix, base: (seed * 2 ** (32 - prefix)) % 2 ** 32 }));

  it("lie inside their block and apart from each other", () => {
    fc.assert(
      fc.property(block, fc.nat(4), fc.nat(15), fc.nat(15), (outer, more, i, j) => {
        const prefix = Math.min(32, outer.prefix + more);
        const [a, b] = [i, j].map((index) => parseCidr(subnet(outer, prefix, index) ?? ""));
        if (a !== undefined) assert.ok(contains(outer, a));
        if (a !== undefined && b !== undefined) assert.equal(overlap(a, b), i === j);
      }),
    );
  });

  it("are as many as the block has room for", () => {
    const outer = parseCidr("10.0.0.0/22");
    assert.ok(outer);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((index) => subnet(outer, 24, index)),
      ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", undefined],
    );
    assert.equal(subnet(outer, 16, 0), undefined);
  });
});
