/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html */
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  InvalidChangeBatch,
  type ResourceRecordSet,
  Route53Client,
  type RRType,
} from "@aws-sdk/client-route-53";
import type { Value, Values } from "../../property-values";
import { objects, type Operation, type ResourceState, type ResourceType, text, texts } from "../../resource-type";
import { fromAws, likeState, toAws } from "../shape";
import { known, settled, whileRefused } from "../support";
import { inSync, plainId, plainName, recordSets, ZONE_MISSING } from "./common";
import { ALIAS, checkRecord, GEOLOCATION, POLICIES, TYPES } from "./record-shape";
import { findZone } from "./zone";

const QUOTED = ["TXT", "SPF"];

function first(values: Values, property: string): Values | undefined {
  return objects(values, property)[0];
}

/** Names that lack the zone's get it. */
function fullName(name: string, zone: string): string {
  const [plain, suffix] = [plainName(name), plainName(zone)];
  if (plain === "") return suffix;
  return plain === suffix || plain.endsWith(`.${suffix}`) ? plain : `${plain}.${suffix}`;
}

function recordSet(values: Values, zone: string): ResourceRecordSet {
  const type = text(values, "type") as RRType;
  const records = texts(values, "records").map((value) => ({ Value: QUOTED.includes(type) ? `"${value}"` : value }));
  const alias = first(values, "aliases");
  const geo = first(values, "geolocationRoutingPolicies");
  const weight = first(values, "weightedRoutingPolicies")?.weight;
  const set: Record<string, unknown> = {
    Name: fullName(text(values, "name"), zone),
    Type: type,
    SetIdentifier: values.setIdentifier,
    HealthCheckId: values.healthCheckId,
    MultiValueAnswer: values.multivalueAnswerRoutingPolicy === true ? true : undefined,
    AliasTarget: alias === undefined ? undefined : toAws(ALIAS, { evaluateTargetHealth: false, ...alias }),
    Failover: first(values, "failoverRoutingPolicies")?.type,
    Region: first(values, "latencyRoutingPolicies")?.region,
    GeoLocation: geo === undefined ? undefined : toAws(GEOLOCATION, geo),
    Weight: weight === undefined ? undefined : Number(weight),
    ...(records.length === 0 ? {} : { ResourceRecords: records, TTL: Number(values.ttl) }),
  };
  const given = Object.entries(set).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return Object.fromEntries(given) as unknown as ResourceRecordSet;
}

interface Key {
  zone: string;
  name: string;
  type: RRType;
  setIdentifier: string;
}

/** From the state; an imported record has only its id, `ZONE_name_TYPE` or `ZONE_name_TYPE_identifier`. */
function keyOf(id: string, state: Values): Key {
  if (typeof state.zoneId === "string" && typeof state.name === "string") {
    const setIdentifier = typeof state.setIdentifier === "string" ? state.setIdentifier : "";
    return { zone: plainId(state.zoneId), name: state.name, type: text(state, "type") as RRType, setIdentifier };
  }
  const [zone = "", ...parts] = id.split("_");
  const at = parts.findIndex((part, i) => i > 0 && TYPES.includes(part));
  if (at < 0) throw new Error(`"${id}" is no record; expected ZONE_name_TYPE or ZONE_name_TYPE_identifier`);
  const setIdentifier = parts.slice(at + 1).join("_");
  return { zone, name: parts.slice(0, at).join("_"), type: parts[at] as RRType, setIdentifier };
}

function idOf(values: Values): string {
  const parts = [plainId(text(values, "zoneId")), plainName(text(values, "name")), text(values, "type")];
  const identifier = values.setIdentifier;
  return [...parts, ...(typeof identifier === "string" && identifier !== "" ? [identifier] : [])].join("_");
}

