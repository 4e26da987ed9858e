/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html */
import { randomUUID } from "node:crypto";
import {
  AssociateVPCWithHostedZoneCommand,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetHostedZoneCommand,
  type GetHostedZoneCommandOutput,
  ListTagsForResourceCommand,
  type ResourceRecordSet,
  Route53Client,
  UpdateHostedZoneCommentCommand,
  type VPC,
} from "@aws-sdk/client-route-53";
import type { Account } from "../../account";
import type { Values } from "../../property-values";
import {
  objects,
  type Operation,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkShape, likeState, nestedList, text as asText } from "../shape";
import { changedTags, ifMissing, known, settled, tagList, tagRecord, whileRefused } from "../support";
import { FILE, inSync, plainId, plainName, recordSets, ZONE_MISSING } from "./common";

const VPCS = nestedList({ vpcId: asText, vpcRegion: asText });

export async function findZone(client: Route53Client, id: string): Promise<GetHostedZoneCommandOutput | undefined> {
  return ifMissing(client.send(new GetHostedZoneCommand({ Id: id })), ZONE_MISSING);
}

export async function zoneTags(client: Route53Client, id: string): Promise<Record<string, string>> {
  const question = new ListTagsForResourceCommand({ ResourceType: "hostedzone", ResourceId: id });
  return tagRecord((await client.send(question)).ResourceTagSet?.Tags);
}

/** A public zone's name servers are its delegation set's; a private zone's stand in its NS record. */
export async function nameServers(client: Route53Client, zone: GetHostedZoneCommandOutput): Promise<string[]> {
  if (zone.HostedZone?.Config?.PrivateZone !== true) return zone.DelegationSet?.NameServers ?? [];
  const name = plainName(zone.HostedZone.Name);
  for await (const set of recordSets(client, plainId(zone.HostedZone.Id), { name, type: "NS" })) {
    return set.Type === "NS" ? (set.ResourceRecords ?? []).map(({ Value = "" }) => plainName(Value)) : [];
  }
  return [];
}

/** What both the resource and the function `getZone` tell of a zone. */
export async function describe(account: Account, zone: GetHostedZoneCommandOutput): Promise<Values> {
  const client = account.client(Route53Client);
  const id = plainId(zone.HostedZone?.Id);
  const servers = await nameServers(client, zone);
  return known({
    arn: `arn:aws:route53:::hostedzone/${id}`,
    comment: zone.HostedZone?.Config?.Comment ?? "",
    name: plainName(zone.HostedZone?.Name),
    nameServers: [...servers].sort(),
    primaryNameServer: servers[0] ?? "",
    zoneId: id,
  });
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(Route53Client);
  const zone = await findZone(client, id);
  if (zone === undefined) return undefined;
  const described = await describe(account, zone);
  const isSameName = typeof state.name === "string" && plainName(state.name) === described.name;
  const outputs = known({
    ...described,
    ...(isSameName ? { name: state.name } : {}),
    delegationSetId: zone.DelegationSet?.Id === undefined ? undefined : plainId(zone.DelegationSet.Id),
    vpcs: (zone.VPCs ?? []).map(({ VPCId = "", VPCRegion = "" }) => ({ vpcId: VPCId, vpcRegion: VPCRegion })),
    tagsAll: await zoneTags(client, id),
  });
  return { id, outputs: likeState(state, outputs) };
}

function vpcsOf(account: Account, values: Values): VPC[] {
  return objects(values, "vpcs").map((vpc) => ({
    VPCId: text(vpc, "vpcId"),
    VPCRegion: (optionalText(vpc, "vpcRegion") ?? account.region) as "us-east-1",
  }));
}

