/** What arguments of WavelengthDns have to keep besides their declaration. */
import { createHash } from "node:crypto";
import { ArgumentChecks, type Rule } from "../internal/argument-checks";
import { type Cidr, contains, overlap, parseCidr, subnet } from "../internal/cidr";
import { plainDomainName } from "../internal/domain-name";
import { checkPolicies } from "../internal/policy";
import type { NewFleetArgs, WavelengthDnsArgs, WavelengthZone } from "./args";
import { DEFAULTS, SCHEMA } from "./args.schema";
import { FORMATS } from "./formats";
import { checkRepairSchedule } from "./repair-schedule";

/** Everything that is wrong with the arguments; the stack configuration asks for it before anything is deployed. */
export function checkWavelengthDns(args: WavelengthDnsArgs, ...more: Rule<WavelengthDnsArgs>[]): ArgumentChecks {
  const ofFleet = [checkSize, checkZones, checkLaunch, checkInstances, checkPorts, checkVpc, checkSubnets];
  const rules = [checkZone, checkDrain, checkRepairSchedule, ...ofFleet.map(newFleet), ...more];
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, rules);
}

/** Seconds from the end of a record to the end of its instance, at least: TTL and margin. */
export function drainSeconds({ ttlSeconds, drainMarginSeconds }: WavelengthDnsArgs): number {
  const defaults = DEFAULTS.WavelengthDnsArgs;
  return (ttlSeconds ?? defaults.ttlSeconds) + (drainMarginSeconds ?? defaults.drainMarginSeconds);
}

/** A rule for fleets that are made here. */
function newFleet(rule: Rule<NewFleetArgs>): Rule<WavelengthDnsArgs> {
  return (checks, { fleet }) => {
    if (!("autoScalingGroupName" in fleet)) rule(checks, fleet);
  };
}

const checkZone: Rule<WavelengthDnsArgs> = (checks, { hostedZone, recordName }) => {
  if (!("name" in hostedZone) || !checks.isRight("hostedZone.name")) return;
  // Compared without what is wrong with the record's own name.
  const [zone, record] = [plainDomainName(hostedZone.name), plainDomainName(recordName)];
  checks.require(record === zone || record.endsWith(`.${zone}`), {
    path: "hostedZone.name",
    received: hostedZone.name,
    allowed: `a zone that ${recordName} belongs to`,
    fix: "Give the name of the public hosted zone that holds the record.",
  });
};

const checkDrain: Rule<WavelengthDnsArgs> = (checks, args) => {
  if (!checks.isRight("ttlSeconds") || !checks.isRight("drainMarginSeconds")) return;
  checks.require(drainSeconds(args) <= 900, {
    path: "drainMarginSeconds",
    received: args.drainMarginSeconds,
    allowed: "a sum of ttlSeconds and drainMarginSeconds of at most 900",
    fix: "Lower one of the two.",
  });
};

const checkSize: Rule<NewFleetArgs> = (checks, { minimum, maximum }) => {
  if (!checks.isRight("fleet.minimum") || !checks.isRight("fleet.maximum")) return;
  const defaults = DEFAULTS.NewFleetArgs;
  checks.require((minimum ?? defaults.minimum) <= (maximum ?? defaults.maximum), {
    path: "fleet.minimum",
    received: minimum,
    allowed: "at most fleet.maximum",
    fix: "Raise fleet.maximum or lower fleet.minimum.",
  });
};

const checkZones: Rule<NewFleetArgs> = (checks, { zones }) => {
  const advice = { allowed: "a Wavelength zone that is not in the list before", fix: "Remove one of the two." };
  checks.unique("fleet.zones", zones, "name", advice);
};

const checkLaunch: Rule<NewFleetArgs> = (checks, { launchTemplate, instances }) => {
  checks.require(launchTemplate === undefined || instances === undefined, {
    path: "fleet.instances",
    received: Object.keys(instances ?? {}),
    allowed: "nothing beside fleet.launchTemplate, which says already what is launched",
    fix: "Remove one of the two.",
  });
};

