import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceId } from "../internal/aws-id";
import { Component } from "../building-blocks/component";
import type { NewFleetArgs, OpenPorts, WavelengthZone } from "./args";
import { DEFAULTS } from "./args.schema";
import { zoneCidrBlocks } from "./checks";

/** The network of a fleet in Wavelength zones: what is not given is made. */
export class WavelengthNetwork extends Component {
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: pulumi.Output<string>[];
  readonly securityGroupIds: pulumi.Output<string>[];
  /** Instances need these routes before they start. */
  readonly routes: pulumi.Resource[];

  constructor(name: string, args: NewFleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("edge", name, opts);
    this.vpcId = this.vpc(args);
    const newZones = args.zones.flatMap((zone, i) =>
      zone.subnetId === undefined ? [{ zone, cidrBlock: zoneCidrBlocks(args)[i] ?? "" }] : [],
    );
    const routeTable = newZones.length === 0 ? undefined : this.createRouteTable(args);
    const subnets = newZones.map(({ zone, cidrBlock }) => this.createSubnet(zone, cidrBlock));
    this.routes =
      routeTable === undefined
        ? []
        : subnets.map(({ zone, subnet }) => this.associate(zone, subnet, routeTable.table, routeTable.route));
    this.subnetIds = args.zones.map((zone) => {
      const made = subnets.find((candidate) => candidate.zone === zone);
      return made === undefined ? resourceId(zone.subnetId ?? "") : made.subnet.id;
    });
    this.securityGroupIds = args.securityGroupIds?.map(resourceId) ?? [this.createSecurityGroup(args.ports).id];
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  private vpc({ vpc = DEFAULTS.NewFleetArgs.vpc }: NewFleetArgs): pulumi.Output<string> {
    if ("id" in vpc) return resourceId(vpc.id);
    const { cidrBlock } = vpc;
    return new aws.ec2.Vpc(
      this.named("vpc"),
      { cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags: this.nameTag() },
      this.child,
    ).id;
  }

  private nameTag(): { Name: string } {
    return { Name: this.componentName };
  }

  /** The route table of the new subnets, whose default route leads to the carrier gateway. */
  private createRouteTable({ vpc }: NewFleetArgs): { table: aws.ec2.RouteTable; route: aws.ec2.Route } {
    const given = vpc !== undefined && "id" in vpc ? vpc.carrierGatewayId : undefined;
    const gatewayId =
      given !== undefined
        ? resourceId(given)
        : new aws.ec2.CarrierGateway(this.named("gateway"), { vpcId: this.vpcId, tags: this.nameTag() }, this.child).id;
    const table = new aws.ec2.RouteTable(this.named("routes"), { vpcId: this.vpcId, tags: this.nameTag() }, this.child);
    const route = new aws.ec2.Route(
      this.named("default-route"),
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", carrierGatewayId: gatewayId },
      this.child,
    );
    return { table, route };
  }

  private createSubnet(zone: WavelengthZone, cidrBlock: string): { zone: WavelengthZone; subnet: aws.ec2.Subnet } {
    const subnet = new aws.ec2.Subnet(
      this.named(`subnet-${zone.name}`),
      { vpcId: this.vpcId, availabilityZone: zone.name, cidrBlock, tags: this.nameTag() },
      this.child,
    );
    return { zone, subnet };
  }

  private associate(
    zone: WavelengthZone,
    subnet: aws.ec2.Subnet,
    table: aws.ec2.RouteTable,
    route: aws.ec2.Route,
  ): aws.ec2.RouteTableAssociation {
    return new aws.ec2.RouteTableAssociation(
      this.named(`routes-${zone.name}`),
      { subnetId: subnet.id, routeTableId: table.id },
      { ...this.child, dependsOn: [route] },
    );
  }

  private createSecurityGroup(ports: OpenPorts[]): aws.ec2.SecurityGroup {
    return new aws.ec2.SecurityGroup(
      this.named("clients"),
      {
        vpcId: this.vpcId,
        description: "Clients in the carrier network, and everything outwards",
        ingress: ports.map(({ protocol, from, to, cidrBlocks }) => ({
          protocol,
          fromPort: from,
          toPort: to ?? from,
          cidrBlocks: cidrBlocks ?? ["0.0.0.0/0"],
        })),
        egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
        tags: this.nameTag(),
      },
      this.child,
    );
  }
}
