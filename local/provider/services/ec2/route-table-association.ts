/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html */
import {
  AssociateRouteTableCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  EC2Client,
  ReplaceRouteTableAssociationCommand,
  type RouteTableAssociation,
} from "@aws-sdk/client-ec2";
import type { Values } from "../../property-values";
import { type Operation, optionalText, type ResourceState, type ResourceType, text } from "../../resource-type";
import { ifMissing, known, settled, until, whileRefused } from "../support";
import { checkExactlyOne } from "../checks";

import { TABLE_MISSING } from "./routes";

/**
 * The association of the subnet or gateway, by that rather than by id: associating another table gives it a new id,
 * which Pulumi cannot follow. An imported one is known by its id alone.
 */
async function find(client: EC2Client, id: string, state: Values): Promise<RouteTableAssociation | undefined> {
  const { subnetId = "", gatewayId = "" } = state;
  const filter =
    subnetId !== ""
      ? { Name: "association.subnet-id", Values: [String(subnetId)] }
      : gatewayId !== ""
        ? { Name: "association.gateway-id", Values: [String(gatewayId)] }
        : { Name: "association.route-table-association-id", Values: [id] };
  const { RouteTables = [] } = await client.send(new DescribeRouteTablesCommand({ Filters: [filter] }));
  return RouteTables.flatMap(({ Associations = [] }) => Associations).find((a) => {
    if (a.AssociationState?.State === "disassociated" || a.Main === true) return false;
    if (subnetId !== "") return a.SubnetId === subnetId;
    return gatewayId === "" ? a.RouteTableAssociationId === id : a.GatewayId === gatewayId;
  });
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const association = await find(account.client(EC2Client), id, state);
  if (association === undefined) return undefined;
  const { RouteTableId: routeTableId, SubnetId: subnetId, GatewayId: gatewayId } = association;
  return { id, outputs: known({ routeTableId, subnetId, gatewayId }) };
}

async function associated(client: EC2Client, id: string, inputs: Values): Promise<void> {
  await until(`${id} to be associated`, async () => {
    const association = await find(client, id, inputs);
    const isThere = association?.RouteTableId === inputs.routeTableId;
    return isThere && (association?.AssociationState?.State ?? "associated") === "associated" ? true : undefined;
  });
}

export const routeTableAssociation: ResourceType = {
  token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  properties: { subnetId: "replace", gatewayId: "replace", routeTableId: "update" },
  required: ["routeTableId"],
  // A subnet has one association.
  deleteBeforeReplace: true,
  check: (inputs) => checkExactlyOne(inputs, ["subnetId", "gatewayId"]),
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const request = new AssociateRouteTableCommand({
      RouteTableId: text(inputs, "routeTableId"),
      SubnetId: optionalText(inputs, "subnetId"),
      GatewayId: optionalText(inputs, "gatewayId"),
    });
    const { AssociationId: id = "" } = await whileRefused(() => client.send(request), [TABLE_MISSING], {
      timeoutSeconds: 60,
    });
    operation.created(id);
    await associated(client, id, inputs);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const client = operation.account.client(EC2Client);
    const present = await find(client, id, olds);
    if (present === undefined)
      throw new Error(`the association of ${String(olds.subnetId ?? olds.gatewayId)} is gone; refresh`);
    await client.send(
      new ReplaceRouteTableAssociationCommand({
        AssociationId: present.RouteTableAssociationId,
        RouteTableId: text(news, "routeTableId"),
      }),
    );
    await associated(client, id, news);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const client = account.client(EC2Client);
    const present = await find(client, id, state);
    // Another table's by now is somebody else's.
    if (present === undefined || present.RouteTableId !== state.routeTableId) return;
    const removal = client.send(new DisassociateRouteTableCommand({ AssociationId: present.RouteTableAssociationId }));
    await ifMissing(removal, "InvalidAssociationID.NotFound");
  },
};
