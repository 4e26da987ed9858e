import type * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../argument-errors";
import { type Cidr, contains, overlap, parseCidr, subnet } from "../cidr";
import type { ObservabilityArgs } from "../component";
import { isHostName, plainDomainName } from "../domain-name";
import { checkPolicies, type PolicyStatement } from "../policy";
import { checkSchedule, recurringScheduleFault } from "../schedule-expression";

/** How the weight of an instance's record (0 to 255) is found. */
export type Weights =
  /** Every instance gets the same share. */
  | { kind: "equal" }
  /** The value of an instance tag; instances without a usable one get the default weight. */
  | {
      kind: "tag";
      /** Name of the tag. */
      key: string;
      /** Weight of instances without the tag, or with another value than a whole number from 0 to 255. */
      defaultWeight: number;
    }
  /** A weight per instance type; other types get the default weight. */
  | {
      kind: "instanceType";
      /** Weights by instance type, e.g. `{ "t3.xlarge": 200 }`. */
      weights: Record<string, number>;
      /** Weight of other types. */
      defaultWeight: number;
    };

/** A port range that clients reach from the carrier's network. */
export interface OpenPorts {
  /** Transport protocol. */
  protocol: "udp" | "tcp";
  /** First port, 1 to 65,535. */
  from: number;
  /** Last port. Default: `from`. */
  to?: number;
  /** Who may reach it. Default: everybody (`0.0.0.0/0`): mobile clients have no fixed addresses. */
  cidrBlocks?: string[];
}

export interface WavelengthZone {
  /** Zone name, e.g. `us-east-1-wl1-bos-wlz-1`. The account must have opted in to its zone group. */
  name: string;
  /** The zone's subnet. Default: the next free /24 of the VPC's block. */
  cidrBlock?: string;
  /** An existing subnet with a route to the carrier gateway, in place of one made here. */
  subnetId?: pulumi.Input<string>;
}

/** A VPC made here, or an existing one. */
export type VpcArgs =
  | {
      /** IPv4 block of a new VPC, /16 to /28. */
      cidrBlock: string;
    }
  | {
      /** An existing VPC. */
      id: pulumi.Input<string>;
      /** The VPC's carrier gateway. Default: one is made; a VPC can have only one. */
      carrierGatewayId?: pulumi.Input<string>;
    };

export interface InstanceArgs {
  /** Instance type. Default: `t3.medium`, which every Wavelength zone has. */
  instanceType?: string;
  /** SSM parameter with the AMI id. Default: Amazon Linux 2023 for x86_64. */
  imageParameter?: string;
  /** EC2 key pair for SSH. Default: none. */
  keyName?: pulumi.Input<string>;
  /** Cloud-init script in clear text. Default: none. */
  userData?: pulumi.Input<string>;
  /** What the instances may do. Default: nothing. */
  policies?: readonly PolicyStatement[];
  /** Tags of the instances, besides the group's. */
  tags?: Record<string, string>;
  /** True for Spot instances. Default: false. */
  spot?: boolean;
}

/** Instances launched here. */
export interface NewFleetArgs {
  /** Where instances run; at least one zone. */
  zones: WavelengthZone[];
  /** Default: a new VPC with 10.0.0.0/16. */
  vpc?: VpcArgs;
  /** Ports that the security group opens. */
  ports: OpenPorts[];
  /** Existing security groups, in place of one made here. */
  securityGroupIds?: pulumi.Input<string>[];
  /** What is launched. Default: `t3.medium` with Amazon Linux 2023. */
  instances?: InstanceArgs;
  /** An existing launch template that associates carrier IPs, in place of one made here. */
  launchTemplate?: { id: pulumi.Input<string>; version: pulumi.Input<string> };
  /** Least number of instances. Default: 1. */
  minimum?: number;
  /** Greatest number of instances. Default: 4. */
  maximum?: number;
}

export interface WavelengthDnsArgs extends ObservabilityArgs {
  /** Host name that clients resolve, e.g. `media.example.com`. */
  recordName: string;
  /** Public hosted zone of the name: looked up by its name, or given by its id. */
  hostedZone: { name: string } | { id: pulumi.Input<string> };
  /** Instances made here, or those of an existing Auto Scaling group with carrier IPs. */
  fleet: NewFleetArgs | { autoScalingGroupName: string };
  /** Seconds that resolvers may cache an answer, 1 to 840. Default: 30, as in the seed. */
  ttlSeconds?: number;
  /**
   * Seconds added to the TTL before an instance that scales in may go, 0 to 899; the two together at most 900 (SQS's
   * longest delay). Default: 60, within which Route 53 documents that a change reaches all its servers.
   */
  drainMarginSeconds?: number;
  /** How much traffic an instance gets. Default: `{ kind: "equal" }`, a weight of 100 each. */
  weights?: Weights;
  /** Seconds that events are gathered before one run, 1 to 300. Default: 2. */
  gatherSeconds?: number;
  /** How often everything is compared and repaired without an event. Default: `rate(1 minute)`. */
  repairSchedule?: string;
}

export const DEFAULT_TTL_SECONDS = 30;
export const DEFAULT_DRAIN_MARGIN_SECONDS = 60;
export const DEFAULT_VPC_CIDR = "10.0.0.0/16";

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
  checkSchedule(checks, "repairSchedule", args.repairSchedule, recurringScheduleFault);
  if (!("autoScalingGroupName" in args.fleet)) checkFleet(checks, args.fleet);
  return checks;
}

function checkTimes(checks: ArgumentChecks, args: WavelengthDnsArgs): void {
  const ttlIsRight = checks.wholeNumber("ttlSeconds", args.ttlSeconds, 1, 840, "seconds");
  const marginIsRight = checks.wholeNumber("drainMarginSeconds", args.drainMarginSeconds, 0, 899, "seconds");
  checks.wholeNumber("gatherSeconds", args.gatherSeconds, 1, 300, "seconds");
  const hold = (args.ttlSeconds ?? DEFAULT_TTL_SECONDS) + (args.drainMarginSeconds ?? DEFAULT_DRAIN_MARGIN_SECONDS);
  checks.require(!ttlIsRight || !marginIsRight || hold <= 900, {
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

/** The zones' blocks: those given, else the VPC's next /24 that none of these overlaps. */
export function zoneCidrBlocks(fleet: NewFleetArgs): (string | undefined)[] {
  const vpc = fleet.vpc ?? { cidrBlock: DEFAULT_VPC_CIDR };
  const block = "cidrBlock" in vpc ? parseCidr(vpc.cidrBlock) : undefined;
  const given = fleet.zones.flatMap(({ cidrBlock = "" }) => parseCidr(cidrBlock) ?? []);
  let next = 0;
  return fleet.zones.map(({ cidrBlock, subnetId }) => {
    if (cidrBlock !== undefined || subnetId !== undefined || block === undefined) return cidrBlock;
    for (;;) {
      const text = subnet(block, Math.max(24, block.prefix), next++);
      const candidate = text === undefined ? undefined : parseCidr(text);
      if (candidate === undefined || !given.some((other) => overlap(other, candidate))) return text;
    }
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
  fleet.zones.forEach(({ subnetId, cidrBlock }, i) => {
    // A block that would be taken from the VPC's is no fault of its own when that one is wrong.
    if (subnetId !== undefined || (cidrBlock === undefined && !vpcIsRight)) return;
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
