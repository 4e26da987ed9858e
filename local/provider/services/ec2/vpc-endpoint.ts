/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html */
import {
  CreateVpcEndpointCommand,
  type CreateVpcEndpointRequest,
  DeleteVpcEndpointsCommand,
  DescribePrefixListsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  ModifyVpcEndpointCommand,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import type { Value, Values } from "../../property-values";
import { type CheckFailure, type Operation, type ResourceState, type ResourceType, texts } from "../../resource-type";
import {
  boolean,
  checkShape,
  likeState,
  named,
  nested,
  type Shape,
  text as asText,
  texts as asTexts,
  toAws,
} from "../shape";
import { arn, ifMissing, isSet, known, settled, until } from "../support";
import { checkOneOf } from "../checks";
import { FILE, ownTags, tagSpecifications, updateTags } from "./common";

const MISSING = "InvalidVpcEndpointId.NotFound";
const LISTS = { routeTableIds: "RouteTableIds", securityGroupIds: "SecurityGroupIds", subnetIds: "SubnetIds" };

const SETTINGS: Shape = {
  dnsOptions: nested({ dnsRecordIpType: asText, privateDnsOnlyForInboundResolverEndpoint: boolean }),
  ipAddressType: asText,
  policy: named("PolicyDocument", asText),
  privateDnsEnabled: boolean,
};

const REQUEST: Shape = {
  ...SETTINGS,
  vpcId: asText,
  serviceName: asText,
  serviceRegion: asText,
  vpcEndpointType: asText,
  routeTableIds: asTexts,
  securityGroupIds: asTexts,
  subnetIds: asTexts,
};

async function find(client: EC2Client, id: string): Promise<VpcEndpoint | undefined> {
  const question = new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] });
  const endpoint = (await ifMissing(client.send(question), MISSING))?.VpcEndpoints?.[0];
  return endpoint?.State?.toLowerCase() === "deleted" ? undefined : endpoint;
}

/** What gateway endpoints route to. */
async function prefixList(client: EC2Client, service: string): Promise<{ id: string; cidrs: string[] } | undefined> {
  const filter = { Name: "prefix-list-name", Values: [service] };
  const { PrefixLists = [] } = await client.send(new DescribePrefixListsCommand({ Filters: [filter] }));
  const list = PrefixLists.find(({ PrefixListName }) => PrefixListName === service);
  return list === undefined ? undefined : { id: list.PrefixListId ?? "", cidrs: list.Cidrs ?? [] };
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(EC2Client);
  const endpoint = await find(client, id);
  if (endpoint === undefined) return undefined;
  const list =
    endpoint.VpcEndpointType === "Gateway" ? await prefixList(client, endpoint.ServiceName ?? "") : undefined;
  const outputs: Record<string, Value | undefined> = {
    arn: await arn(account, "ec2", `vpc-endpoint/${id}`),
    cidrBlocks: list?.cidrs,
    dnsEntries: (endpoint.DnsEntries ?? []).map((e) => ({
      dnsName: e.DnsName ?? "",
      hostedZoneId: e.HostedZoneId ?? "",
    })),
    networkInterfaceIds: endpoint.NetworkInterfaceIds ?? [],
    ownerId: endpoint.OwnerId,
    policy: endpoint.PolicyDocument,
    prefixListId: list?.id,
    privateDnsEnabled: endpoint.PrivateDnsEnabled,
    requesterManaged: endpoint.RequesterManaged ?? false,
    routeTableIds: endpoint.RouteTableIds ?? [],
    securityGroupIds: endpoint.Groups?.map(({ GroupId = "" }) => GroupId),
    serviceName: endpoint.ServiceName,
    state: endpoint.State,
    subnetIds: endpoint.SubnetIds ?? [],
    tagsAll: ownTags(endpoint.Tags),
    vpcEndpointType: endpoint.VpcEndpointType,
    vpcId: endpoint.VpcId,
  };
  return { id, outputs: likeState(state, known(outputs)) };
}

