import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { isHostName, plainDomainName } from "../../../components/internal/domain-name";

describe("isHostName", () => {
  it("takes any full name of labels in lower case, up to 253 characters", () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
    const topLevel = fc.oneof(
      fc.stringMatching(/^[a-z]{2,20}$/),
      fc.constantFrom("xn--p1ai", "xn--vermgensberatung-pwb"),
    );
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), topLevel, (labels, end) => {
        const name = [...labels, end].join(".");
        fc.pre(name.length <= 253);
        assert.equal(isHostName(name), true, name);
        assert.equal(isHostName(`${name}.`), false, "a final dot");
        assert.equal(isHostName(`.${name}`), false, "an empty label");
        assert.equal(isHostName(` ${name}`), false, "a space");
        assert.equal(isHostName(`-${name}`), false, "a hyphen in front");
        if (/[a-z]/.test(name)) assert.equal(isHostName(name.toUpperCase()), false, "upper case");
      }),
    );
  });

  it("takes labels for services and the longest labels and names that there are", () => {
    assert.equal(isHostName("_sip._udp.example.com"), true);
    assert.equal(isHostName(`${"a".repeat(63)}.com`), true);
    assert.equal(isHostName(`${"a".repeat(64)}.com`), false);
    assert.equal(isHostName(`${"a.".repeat(125)}com`), true);
    assert.equal(isHostName(`${"a.".repeat(126)}com`), false);
  });

  it("refuses addresses, single labels and patterns", () => {
    for (const text of ["10.0.0.1", "localhost", "*.example.com", "a_b.example.com", "example.c0m", "", "."]) {
      assert.equal(isHostName(text), false, text);
    }
  });

  it("answers at once, whatever the text", () => {
    const started = performance.now();
    isHostName(`${"a-".repeat(50_000)}!`);
    isHostName(`${"a.".repeat(50_000)}!`);
    assert.ok(performance.now() - started < 500);
  });
});

describe("plainDomainName", () => {
  it("is in lower case and without the final dot", () => {
    assert.equal(plainDomainName("Example.COM."), "example.com");
    assert.equal(plainDomainName("example.com"), "example.com");
  });
});
