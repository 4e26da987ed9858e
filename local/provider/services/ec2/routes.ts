/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
 */
import { crc32 } from "node:zlib";
import {
  CreateRouteCommand,
  CreateRouteTableCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DescribeRouteTablesCommand,
  DisableVgwRoutePropagationCommand,
  DisassociateRouteTableCommand,
  EC2Client,
  EnableVgwRoutePropagationCommand,
  ReplaceRouteCommand,
  type Route,
  type RouteTable,
} from "@aws-sdk/client-ec2";
import { isEqual, type Value, type Values } from "../../property-values";
import { objects, type Operation, type ResourceState, type ResourceType, text, texts } from "../../resource-type";
import { fromAws, likeState, named, type Shape, text as asText, toAws } from "../shape";
import { arn, ifMissing, known, settled, until, whileRefused } from "../support";
import { checkEach, checkExactlyOne } from "../checks";
import { checkCidr, ownTags, tagSpecifications, updateTags } from "./common";

export const TABLE_MISSING = "InvalidRouteTableID.NotFound";

const TARGETS: Shape = {
  carrierGatewayId: asText,
  coreNetworkArn: asText,
  egressOnlyGatewayId: named("EgressOnlyInternetGatewayId", asText),
  gatewayId: asText,
  localGatewayId: asText,
  natGatewayId: asText,
  networkInterfaceId: asText,
  odbNetworkArn: asText,
  transitGatewayId: asText,
  vpcEndpointId: asText,
  vpcPeeringConnectionId: asText,
};

const DESTINATIONS: Shape = {
  destinationCidrBlock: asText,
  destinationIpv6CidrBlock: asText,
  destinationPrefixListId: asText,
};

/** A route within a route table names its destination otherwise than a route of its own. */
const INLINE: Shape = {
  cidrBlock: named("DestinationCidrBlock", asText),
  ipv6CidrBlock: named("DestinationIpv6CidrBlock", asText),
  destinationPrefixListId: asText,
};

/** AWS answers an endpoint as a gateway. */
function properties(destinations: Shape, route: Route): Values {
  const values = fromAws({ ...destinations, ...TARGETS }, route);
  const { gatewayId, ...others } = values;
  return typeof gatewayId === "string" && gatewayId.startsWith("vpce-")
    ? { ...others, vpcEndpointId: gatewayId }
    : values;
}

function destinationOf(destinations: Shape, values: Values): string {
  const value = Object.keys(destinations).map((name) => values[name]);
  return String(value.find((v) => v !== undefined && v !== null && v !== "") ?? "");
}

export async function findTable(client: EC2Client, id: string): Promise<RouteTable | undefined> {
  const question = new DescribeRouteTablesCommand({ RouteTableIds: [id] });
  return (await ifMissing(client.send(question), TABLE_MISSING))?.RouteTables?.[0];
}

/** Routes that somebody made, without the VPC's own and those that gateways propagate. */
function madeRoutes(table: RouteTable): Route[] {
  return (table.Routes ?? []).filter(
    (route) =>
      route.GatewayId !== "local" &&
      route.Origin !== "EnableVgwRoutePropagation" &&
      !(route.DestinationPrefixListId !== undefined && route.GatewayId?.startsWith("vpce-")),
  );
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const table = await findTable(account.client(EC2Client), id);
  if (table === undefined) return undefined;
  const outputs = known({
    arn: await arn(account, "ec2", `route-table/${id}`),
    ownerId: table.OwnerId,
    propagatingVgws: (table.PropagatingVgws ?? []).map(({ GatewayId = "" }) => GatewayId),
    routes: madeRoutes(table).map((route) => properties(INLINE, route)),
    tagsAll: ownTags(table.Tags),
    vpcId: table.VpcId,
  });
  return { id, outputs: likeState(state, outputs) };
}

/** Routes that the program does not list are left alone, since they may be resources of their own. */
async function setRoutes(client: EC2Client, id: string, olds: Values, news: Values): Promise<void> {
  if (!Array.isArray(news.routes)) return;
  const byDestination = (values: Values): Map<string, Values> =>
    new Map(objects(values, "routes").map((route) => [destinationOf(INLINE, route), route]));
  const [before, after] = [byDestination(olds), byDestination(news)];
  for (const [destination, route] of before) {
    if (!after.has(destination)) await removeRoute(client, id, toAws(INLINE, route));
  }
  for (const [destination, route] of after) {
    const request = { RouteTableId: id, ...toAws({ ...INLINE, ...TARGETS }, route) };
    const old = before.get(destination);
    if (old === undefined) await client.send(new CreateRouteCommand(request));
    else if (!isEqual(old, route)) await client.send(new ReplaceRouteCommand(request));
  }
}

async function setPropagation(client: EC2Client, id: string, olds: Values, news: Values): Promise<void> {
  const [before, after] = [texts(olds, "propagatingVgws"), texts(news, "propagatingVgws")];
  for (const GatewayId of before.filter((gateway) => !after.includes(gateway))) {
    await client.send(new DisableVgwRoutePropagationCommand({ RouteTableId: id, GatewayId }));
  }
  for (const GatewayId of after.filter((gateway) => !before.includes(gateway))) {
    await client.send(new EnableVgwRoutePropagationCommand({ RouteTableId: id, GatewayId }));
  }
}

