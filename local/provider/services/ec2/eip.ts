/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html */
import {
  type Address,
  AllocateAddressCommand,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  EC2Client,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import type { Value, Values } from "../../property-values";
import { type Operation, optionalText, type ResourceState, type ResourceType } from "../../resource-type";
import { arn, ifMissing, known, settled, whileRefused } from "../support";
import { checkOneOf } from "../checks";
import { ownTags, tagSpecifications, updateTags } from "./common";

const MISSING = ["InvalidAllocationID.NotFound", "InvalidAddress.NotFound"];

async function find(client: EC2Client, id: string): Promise<Address | undefined> {
  const answer = await ifMissing(client.send(new DescribeAddressesCommand({ AllocationIds: [id] })), ...MISSING);
  return answer?.Addresses?.[0];
}

/** AWS's public host name of an address. */
function publicName(region: string, ip: string | undefined): string {
  if (ip === undefined || ip === "") return "";
  const domain = region === "us-east-1" ? "compute-1.amazonaws.com" : `${region}.compute.amazonaws.com`;
  return `ec2-${ip.replaceAll(".", "-")}.${domain}`;
}

async function read({ account }: Operation, id: string): Promise<ResourceState | undefined> {
  const address = await find(account.client(EC2Client), id);
  if (address === undefined) return undefined;
  const outputs: Record<string, Value | undefined> = {
    allocationId: id,
    arn: await arn(account, "ec2", `elastic-ip/${id}`),
    associationId: address.AssociationId ?? "",
    carrierIp: address.CarrierIp ?? "",
    domain: address.Domain,
    instance: address.InstanceId ?? "",
    networkBorderGroup: address.NetworkBorderGroup ?? account.region,
    networkInterface: address.NetworkInterfaceId ?? "",
    privateIp: address.PrivateIpAddress ?? "",
    publicDns: publicName(account.region, address.PublicIp),
    publicIp: address.PublicIp ?? "",
    publicIpv4Pool: address.PublicIpv4Pool,
    tagsAll: ownTags(address.Tags),
  };
  return { id, outputs: known(outputs) };
}

async function associate(client: EC2Client, id: string, inputs: Values): Promise<void> {
  const instance = optionalText(inputs, "instance") ?? "";
  const card = optionalText(inputs, "networkInterface") ?? "";
  if (instance === "" && card === "") return;
  const request = new AssociateAddressCommand({
    AllocationId: id,
    ...(instance === "" ? { NetworkInterfaceId: card } : { InstanceId: instance }),
    PrivateIpAddress: optionalText(inputs, "associateWithPrivateIp"),
  });
  await whileRefused(() => client.send(request), ["InvalidInstanceID", "pending"], { timeoutSeconds: 120 });
}

async function disassociate(client: EC2Client, id: string): Promise<void> {
  const association = (await find(client, id))?.AssociationId;
  if (association === undefined || association === "") return;
  await ifMissing(
    client.send(new DisassociateAddressCommand({ AssociationId: association })),
    "InvalidAssociationID.NotFound",
  );
}

export const eip: ResourceType = {
  token: "aws:ec2/eip:Eip",
  properties: {
    address: "replace",
    domain: "replace",
    networkBorderGroup: "replace",
    publicIpv4Pool: "replace",
    instance: "update",
    networkInterface: "update",
    associateWithPrivateIp: "update",
  },
  computed: [
    "allocationId",
    "arn",
    "associationId",
    "carrierIp",
    "networkBorderGroup",
    "privateIp",
    "publicDns",
    "publicIp",
  ],
  taggable: true,
  defaults: { domain: "vpc" },
  check: (inputs) => [
    ...checkOneOf("domain", inputs.domain, ["vpc"]),
    ...(inputs.instance !== undefined && inputs.networkInterface !== undefined
      ? [{ property: "networkInterface", reason: "received beside instance; give one of them" }]
      : []),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const { AllocationId: id = "" } = await client.send(
      new AllocateAddressCommand({
        Domain: "vpc",
        Address: optionalText(inputs, "address"),
        NetworkBorderGroup: optionalText(inputs, "networkBorderGroup"),
        PublicIpv4Pool: optionalText(inputs, "publicIpv4Pool"),
        TagSpecifications: tagSpecifications(operation, "elastic-ip"),
      }),
    );
    operation.created(id);
    await associate(client, id, inputs);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const client = operation.account.client(EC2Client);
    const target = (values: Values) =>
      JSON.stringify([values.instance || "", values.networkInterface || "", values.associateWithPrivateIp || ""]);
    const follows = news.instance !== undefined || news.networkInterface !== undefined;
    // The instance's interface is AWS's answer, not the program's wish.
    const before = news.networkInterface === undefined ? { ...olds, networkInterface: "" } : { ...olds, instance: "" };
    if (follows ? target(before) !== target(news) : olds.associationId !== "") {
      await disassociate(client, id);
      await associate(client, id, news);
    }
    await updateTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const client = account.client(EC2Client);
    await disassociate(client, id);
    const group = optionalText(state, "networkBorderGroup");
    const release = () => client.send(new ReleaseAddressCommand({ AllocationId: id, NetworkBorderGroup: group }));
    await ifMissing(
      whileRefused(release, ["InvalidIPAddress.InUse", "AuthFailure"], { timeoutSeconds: 60 }),
      ...MISSING,
    );
  },
};
