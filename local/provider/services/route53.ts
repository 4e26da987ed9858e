/** Amazon Route 53: zones, records, and the function that looks a zone up. */
import {
  type GetHostedZoneCommandOutput,
  type HostedZone,
  paginateListHostedZones,
  Route53Client,
} from "@aws-sdk/client-route-53";
import type { Account } from "../account";
import type { Values } from "../property-values";
import { type InvokeFunction, optionalBoolean, optionalObject, optionalText, type Service } from "../resource-type";
import { plainId, plainName } from "./route53/common";
import { record } from "./route53/record";
import { describe, findZone, zone, zoneTags } from "./route53/zone";
import { known } from "./support";

async function candidates(account: Account, args: Values): Promise<HostedZone[]> {
  const name = optionalText(args, "name");
  const isPrivate = optionalBoolean(args, "privateZone") ?? optionalText(args, "vpcId") !== undefined;
  const found: HostedZone[] = [];
  for await (const page of paginateListHostedZones({ client: account.client(Route53Client) }, {})) {
    found.push(
      ...(page.HostedZones ?? []).filter(
        ({ Name, Config }) =>
          (name === undefined || plainName(Name) === plainName(name)) && (Config?.PrivateZone ?? false) === isPrivate,
      ),
    );
  }
  return found;
}

async function matches(account: Account, args: Values, zone: GetHostedZoneCommandOutput): Promise<boolean> {
  const vpc = optionalText(args, "vpcId");
  if (vpc !== undefined && !(zone.VPCs ?? []).some(({ VPCId }) => VPCId === vpc)) return false;
  const wanted = Object.entries(optionalObject(args, "tags") ?? {});
  if (wanted.length === 0) return true;
  const tags = await zoneTags(account.client(Route53Client), plainId(zone.HostedZone?.Id));
  return wanted.every(([key, value]) => tags[key] === value);
}

async function lookUp(account: Account, args: Values): Promise<GetHostedZoneCommandOutput> {
  const client = account.client(Route53Client);
  const id = optionalText(args, "zoneId");
  if (id === undefined && args.name === undefined && args.tags === undefined && args.vpcId === undefined) {
    throw new Error("give zoneId, name, tags or vpcId");
  }
  const ids = id === undefined ? (await candidates(account, args)).map((zone) => plainId(zone.Id)) : [plainId(id)];
  const found: GetHostedZoneCommandOutput[] = [];
  for (const candidate of ids) {
    const present = await findZone(client, candidate);
    if (present !== undefined && (await matches(account, args, present))) found.push(present);
  }
  const [only] = found;
  if (only === undefined) throw new Error(`no matching Route 53 Hosted Zone found for ${JSON.stringify(args)}`);
  if (found.length > 1) throw new Error(`multiple Route 53 Hosted Zones matched ${JSON.stringify(args)}; give zoneId`);
  return only;
}

const getZone: InvokeFunction = {
  token: "aws:route53/getZone:getZone",
  arguments: ["name", "privateZone", "tags", "vpcId", "zoneId"],
  async invoke(account, args) {
    const found = await lookUp(account, args);
    const { HostedZone } = found;
    return known({
      ...(await describe(account, found)),
      id: plainId(HostedZone?.Id),
      callerReference: HostedZone?.CallerReference,
      linkedServiceDescription: HostedZone?.LinkedService?.Description ?? "",
      linkedServicePrincipal: HostedZone?.LinkedService?.ServicePrincipal ?? "",
      privateZone: HostedZone?.Config?.PrivateZone ?? false,
      resourceRecordSetCount: HostedZone?.ResourceRecordSetCount ?? 0,
      tags: await zoneTags(account.client(Route53Client), plainId(HostedZone?.Id)),
      vpcId: args.vpcId,
    });
  },
};

export const route53: Service = { resources: [zone, record], functions: [getZone] };
