/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateCarrierGateway.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html
 */
import {
  AttachInternetGatewayCommand,
  type CarrierGateway,
  CreateCarrierGatewayCommand,
  CreateInternetGatewayCommand,
  DeleteCarrierGatewayCommand,
  DeleteInternetGatewayCommand,
  DescribeCarrierGatewaysCommand,
  DescribeInternetGatewaysCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  type InternetGateway,
} from "@aws-sdk/client-ec2";
import { type Operation, optionalText, type ResourceState, type ResourceType, text } from "../../resource-type";
import { arn, ifMissing, known, settled, until, whileRefused } from "../support";
import { ownTags, tagSpecifications, updateTags } from "./common";

const CARRIER_MISSING = "InvalidCarrierGatewayID.NotFound";
const INTERNET_MISSING = "InvalidInternetGatewayID.NotFound";

async function findCarrier(client: EC2Client, id: string): Promise<CarrierGateway | undefined> {
  const question = new DescribeCarrierGatewaysCommand({ CarrierGatewayIds: [id] });
  const gateway = (await ifMissing(client.send(question), CARRIER_MISSING))?.CarrierGateways?.[0];
  return gateway?.State === "deleted" ? undefined : gateway;
}

async function readCarrier({ account }: Operation, id: string): Promise<ResourceState | undefined> {
  const gateway = await findCarrier(account.client(EC2Client), id);
  if (gateway === undefined) return undefined;
  const outputs = known({
    arn: await arn(account, "ec2", `carrier-gateway/${id}`),
    ownerId: gateway.OwnerId,
    vpcId: gateway.VpcId,
    tagsAll: ownTags(gateway.Tags),
  });
  return { id, outputs };
}

export const carrierGateway: ResourceType = {
  token: "aws:ec2/carrierGateway:CarrierGateway",
  properties: { vpcId: "replace" },
  required: ["vpcId"],
  computed: ["arn", "ownerId"],
  taggable: true,
  // AWS allows one carrier gateway a VPC.
  deleteBeforeReplace: true,
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const { CarrierGateway: made } = await client.send(
      new CreateCarrierGatewayCommand({
        VpcId: text(inputs, "vpcId"),
        TagSpecifications: tagSpecifications(operation, "carrier-gateway"),
      }),
    );
    const id = made?.CarrierGatewayId ?? "";
    operation.created(id);
    await until(`${id} to be available`, async () =>
      (await findCarrier(client, id))?.State === "available" ? true : undefined,
    );
    return settled(readCarrier, operation, id, inputs);
  },
  read: readCarrier,
  async update(operation, id, olds, news) {
    await updateTags(operation, id, olds);
    return (await settled(readCarrier, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const client = account.client(EC2Client);
    const remove = () => client.send(new DeleteCarrierGatewayCommand({ CarrierGatewayId: id }));
    await ifMissing(whileRefused(remove, ["DependencyViolation"]), CARRIER_MISSING);
    await until(`${id} to be gone`, async () => ((await findCarrier(client, id)) === undefined ? true : undefined));
  },
};

async function findInternet(client: EC2Client, id: string): Promise<InternetGateway | undefined> {
  const question = new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] });
  return (await ifMissing(client.send(question), INTERNET_MISSING))?.InternetGateways?.[0];
}

async function readInternet({ account }: Operation, id: string): Promise<ResourceState | undefined> {
  const gateway = await findInternet(account.client(EC2Client), id);
  if (gateway === undefined) return undefined;
  const outputs = known({
    arn: await arn(account, "ec2", `internet-gateway/${id}`),
    ownerId: gateway.OwnerId,
    vpcId: gateway.Attachments?.[0]?.VpcId,
    tagsAll: ownTags(gateway.Tags),
  });
  return { id, outputs };
}

async function attach(client: EC2Client, id: string, vpc: string): Promise<void> {
  const call = () => client.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpc }));
  await whileRefused(call, [INTERNET_MISSING], { timeoutSeconds: 60 });
  await until(`${id} to be attached to ${vpc}`, async () => {
    const attachments = (await findInternet(client, id))?.Attachments ?? [];
    return attachments.some(({ VpcId, State }) => VpcId === vpc && State?.toString() === "available")
      ? true
      : undefined;
  });
}

/** Refused as long as something in the VPC has a public address. */
async function detach(client: EC2Client, id: string, vpc: string): Promise<void> {
  const call = () => client.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpc }));
  await ifMissing(whileRefused(call, ["DependencyViolation"]), "Gateway.NotAttached", INTERNET_MISSING);
}

export const internetGateway: ResourceType = {
  token: "aws:ec2/internetGateway:InternetGateway",
  properties: { vpcId: "update" },
  computed: ["arn", "ownerId"],
  taggable: true,
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const { InternetGateway: made } = await client.send(
      new CreateInternetGatewayCommand({ TagSpecifications: tagSpecifications(operation, "internet-gateway") }),
    );
    const id = made?.InternetGatewayId ?? "";
    operation.created(id);
    const vpc = optionalText(inputs, "vpcId");
    if (vpc !== undefined) await attach(client, id, vpc);
    return settled(readInternet, operation, id, inputs);
  },
  read: readInternet,
  async update(operation, id, olds, news) {
    const client = operation.account.client(EC2Client);
    const [before, after] = [optionalText(olds, "vpcId") ?? "", optionalText(news, "vpcId") ?? ""];
    if (after !== "" && before !== after) {
      if (before !== "") await detach(client, id, before);
      await attach(client, id, after);
    }
    await updateTags(operation, id, olds);
    return (await settled(readInternet, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const client = account.client(EC2Client);
    for (const { VpcId = "" } of (await findInternet(client, id))?.Attachments ?? []) await detach(client, id, VpcId);
    const remove = () => client.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
    await ifMissing(whileRefused(remove, ["DependencyViolation"]), INTERNET_MISSING);
  },
};
