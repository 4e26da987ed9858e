import { createHash } from "node:crypto";
import { ArgumentChecks } from "../internal/argument-errors";
import { type Cidr, contains, overlap, parseCidr, subnet } from "../internal/cidr";
import { isHostName, plainDomainName } from "../internal/domain-name";
import { checkPolicies } from "../internal/policy";
import {
  DEFAULT_VPC_CIDR,
  drainSeconds,
  type NewFleetArgs,
  type OpenPorts,
  type WavelengthDnsArgs,
  type WavelengthZone,
  type Weights,
} from "./args";
import { checkTexts } from "./name-checks";
import { checkRepairSchedule } from "./repair-schedule";

const ZONE_NAME = /^[a-z]{2}(-[a-z]+)+-\d-wl\d-[a-z]{3}-wlz-\d$/;

/** Whether a name has the form of a Wavelength zone's, such as `us-east-1-wl1-bos-wlz-1`. */
export function isWavelengthZone(name: string): boolean {
  return ZONE_NAME.test(name);
}

/** Everything that is wrong with the arguments; the stack configuration asks for it before anything is deployed. */
export function checkWavelengthDns(args: WavelengthDnsArgs): ArgumentChecks {
  const checks = new ArgumentChecks();
  checks.require(isHostName(args.recordName), {
    property: "recordName",
    received: args.recordName,
    allowed: "a host name in lower case, such as media.example.com",
    fix: "Give the full name, without a final dot.",
  });
  if ("name" in args.hostedZone) {
    // Compared without what is wrong with the record's own name, which is told above.
    const [zone, record] = [plainDomainName(args.hostedZone.name), plainDomainName(args.recordName)];
    checks.require(record === zone || record.endsWith(`.${zone}`), {
      property: "hostedZone.name",
      received: args.hostedZone.name,
      allowed: `a zone that ${args.recordName} belongs to`,
      fix: "Give the name of the public hosted zone that holds the record.",
    });
  }
  checkTimes(checks, args);
  checkWeights(checks, args.weights);
  checkRepairSchedule(checks, args.repairSchedule);
  checkTexts(checks, args);
  if (!("autoScalingGroupName" in args.fleet)) checkFleet(checks, args.fleet);
  return checks;
}

function checkTimes(checks: ArgumentChecks, args: WavelengthDnsArgs): void {
  const ttlIsRight = checks.wholeNumber("ttlSeconds", args.ttlSeconds, 1, 840, "seconds");
  const marginIsRight = checks.wholeNumber("drainMarginSeconds", args.drainMarginSeconds, 0, 899, "seconds");
  checks.wholeNumber("gatherSeconds", args.gatherSeconds, 1, 300, "seconds");
  checks.require(!ttlIsRight || !marginIsRight || drainSeconds(args) <= 900, {
    property: "drainMarginSeconds",
    received: args.drainMarginSeconds,
    allowed: "a sum of ttlSeconds and drainMarginSeconds of at most 900",
    fix: "Lower one of the two.",
  });
}

function checkWeights(checks: ArgumentChecks, weights: Weights | undefined): void {
  if (weights === undefined || weights.kind === "equal") return;
  checks.wholeNumber("weights.defaultWeight", weights.defaultWeight, 0, 255, "shares");
  if (weights.kind !== "instanceType") return;
  for (const [type, weight] of Object.entries(weights.weights)) {
    checks.wholeNumber(`weights.weights["${type}"]`, weight, 0, 255, "shares");
  }
}

function checkFleet(checks: ArgumentChecks, fleet: NewFleetArgs): void {
  checks.require(fleet.zones.length > 0, {
    property: "fleet.zones",
    received: fleet.zones,
    allowed: "at least one Wavelength zone",
    fix: "Name a zone, e.g. us-east-1-wl1-bos-wlz-1.",
  });
  const minimumIsRight = checks.wholeNumber("fleet.minimum", fleet.minimum, 0, 10_000, "instances");
  const maximumIsRight = checks.wholeNumber("fleet.maximum", fleet.maximum, 1, 10_000, "instances");
  checks.require(!minimumIsRight || !maximumIsRight || (fleet.minimum ?? 1) <= (fleet.maximum ?? 4), {
    property: "fleet.minimum",
    received: fleet.minimum,
    allowed: "at most fleet.maximum",
    fix: "Raise fleet.maximum or lower fleet.minimum.",
  });
  fleet.zones.forEach(({ name }, i) => {
    checks.require(isWavelengthZone(name) && fleet.zones.findIndex((zone) => zone.name === name) === i, {
      property: `fleet.zones[${i}].name`,
      received: name,
      allowed: "a Wavelength zone such as us-east-1-wl1-bos-wlz-1, once",
      fix: "`aws ec2 describe-availability-zones --all-availability-zones` lists the region's.",
    });
  });
  checkPolicies(checks, "fleet.instances.policies", fleet.instances?.policies ?? []);
  checks.require(fleet.launchTemplate === undefined || fleet.instances === undefined, {
    property: "fleet.instances",
    received: Object.keys(fleet.instances ?? {}),
    allowed: "nothing beside fleet.launchTemplate, which says already what is launched",
    fix: "Remove one of the two.",
  });
  checks.wholeNumber("fleet.instances.rootVolume.gibibytes", fleet.instances?.rootVolume?.gibibytes, 1, 16_384, "GiB");
  checkPorts(checks, fleet.ports);
  checkSubnets(checks, fleet);
}

