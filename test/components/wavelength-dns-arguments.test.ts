import * as assert from "node:assert/strict";
import { ArgumentsError } from "../../components/argument-errors";
import { WavelengthDns, type NewFleetArgs, type WavelengthDnsArgs } from "../../components/wavelength-dns";
import { checkWavelengthDns } from "../../components/wavelength-dns/args";
import { deploy } from "../support/mocks";

const FLEET: NewFleetArgs = {
  zones: [{ name: "us-east-1-wl1-bos-wlz-1" }],
  ports: [{ protocol: "udp", from: 5004 }],
};

const MINIMAL: WavelengthDnsArgs = {
  recordName: "media.example.com",
  hostedZone: { name: "example.com" },
  fleet: FLEET,
};

function wrong(args: Partial<WavelengthDnsArgs>): string[] {
  const found = checkWavelengthDns({ ...MINIMAL, ...args }).found();
  for (const { allowed, fix } of found) assert.ok(allowed !== "" && fix !== "");
  return found.map(({ property }) => property);
}

const wrongFleet = (fleet: Partial<NewFleetArgs>): string[] => wrong({ fleet: { ...FLEET, ...fleet } });

describe("the arguments of WavelengthDns", () => {
  it("are right when they are minimal", () => assert.deepEqual(wrong({}), []));

  it("name a host inside of the hosted zone", () => {
    assert.deepEqual(wrong({ recordName: "Media.example.com" }), ["recordName"]);
    assert.deepEqual(wrong({ recordName: "media.example.com." }), ["recordName"]);
    assert.deepEqual(wrong({ recordName: "media.xn--p1ai", hostedZone: { id: "Z1" } }), []);
    assert.deepEqual(wrong({ recordName: "media..example.com" }), ["recordName"]);
    assert.deepEqual(wrong({ recordName: "media.other.com" }), ["hostedZone.name"]);
    assert.deepEqual(wrong({ recordName: "notexample.com" }), ["hostedZone.name"]);
    assert.deepEqual(wrong({ recordName: "example.com" }), []);
    assert.deepEqual(wrong({ hostedZone: { name: "example.com." } }), []);
    assert.deepEqual(wrong({ hostedZone: { id: "Z1" } }), []);
  });

  it("keep the hold within SQS's longest delay", () => {
    assert.deepEqual(wrong({ ttlSeconds: 0 }), ["ttlSeconds"]);
    assert.deepEqual(wrong({ ttlSeconds: 30.5 }), ["ttlSeconds"]);
    assert.deepEqual(wrong({ ttlSeconds: 841 }), ["ttlSeconds"]);
    assert.deepEqual(wrong({ ttlSeconds: 840, drainMarginSeconds: 61 }), ["drainMarginSeconds"]);
    assert.deepEqual(wrong({ ttlSeconds: 840, drainMarginSeconds: 60 }), []);
    assert.deepEqual(wrong({ gatherSeconds: 0 }), ["gatherSeconds"]);
    assert.deepEqual(wrong({ repairSchedule: "hourly" }), ["repairSchedule"]);
  });

  it("have weights that Route 53 takes", () => {
    assert.deepEqual(wrong({ weights: { kind: "tag", key: "weight", defaultWeight: 256 } }), ["weights.defaultWeight"]);
    assert.deepEqual(
      wrong({ weights: { kind: "instanceType", weights: { "t3.medium": -1, "t3.xlarge": 255 }, defaultWeight: 1 } }),
      ['weights.weights["t3.medium"]'],
    );
  });

  it("name Wavelength zones, each once", () => {
    assert.deepEqual(wrongFleet({ zones: [] }), ["fleet.zones"]);
    assert.deepEqual(wrongFleet({ zones: [{ name: "us-east-1a" }] }), ["fleet.zones[0].name"]);
    assert.deepEqual(wrongFleet({ zones: [...FLEET.zones, ...FLEET.zones] }), ["fleet.zones[1].name"]);
  });

  it("give every zone a block of its own inside the VPC's", () => {
    assert.deepEqual(wrongFleet({ vpc: { cidrBlock: "10.0.0.1/16" } }), ["fleet.vpc.cidrBlock"]);
    assert.deepEqual(wrongFleet({ vpc: { cidrBlock: "10.0.0.0/8" } }), ["fleet.vpc.cidrBlock"]);
    const zone = (letters: string, cidrBlock?: string) => ({
      name: `us-east-1-wl1-${letters}-wlz-1`,
      ...(cidrBlock === undefined ? {} : { cidrBlock }),
    });
    assert.deepEqual(wrongFleet({ zones: [zone("bos", "10.0.0.0/24"), zone("nyc", "10.0.0.128/25")] }), [
      "fleet.zones[1].cidrBlock",
    ]);
    assert.deepEqual(wrongFleet({ zones: [zone("bos", "192.168.0.0/24")] }), ["fleet.zones[0].cidrBlock"]);
    assert.deepEqual(wrongFleet({ vpc: { id: "vpc-1" }, zones: [zone("bos")] }), ["fleet.zones[0].cidrBlock"]);
    assert.deepEqual(wrongFleet({ vpc: { cidrBlock: "10.0.0.0/24" }, zones: [zone("bos"), zone("nyc")] }), [
      "fleet.zones[1].cidrBlock",
    ]);
  });

  it("have ports, sizes and blocks in range", () => {
    assert.deepEqual(wrongFleet({ ports: [{ protocol: "udp", from: 0 }] }), ["fleet.ports[0].from"]);
    assert.deepEqual(wrongFleet({ ports: [{ protocol: "udp", from: 10, to: 9 }] }), ["fleet.ports[0].to"]);
    assert.deepEqual(wrongFleet({ ports: [{ protocol: "tcp", from: 443, cidrBlocks: ["10.0.0.1"] }] }), [
      "fleet.ports[0].cidrBlocks[0]",
    ]);
    assert.deepEqual(wrongFleet({ minimum: 5, maximum: 4 }), ["fleet.minimum"]);
    assert.deepEqual(wrongFleet({ minimum: -1 }), ["fleet.minimum"]);
  });

  it("are refused all together, before anything is registered", async () => {
    const args: WavelengthDnsArgs = {
      recordName: "MEDIA",
      hostedZone: { id: "Z1" },
      ttlSeconds: 9999,
      repairSchedule: "cron(* * * * * *)",
      fleet: { zones: [{ name: "us-east-1a" }], ports: [{ protocol: "udp", from: 70_000 }] },
    };
    let registered = 0;
    await assert.rejects(
      deploy(() => {
        const component = new WavelengthDns("media", args);
        registered += 1;
        return component;
      }),
      (error: unknown) => {
        assert.ok(error instanceof ArgumentsError);
        assert.equal(error.errors.length, 5);
        for (const { property } of error.errors) assert.ok(error.message.includes(`\n  ${property}: received `));
        return true;
      },
    );
    assert.equal(registered, 0);
  });
});
