import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { UNKNOWN, type Values } from "../../local/provider/property-values";
import { checkCidr } from "../../local/provider/services/ec2/common";
import {
  atomsOf,
  atomsOfPermissions,
  checkRules,
  key,
  rulesLike,
  toPermission,
} from "../../local/provider/services/ec2/permissions";
import { durationSeconds } from "../../local/provider/services/autoscaling/capacity";

const port = fc.integer({ min: 0, max: 65535 });
const rule: fc.Arbitrary<Values> = fc.record({
  protocol: fc.constantFrom("tcp", "udp", "6", "-1", "all"),
  fromPort: port,
  toPort: port,
  cidrBlocks: fc.uniqueArray(fc.constantFrom("0.0.0.0/0", "10.0.0.0/8", "192.0.2.0/24"), { minLength: 1 }),
  securityGroups: fc.uniqueArray(fc.constantFrom("sg-1", "sg-2")),
  self: fc.boolean(),
});

describe("Checks of networks", () => {
  const reason = (cidr: string) => checkCidr("cidrBlock", cidr, { min: 16, max: 28 })[0]?.reason;

  it("take networks in their canonical notation and of AWS's sizes", () => {
    for (const cidr of ["10.0.0.0/16", "10.0.0.16/28", UNKNOWN]) assert.equal(reason(cidr), undefined, cidr);
    for (const cidr of ["10.0.0.0", "10.0.0/16", "10.0.0.0/33", "10.0.0.256/24", "::/0", "ten"]) {
      assert.match(reason(cidr) ?? "", /expected an IPv4 network/, cidr);
    }
    assert.match(reason("10.0.0.0/8") ?? "", /\/16 to \/28/);
    assert.match(reason("10.0.0.0/29") ?? "", /\/16 to \/28/);
    assert.match(reason("10.0.3.7/16") ?? "", /did you mean "10\.0\.0\.0\/16"/);
  });

  it("say which port of which rule is wrong", () => {
    const failures = (more: Values) =>
      checkRules({ ingress: [{ protocol: "udp", fromPort: 1, toPort: 2, self: true, ...more }] }, "ingress").map(
        (f) => f.property,
      );
    assert.deepEqual(failures({}), []);
    assert.deepEqual(failures({ toPort: 65536 }), ["ingress[0].toPort"]);
    assert.deepEqual(failures({ fromPort: 3 }), ["ingress[0].toPort"]);
    assert.deepEqual(failures({ fromPort: UNKNOWN, toPort: UNKNOWN }), []);
    assert.deepEqual(failures({ protocol: "icmp", fromPort: -1, toPort: -1 }), []);
    assert.deepEqual(failures({ protocol: "-1", fromPort: 1, toPort: 2 }), ["ingress[0].fromPort"]);
    assert.deepEqual(failures({ self: false }), ["ingress[0]"]);
    assert.deepEqual(failures({ self: false, cidrBlocks: ["10.0.0.1/8"] }), ["ingress[0].cidrBlocks[0]"]);
    assert.deepEqual(failures({ self: false, cidrBlocks: UNKNOWN }), []);
  });

  it("read Go's durations", () => {
    assert.deepEqual(["0", "10m", "1h30m", "90s", "500ms", "1.5m"].map(durationSeconds), [0, 600, 5400, 90, 0.5, 90]);
    for (const wrong of ["", "10", "ten", "10 m", "m", "-1m"]) assert.equal(durationSeconds(wrong), undefined, wrong);
  });
});

describe("Rules of security groups", () => {
  it("go to AWS and come back as the program gave them, whatever AWS's order", () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), (rules) => {
        const permissions = atomsOf(rules, "sg-own").map(toPermission).reverse();
        assert.deepEqual(rulesLike(rules, atomsOfPermissions(permissions), "sg-own"), rules);
      }),
    );
  });

  it("have exactly what AWS has, also when that is something else", () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), fc.array(rule, { maxLength: 3 }), (given, actual) => {
        const atoms = atomsOf(actual, "sg-own");
        const shown = atomsOf(rulesLike(given, atoms, "sg-own"), "sg-own");
        assert.deepEqual(shown.map(key).sort(), atoms.map(key).sort());
      }),
    );
  });
});