function checkPorts(checks: ArgumentChecks, ports: OpenPorts[]): void {
  ports.forEach((range, i) => {
    const fromIsRight = checks.wholeNumber(`fleet.ports[${i}].from`, range.from, 1, 65_535, "a port number");
    const toIsRight = checks.wholeNumber(`fleet.ports[${i}].to`, range.to, 1, 65_535, "a port number");
    checks.require(!fromIsRight || !toIsRight || range.from <= (range.to ?? range.from), {
      property: `fleet.ports[${i}].to`,
      received: range.to,
      allowed: "a port number that is not below `from`",
      fix: "Swap the two, or remove `to` to open one port.",
    });
    checks.require(range.cidrBlocks === undefined || range.cidrBlocks.length > 0, {
      property: `fleet.ports[${i}].cidrBlocks`,
      received: range.cidrBlocks,
      allowed: "at least one block",
      fix: "Name who may reach the port, or leave cidrBlocks out: everybody may then.",
    });
    range.cidrBlocks?.forEach((block, j) => {
      checks.require(parseCidr(block) !== undefined, {
        property: `fleet.ports[${i}].cidrBlocks[${j}]`,
        received: block,
        allowed: "an IPv4 CIDR block without host bits",
        fix: "For one address write a.b.c.d/32.",
      });
    });
  });
}

/** The zones' blocks: those given, else one of the VPC's /24s that none of these overlaps, decided by the zone's name. */
export function zoneCidrBlocks(fleet: NewFleetArgs): (string | undefined)[] {
  const vpc = fleet.vpc ?? { cidrBlock: DEFAULT_VPC_CIDR };
  const block = "cidrBlock" in vpc ? parseCidr(vpc.cidrBlock) : undefined;
  const taken = fleet.zones.flatMap(({ cidrBlock = "" }) => parseCidr(cidrBlock) ?? []);
  const found = new Map<WavelengthZone, string | undefined>();
  const inOrder = [...fleet.zones].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const zone of inOrder) {
    if (zone.cidrBlock !== undefined || zone.subnetId !== undefined || block === undefined) continue;
    const free = freeSubnet(block, zone.name, taken);
    found.set(zone, free);
    taken.push(...[free].flatMap((text = "") => parseCidr(text) ?? []));
  }
  return fleet.zones.map((zone) => zone.cidrBlock ?? found.get(zone));
}

/** The first /24 that is free, beginning with the one that the name decides for; undefined when none is. */
function freeSubnet(block: Cidr, name: string, taken: readonly Cidr[]): string | undefined {
  const prefix = Math.max(24, block.prefix);
  const count = 2 ** (prefix - block.prefix);
  const first = createHash("sha256").update(name).digest().readUInt32BE() % count;
  const candidates = Array.from({ length: count }, (_, i) => subnet(block, prefix, (first + i) % count) ?? "");
  return candidates.find((text) => {
    const candidate = parseCidr(text);
    return candidate !== undefined && !taken.some((other) => overlap(other, candidate));
  });
}

function checkSubnets(checks: ArgumentChecks, fleet: NewFleetArgs): void {
  const vpc = fleet.vpc ?? { cidrBlock: DEFAULT_VPC_CIDR };
  checks.require("id" in vpc || fleet.zones.every(({ subnetId }) => subnetId === undefined), {
    property: "fleet.vpc",
    received: fleet.vpc,
    allowed: "the `id` of an existing VPC, since a zone has a subnetId",
    fix: "Give the VPC that the subnets belong to, or remove the subnetIds.",
  });
  const vpcBlock = "cidrBlock" in vpc ? parseCidr(vpc.cidrBlock) : undefined;
  const vpcIsRight =
    !("cidrBlock" in vpc) ||
    checks.require(vpcBlock !== undefined && isSubnetSize(vpcBlock), {
      property: "fleet.vpc.cidrBlock",
      received: vpc.cidrBlock,
      allowed: "an IPv4 CIDR block from /16 to /28 without host bits",
      fix: "For example 10.0.0.0/16.",
    });
  const blocks = zoneCidrBlocks(fleet);
  fleet.zones.forEach(({ name, subnetId, cidrBlock }, i) => {
    // A block that would be taken from the VPC's is no fault of its own when that one is wrong, or the zone is.
    if (subnetId !== undefined || (cidrBlock === undefined && !vpcIsRight)) return;
    if (fleet.zones.findIndex((zone) => zone.name === name) !== i) return;
    const block = parseCidr(blocks[i] ?? "");
    const others = blocks.slice(0, i).flatMap((other = "") => parseCidr(other) ?? []);
    const fits = block !== undefined && isSubnetSize(block) && (vpcBlock === undefined || contains(vpcBlock, block));
    checks.require(fits && !others.some((other) => overlap(other, block)), {
      property: `fleet.zones[${i}].cidrBlock`,
      received: cidrBlock,
      allowed: "a block from /16 to /28 inside the VPC's that no other zone has",
      fix: "Give every zone a block of its own (needed in an existing VPC), or a subnetId.",
    });
  });
}

/** AWS takes VPCs and subnets of these sizes. */
function isSubnetSize({ prefix }: Cidr): boolean {
  return prefix >= 16 && prefix <= 28;
}
