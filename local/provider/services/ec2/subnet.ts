/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html */
import {
  CreateSubnetCommand,
  DeleteSubnetCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
  type ModifySubnetAttributeRequest,
  type Subnet,
} from "@aws-sdk/client-ec2";
import type { Values } from "../../property-values";
import { type Operation, optionalText, type ResourceState, type ResourceType, text } from "../../resource-type";
import { ifMissing, isSet, known, settled, until, whileRefused } from "../support";
import { checkOneOf } from "../checks";
import { checkCidr, ownTags, tagSpecifications, updateTags } from "./common";

const MISSING = "InvalidSubnetID.NotFound";

async function find(client: EC2Client, id: string): Promise<Subnet | undefined> {
  const answer = await ifMissing(client.send(new DescribeSubnetsCommand({ SubnetIds: [id] })), MISSING);
  return answer?.Subnets?.[0];
}

/** Everything that both the resource and the function `getSubnet` tell of a subnet. */
export function describe(subnet: Subnet): Values {
  const names = subnet.PrivateDnsNameOptionsOnLaunch;
  const ipv6 = subnet.Ipv6CidrBlockAssociationSet?.[0];
  return known({
    arn: subnet.SubnetArn,
    assignIpv6AddressOnCreation: subnet.AssignIpv6AddressOnCreation,
    availabilityZone: subnet.AvailabilityZone,
    availabilityZoneId: subnet.AvailabilityZoneId,
    cidrBlock: subnet.CidrBlock,
    customerOwnedIpv4Pool: subnet.CustomerOwnedIpv4Pool ?? "",
    enableDns64: subnet.EnableDns64,
    enableLniAtDeviceIndex: subnet.EnableLniAtDeviceIndex ?? 0,
    enableResourceNameDnsARecordOnLaunch: names?.EnableResourceNameDnsARecord,
    enableResourceNameDnsAaaaRecordOnLaunch: names?.EnableResourceNameDnsAAAARecord,
    ipv6CidrBlock: ipv6?.Ipv6CidrBlock ?? "",
    ipv6CidrBlockAssociationId: ipv6?.AssociationId ?? "",
    ipv6Native: subnet.Ipv6Native,
    mapCustomerOwnedIpOnLaunch: subnet.MapCustomerOwnedIpOnLaunch,
    mapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch,
    outpostArn: subnet.OutpostArn ?? "",
    ownerId: subnet.OwnerId,
    privateDnsHostnameTypeOnLaunch: names?.HostnameType,
    vpcId: subnet.VpcId,
  });
}

async function read({ account }: Operation, id: string): Promise<ResourceState | undefined> {
  const subnet = await find(account.client(EC2Client), id);
  return subnet === undefined ? undefined : { id, outputs: { ...describe(subnet), tagsAll: ownTags(subnet.Tags) } };
}

/** AWS takes one attribute a call. */
function modifications(olds: Values, news: Values): Omit<ModifySubnetAttributeRequest, "SubnetId">[] {
  const changed = (name: string): boolean => isSet(olds, news, name);
  const on = (name: string): { Value: boolean } => ({ Value: news[name] === true });
  return [
    ...(changed("mapPublicIpOnLaunch") ? [{ MapPublicIpOnLaunch: on("mapPublicIpOnLaunch") }] : []),
    ...(changed("enableResourceNameDnsARecordOnLaunch")
      ? [{ EnableResourceNameDnsARecordOnLaunch: on("enableResourceNameDnsARecordOnLaunch") }]
      : []),
    ...(changed("enableResourceNameDnsAaaaRecordOnLaunch")
      ? [{ EnableResourceNameDnsAAAARecordOnLaunch: on("enableResourceNameDnsAaaaRecordOnLaunch") }]
      : []),
    ...(changed("privateDnsHostnameTypeOnLaunch")
      ? [{ PrivateDnsHostnameTypeOnLaunch: text(news, "privateDnsHostnameTypeOnLaunch") as "ip-name" }]
      : []),
  ];
}

async function modify(client: EC2Client, id: string, olds: Values, news: Values): Promise<void> {
  for (const modification of modifications(olds, news)) {
    await client.send(new ModifySubnetAttributeCommand({ SubnetId: id, ...modification }));
  }
}

export const subnet: ResourceType = {
  token: "aws:ec2/subnet:Subnet",
  properties: {
    vpcId: "replace",
    cidrBlock: "replace",
    availabilityZone: "replace",
    availabilityZoneId: "replace",
    outpostArn: "replace",
    mapPublicIpOnLaunch: "update",
    enableResourceNameDnsARecordOnLaunch: "update",
    enableResourceNameDnsAaaaRecordOnLaunch: "update",
    privateDnsHostnameTypeOnLaunch: "update",
  },
  required: ["vpcId", "cidrBlock"],
  computed: ["arn", "availabilityZone", "availabilityZoneId", "ownerId", "privateDnsHostnameTypeOnLaunch"],
  taggable: true,
  defaults: {
    mapPublicIpOnLaunch: false,
    enableResourceNameDnsARecordOnLaunch: false,
    enableResourceNameDnsAaaaRecordOnLaunch: false,
  },
  check: (inputs) => [
    ...checkCidr("cidrBlock", inputs.cidrBlock, { min: 16, max: 28 }),
    ...checkOneOf("privateDnsHostnameTypeOnLaunch", inputs.privateDnsHostnameTypeOnLaunch, [
      "ip-name",
      "resource-name",
    ]),
    ...(inputs.availabilityZone !== undefined && inputs.availabilityZoneId !== undefined
      ? [{ property: "availabilityZoneId", reason: "received beside availabilityZone; give one of them" }]
      : []),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const { Subnet: made } = await client.send(
      new CreateSubnetCommand({
        VpcId: text(inputs, "vpcId"),
        CidrBlock: text(inputs, "cidrBlock"),
        AvailabilityZone: optionalText(inputs, "availabilityZone"),
        AvailabilityZoneId: optionalText(inputs, "availabilityZoneId"),
        OutpostArn: optionalText(inputs, "outpostArn"),
        TagSpecifications: tagSpecifications(operation, "subnet"),
      }),
    );
    const id = made?.SubnetId ?? "";
    operation.created(id);
    const available = await until(`${id} to be available`, async () => {
      const present = await find(client, id);
      return present?.State === "available" ? present : undefined;
    });
    await modify(client, id, describe(available), inputs);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    await modify(operation.account.client(EC2Client), id, olds, news);
    await updateTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const remove = () => account.client(EC2Client).send(new DeleteSubnetCommand({ SubnetId: id }));
    await ifMissing(whileRefused(remove, ["DependencyViolation"]), MISSING);
  },
};
