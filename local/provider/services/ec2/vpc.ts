/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html */
import {
  CreateVpcCommand,
  DeleteVpcCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  type Vpc,
} from "@aws-sdk/client-ec2";
import type { Account } from "../../account";
import type { Values } from "../../property-values";
import { type Operation, optionalText, type ResourceState, type ResourceType, text } from "../../resource-type";
import { arn, ifMissing, isSet, known, settled, until, whileRefused } from "../support";
import { checkOneOf } from "../checks";
import { checkCidr, ownTags, tagSpecifications, updateTags } from "./common";

const MISSING = "InvalidVpcID.NotFound";

async function find(client: EC2Client, id: string): Promise<Vpc | undefined> {
  const answer = await ifMissing(client.send(new DescribeVpcsCommand({ VpcIds: [id] })), MISSING);
  return answer?.Vpcs?.[0];
}

async function attribute(
  client: EC2Client,
  id: string,
  name: "enableDnsSupport" | "enableDnsHostnames" | "enableNetworkAddressUsageMetrics",
) {
  const answer = await client.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: name }));
  const key = `${name.charAt(0).toUpperCase()}${name.slice(1)}` as "EnableDnsSupport";
  return answer[key]?.Value;
}

/** What AWS makes together with a VPC. */
async function defaults(client: EC2Client, vpc: string): Promise<Values> {
  const ofVpc = { Name: "vpc-id", Values: [vpc] };
  const [acls, groups, tables] = await Promise.all([
    client.send(new DescribeNetworkAclsCommand({ Filters: [ofVpc, { Name: "default", Values: ["true"] }] })),
    client.send(new DescribeSecurityGroupsCommand({ Filters: [ofVpc, { Name: "group-name", Values: ["default"] }] })),
    client.send(new DescribeRouteTablesCommand({ Filters: [ofVpc, { Name: "association.main", Values: ["true"] }] })),
  ]);
  const table = tables.RouteTables?.[0]?.RouteTableId;
  return known({
    defaultNetworkAclId: acls.NetworkAcls?.[0]?.NetworkAclId,
    defaultSecurityGroupId: groups.SecurityGroups?.[0]?.GroupId,
    defaultRouteTableId: table,
    mainRouteTableId: table,
  });
}

/** Everything that both the resource and the function `getVpc` tell of a VPC. */
export async function describe(account: Account, vpc: Vpc): Promise<Values> {
  const client = account.client(EC2Client);
  const id = vpc.VpcId ?? "";
  const [support, hostnames, metrics, made] = await Promise.all([
    attribute(client, id, "enableDnsSupport"),
    attribute(client, id, "enableDnsHostnames"),
    attribute(client, id, "enableNetworkAddressUsageMetrics"),
    defaults(client, id),
  ]);
  return known({
    arn: await arn(account, "ec2", `vpc/${id}`),
    cidrBlock: vpc.CidrBlock,
    dhcpOptionsId: vpc.DhcpOptionsId,
    enableDnsSupport: support,
    enableDnsHostnames: hostnames,
    enableNetworkAddressUsageMetrics: metrics,
    instanceTenancy: vpc.InstanceTenancy,
    ipv6AssociationId: vpc.Ipv6CidrBlockAssociationSet?.[0]?.AssociationId ?? "",
    ipv6CidrBlock: vpc.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock ?? "",
    ownerId: vpc.OwnerId,
    ...made,
  });
}

async function read({ account }: Operation, id: string): Promise<ResourceState | undefined> {
  const vpc = await find(account.client(EC2Client), id);
  if (vpc === undefined) return undefined;
  return { id, outputs: { ...(await describe(account, vpc)), tagsAll: ownTags(vpc.Tags) } };
}

async function setAttributes(client: EC2Client, id: string, olds: Values, news: Values): Promise<void> {
  // AWS takes one attribute a call, and DNS host names only with DNS support.
  const names = ["enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics"];
  const supportLast = news.enableDnsSupport === false;
  for (const name of supportLast ? names.reverse() : names) {
    if (!isSet(olds, news, name)) continue;
    const key = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    await client.send(new ModifyVpcAttributeCommand({ VpcId: id, [key]: { Value: news[name] === true } }));
  }
}

export const vpc: ResourceType = {
  token: "aws:ec2/vpc:Vpc",
  properties: {
    cidrBlock: "replace",
    instanceTenancy: "replace",
    enableDnsSupport: "update",
    enableDnsHostnames: "update",
    enableNetworkAddressUsageMetrics: "update",
  },
  required: ["cidrBlock"],
  computed: [
    "arn",
    "defaultNetworkAclId",
    "defaultRouteTableId",
    "defaultSecurityGroupId",
    "dhcpOptionsId",
    "enableDnsHostnames",
    "mainRouteTableId",
    "ownerId",
  ],
  taggable: true,
  defaults: { instanceTenancy: "default", enableDnsSupport: true },
  check: (inputs) => [
    ...checkCidr("cidrBlock", inputs.cidrBlock, { min: 16, max: 28 }),
    ...checkOneOf("instanceTenancy", inputs.instanceTenancy, ["default", "dedicated"]),
    ...(inputs.enableDnsHostnames === true && inputs.enableDnsSupport === false
      ? [{ property: "enableDnsHostnames", reason: "received true; it needs enableDnsSupport: true as well" }]
      : []),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const { Vpc: made } = await client.send(
      new CreateVpcCommand({
        CidrBlock: text(inputs, "cidrBlock"),
        InstanceTenancy: optionalText(inputs, "instanceTenancy") as "default" | "dedicated" | undefined,
        TagSpecifications: tagSpecifications(operation, "vpc"),
      }),
    );
    const id = made?.VpcId ?? "";
    operation.created(id);
    await until(`${id} to be available`, async () =>
      (await find(client, id))?.State === "available" ? true : undefined,
    );
    // The state of a new VPC: DNS support on, the rest off.
    await setAttributes(
      client,
      id,
      { enableDnsSupport: true, enableDnsHostnames: false, enableNetworkAddressUsageMetrics: false },
      inputs,
    );
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    await setAttributes(operation.account.client(EC2Client), id, olds, news);
    await updateTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const remove = () => account.client(EC2Client).send(new DeleteVpcCommand({ VpcId: id }));
    await ifMissing(whileRefused(remove, ["DependencyViolation"]), MISSING);
  },
};