/** A zone has at least one network at any time, so that new ones come first. */
async function setVpcs(
  { account }: Operation,
  id: string,
  before: readonly VPC[],
  after: readonly VPC[],
): Promise<void> {
  const client = account.client(Route53Client);
  const lacks = (vpcs: readonly VPC[]) => (vpc: VPC) => !vpcs.some(({ VPCId }) => VPCId === vpc.VPCId);
  for (const VPC of after.filter(lacks(before))) {
    const request = new AssociateVPCWithHostedZoneCommand({ HostedZoneId: id, VPC });
    await inSync(client, (await client.send(request)).ChangeInfo);
  }
  for (const VPC of before.filter(lacks(after))) {
    const request = new DisassociateVPCFromHostedZoneCommand({ HostedZoneId: id, VPC });
    await inSync(client, (await client.send(request)).ChangeInfo);
  }
}

async function setTags(operation: Operation, id: string, olds: Values): Promise<void> {
  const { set, removed } = changedTags(olds, operation.tags);
  if (Object.keys(set).length === 0 && removed.length === 0) return;
  const request = new ChangeTagsForResourceCommand({
    ResourceType: "hostedzone",
    ResourceId: id,
    ...(Object.keys(set).length === 0 ? {} : { AddTags: tagList(set) }),
    ...(removed.length === 0 ? {} : { RemoveTagKeys: removed }),
  });
  await operation.account.client(Route53Client).send(request);
}

/** Removes every record set that a new zone would not have. */
async function empty(client: Route53Client, id: string, zone: string): Promise<void> {
  const sets: ResourceRecordSet[] = [];
  for await (const set of recordSets(client, id)) {
    const isApex = plainName(set.Name) === plainName(zone) && (set.Type === "NS" || set.Type === "SOA");
    if (!isApex) sets.push(set);
  }
  for (let i = 0; i < sets.length; i += 100) {
    const Changes = sets.slice(i, i + 100).map((set) => ({ Action: "DELETE" as const, ResourceRecordSet: set }));
    const request = new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } });
    const answer = await whileRefused(() => client.send(request), ["PriorRequestNotComplete", "Throttling"]);
    await inSync(client, answer.ChangeInfo);
  }
}

export const zone: ResourceType = {
  token: "aws:route53/zone:Zone",
  properties: {
    name: "replace",
    delegationSetId: "replace",
    comment: "update",
    forceDestroy: "update",
    vpcs: "update",
  },
  computed: ["arn", "nameServers", "primaryNameServer", "zoneId"],
  autoName: { property: "name", maxLength: 255 },
  taggable: true,
  defaults: { comment: "Managed by Pulumi", forceDestroy: false },
  check: (inputs) => [
    ...checkShape({ vpcs: VPCS }, inputs, FILE),
    ...(inputs.vpcs !== undefined && inputs.delegationSetId !== undefined
      ? [{ property: "delegationSetId", reason: "received beside vpcs; a private zone has no delegation set" }]
      : []),
  ],
  async create(operation, inputs) {
    const client = operation.account.client(Route53Client);
    const [first, ...others] = vpcsOf(operation.account, inputs);
    const { HostedZone, ChangeInfo } = await client.send(
      new CreateHostedZoneCommand({
        Name: text(inputs, "name"),
        CallerReference: randomUUID(),
        HostedZoneConfig: { Comment: optionalText(inputs, "comment") },
        DelegationSetId: optionalText(inputs, "delegationSetId"),
        VPC: first,
      }),
    );
    const id = plainId(HostedZone?.Id);
    operation.created(id);
    await inSync(client, ChangeInfo);
    await setTags(operation, id, {});
    await setVpcs(operation, id, [], others);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const client = operation.account.client(Route53Client);
    if (olds.comment !== news.comment) {
      await client.send(new UpdateHostedZoneCommentCommand({ Id: id, Comment: optionalText(news, "comment") ?? "" }));
    }
    if (news.vpcs !== undefined) {
      await setVpcs(operation, id, vpcsOf(operation.account, olds), vpcsOf(operation.account, news));
    }
    await setTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const client = account.client(Route53Client);
    const present = await findZone(client, id);
    if (present === undefined) return;
    if (state.forceDestroy === true) await empty(client, id, present.HostedZone?.Name ?? "");
    const answer = await ifMissing(client.send(new DeleteHostedZoneCommand({ Id: id })), ZONE_MISSING);
    await inSync(client, answer?.ChangeInfo);
  },
};
