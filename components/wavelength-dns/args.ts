import type * as pulumi from "@pulumi/pulumi";
import type { ObservabilityArgs } from "../building-blocks/component";
import type { PolicyStatement } from "../internal/policy";

/** How the weight of an instance's record (0 to 255) is found. */
export type Weights =
  | {
      /** Every instance gets the same share. */
      kind: "equal";
    }
  | {
      /** The value of an instance tag; instances without a usable one get the default weight. */
      kind: "tag";
      /** Name of the tag. @minLength 1 @format tag-key */
      key: string;
      /**
       * Weight of instances without the tag, or with another value than a whole number from 0 to 255.
       *
       * @integer @minimum 0 @maximum 255 @unit shares
       */
      defaultWeight: number;
    }
  | {
      /** A weight per instance type; other types get the default weight. */
      kind: "instanceType";
      /**
       * Weights by instance type, e.g. `{ "t3.xlarge": 200 }`.
       *
       * @propertyNames instance-type @integer @minimum 0 @maximum 255 @unit shares
       */
      weights: Record<string, number>;
      /** Weight of other types. @integer @minimum 0 @maximum 255 @unit shares */
      defaultWeight: number;
    };

/** A port range that clients reach from the carrier's network. */
export interface OpenPorts {
  /** Transport protocol. */
  protocol: "udp" | "tcp";
  /** First port. @integer @minimum 1 @maximum 65535 @unit a port number */
  from: number;
  /** Last port. @integer @minimum 1 @maximum 65535 @unit a port number @default `from` */
  to?: number;
  /**
   * Who may reach it.
   *
   * @format cidr @minItems 1
   * @fix Name who may reach the port, or leave cidrBlocks out: everybody may then.
   * @default everybody (`0.0.0.0/0`): mobile clients have no fixed addresses
   */
  cidrBlocks?: string[];
}

export interface WavelengthZone {
  /** Zone name, e.g. `us-east-1-wl1-bos-wlz-1`. The account must have opted in to its zone group. @format wavelength-zone */
  name: string;
  /**
   * The zone's subnet. Zones added or removed move no other; should two names decide for the same block, the later in
   * the alphabet gets the next that is free.
   *
   * @format cidr
   * @default a /24 of the VPC's block that the zone's name decides
   */
  cidrBlock?: string;
  /** An existing subnet with a route to the carrier gateway, in place of one made here. @format subnet-id */
  subnetId?: pulumi.Input<string>;
}

/** A VPC made here, or an existing one. */
export type VpcArgs =
  | {
      /** IPv4 block of a new VPC, /16 to /28. @format cidr */
      cidrBlock: string;
    }
  | {
      /** An existing VPC. @format vpc-id */
      id: pulumi.Input<string>;
      /** The VPC's carrier gateway; a VPC can have only one. @format carrier-gateway-id @default one is made */
      carrierGatewayId?: pulumi.Input<string>;
    };

/** The volume that an instance starts from; always encrypted, and deleted with its instance. */
export interface RootVolumeArgs {
  /** The image's root device, or a second volume is made beside it. @format device-name @default "/dev/xvda" */
  deviceName?: string;
  /** Its type; every Wavelength zone has gp2, where Amazon Linux 2023 asks for gp3. @default "gp2" */
  type?: "gp2" | "gp3";
  /** Size. @integer @minimum 1 @maximum 16384 @unit GiB @default the image's */
  gibibytes?: number;
}

export interface InstanceArgs {
  /**
   * Instance type; `aws ec2 describe-instance-type-offerings` lists what a zone has.
   *
   * @format instance-type
   * @default "t3.medium"
   */
  instanceType?: string;
  /** SSM parameter with the AMI id. @format parameter-name @default that of Amazon Linux 2023 for x86_64 */
  imageParameter?: string;
  /** Volume that the instances start from. @default encrypted gp2 of the image's size */
  rootVolume?: RootVolumeArgs;
  /** EC2 key pair for SSH. @format key-pair-name @default none */
  keyName?: pulumi.Input<string>;
  /** Cloud-init script in clear text. @default none */
  userData?: pulumi.Input<string>;
  /** What the instances may do. @default nothing */
  policies?: readonly PolicyStatement[];
  /** Tags of the instances, besides the group's. @propertyNames own-tag-key @format tag-value @default none */
  tags?: Record<string, string>;
  /** True for Spot instances. @default false */
  spot?: boolean;
}

/** A launch template that associates carrier IPs. */
export interface FleetTemplate {
  /** Id of the template. @format launch-template-id */
  id: pulumi.Input<string>;
  /** The version that is launched. @format template-version */
  version: pulumi.Input<string>;
}

/** Instances of an Auto Scaling group that exists. */
export interface ExistingFleetArgs {
  /** The group, with carrier IPs. @format group-name */
  autoScalingGroupName: pulumi.Input<string>;
}

/** The zone that the record is made in. */
export type RecordZone =
  | {
      /** Its name. @format domain-name */
      name: string;
    }
  | {
      /** Its id, with or without `/hostedzone/`. @format hosted-zone-id */
      id: pulumi.Input<string>;
    };

/** Instances launched here. */
export interface NewFleetArgs {
  /** Where instances run. @minItems 1 @fix Name a zone, e.g. us-east-1-wl1-bos-wlz-1. */
  zones: WavelengthZone[];
  /** The VPC. @default { cidrBlock: 10.0.0.0/16 } */
  vpc?: VpcArgs;
  /** Ports that the security group opens. */
  ports: OpenPorts[];
  /**
   * Existing security groups, in place of one made here.
   *
   * @format security-group-id @minItems 1
   * @fix Name one, or leave securityGroupIds out: one is made then.
   * @default one that opens `ports`
   */
  securityGroupIds?: pulumi.Input<string>[];
  /** What is launched. @default `t3.medium` with Amazon Linux 2023 */
  instances?: InstanceArgs;
  /** An existing launch template that associates carrier IPs, in place of one made here. @default one made here */
  launchTemplate?: FleetTemplate;
  /** Least number of instances. @integer @minimum 0 @maximum 10000 @unit instances @default 1 */
  minimum?: number;
  /** Greatest number of instances. @integer @minimum 1 @maximum 10000 @unit instances @default 4 */
  maximum?: number;
}

export interface WavelengthDnsArgs extends ObservabilityArgs {
  /** Host name that clients resolve, e.g. `media.example.com`. @format host-name */
  recordName: string;
  /** Public hosted zone of the name: looked up by its name, or given by its id. */
  hostedZone: RecordZone;
  /** Instances made here, or those of an existing Auto Scaling group with carrier IPs. */
  fleet: NewFleetArgs | ExistingFleetArgs;
  /** Seconds that resolvers may cache an answer. @integer @minimum 1 @maximum 840 @unit seconds @default 30 */
  ttlSeconds?: number;
  /**
   * Seconds added to the TTL before an instance that scales in may go; the two together at most 900 (SQS's longest
   * delay). Route 53 documents that a change reaches all its servers within 60.
   *
   * @integer @minimum 0 @maximum 899 @unit seconds @default 60
   */
  drainMarginSeconds?: number;
  /** How much traffic an instance gets; `equal` is a weight of 100 each. @default { kind: equal } */
  weights?: Weights;
  /** Seconds that events are gathered before one run. @integer @minimum 1 @maximum 300 @unit seconds @default 2 */
  gatherSeconds?: number;
  /**
   * How often everything is compared and repaired without an event: every 15 minutes or more often.
   *
   * @format recurring-schedule
   * @default "rate(1 minute)"
   */
  repairSchedule?: string;
}
