import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentsError } from "../../../components/internal/argument-checks";
import { pathText } from "../../../components/internal/faults";
import {
  type InstanceArgs,
  WavelengthDns,
  type NewFleetArgs,
  type WavelengthDnsArgs,
} from "../../../components/wavelength-dns/wavelength-dns";
import { checkWavelengthDns } from "../../../components/wavelength-dns/checks";
import { attempt } from "../../support/mocks";

const ZONE = { name: "us-east-1-wl1-bos-wlz-1" };
const FLEET: NewFleetArgs = { zones: [ZONE], ports: [{ protocol: "udp", from: 5004 }] };

const MINIMAL: WavelengthDnsArgs = {
  recordName: "media.example.com",
  hostedZone: { name: "example.com" },
  fleet: FLEET,
};

function wrong(args: Partial<WavelengthDnsArgs>): string[] {
  const found = checkWavelengthDns({ ...MINIMAL, ...args }).found();
  for (const { allowed, fix } of found) assert.ok(allowed !== "" && fix !== "");
  return found.map(({ path }) => path);
}

const wrongFleet = (fleet: Partial<NewFleetArgs>): string[] => wrong({ fleet: { ...FLEET, ...fleet } });

const zone = (city: string, more: Partial<NewFleetArgs["zones"][0]> = {}) => ({
  name: `us-east-1-wl1-${city}-wlz-1`,
  ...more,
});

