import type * as pulumi from "@pulumi/pulumi";
import type { ObservabilityArgs } from "../building-blocks/component";
import type { PolicyStatement } from "../internal/policy";

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
  /**
   * The zone's subnet. Default: a /24 of the VPC's block that the zone's name decides, so that zones added or removed
   * move no other; should two names decide for the same one, the later in the alphabet gets the next that is free.
   */
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

/** The volume that an instance starts from; always encrypted, and deleted with its instance. */
export interface RootVolumeArgs {
  /** The image's root device, or a second volume is made beside it. Default: `/dev/xvda`, as Amazon Linux has it. */
  deviceName?: string;
  /** Default: `gp2`, which every Wavelength zone has, where Amazon Linux 2023 asks for gp3. */
  type?: "gp2" | "gp3";
  /** Size in GiB, 1 to 16,384. Default: the image's. */
  gibibytes?: number;
}

export interface InstanceArgs {
  /** Instance type. Default: `t3.medium`; `aws ec2 describe-instance-type-offerings` lists what a zone has. */
  instanceType?: string;
  /** SSM parameter with the AMI id. Default: Amazon Linux 2023 for x86_64. */
  imageParameter?: string;
  /** Volume that the instances start from. Default: encrypted gp2 of the image's size. */
  rootVolume?: RootVolumeArgs;
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
  /** Public hosted zone of the name: looked up by its name, or given by its id, with or without `/hostedzone/`. */
  hostedZone: { name: string } | { id: pulumi.Input<string> };
  /** Instances made here, or those of an existing Auto Scaling group with carrier IPs. */
  fleet: NewFleetArgs | { autoScalingGroupName: pulumi.Input<string> };
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
  /**
   * How often everything is compared and repaired without an event: every 15 minutes or more often. Default:
   * `rate(1 minute)`.
   */
  repairSchedule?: string;
}

export const DEFAULT_TTL_SECONDS = 30;
export const DEFAULT_GATHER_SECONDS = 2;
export const DEFAULT_DRAIN_MARGIN_SECONDS = 60;
export const DEFAULT_VPC_CIDR = "10.0.0.0/16";

/** Seconds from the end of a record to the end of its instance, at least: TTL and margin. */
export function drainSeconds({ ttlSeconds, drainMarginSeconds }: WavelengthDnsArgs): number {
  return (ttlSeconds ?? DEFAULT_TTL_SECONDS) + (drainMarginSeconds ?? DEFAULT_DRAIN_MARGIN_SECONDS);
}