/** EC2 takes 16 KB of user data, before they are encoded. */
const MAXIMUM_USER_DATA = 16_384;

const checkInstances: Rule<NewFleetArgs> = (checks, { instances = {} }) => {
  const at = "fleet.instances";
  checks.rule(() => checkPolicies(checks, `${at}.policies`, instances.policies ?? []));
  checks.rule(() => {
    const size = typeof instances.userData === "string" ? Buffer.byteLength(instances.userData) : 0;
    checks.require(size <= MAXIMUM_USER_DATA, {
      path: `${at}.userData`,
      received: `${size} bytes`,
      allowed: `at most ${MAXIMUM_USER_DATA} bytes, as EC2 takes no more`,
      fix: "Keep the script in S3, or in the image, and fetch it from there.",
    });
  });
};

const checkPorts: Rule<NewFleetArgs> = (checks, { ports }) => {
  checks.each(ports, ({ from, to = from }, i) => {
    const at = `fleet.ports[${i}]`;
    if (!checks.isRight(`${at}.from`) || !checks.isRight(`${at}.to`)) return;
    checks.require(from <= to, {
      path: `${at}.to`,
      received: to,
      allowed: "a port number that is not below `from`",
      fix: "Swap the two, or remove `to` to open one port.",
    });
  });
};

/** The zones' blocks: those given, else one of the VPC's /24s that none of these overlaps, decided by the zone's name. */
export function zoneCidrBlocks(fleet: NewFleetArgs): (string | undefined)[] {
  const vpc = fleet.vpc ?? DEFAULTS.NewFleetArgs.vpc;
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

const checkVpc: Rule<NewFleetArgs> = (checks, { zones, vpc = DEFAULTS.NewFleetArgs.vpc }) => {
  checks.require("id" in vpc || zones.every(({ subnetId }) => subnetId === undefined), {
    path: "fleet.vpc",
    received: vpc,
    allowed: "the `id` of an existing VPC, since a zone has a subnetId",
    fix: "Give the VPC that the subnets belong to, or remove the subnetIds.",
  });
  const block = "cidrBlock" in vpc ? parseCidr(vpc.cidrBlock) : undefined;
  checks.require(block === undefined || isSubnetSize(block), {
    path: "fleet.vpc.cidrBlock",
    received: "cidrBlock" in vpc ? vpc.cidrBlock : undefined,
    allowed: "an IPv4 CIDR block from /16 to /28",
    fix: "For example 10.0.0.0/16.",
  });
};

const checkSubnets: Rule<NewFleetArgs> = (checks, fleet) => {
  const { vpc = DEFAULTS.NewFleetArgs.vpc } = fleet;
  const vpcBlock = "cidrBlock" in vpc ? parseCidr(vpc.cidrBlock) : undefined;
  const blocks = zoneCidrBlocks(fleet);
  fleet.zones.forEach(({ name, subnetId, cidrBlock }, i) => {
    const path = `fleet.zones[${i}].cidrBlock`;
    // A block that would be taken from the VPC's is no fault of its own when that one is wrong, or the zone is.
    if (subnetId !== undefined || (cidrBlock === undefined && !checks.isRight("fleet.vpc.cidrBlock"))) return;
    if (!checks.isRight(path) || fleet.zones.findIndex((zone) => zone.name === name) !== i) return;
    const block = parseCidr(blocks[i] ?? "");
    const others = blocks.slice(0, i).flatMap((other = "") => parseCidr(other) ?? []);
    const fits = block !== undefined && isSubnetSize(block) && (vpcBlock === undefined || contains(vpcBlock, block));
    checks.require(fits && !others.some((other) => overlap(other, block)), {
      path,
      received: cidrBlock,
      allowed: "a block from /16 to /28 inside the VPC's that no other zone has",
      fix: "Give every zone a block of its own (needed in an existing VPC), or a subnetId.",
    });
  });
};

/** AWS takes VPCs and subnets of these sizes. */
function isSubnetSize({ prefix }: Cidr): boolean {
  return prefix >= 16 && prefix <= 28;
}