describe("the arguments of WavelengthDns", () => {
  it("are right when they are minimal", () => assert.deepEqual(wrong({}), []));

  it("name a host inside of the hosted zone", () => {
    assert.deepEqual(wrong({ recordName: "Media.example.com" }), ["recordName"]);
    assert.deepEqual(wrong({ recordName: "media.example.com." }), ["recordName"]);
    assert.deepEqual(wrong({ recordName: "media..example.com" }), ["recordName"]);
    assert.deepEqual(wrong({ recordName: "Media.example.org" }), ["recordName", "hostedZone.name"]);
    assert.deepEqual(wrong({ recordName: "media.other.com" }), ["hostedZone.name"]);
    assert.deepEqual(wrong({ recordName: "notexample.com" }), ["hostedZone.name"]);
    assert.deepEqual(wrong({ recordName: "example.com" }), []);
    assert.deepEqual(wrong({ hostedZone: { name: "Example.com." } }), []);
    assert.deepEqual(wrong({ hostedZone: { id: "Z1" } }), []);
  });

  it("keep the hold within SQS's longest delay", () => {
    for (const ttlSeconds of [0, -1, 30.5, 841, NaN]) assert.deepEqual(wrong({ ttlSeconds }), ["ttlSeconds"]);
    for (const drainMarginSeconds of [-1, 0.5, 900]) {
      assert.deepEqual(wrong({ drainMarginSeconds }), ["drainMarginSeconds"]);
    }
    assert.deepEqual(wrong({ ttlSeconds: 840, drainMarginSeconds: 61 }), ["drainMarginSeconds"]);
    assert.deepEqual(wrong({ ttlSeconds: 841, drainMarginSeconds: 900 }), ["ttlSeconds", "drainMarginSeconds"]);
    assert.deepEqual(wrong({ ttlSeconds: 840, drainMarginSeconds: 60 }), []);
    assert.deepEqual(wrong({ ttlSeconds: 1, drainMarginSeconds: 899 }), []);
  });

  it("gather for some seconds, and repair again and again", () => {
    for (const gatherSeconds of [0, 301, 1.5]) assert.deepEqual(wrong({ gatherSeconds }), ["gatherSeconds"]);
    for (const gatherSeconds of [1, 300]) assert.deepEqual(wrong({ gatherSeconds }), []);
    assert.deepEqual(wrong({ repairSchedule: "hourly" }), ["repairSchedule"]);
    assert.deepEqual(wrong({ repairSchedule: "at(2026-11-01T11:18:00)" }), ["repairSchedule"]);
    assert.deepEqual(wrong({ repairSchedule: "cron(0/10 * * * ? *)" }), []);
  });

  it("repair every 15 minutes or more often, day and night", () => {
    const often = [
      "rate(15 minutes)",
      "cron(* * ? * * *)",
      "cron(5,20,35,50 * * * ? *)",
      "cron(0-59/15 0-23 ? 1-12 1-7 *)",
    ];
    for (const repairSchedule of often) assert.deepEqual(wrong({ repairSchedule }), [], repairSchedule);
    const seldom = [
      "rate(16 minutes)",
      "rate(1 hour)",
      "rate(1 day)",
      "cron(0 * * * ? *)",
      "cron(0,15,30 * * * ? *)",
      "cron(0/20 * * * ? *)",
      "cron(* 8-18 * * ? *)",
      "cron(* * ? * MON-FRI *)",
      "cron(* * L * ? *)",
      "cron(* * * 1/2 ? *)",
      "cron(* * * * ? 2026)",
    ];
    for (const repairSchedule of seldom)
      assert.deepEqual(wrong({ repairSchedule }), ["repairSchedule"], repairSchedule);
  });

  it("name a group, and tags and types to take weights from", () => {
    const group = (autoScalingGroupName: string): string[] => wrong({ fleet: { autoScalingGroupName } });
    const arn = "arn:aws:autoscaling:us-east-1:111111111111:autoScalingGroup:1:autoScalingGroupName/mine";
    for (const name of ["", " ", "my group", "mine:1", arn, "é", "x".repeat(256)]) {
      assert.deepEqual(group(name), ["fleet.autoScalingGroupName"], name);
    }
    for (const name of ["mine", "a/b.c_d-e", "x".repeat(255)]) assert.deepEqual(group(name), []);
    assert.deepEqual(wrong({ fleet: { autoScalingGroupName: pulumi.output("") } }), []);
    const tag = (key: string): string[] => wrong({ weights: { kind: "tag", key, defaultWeight: 1 } });
    for (const key of ["", " ", "x".repeat(129), "a*"]) assert.deepEqual(tag(key), ["weights.key"], key);
    for (const key of ["weight", "aws:cloudformation:stack-name", "my weight"]) assert.deepEqual(tag(key), []);
    for (const type of ["", "t3", "T3.medium", "t3. medium"]) {
      const found = wrong({ weights: { kind: "instanceType", weights: { [type]: 1 }, defaultWeight: 1 } });
      assert.deepEqual(found, [pathText(["weights", "weights", type])]);
    }
  });

  it("name what is there already by its id, with or without what AWS prints before it", () => {
    for (const id of ["", "/hostedzone/", "/change/C1", "example.com", "Z1 ", "z1"]) {
      assert.deepEqual(wrong({ hostedZone: { id } }), ["hostedZone.id"], id);
    }
    for (const id of ["Z1", "/hostedzone/Z1", "hostedzone/Z1", "arn:aws:route53:::hostedzone/Z1"]) {
      assert.deepEqual(wrong({ hostedZone: { id } }), [], id);
    }
    assert.deepEqual(wrong({ hostedZone: { id: pulumi.output("") } }), []);
    const [cidrBlock, zones] = ["10.0.0.0/24", [zone("bos", { subnetId: "subnet-1" })]];
    assert.deepEqual(wrongFleet({ vpc: { id: "" }, zones }), ["fleet.vpc.id"]);
    assert.deepEqual(wrongFleet({ vpc: { id: "vpc-1", carrierGatewayId: "" }, zones }), ["fleet.vpc.carrierGatewayId"]);
    assert.deepEqual(wrongFleet({ vpc: { id: "vpc-1" }, zones: [zone("bos", { subnetId: "" })] }), [
      "fleet.zones[0].subnetId",
    ]);
    assert.deepEqual(wrongFleet({ vpc: { id: "igw-1" }, zones: [zone("bos", { cidrBlock })] }), ["fleet.vpc.id"]);
    assert.deepEqual(wrongFleet({ securityGroupIds: [] }), ["fleet.securityGroupIds"]);
    assert.deepEqual(wrongFleet({ securityGroupIds: ["sg-1", ""] }), ["fleet.securityGroupIds[1]"]);
    assert.deepEqual(wrongFleet({ launchTemplate: { id: "", version: "" } }), [
      "fleet.launchTemplate.id",
      "fleet.launchTemplate.version",
    ]);
    for (const version of ["1", "$Latest", "$Default"]) {
      assert.deepEqual(wrongFleet({ launchTemplate: { id: "lt-1", version } }), []);
    }
  });

  it("say what is launched, and who is informed, in words that AWS takes", () => {
    const wrongInstances = (instances: InstanceArgs): string[] => wrongFleet({ instances });
    assert.deepEqual(wrongInstances({ instanceType: "" }), ["fleet.instances.instanceType"]);
    assert.deepEqual(wrongInstances({ imageParameter: "" }), ["fleet.instances.imageParameter"]);
    assert.deepEqual(wrongInstances({ keyName: "" }), ["fleet.instances.keyName"]);
    assert.deepEqual(wrongInstances({ rootVolume: { deviceName: "" } }), ["fleet.instances.rootVolume.deviceName"]);
    assert.deepEqual(wrongInstances({ tags: { "": "x" } }), ['fleet.instances.tags[""]']);
    assert.deepEqual(wrongInstances({ tags: { "aws:x": "x" } }), ["fleet.instances.tags.aws:x"]);
    assert.deepEqual(wrongInstances({ tags: { x: "*" } }), ["fleet.instances.tags.x"]);
    assert.deepEqual(wrongInstances({ userData: "x".repeat(16_385) }), ["fleet.instances.userData"]);
    const right: InstanceArgs = {
      instanceType: "g4dn.2xlarge",
      imageParameter: "/aws/service/ami:1",
      keyName: "my key",
      rootVolume: { deviceName: "/dev/sda1" },
      tags: { Team: "" },
      userData: "x".repeat(16_384),
    };
    assert.deepEqual(wrongInstances(right), []);
    assert.deepEqual(wrong({ alarmTopicArns: ["arn:aws:sns:us-east-1:111111111111:a", "", pulumi.output("")] }), [
      "alarmTopicArns[1]",
    ]);
    assert.deepEqual(wrong({ alarmTopicArns: Array<string>(6).fill("arn:aws:sns:us-east-1:111111111111:a") }), [
      "alarmTopicArns",
    ]);
    assert.deepEqual(wrongFleet({ ports: [{ protocol: "udp", from: 1, cidrBlocks: [] }] }), [
      "fleet.ports[0].cidrBlocks",
    ]);
  });

  it("have weights that Route 53 takes", () => {
    assert.deepEqual(wrong({ weights: { kind: "equal" } }), []);
    for (const defaultWeight of [0, 255])
      assert.deepEqual(wrong({ weights: { kind: "tag", key: "w", defaultWeight } }), []);
    for (const defaultWeight of [-1, 256, 1.5]) {
      assert.deepEqual(wrong({ weights: { kind: "tag", key: "w", defaultWeight } }), ["weights.defaultWeight"]);
      assert.deepEqual(wrong({ weights: { kind: "instanceType", weights: {}, defaultWeight } }), [
        "weights.defaultWeight",
      ]);
    }
    assert.deepEqual(
      wrong({ weights: { kind: "instanceType", weights: { "t3.medium": -1, "t3.xlarge": 255 }, defaultWeight: 1 } }),
      ['weights.weights["t3.medium"]'],
    );
  });

  it("name Wavelength zones, each once", () => {
    assert.deepEqual(wrongFleet({ zones: [] }), ["fleet.zones"]);
    assert.deepEqual(wrongFleet({ zones: [{ name: "us-east-1a" }] }), ["fleet.zones[0].name"]);
    assert.deepEqual(wrongFleet({ zones: [ZONE, ZONE] }), ["fleet.zones[1].name"]);
    for (const name of ["eu-central-1-wl1-ber-wlz-1", "ap-northeast-2-wl1-cjj-wlz-1", "us-west-2-wl2-las-wlz-2"]) {
      assert.deepEqual(wrongFleet({ zones: [{ name }] }), []);
    }
  });

  it("give the VPC a block of a size that AWS takes, and blame no zone for it", () => {
    for (const cidrBlock of ["10.0.0.1/16", "10.0.0.0/8", "10.0.0.0/29", "10.0.0.0"]) {
      assert.deepEqual(wrongFleet({ vpc: { cidrBlock } }), ["fleet.vpc.cidrBlock"]);
    }
    for (const cidrBlock of ["10.0.0.0/16", "10.0.0.0/28"]) assert.deepEqual(wrongFleet({ vpc: { cidrBlock } }), []);
  });

  it("give every zone a block of its own inside the VPC's", () => {
    assert.deepEqual(
      wrongFleet({ zones: [zone("bos", { cidrBlock: "10.0.0.0/24" }), zone("nyc", { cidrBlock: "10.0.0.128/25" })] }),
      ["fleet.zones[1].cidrBlock"],
    );
    for (const cidrBlock of ["192.168.0.0/24", "10.0.0.0/29", "10.0.0.1/24", "10.0.0.0/8", ""]) {
      assert.deepEqual(wrongFleet({ zones: [zone("bos", { cidrBlock })] }), ["fleet.zones[0].cidrBlock"], cidrBlock);
    }
    assert.deepEqual(wrongFleet({ vpc: { id: "vpc-1" }, zones: [zone("bos")] }), ["fleet.zones[0].cidrBlock"]);
    assert.deepEqual(wrongFleet({ vpc: { id: "vpc-1" }, zones: [zone("bos", { cidrBlock: "172.16.0.0/20" })] }), []);
    assert.deepEqual(wrongFleet({ vpc: { cidrBlock: "10.0.0.0/24" }, zones: [zone("bos"), zone("nyc")] }), [
      "fleet.zones[1].cidrBlock",
    ]);
  });

  it("name the VPC that given subnets are in", () => {
    const zones = [zone("bos", { subnetId: pulumi.output("subnet-1") }), zone("nyc")];
    assert.deepEqual(wrongFleet({ zones }), ["fleet.vpc"]);
    assert.deepEqual(wrongFleet({ zones, vpc: { cidrBlock: "10.0.0.0/16" } }), ["fleet.vpc"]);
    assert.deepEqual(wrongFleet({ zones: zones.slice(0, 1), vpc: { id: pulumi.output("vpc-1") } }), []);
  });

  it("have ports and sizes in range", () => {
    for (const from of [0, 65_536, 1.5]) {
      assert.deepEqual(wrongFleet({ ports: [{ protocol: "udp", from }] }), ["fleet.ports[0].from"]);
    }
    assert.deepEqual(wrongFleet({ ports: [{ protocol: "udp", from: 10, to: 9 }] }), ["fleet.ports[0].to"]);
    assert.deepEqual(wrongFleet({ ports: [{ protocol: "udp", from: 10, to: 65_536 }] }), ["fleet.ports[0].to"]);
    assert.deepEqual(wrongFleet({ ports: [{ protocol: "udp", from: 1, to: 65_535 }] }), []);
    assert.deepEqual(
      wrongFleet({ ports: [...FLEET.ports, { protocol: "tcp", from: 443, cidrBlocks: ["0.0.0.0/0", "10.0.0.1"] }] }),
      ["fleet.ports[1].cidrBlocks[1]"],
    );
    assert.deepEqual(wrongFleet({ minimum: 5 }), ["fleet.minimum"]);
    assert.deepEqual(wrongFleet({ minimum: 5, maximum: 4 }), ["fleet.minimum"]);
    assert.deepEqual(wrongFleet({ minimum: -1 }), ["fleet.minimum"]);
    assert.deepEqual(wrongFleet({ minimum: -1, maximum: 0 }), ["fleet.minimum", "fleet.maximum"]);
    assert.deepEqual(wrongFleet({ minimum: 0, maximum: 10_000 }), []);
  });

  it("let instances do exactly what is listed", () => {
    const policies = [{ actions: ["s3:*"], resources: ["*"] }];
    assert.deepEqual(wrongFleet({ instances: { policies } }), [
      "fleet.instances.policies[0].actions",
      "fleet.instances.policies[0].resources",
    ]);
  });

  it("say once what is launched", () => {
    const launchTemplate = { id: "lt-1", version: "1" };
    assert.deepEqual(wrongFleet({ launchTemplate, instances: { instanceType: "t3.medium" } }), ["fleet.instances"]);
    assert.deepEqual(wrongFleet({ launchTemplate }), []);
  });

  const refused = async (name: string, args: WavelengthDnsArgs): Promise<ArgumentsError> => {
    const { error, resources } = await attempt(() => new WavelengthDns(name, args));
    assert.deepEqual(resources, []);
    assert.ok(error instanceof ArgumentsError);
    return error;
  };

  it("come with a name that physical names can be made from", async () => {
    for (const name of ["a-name-that-is-too-long", "my media", "2media", ""]) {
      const { errors } = await refused(name, MINIMAL);
      assert.deepEqual(
        errors.map(({ path, received }) => [path, received]),
        [["name", name]],
      );
    }
  });

  it("are refused all together, before anything is registered", async () => {
    const error = await refused("My media", {
      recordName: "MEDIA",
      hostedZone: { name: "example.com" },
      ttlSeconds: 9999,
      drainMarginSeconds: -1,
      gatherSeconds: 0,
      weights: { kind: "tag", key: "w", defaultWeight: 1000 },
      repairSchedule: "cron(* * * * * *)",
      fleet: {
        zones: [{ name: "us-east-1a" }],
        vpc: { cidrBlock: "10.0.0.0/33" },
        ports: [{ protocol: "udp", from: 70_000 }],
        instances: { policies: [{ actions: [], resources: ["arn:aws:s3:::b"] }] },
        minimum: -1,
        maximum: 0,
      },
    });
    const properties = error.errors.map(({ path }) => path);
    assert.deepEqual(properties, [
      "recordName",
      "fleet.zones[0].name",
      "fleet.vpc.cidrBlock",
      "fleet.ports[0].from",
      "fleet.minimum",
      "fleet.maximum",
      "ttlSeconds",
      "drainMarginSeconds",
      "weights.defaultWeight",
      "gatherSeconds",
      "repairSchedule",
      "hostedZone.name",
      "fleet.instances.policies[0].actions",
      "name",
    ]);
    const [first, ...lines] = error.message.split("\n");
    assert.equal(first, 'WavelengthDns "My media": 14 wrong arguments');
    assert.equal(lines.length, 14);
    for (const [i, line] of lines.entries()) {
      assert.ok(line.startsWith(`  ${properties[i]}: received `), line);
      assert.match(line, /; allowed: .+\. [A-Z`].+\.$/);
    }
  });
});
