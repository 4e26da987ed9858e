/** Functions that look existing networks up. */
import { DescribeSubnetsCommand, DescribeVpcsCommand, EC2Client, paginateDescribeSubnets } from "@aws-sdk/client-ec2";
import { known } from "../support";
import type { InvokeFunction } from "../../resource-type";
import { optionalText } from "../../resource-type";
import { filters, ownTags } from "./common";
import { describe as describeSubnet } from "./subnet";
import { describe as describeVpc } from "./vpc";

/** The one of `found`; the real provider's words when there is none, or more than one. */
function single<T>(found: readonly T[], kind: string): T {
  const [first] = found;
  if (first === undefined) throw new Error(`no matching EC2 ${kind} found`);
  if (found.length > 1) {
    throw new Error(
      `multiple EC2 ${kind}s matched (${found.length}); use additional constraints to reduce matches to a single one`,
    );
  }
  return first;
}

export const getVpc: InvokeFunction = {
  token: "aws:ec2/getVpc:getVpc",
  arguments: ["cidrBlock", "default", "dhcpOptionsId", "filters", "id", "state", "tags"],
  async invoke(account, args) {
    const id = optionalText(args, "id");
    const Filters = filters(args, {
      cidr: args.cidrBlock,
      "is-default": args.default,
      "dhcp-options-id": args.dhcpOptionsId,
      state: args.state,
    });
    const question = new DescribeVpcsCommand({ ...(id === undefined ? {} : { VpcIds: [id] }), Filters });
    const vpc = single((await account.client(EC2Client).send(question)).Vpcs ?? [], "VPC");
    return known({
      ...(await describeVpc(account, vpc)),
      id: vpc.VpcId,
      default: vpc.IsDefault,
      state: vpc.State,
      cidrBlockAssociations: (vpc.CidrBlockAssociationSet ?? []).map((a) => ({
        associationId: a.AssociationId ?? "",
        cidrBlock: a.CidrBlock ?? "",
        state: a.CidrBlockState?.State ?? "",
      })),
      ipv6CidrBlockAssociations: [],
      filters: args.filters,
      region: account.region,
      tags: ownTags(vpc.Tags),
    });
  },
};

export const getSubnet: InvokeFunction = {
  token: "aws:ec2/getSubnet:getSubnet",
  arguments: [
    "availabilityZone",
    "availabilityZoneId",
    "cidrBlock",
    "defaultForAz",
    "filters",
    "id",
    "state",
    "tags",
    "vpcId",
  ],
  async invoke(account, args) {
    const id = optionalText(args, "id");
    const Filters = filters(args, {
      "availability-zone": args.availabilityZone,
      "availability-zone-id": args.availabilityZoneId,
      "cidr-block": args.cidrBlock,
      "default-for-az": args.defaultForAz,
      state: args.state,
      "vpc-id": args.vpcId,
    });
    const question = new DescribeSubnetsCommand({ ...(id === undefined ? {} : { SubnetIds: [id] }), Filters });
    const subnet = single((await account.client(EC2Client).send(question)).Subnets ?? [], "Subnet");
    return known({
      ...describeSubnet(subnet),
      id: subnet.SubnetId,
      availableIpAddressCount: subnet.AvailableIpAddressCount,
      defaultForAz: subnet.DefaultForAz,
      state: subnet.State,
      filters: args.filters,
      region: account.region,
      tags: ownTags(subnet.Tags),
    });
  },
};

export const getSubnets: InvokeFunction = {
  token: "aws:ec2/getSubnets:getSubnets",
  arguments: ["filters", "tags"],
  async invoke(account, args) {
    const ids: string[] = [];
    for await (const page of paginateDescribeSubnets(
      { client: account.client(EC2Client) },
      { Filters: filters(args) },
    )) {
      ids.push(...(page.Subnets ?? []).map(({ SubnetId = "" }) => SubnetId));
    }
    return known({
      id: account.region,
      ids: ids.sort(),
      filters: args.filters,
      region: account.region,
      tags: args.tags ?? {},
    });
  },
};