async function removeRoute(client: EC2Client, table: string, destination: object): Promise<void> {
  const removal = client.send(new DeleteRouteCommand({ RouteTableId: table, ...destination }));
  await ifMissing(removal, "InvalidRoute.NotFound", TABLE_MISSING);
}

export const routeTable: ResourceType = {
  token: "aws:ec2/routeTable:RouteTable",
  properties: { vpcId: "replace", routes: "update", propagatingVgws: "update" },
  required: ["vpcId"],
  computed: ["arn", "ownerId", "routes", "propagatingVgws"],
  taggable: true,
  check: (inputs) =>
    checkEach(inputs, "routes", (route, path) => [
      ...checkExactlyOne(route, Object.keys(INLINE), path),
      ...checkExactlyOne(route, Object.keys(TARGETS), path),
      ...checkCidr(`${path}.cidrBlock`, route.cidrBlock),
    ]),
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const { RouteTable: made } = await client.send(
      new CreateRouteTableCommand({
        VpcId: text(inputs, "vpcId"),
        TagSpecifications: tagSpecifications(operation, "route-table"),
      }),
    );
    const id = made?.RouteTableId ?? "";
    operation.created(id);
    await until(`${id} to exist`, () => findTable(client, id));
    await setPropagation(client, id, {}, inputs);
    await setRoutes(client, id, {}, inputs);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const client = operation.account.client(EC2Client);
    if (news.propagatingVgws !== undefined) await setPropagation(client, id, olds, news);
    await setRoutes(client, id, olds, news);
    await updateTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const client = account.client(EC2Client);
    for (const { RouteTableAssociationId: association, Main } of (await findTable(client, id))?.Associations ?? []) {
      if (Main === true) continue;
      const removal = client.send(new DisassociateRouteTableCommand({ AssociationId: association }));
      await ifMissing(removal, "InvalidAssociationID.NotFound");
    }
    const remove = () => client.send(new DeleteRouteTableCommand({ RouteTableId: id }));
    await ifMissing(whileRefused(remove, ["DependencyViolation"]), TABLE_MISSING);
  },
};

async function findRoute(client: EC2Client, table: string, destination: string): Promise<Route | undefined> {
  const routes = (await findTable(client, table))?.Routes ?? [];
  return routes.find((route) => destinationOf(DESTINATIONS, fromAws(DESTINATIONS, route)) === destination);
}

async function readRoute({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const route = await findRoute(
    account.client(EC2Client),
    text(state, "routeTableId"),
    destinationOf(DESTINATIONS, state),
  );
  if (route === undefined) return undefined;
  const outputs = known({
    ...properties(DESTINATIONS, route),
    routeTableId: state.routeTableId,
    instanceId: route.InstanceId ?? "",
    instanceOwnerId: route.InstanceOwnerId ?? "",
    origin: route.Origin,
    state: route.State,
  });
  // A target that the program does not name is one that AWS adds, e.g. the instance behind a network interface.
  const unset: [string, Value][] = Object.keys(TARGETS).map((name) => [name, ""]);
  return { id, outputs: { ...Object.fromEntries(unset), ...outputs } };
}

export const route: ResourceType = {
  token: "aws:ec2/route:Route",
  properties: {
    routeTableId: "replace",
    ...Object.fromEntries(Object.keys(DESTINATIONS).map((name) => [name, "replace" as const])),
    ...Object.fromEntries(Object.keys(TARGETS).map((name) => [name, "update" as const])),
  },
  required: ["routeTableId"],
  computed: ["instanceId", "instanceOwnerId", "origin", "state"],
  check: (inputs) => [
    ...checkExactlyOne(inputs, Object.keys(DESTINATIONS)),
    ...checkExactlyOne(inputs, Object.keys(TARGETS)),
    ...checkCidr("destinationCidrBlock", inputs.destinationCidrBlock),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const table = text(inputs, "routeTableId");
    const destination = destinationOf(DESTINATIONS, inputs);
    const request = { RouteTableId: table, ...toAws({ ...DESTINATIONS, ...TARGETS }, inputs) };
    // A gateway that is not attached yet is said not to exist.
    const refusals = ["InvalidParameterException", "InvalidTransitGatewayID.NotFound", TABLE_MISSING];
    await whileRefused(() => client.send(new CreateRouteCommand(request)), refusals, { timeoutSeconds: 60 });
    const id = `r-${table}${crc32(destination)}`;
    operation.created(id);
    return settled(readRoute, operation, id, inputs);
  },
  read: readRoute,
  async update(operation, id, _olds, news) {
    const request = { RouteTableId: text(news, "routeTableId"), ...toAws({ ...DESTINATIONS, ...TARGETS }, news) };
    await operation.account.client(EC2Client).send(new ReplaceRouteCommand(request));
    return (await settled(readRoute, operation, id, news)).outputs;
  },
  async delete({ account }, _id, state) {
    await removeRoute(account.client(EC2Client), text(state, "routeTableId"), toAws(DESTINATIONS, state));
  },
};