async function find(client: Route53Client, key: Key): Promise<ResourceRecordSet | undefined> {
  const zone = await findZone(client, key.zone);
  if (zone === undefined) return undefined;
  const name = fullName(key.name, zone.HostedZone?.Name ?? "");
  for await (const set of recordSets(client, key.zone, { name, type: key.type })) {
    if (plainName(set.Name) !== name || set.Type !== key.type) return undefined;
    if ((set.SetIdentifier ?? "") === key.setIdentifier) return set;
  }
  return undefined;
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const key = keyOf(id, state);
  const set = await find(account.client(Route53Client), key);
  if (set === undefined) return undefined;
  const one = (value: Values | undefined): Value[] => (value === undefined ? [] : [value]);
  const alias = set.AliasTarget === undefined ? undefined : fromAws(ALIAS, set.AliasTarget);
  const isSameAlias = plainName(set.AliasTarget?.DNSName) === plainName(String(first(state, "aliases")?.name ?? ""));
  const outputs = known({
    aliases: one(
      alias === undefined
        ? undefined
        : { ...alias, name: isSameAlias ? (first(state, "aliases")?.name ?? "") : plainName(set.AliasTarget?.DNSName) },
    ),
    failoverRoutingPolicies: one(set.Failover === undefined ? undefined : { type: set.Failover }),
    fqdn: plainName(set.Name),
    geolocationRoutingPolicies: one(set.GeoLocation === undefined ? undefined : fromAws(GEOLOCATION, set.GeoLocation)),
    healthCheckId: set.HealthCheckId ?? "",
    latencyRoutingPolicies: one(set.Region === undefined ? undefined : { region: set.Region }),
    multivalueAnswerRoutingPolicy: set.MultiValueAnswer ?? false,
    name: key.name,
    records: (set.ResourceRecords ?? []).map(({ Value = "" }) =>
      QUOTED.includes(key.type) ? Value.replace(/^"|"$/g, "") : Value,
    ),
    setIdentifier: set.SetIdentifier ?? "",
    ttl: set.TTL ?? 0,
    type: set.Type,
    weightedRoutingPolicies: one(set.Weight === undefined ? undefined : { weight: set.Weight }),
    zoneId: typeof state.zoneId === "string" ? state.zoneId : key.zone,
  });
  return { id, outputs: likeState(state, outputs) };
}

async function change(client: Route53Client, zone: string, changes: Change[]): Promise<void> {
  const request = new ChangeResourceRecordSetsCommand({
    HostedZoneId: zone,
    ChangeBatch: { Changes: changes, Comment: "Managed by Pulumi" },
  });
  try {
    const { ChangeInfo } = await whileRefused(() => client.send(request), ["PriorRequestNotComplete", "Throttling"]);
    await inSync(client, ChangeInfo);
  } catch (error) {
    // Route 53 tells what is wrong in a list beside the message.
    if (error instanceof InvalidChangeBatch && error.messages?.length) error.message = error.messages.join("; ");
    throw error;
  }
}

async function zoneName(client: Route53Client, values: Values): Promise<string> {
  const id = plainId(text(values, "zoneId"));
  const zone = await findZone(client, id);
  if (zone === undefined) throw new Error(`zoneId: there is no hosted zone ${id}`);
  return zone.HostedZone?.Name ?? "";
}

export const record: ResourceType = {
  token: "aws:route53/record:Record",
  properties: {
    ...Object.fromEntries(Object.keys(POLICIES).map((property) => [property, "update" as const])),
    aliases: "update",
    allowOverwrite: "update",
    healthCheckId: "update",
    name: "replace",
    records: "update",
    setIdentifier: "update",
    ttl: "update",
    type: "update",
    zoneId: "replace",
  },
  required: ["name", "type", "zoneId"],
  computed: ["fqdn"],
  check: checkRecord,
  async create(operation, inputs) {
    const client = operation.account.client(Route53Client);
    // A record that is already there is somebody else's, unless the program says to take it.
    const Action = inputs.allowOverwrite === true ? "UPSERT" : "CREATE";
    const set = recordSet(inputs, await zoneName(client, inputs));
    await change(client, plainId(text(inputs, "zoneId")), [{ Action, ResourceRecordSet: set }]);
    const id = idOf(inputs);
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const client = operation.account.client(Route53Client);
    const set = recordSet(news, await zoneName(client, news));
    const isSameSet = olds.type === news.type && (olds.setIdentifier ?? "") === (news.setIdentifier ?? "");
    const old = isSameSet ? undefined : await find(client, keyOf(id, olds));
    // Another type or identifier is another record set to Route 53: both change in one transaction.
    const changes: Change[] = [
      ...(old === undefined ? [] : [{ Action: "DELETE" as const, ResourceRecordSet: old }]),
      { Action: isSameSet || news.allowOverwrite === true ? "UPSERT" : "CREATE", ResourceRecordSet: set },
    ];
    await change(client, plainId(text(news, "zoneId")), changes);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const client = account.client(Route53Client);
    const key = keyOf(id, state);
    const set = await find(client, key);
    if (set === undefined) return;
    try {
      await change(client, key.zone, [{ Action: "DELETE", ResourceRecordSet: set }]);
    } catch (error) {
      // Gone, or changed, in the meantime: the deletion of what AWS has now decides.
      if (error instanceof Error && error.name === ZONE_MISSING) return;
      if ((await find(client, key)) !== undefined) throw error;
    }
  },
};