function check(inputs: Values): CheckFailure[] {
  const type = inputs.vpcEndpointType;
  const gatewayOnly = (property: string): CheckFailure[] =>
    inputs[property] !== undefined && type === "Interface"
      ? [{ property, reason: "belongs to a Gateway endpoint; this one is of type Interface" }]
      : [];
  const interfaceOnly = (property: string): CheckFailure[] =>
    inputs[property] !== undefined && type === "Gateway"
      ? [{ property, reason: `belongs to an Interface endpoint; this one is of type Gateway (set vpcEndpointType)` }]
      : [];
  return [
    ...checkShape(REQUEST, inputs, FILE),
    ...checkOneOf("vpcEndpointType", type, ["Gateway", "Interface", "GatewayLoadBalancer"]),
    ...gatewayOnly("routeTableIds"),
    ...["subnetIds", "securityGroupIds", "privateDnsEnabled"].flatMap(interfaceOnly),
  ];
}

function request(inputs: Values): CreateVpcEndpointRequest {
  return toAws<CreateVpcEndpointRequest>(REQUEST, inputs);
}

async function modify(client: EC2Client, id: string, olds: Values, news: Values): Promise<void> {
  const lists = Object.entries(LISTS).flatMap(([property, aws]) => {
    if (!isSet(olds, news, property)) return [];
    const [before, after] = [texts(olds, property), texts(news, property)];
    const added = after.filter((item) => !before.includes(item));
    const removed = before.filter((item) => !after.includes(item));
    return [
      ...(added.length > 0 ? [[`Add${aws}`, added] as const] : []),
      ...(removed.length > 0 ? [[`Remove${aws}`, removed] as const] : []),
    ];
  });
  const changed = Object.fromEntries(
    Object.keys(SETTINGS).flatMap((name) => {
      const value = news[name];
      return isSet(olds, news, name) && value !== undefined ? [[name, value]] : [];
    }),
  );
  const changes = { ...toAws(SETTINGS, changed), ...Object.fromEntries(lists) };
  if (Object.keys(changes).length > 0)
    await client.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, ...changes }));
}

async function available(client: EC2Client, id: string): Promise<void> {
  await until(
    `${id} to be available`,
    async () => {
      const state = (await find(client, id))?.State?.toLowerCase();
      if (state === "failed" || state === "rejected") throw new Error(`the endpoint ${id} is ${state}`);
      return state === "available" || state === "pendingacceptance" ? true : undefined;
    },
    { timeoutSeconds: 600 },
  );
}

export const vpcEndpoint: ResourceType = {
  token: "aws:ec2/vpcEndpoint:VpcEndpoint",
  properties: {
    vpcId: "replace",
    serviceName: "replace",
    serviceRegion: "replace",
    vpcEndpointType: "replace",
    ...Object.fromEntries([...Object.keys(SETTINGS), ...Object.keys(LISTS)].map((name) => [name, "update" as const])),
  },
  required: ["vpcId", "serviceName"],
  computed: [
    "arn",
    "cidrBlocks",
    "dnsEntries",
    "networkInterfaceIds",
    "ownerId",
    "prefixListId",
    "requesterManaged",
    "state",
  ],
  taggable: true,
  defaults: { vpcEndpointType: "Gateway" },
  check,
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const { VpcEndpoint: made } = await client.send(
      new CreateVpcEndpointCommand({
        ...request(inputs),
        TagSpecifications: tagSpecifications(operation, "vpc-endpoint"),
      }),
    );
    const id = made?.VpcEndpointId ?? "";
    operation.created(id);
    await available(client, id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const client = operation.account.client(EC2Client);
    await modify(client, id, olds, news);
    await available(client, id);
    await updateTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const client = account.client(EC2Client);
    const { Unsuccessful = [] } = await client.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    const refusal = Unsuccessful[0]?.Error;
    if (refusal !== undefined && refusal.Code !== MISSING) throw new Error(`${refusal.Code}: ${refusal.Message}`);
    const gone = async () => ((await find(client, id)) === undefined ? true : undefined);
    await until(`${id} to be gone`, gone, { timeoutSeconds: 600 });
  },
};
